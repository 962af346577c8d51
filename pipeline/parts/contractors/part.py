"""What the program takes from this part."""

from pipeline.model.brings import Kind, Part

PART = Part(
    name="contractors",
    kinds=(
        Kind("contractors", "外包单位", register=True, named_by=("contractor",),
             checks="pipeline.parts.contractors.checks:strangers"),
        Kind("supervisions", "外包检查"),
    ),
)  # fmt: skip
