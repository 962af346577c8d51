"""What the program takes from this part."""

from pipeline.model.brings import Forge, Part

PART = Part(
    name="gitea",
    needs=("witness",),
    forges=(
        Forge(
            kind="gitea",
            hints=("gitea", "forgejo"),
            files=(
                ".gitea/PULL_REQUEST_TEMPLATE.md",
                ".ci/sanshen-poll.service",
                ".ci/sanshen-poll.timer",
            ),
            new="compare/{base}...{branch}",
            page=50,
            polled=True,
            code="pipeline.parts.gitea.api:CODE",
            settings="pipeline.parts.gitea.settings:SETTINGS",
        ),
    ),
)
