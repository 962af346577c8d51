"""What the program takes from this part."""

from pipeline.model.brings import Part, Verb

PART = Part(
    name="simulate",
    needs=("people",),
    verbs=(Verb("simulate", "pipeline.parts.simulate.verb:simulate"),),
)
