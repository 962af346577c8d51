"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Part

PART = Part(name="records", needs=("desk",), desk=Deferred("pipeline.parts.records.pages:pages"))
