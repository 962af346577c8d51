"""What the program takes from this part."""

from pipeline.model.brings import Part, Verb

PART = Part(
    name="proofreading",
    verbs=(Verb("proof", "pipeline.parts.proofreading.verb:proof"),),
)
