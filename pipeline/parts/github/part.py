"""What the program takes from this part."""

from pipeline.model.brings import Forge, Part

GITHUB = "github.com"
PART = Part(
    name="github",
    needs=("witness",),
    forges=(
        Forge(
            kind="github",
            hints=("github",),
            host=GITHUB,
            files=(
                ".github/PULL_REQUEST_TEMPLATE.md",
                ".github/uv.txt",
                *(f".github/workflows/{n}.yml" for n in ("audit", "knock", "publish", "verify")),
            ),
            new="compare/{base}...{branch}?expand=1",
            page=100,
            code="pipeline.parts.github.api:CODE",
            settings="pipeline.parts.github.settings:SETTINGS",
        ),
    ),
)
