"""What the program takes from this part."""

from pipeline.model.kinds import Kind
from pipeline.model.part import Part

PART = Part(
    name="shifts",
    kinds=(Kind("shifts", "值班表"),),
)
