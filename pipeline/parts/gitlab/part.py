"""What the program takes from this part."""

from pipeline.model.brings import Forge, Part
from pipeline.model.findings import say

PART = Part(
    name="gitlab",
    forges=(
        Forge(
            kind="gitlab",
            hints=("gitlab",),
            new="-/merge_requests/new?merge_request%5Bsource_branch%5D={branch}",
            pushed=True,
            signed_only=say(
                "GitLab's approvals name no commit: nothing tells what was approved. Here reviews"
                " count signed only (`sanshen approve`)."
            ),
        ),
    ),
)
