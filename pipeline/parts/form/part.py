"""What the program takes from this part."""

from pipeline.model.part import Part, Verb

PART = Part(
    name="form",
    verbs=(
        Verb("form", "pipeline.parts.form.verbs:form"),
        Verb("file", "pipeline.parts.form.verbs:file"),
    ),
)
