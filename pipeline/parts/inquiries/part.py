"""What the program takes from this part."""

from pipeline.model.part import Part, Verb

PART = Part(
    name="inquiries",
    verbs=(
        Verb("import", "pipeline.parts.inquiries.verbs:import_"),
        Verb("upstream", "pipeline.parts.inquiries.verbs:upstream"),
    ),
)
