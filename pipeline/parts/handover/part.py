"""What the program takes from this part."""

from pipeline.model.brings import Part, Verb

PART = Part(
    name="handover",
    needs=("form",),
    verbs=(Verb("export", "pipeline.parts.handover.verbs:export"),),
)
