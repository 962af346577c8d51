"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Part

PART = Part(name="finding", needs=("desk",), desk=Deferred("pipeline.parts.finding.pages:pages"))
