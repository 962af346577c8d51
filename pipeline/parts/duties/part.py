"""What the program takes from this part."""

from pipeline.model.part import Deferred, Part

PART = Part(
    name="duties",
    needs=("desk",),
    desk=Deferred("pipeline.parts.duties.pages:pages"),
)
