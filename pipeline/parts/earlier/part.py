"""What the program takes from this part."""

from pipeline.model.kinds import Kind
from pipeline.model.part import Part

PART = Part(
    name="earlier",
    kinds=(Kind("earlier", "建库前的发布", ever=True, of_long_ago=True),),
)
