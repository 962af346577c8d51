"""What the program takes from this part."""

from pipeline.model.part import Deferred, Part

PART = Part(
    name="publications",
    needs=("desk",),
    desk=Deferred("pipeline.parts.publications.pages:pages"),
)
