"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Part

PART = Part(
    name="reports", needs=("form", "desk"), desk=Deferred("pipeline.parts.reports.pages:pages")
)
