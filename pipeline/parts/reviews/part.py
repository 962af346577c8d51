"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Part

PART = Part(name="reviews", needs=("desk",), desk=Deferred("pipeline.parts.reviews.pages:pages"))
