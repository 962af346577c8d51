"""What the program takes from this part."""

from pipeline.model.kinds import Kind
from pipeline.model.part import Part

PART = Part(
    name="statistics",
    kinds=(Kind("statistics", "账号数据"),),
)
