"""From git to site: a real archive's log on its site, checked as an inspector would."""

from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.evidence.log.tiles import BUILDS, CHECKPOINT, MANIFEST
from pipeline.history.judge_commits import Means
from pipeline.memo.store import SealedStore
from pipeline.parts.verify_site.site import Site, verify_site
from pipeline.publish.build_site import Built, Order, build_site
from pipeline.report.language import translator
from pipeline.site.build import Plan
from pipeline.site.evidence import archive_evidence
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF
from tests.site import sample
from tests.site.conftest import Built as Sampled
from tests.site.conftest import tree
from tests.site.sample_log import KEY

SECOND = "2026-11-05-night-check"


@pytest.fixture
def repo(tmp_path: Path) -> ArchiveRepo:
    """An archive whose first commit holds governance and theme, its second a reviewed post."""
    made = ArchiveRepo.begin(tmp_path / "archive", sample.theme())
    add(made)
    return made


def add(repo: ArchiveRepo, *post: str) -> None:
    name = f"p-{post[0] if post else 'first'}"
    repo.branch(name)
    chosen = repo.draft(*post)
    repo.approve_all(chosen)
    repo.commit("一篇", "zz-a")
    repo.merge(name)


def published(repo: ArchiveRepo, out: Path, work: Path, **how: object) -> Built:
    order = Order(out, work, log_key=KEY, **how)  # type: ignore[arg-type]
    return build_site(repo.open(), repo.head(), lambda _: AS_OF, order, translator("zh"))


def inspected(out: Path) -> list[str]:
    files = tree(out)
    key = files["log/key"].decode()
    report = verify_site(Site(files.get, files.keys), key)
    return [f"{path}: {message}" for path, message in report.problems]


def test_a_log_that_goes_on_gives_the_site_of_one_made_from_history(
    repo: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of two leaves instead of 256."""
    monkeypatch.setattr("pipeline.evidence.log.tiles.HEIGHT", 1)
    monkeypatch.setattr("pipeline.evidence.log.tiles.WIDTH", 2)
    out, store = tmp_path / "out", SealedStore(tmp_path / "kept", bytes(32))
    means, note = Means(store), None
    for number in range(4):
        post = f"2026-11-05-more-{number}"
        add(repo, post)
        repo.publication(post)
        repo.commit("发布", "gly-a")
        before = (out / BUILDS).read_bytes() if number else b""
        published(repo, out, tmp_path / "work", means=means)
        assert inspected(out) == []
        cold = tmp_path / f"cold-{number}"
        published(repo, cold, tmp_path / "work", builds=before, after=note)
        assert tree(out) == tree(cold)
        note = (out / CHECKPOINT).read_bytes()


def test_names_of_the_log_are_those_the_inspector_looks_for() -> None:
    assert (archive_evidence.CHECKPOINT, archive_evidence.MANIFEST) == (CHECKPOINT, MANIFEST)


def test_a_published_site_passes_the_inspector_and_grows(
    repo: ArchiveRepo, built: Sampled, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = published(repo, out, built.work)
    assert first.site is not None
    assert first.site.posts == 1
    assert inspected(out) == []
    followed = {"after": (out / CHECKPOINT).read_bytes(), "builds": (out / BUILDS).read_bytes()}
    add(repo, SECOND, "睡前巡查四个地方。\n")
    second = published(repo, out, built.work, plan=Plan(2))
    assert second.site is not None
    assert second.site.posts == 2
    assert inspected(out) == []
    cold = published(repo, tmp_path / "cold", built.work, **followed)
    assert cold.site is not None
    assert cold.site.digest == second.site.digest


def test_history_that_was_rewritten_replaces_no_site(
    repo: ArchiveRepo, built: Sampled, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    add(repo, SECOND, "睡前巡查四个地方。\n")
    published(repo, out, built.work)
    before = tree(out)
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    with pytest.raises(Fault, match="cut short"):
        published(repo, out, built.work)
    assert tree(out) == before
    for builds in (None, before[BUILDS]):  # on a machine that never saw the site
        with pytest.raises(Fault, match="cut short"):
            how = {"after": before[CHECKPOINT], "builds": builds}
            published(repo, tmp_path / "new", built.work, **how)
    assert not (tmp_path / "new").exists()
