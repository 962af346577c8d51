"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Part, Weighing

PART = Part(
    name="timestamps",
    weighs=(
        Weighing(
            Deferred("pipeline.parts.timestamps.timestamps:asks_for_tokens"),
            Deferred("pipeline.parts.timestamps.timestamps:stamped"),
        ),
    ),
)
