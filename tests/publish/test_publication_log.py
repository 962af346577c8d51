"""The publication log: derived from history alone, in order, and never shorter (threats A23)."""

import json
from hashlib import sha256
from itertools import starmap

import pytest

from pipeline.evidence.log.checkpoint import read_checkpoint
from pipeline.evidence.log.leaves import checkpoint_of, make_log, prove
from pipeline.evidence.log.merkle import Leaf, Log, leaf_hash, verify_inclusion
from pipeline.evidence.log.tiles import not_extended
from pipeline.evidence.review.statements import digest
from pipeline.parts.verify_site.site import index_log
from pipeline.publish.publication_log import publication_log
from pipeline.source.git.objects import Objects
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import sign_as
from tests.builders.evidence import CAST
from tests.builders.leaves import leaf_data

ORIGIN = "archive.yunlan.example/yunlan-yjj"


def _log(archive: ArchiveRepo, head: str = "HEAD") -> Log:
    return publication_log(archive.open(), archive.head(head), ORIGIN)


def _note(log: Log) -> bytes:
    return checkpoint_of(log).text.encode()


@pytest.fixture
def published(approved: ArchiveRepo) -> ArchiveRepo:
    approved.publication(POST)
    approved.publication(POST, "wb")
    approved.commit("发布", "gly-a")
    return approved


def test_a_leaf_is_one_line_whatever_its_path_holds() -> None:
    assert (
        leaf_data("confirmation", "r", "x", "p")
        == leaf_data("confirmation", "r")
        == (b'{"kind":"confirmation","record":"r","version":1}')
    )
    assert leaf_data("x", "r", "\u7532\udcff/\n") == (
        '{"kind":"x","path":"甲\\udcff/\\n","post":"","record":"r","version":1}'.encode()
    )


def test_one_leaf_for_everything_that_became_public_in_order(published: ArchiveRepo) -> None:
    log = _log(published)
    assert [x.kind for x in log.leaves] == ["confirmation", "publication", "publication"]
    assert [x.path.split(".")[1] for x in log.leaves[1:]] == ["wb", "wx"]  # by path
    assert [x.since for x in log.leaves] == [1, 3, 3]
    path = published.place(POST, "confirm", 1)
    record = digest(published.read(path), published.read(f"{path}.sig"))
    assert json.loads(log.leaves[0].data) == {
        "kind": "confirmation",
        "record": record,
        "version": 1,
    }
    assert POST not in log.leaves[0].data.decode()
    assert log.leaves[0].post == POST
    assert json.loads(log.leaves[1].data)["post"] == POST
    for leaf in log.leaves:
        found = prove(log, leaf.record)
        assert found is not None
        assert found.leaf == leaf
        data = leaf_hash(leaf.data)
        assert verify_inclusion(data, found.index, found.size, found.hashes, found.root)
    assert prove(log, "0" * 64) is None


def test_the_records_of_leaves_are_read_in_one_go(
    published: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    single, read = list[str](), Objects.read

    def noted(self: Objects, oid: str) -> bytes:
        single.extend([oid] if oid not in self._ready else [])
        return read(self, oid)

    monkeypatch.setattr(Objects, "read", noted)
    assert _log(published).leaves
    assert not single


def test_proofs_stay_the_same_when_the_log_grows(published: ArchiveRepo) -> None:
    before = {x.record: prove(_log(published), x.record) for x in _log(published).leaves}
    published.correction(POST, 1)
    published.commit("更正", "gly-a")
    log = _log(published)
    assert [x.kind for x in log.leaves][3:] == ["update"]
    assert log.leaves[3].record == sha256(published.read(log.leaves[3].path)).hexdigest()
    assert {r: prove(log, r) for r in before} == before
    assert not_extended(log, _note(_log(published, "HEAD~1"))) is None


def test_the_same_history_gives_the_same_log_and_merges_count_once(
    published: ArchiveRepo,
) -> None:
    published.merge("proposal")
    by_merge = _log(published, "main")
    assert {x.data for x in by_merge.leaves} == {x.data for x in _log(published, "proposal").leaves}
    assert _log(published, "main") == by_merge
    assert {x.since for x in by_merge.leaves} == {3}


def test_what_is_no_publication_has_no_leaf(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草")
    for step in list(CAST)[:3]:
        archive.review(POST, step)
    archive.review(POST, "confirm", decision="return")
    archive.commit("退回")
    half = archive.publication(POST)
    (archive.root / f"{half}.sig").unlink()
    archive.commit("半份", "gly-a")
    assert _log(archive).size == 0
    archive.write(f"{half}.sig", sign_as("gly-a", archive.read(half)))
    archive.commit("补签", "gly-a")
    assert [x.path for x in _log(archive).leaves] == [half]


def test_records_that_are_changed_or_removed_stay_in_the_log(published: ArchiveRepo) -> None:
    old = _log(published)
    path = next(x.path for x in old.leaves if ".wx." in x.path)
    published.write(path, published.read(path) + b"\n")
    published.commit("改", "gly-a")
    changed = _log(published)
    assert changed.size == old.size + 1
    (published.root / path).unlink()
    published.commit("删", "gly-a")
    assert _log(published).leaves == changed.leaves
    assert not_extended(_log(published), _note(old)) is None


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"{", b'{"predicate": 1}', b'{"predicate": {"post": "\\ud800"}}', b"\xff"]
)
def test_records_of_any_bytes_have_their_leaf(archive: ArchiveRepo, raw: bytes) -> None:
    path = "content/records/publications/2026/2026-11-05.wx.x.json"
    archive.write(path, raw)
    archive.write(f"{path}.sig", b"x")
    archive.commit("乱", "gly-a")
    assert [x.post for x in _log(archive).leaves] == [""]


