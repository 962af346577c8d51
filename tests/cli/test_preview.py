"""`sanshen preview`: a draft as readers would see it, before anybody reviewed it."""

from pathlib import Path

import pytest

from pipeline.cli.site import preview
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.published import begun
from tests.cli.at_the_desk import fault, run

DRAFT = "2026-11-05-second"
PAGE = f"build/preview/posts/2026/{DRAFT}/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """An archive with one published post; the theme is drawn once for all tests."""
    return begun(tmp_path_factory.mktemp("preview"))


@pytest.fixture
def archive(site: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    made = site.copy(tmp_path / "archive")
    made.draft(DRAFT, title="取暖用电五不要", files={"more.txt": "附件。\n".encode()})
    return made


def test_a_draft_is_shown_as_it_lies_there_and_nothing_else_happens(archive: ArchiveRepo) -> None:
    before = archive.git("status", "--porcelain", "--untracked-files=all")
    made = run(preview, archive, DRAFT)
    assert made.stdout == f"{PAGE}index.html\n"
    assert "preview-unreviewed" in made.stderr
    page = (archive.root / PAGE / "index.html").read_text("utf-8")
    assert "取暖用电五不要" in page and "【预览，未经审核】" in page
    assert page.count("没有有效记录") == 4, "no step is claimed"
    assert (archive.root / PAGE / "more.txt").read_bytes() == "附件。\n".encode()
    names = {p.relative_to(archive.root / "build/preview").parts[0]
             for p in (archive.root / "build/preview").rglob("*") if p.is_file()}  # fmt: skip
    assert names == {"posts", "assets"}, "no list, no feed and no log tells of it"
    after = archive.git("status", "--porcelain", "--untracked-files=all", "--", ":!build")
    assert after == before

    archive.draft(DRAFT, title="取暖用电六不要")
    (archive.root / f"content/posts/2026/{DRAFT}/more.txt").unlink()
    run(preview, archive, f"content/posts/2026/{DRAFT}/post.md")
    assert "取暖用电六不要" in (archive.root / PAGE / "index.html").read_text("utf-8")
    assert not (archive.root / PAGE / "more.txt").exists(), "what is gone is not left there"


def test_of_a_published_post_no_review_is_claimed_either(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    out = str(tmp_path / "shown")
    made = run(preview, archive, POST, "--output", out)
    page = (archive.root / made.stdout.strip()).read_text("utf-8")
    assert page.count("没有有效记录") == 4
    assert fault(run(preview, archive, POST, "--output", out)) == f"{out} is not empty."


def test_what_cannot_be_shown_says_what_to_do(archive: ArchiveRepo) -> None:
    assert fault(run(preview, archive, "2026-11-05-none")) == "post-unknown 2026-11-05-none"
    archive.change(f"content/posts/2026/{DRAFT}/post.md", "title:", "titel:")
    made = run(preview, archive, DRAFT)
    assert fault(made) == f"preview-impossible {DRAFT}"
    assert not (archive.root / "build/preview").exists()


def test_a_proposal_is_shown_from_its_commit_with_the_theme_of_head(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    """Nothing of it is checked out, and a template that it brings draws nothing."""
    archive.branch("shown")
    page = archive.root / "site/overrides/main.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("{{ 1 / 0 }}")
    archive.commit()
    head = archive.head()
    archive.switch("main")
    out = tmp_path / "shown"
    made = run(preview, archive, "--head", head, "--output", str(out))
    assert made.exit_code == 0, made.output
    shown = (out / f"posts/2026/{DRAFT}/index.html").read_text("utf-8")
    assert "取暖用电五不要" in shown
    assert not (archive.root / f"content/posts/2026/{DRAFT}").exists()
    made = run(preview, archive, "--head", "main")
    assert "proposes no post" in fault(made)
