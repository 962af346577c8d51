"""What the program takes from this part."""

from pipeline.model.brings import Forge, Part
from pipeline.model.findings import say

PART = Part(
    name="gitee",
    forges=(
        Forge(
            kind="gitee",
            signed_only=say(
                "Gitee's reviews know acceptance alone and name no commit. Here reviews count"
                " signed only (`sanshen approve`)."
            ),
        ),
    ),
)
