"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Kind, Part, Verb

PART = Part(
    name="people",
    needs=("desk", "upgrade"),
    desk=Deferred("pipeline.parts.people.pages:pages"),
    verbs=(
        Verb("policy", "pipeline.parts.people.verbs:policy"),
        Verb("roster", "pipeline.parts.people.verbs:roster"),
    ),
    kinds=(
        Kind("people", "人员", register=True, own_reader=True,
             checks="pipeline.parts.people.checks:people_faults",
             named_by=("person", "people", "keeper", "custodian", "assigned_by")),
        Kind("roster", "公钥名册", register=True, own_reader=True, listed=False),
    ),
)  # fmt: skip
