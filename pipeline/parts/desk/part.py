"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Kind, Part, Verb

PART = Part(
    name="desk",
    desk=Deferred("pipeline.parts.desk.app:pages"),
    kinds=(Kind("templates", "稿件样板", register=True),),
    founding=Deferred("pipeline.parts.desk.verb:establish"),
    verbs=(Verb("desk", "pipeline.parts.desk.verb:desk"),),
)
