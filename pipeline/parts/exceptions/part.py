"""What the program takes from this part."""

from pipeline.model.part import Deferred, Part

PART = Part(
    name="exceptions",
    needs=("desk",),
    desk=Deferred("pipeline.parts.exceptions.pages:pages"),
)
