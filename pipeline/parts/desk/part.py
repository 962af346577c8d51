"""What the program takes from this part."""

from pipeline.model.part import Part, Verb

PART = Part(
    name="desk",
    verbs=(Verb("desk", "pipeline.parts.desk.verb:desk"),),
)
