"""What the program takes from this part."""

from pipeline.model.brings import Deferred, PageGroup, PageLink, Part

PART = Part(
    name="cadence",
    tables=("pipeline.parts.cadence.tables:cadence",),
    pages=PageGroup(
        links=(
            PageLink(
                "watch", "cadence/", "更新情况", "各账号每周更新次数，是否达到规定", "accounts/"
            ),
        ),
        pages={"cadence/": Deferred("pipeline.parts.cadence.pages:cadence_page")},
        values={"cadences": Deferred("pipeline.parts.cadence.pages:cadences_of")},
    ),
)
