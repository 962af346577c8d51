"""What the program takes from this part."""

from pipeline.model.brings import Part, Verb

PART = Part(
    name="witness",
    verbs=(
        Verb("forge", "pipeline.parts.witness.forge_verb:forge"),
        Verb("witness", "pipeline.parts.witness.verb:witness"),
    ),
)
