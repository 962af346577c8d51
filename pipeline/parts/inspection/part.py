"""What the program takes from this part."""

from pipeline.model.brings import Part, ReportOption

PART = Part(
    name="inspection",
    needs=("inquiries",),
    reports=(
        ReportOption(
            "inspection",
            "A quarter by the indicators of the national inspection.",
            "pipeline.parts.inspection.reports:inspection",
            quarter=True,
        ),
        ReportOption(
            "access",
            "Who could sign, publish and change what at the end of a month, and did so.",
            "pipeline.parts.inspection.reports:access",
        ),
    ),
)
