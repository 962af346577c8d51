"""What the program takes from this part."""

from pipeline.model.part import Part

PART = Part(
    name="cadence",
    tables=("pipeline.parts.cadence.tables:cadence",),
)
