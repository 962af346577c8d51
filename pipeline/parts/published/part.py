"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Part

PART = Part(
    name="published", needs=("desk",), desk=Deferred("pipeline.parts.published.pages:pages")
)