def test_links_and_modules_are_no_records(archive: ArchiveRepo) -> None:
    path = "content/records/publications/2026/2026-11-05.wx.x.json"
    target = archive.root / path
    target.parent.mkdir(parents=True)
    target.symlink_to("other.json")
    archive.write(f"{path}.sig", b"x")
    archive.commit("链接", "gly-a")
    assert _log(archive).size == 0


def test_a_fork_a_cut_and_another_archive_are_named(published: ArchiveRepo) -> None:
    old = _log(published)
    shorter = _log(published, "HEAD~1")
    assert "cut short" in str(not_extended(shorter, _note(old)))
    published.branch("fork", "HEAD~1")
    published.publication(POST, "wb")
    published.commit("一", "gly-a")
    published.publication(POST)
    published.commit("二", "gly-a")
    fork = _log(published)
    assert fork.size == old.size
    assert not_extended(fork, _note(old)) is None  # the same facts in the same order
    published.branch("other", "HEAD~2")
    published.publication(POST)
    published.commit("一", "gly-a")
    published.publication(POST, "wb")
    published.commit("二", "gly-a")
    assert "history was changed" in str(not_extended(_log(published), _note(old)))
    elsewhere = publication_log(published.open(), published.head(), "other.example/x")
    assert "another log" in str(not_extended(elsewhere, _note(old)))
    assert "cannot be read" in str(not_extended(old, b"\xffrubbish"))


def test_an_empty_log_and_its_name(archive: ArchiveRepo) -> None:
    log = _log(archive)
    found = read_checkpoint(_note(log).decode())
    assert found is not None
    assert (found.size, found.root) == (0, sha256(b"").digest())
    from pipeline.judge.load_governance import trust

    registers = trust(archive.open().tree(archive.head())).registers
    assert registers.policy.log_name == ORIGIN


def test_a_leaf_says_what_it_is_made_of_and_a_checkpoint_what_it_is_given() -> None:
    leaf = Leaf("publication", "a/b.json", "c" * 64, POST, 3)
    assert json.loads(leaf.data) == {
        "kind": "publication", "path": "a/b.json", "post": POST, "record": "c" * 64, "version": 1,
    }  # fmt: skip
    assert (leaf.kind, leaf.path, leaf.record, leaf.post, leaf.since) == (
        "publication", "a/b.json", "c" * 64, POST, 3,
    )  # fmt: skip
    made = checkpoint_of(make_log("o", [leaf]), ["x y"])
    assert (made.origin, made.size, made.extensions) == ("o", 1, ("x y",))


def test_a_post_that_came_back_is_not_withdrawn_any_more() -> None:
    """Else whoever holds the site could hide its text again, and `verify-site` would not ask."""
    told = (("withdrawal", 2), ("update", 3), ("correction", 1))
    leaves = [(k, f"content/records/corrections/2026/{POST}.r{n}.yml", k, POST, 9) for k, n in told]
    log = make_log(ORIGIN, starmap(Leaf, leaves))
    assert (index_log(log).withdrawn, index_log(log).revision) == (set(), {POST: 3})
    assert index_log(make_log(ORIGIN, starmap(Leaf, leaves[:1]))).withdrawn == {POST}
