"""A33: hostile text leaves every report as text, and reaches no page as markup."""

import json
import re

import pytest

from pipeline.judge.archive_at import assemble
from pipeline.judge.load_governance import trust
from pipeline.model.archive import OnBranch
from pipeline.model.calendar import Clock
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.verdicts import run_verify

TITLE = "好题%0A::error file=x::假 | <img src=x onerror=alert(1)>"
BODY = (
    "<script>alert(1)</script>\n\n[点](javascript:alert(1)) ![图](javascript:alert(2))\n\n"
    "[x](data:text/html,<script>alert(3)</script>)\n\n<svg onload=alert(4)>\n\n`</textarea>`\n"
)


@pytest.fixture
def hostile(archive: ArchiveRepo) -> ArchiveRepo:
    archive.draft(body=BODY, title=TITLE, tags=["</script><script>alert(5)</script>"])
    archive.commit("::error::起草")
    return archive


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_no_report_hands_it_on(hostile: ArchiveRepo, form: str) -> None:
    done = run_verify(hostile.root, "--base", "main", "--head", "HEAD", "--format", form)
    assert done.returncode in (10, 11)
    assert "\x1b" not in done.stdout
    assert not any(line.startswith("::") for line in done.stdout.splitlines())
    if form == "json":
        json.loads(done.stdout)


def test_control_characters_in_front_matter_are_refused(archive: ArchiveRepo) -> None:
    archive.draft(title="标题\x1b[2J")
    archive.commit("起草")
    done = run_verify(archive.root, "--base", "main", "--head", "HEAD")
    assert done.returncode == 11
    assert "\x1b" not in done.stdout + done.stderr
    assert "U+001B" in done.stdout


@pytest.mark.inside
def test_no_rendition_holds_live_markup(hostile: ArchiveRepo) -> None:
    tree = hostile.open().tree(hostile.head())
    archive = assemble(trust(tree), tree, OnBranch(), Clock(AS_OF), {})
    made = [r for (post, _), r in archive.renditions.items() if post == POST]
    assert made
    for rendition in made:
        live = re.findall(r"<[^>]*(?:script|svg|onload|onerror|javascript:|data:text)[^>]*>",
                          rendition.html, re.IGNORECASE)  # fmt: skip
        assert not live, (rendition.channel, live)
