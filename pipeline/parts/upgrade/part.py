"""What the program takes from this part."""

from pipeline.model.brings import Part, Verb

PART = Part(name="upgrade", verbs=(Verb("upgrade", "pipeline.parts.upgrade.verb:upgrade"),))
