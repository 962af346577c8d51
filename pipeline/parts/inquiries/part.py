"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Kind, Part, Verb

PART = Part(
    name="inquiries",
    needs=("desk",),
    desk=Deferred("pipeline.parts.inquiries.pages:pages"),
    verbs=(Verb("import", "pipeline.parts.inquiries.verbs:import_"),),
    kinds=(Kind("inquiries", "来信"),),
    tables=("pipeline.parts.inquiries.tables:replies",),
)
