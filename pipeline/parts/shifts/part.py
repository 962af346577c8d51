"""What the program takes from this part."""

from pipeline.model.brings import Part
from pipeline.model.kinds import Kind

PART = Part(
    name="shifts",
    kinds=(Kind("shifts", "值班表"),),
)
