"""What the program takes from this part."""

from pipeline.model.brings import Part, Verb

PART = Part(
    name="verify_site", verbs=(Verb("verify-site", "pipeline.parts.verify_site.verb:verify_site"),)
)
