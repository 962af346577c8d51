"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Part, Verb

PART = Part(
    name="desk",
    desk=Deferred("pipeline.parts.desk.app:pages"),
    founding=Deferred("pipeline.parts.desk.verb:establish"),
    verbs=(Verb("desk", "pipeline.parts.desk.verb:desk"),),
)
