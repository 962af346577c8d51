"""What the program takes from this part."""

from pipeline.model.brings import Part, Verb

PART = Part(
    name="reproduce",
    needs=("verify_site",),
    verbs=(Verb("reproduce", "pipeline.parts.reproduce.verb:reproduce"),),
)
