"""What the program takes from this part."""

from pipeline.model.part import Deferred, Part, Verb

PART = Part(
    name="people",
    needs=("desk",),
    desk=Deferred("pipeline.parts.people.pages:pages"),
    verbs=(
        Verb("people", "pipeline.parts.people.verbs:people"),
        Verb("policy", "pipeline.parts.people.verbs:policy"),
        Verb("roster", "pipeline.parts.people.verbs:roster"),
    ),
)
