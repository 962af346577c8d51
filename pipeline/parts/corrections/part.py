"""What the program takes from this part."""

from pipeline.model.brings import Deferred, PageGroup, PageLink, Part

PART = Part(
    name="corrections",
    pages=PageGroup(
        links=(
            PageLink(
                "watch",
                "corrections/",
                "更正与撤回",
                "发布之后的每一处更正、更新、撤回和清除",
                "verify/",
            ),
        ),
        sections=("corrections",),
        whole=Deferred("pipeline.parts.corrections.pages:correction_units"),
    ),
)
