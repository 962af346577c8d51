"""What the program takes from this part."""

from pipeline.model.part import Deferred, Part

PART = Part(
    name="reviews",
    needs=("desk",),
    desk=Deferred("pipeline.parts.reviews.pages:pages"),
)
