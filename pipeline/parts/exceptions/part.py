"""What the program takes from this part."""

from pipeline.model.brings import Deferred, Kind, Part

PART = Part(
    name="exceptions",
    needs=("desk",),
    desk=Deferred("pipeline.parts.exceptions.pages:pages"),
    kinds=(
        Kind("waivers", "豁免", predicate="waiver", with_posts=True),
        Kind("rectifications", "整改台账", names_posts=True, decisions=("explained", "closed")),
    ),
)
