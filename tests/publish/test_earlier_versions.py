"""What readers saw before a correction stays readable, with the evidence of its own reviews."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.detect.folding import Match
from pipeline.history.judge_commits import Means
from pipeline.memo.snapshot import NOTHING
from pipeline.model.ids import PostId
from pipeline.model.posts import Post
from pipeline.publish import build_site
from pipeline.publish.build_site import EarlierVersions, site_input
from pipeline.publish.publication_log import publication_log
from pipeline.report.language import translator
from pipeline.source.git.bulk_history import Appearance, appearances
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree_listing import Listing
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, at
from tests.builders.published import PAGE, begun, built_site, correct, stolen
from tests.history.store_folder import standing_at
from tests.rules.builders import correction, post

OLD, NEW = "出门前关火、关水、关电。\n", "出门前关火、关水、关电、关窗。\n"
VERSION = f"{PAGE}.r1"


def _corrected(folder: Path) -> ArchiveRepo:
    archive = begun(folder, body=OLD)
    correct(archive, POST, OLD.strip(), NEW.strip(), lambda: archive.draft(body=NEW, revision=2))
    return archive


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    return _corrected(tmp_path_factory.mktemp("corrected"))


@pytest.fixture(scope="module")
def built(archive: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_site(archive, tmp_path_factory.mktemp("site"))


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "site"))


def test_the_first_version_has_its_own_page_and_evidence(built: Path) -> None:
    page = (built / VERSION / "index.html").read_text(encoding="utf-8")
    present = (built / PAGE / "index.html").read_text(encoding="utf-8")
    assert "这是更正前的版本" in page
    assert OLD.strip() in page
    assert '<meta name="robots" content="noindex">' in page
    assert f'href="../../../{PAGE}/"' in page
    assert f'href="../../../{VERSION}/"' in present
    assert "这是更正前的版本" not in present
    assert OLD.encode() in (built / VERSION / "post.md").read_bytes()
    evidence = json.loads((built / VERSION / "evidence.json").read_bytes())
    assert (evidence["revision"], evidence["publications"]) == (1, [])
    assert f"{POST}.r1" not in (built / "sitemap-2026.xml").read_text(encoding="utf-8")


def test_verify_site_compares_it_with_its_own_signatures(site: Path, tmp_path: Path) -> None:
    assert stolen(site, tmp_path)[0] == 0
    page = site / VERSION / "index.html"
    page.write_text(page.read_text(encoding="utf-8").replace("关电", "开电"), encoding="utf-8")
    code, told = stolen(site, tmp_path)
    assert (code, "part-differs" in told and "正文" in told) == (11, True)


@pytest.mark.parametrize(("name", "words"), [
    (f"{PAGE}.r2", "version-unshowable"),
    (f"{PAGE}.r3", "evidence-of-another-revision"),
    (PAGE, "revision-outdated 1 2"),
])  # fmt: skip
def test_it_stands_nowhere_else(site: Path, tmp_path: Path, name: str, words: str) -> None:
    shutil.rmtree(site / name, ignore_errors=True)
    shutil.copytree(site / VERSION, site / name)
    code, told = stolen(site, tmp_path)
    assert code == 11
    assert words in told


@pytest.fixture
def shown(archive: ArchiveRepo) -> Iterator[Callable[..., list[int]]]:
    """Which earlier revisions are shown of an archive that differs as told."""
    with archive.open() as repository:
        head = archive.head()
        standing = standing_at(repository, head, lambda _: AS_OF, Means(), NOTHING)
        log = publication_log(repository, head, "log")
        due = standing.placed(log).due

        def revisions(**changes: object) -> list[int]:
            earlier = EarlierVersions(repository, head, standing).of
            site = site_input(head, standing, due, log, translator("zh"), earlier=earlier)
            site = replace(site, archive=replace(site.archive, **changes))
            return [v.archive.posts[POST].revision for v in site.earlier(site, POST)]

        yield revisions


def test_what_was_withheld_withdrawn_or_erased_does_not_come_back(
    shown: Callable[..., list[int]],
) -> None:
    assert shown() == [1]
    assert shown(expunged={POST: None}) == []
    record = correction(post(POST, revision=2))
    assert shown(corrections=[replace(record, withhold=True)]) == []
    assert shown(corrections=[replace(record, kind="withdrawal")]) == []
    assert shown(corrections=[replace(record, kind="update")]) == [1]


def test_a_page_looks_through_no_names_of_records_for_its_corrections(
    archive: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred thousand pages would each look at ten thousand names."""
    with archive.open() as repository:
        head = repository.base("main")
        standing = standing_at(repository, head, lambda _: AS_OF, Means(), NOTHING)
        log = publication_log(repository, head, "log")
        site = site_input(head, standing, standing.placed(log).due, log, translator("zh"))
        monkeypatch.delattr(Listing, "beginning")
        assert [c.revision for c in site.archive.corrections_of(POST)] == [2]
        assert site.archive.corrections_of(PostId(f"{POST}-2")) == ()


def test_of_many_posts_the_history_of_each_year_is_read_once(
    shown: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def read(repository: Repository, head: str, folder: str) -> tuple[Appearance, ...]:
        asked.append(folder)
        return appearances(repository, head, folder)

    monkeypatch.setattr(build_site, "appearances", read)
    assert shown() == [1]
    assert asked == [f"content/posts/2026/{POST}"]
    monkeypatch.setattr(build_site, "_FEW", 0)
    assert (shown(), asked[1:]) == ([1], ["content/posts/2026/"])


def test_private_data_that_was_put_right_does_not_come_back(
    shown: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def holding(word: str) -> Callable[[str], list[Match]]:
        return lambda text: [
            Match("name", one.start(), one.end(), True) for one in re.finditer(word, text)
        ]

    monkeypatch.setattr(build_site, "private_data", holding("关电。"))
    assert shown() == []
    monkeypatch.setattr(build_site, "private_data", holding("关火"))  # stands there still
    assert shown() == [1]


def test_a_version_that_was_replaced_before_its_time_was_never_public(
    shown: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = at("2026-11-05 20:00")
    monkeypatch.setattr(Post, "publish_at", moment, raising=False)  # read of a post alone
    assert shown() == []
