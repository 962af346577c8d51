"""The page of a draft, as a reviewer sees it before anybody approved it."""

from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.model.ids import PostId
from pipeline.parts.reviews.pages import draft_page
from pipeline.site.inputs import Shelf
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.named import fault_named
from tests.builders.published import begun

DRAFT = "2026-11-05-second"
PAGE = f"posts/2026/{DRAFT}/"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """A published post; on a branch a draft, another revision of that post, and a template."""
    made = begun(tmp_path_factory.mktemp("preview"))
    made.branch("shown")
    made.draft(DRAFT, title="取暖用电五不要", files={"more.txt": "附件。\n".encode()})
    made.write("site/overrides/main.html", "{{ 1 / 0 }}")
    made.commit("起草", "zz-a")
    return made


def shown(archive: ArchiveRepo, work: Path, name: str, proposed: str = "shown") -> dict[str, bytes]:
    kept = dict[str, bytes]()
    with archive.open() as repository:
        return draft_page(
            repository, PostId(name), lambda _: AS_OF, str, work,
            Shelf(kept.get, kept.__setitem__), repository.commit(proposed),
            repository.commit("main"), lambda post: post,
        )  # fmt: skip


def test_a_draft_is_shown_in_the_theme_of_the_base_and_no_step_is_claimed(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    files = shown(archive, tmp_path, DRAFT)
    page = files[f"{PAGE}index.html"].decode()
    assert "取暖用电五不要" in page and "【预览，未经审核】" in page
    assert page.count("没有有效记录") == 4
    assert files[f"{PAGE}more.txt"] == "附件。\n".encode()
    assert {path.partition("/")[0] for path in files} == {"posts", "assets"}, "in no list, no log"


def test_of_a_published_post_no_review_is_claimed_either(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    page = shown(archive, tmp_path, POST)[f"posts/2026/{POST}/index.html"].decode()
    assert page.count("没有有效记录") == 4


def test_what_cannot_be_shown_says_so(archive: ArchiveRepo, tmp_path: Path) -> None:
    with pytest.raises(Fault) as refused:
        shown(archive, tmp_path, "2026-11-05-none")
    assert fault_named(refused.value) == "post-unknown 2026-11-05-none"
    archive.change(f"content/posts/2026/{DRAFT}/post.md", "title:", "titel:")
    archive.commit("写错", "zz-a")
    with pytest.raises(Fault) as broken:
        shown(archive, tmp_path, DRAFT)
    assert fault_named(broken.value) == f"preview-impossible {DRAFT}"
