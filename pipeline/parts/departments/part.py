"""What the program takes from this part."""

from pipeline.model.brings import Kind, Part

PART = Part(
    name="departments",
    kinds=(
        Kind("departments", "科室", register=True, own_reader=True,
             named_by=("department", "departments")),
    ),
    tables=("pipeline.parts.departments.tables:contributions",),
)  # fmt: skip
