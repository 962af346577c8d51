"""A23: an archive that was cut or written anew does not extend the log that was published."""

from hashlib import sha256

import pytest

from pipeline.evidence.log.published_log import not_extended
from pipeline.evidence.log.tiles import read_entries, tiles
from pipeline.model.findings import Message
from pipeline.publish.publication_log import checkpoint_note, publication_log
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.verdicts import passes

ORIGIN = "archive.example/a"
pytestmark = pytest.mark.inside


def _published(archive: ArchiveRepo) -> bytes:
    log = publication_log(archive.open(), archive.head("main"), ORIGIN)
    return checkpoint_note(log, "0" * 64, archive.head("main"), None)


def _objection(archive: ArchiveRepo, note: bytes) -> Message | None:
    return not_extended(publication_log(archive.open(), archive.head("main"), ORIGIN), note)


def _published_post(approved: ArchiveRepo) -> bytes:
    approved.publication(POST)
    approved.commit("发布", "gly-a")
    approved.merge("proposal")
    return _published(approved)


def test_main_is_pushed_back(approved: ArchiveRepo) -> None:
    note = _published_post(approved)
    approved.git("reset", "--hard", "--quiet", "main~1")
    assert passes(approved.verify("main", "proposal"))  # nothing else would tell
    assert str(_objection(approved, note)) == (
        "The log has 0 entries, but 2 were published: it was cut short."
    )


def test_main_is_written_anew_with_another_publication(approved: ArchiveRepo) -> None:
    note = _published_post(approved)
    approved.git("reset", "--hard", "--quiet", "main~1")
    approved.branch("again", "proposal~1")
    approved.publication(POST, url="https://wechat.example/wx/2")
    approved.commit("发布", "gly-a")
    approved.merge("again")
    assert passes(approved.standing())  # consistent in itself
    assert str(_objection(approved, note)) == (
        "The first 2 entries are not those that were published: history was changed."
    )


def test_honest_growth_extends_it_and_a_frozen_copy_equals_it(approved: ArchiveRepo) -> None:
    note = _published_post(approved)
    assert _objection(approved, note) is None
    approved.branch("later")
    approved.publication(POST, "wb")
    approved.commit("再发布", "gly-a")
    approved.merge("later")
    assert _objection(approved, note) is None
    assert _published(approved) != note


@pytest.mark.parametrize("length", [5_000, 70_000])
def test_a_path_longer_than_a_leaf_spoils_no_log(approved: ArchiveRepo, length: int) -> None:
    """Pushed past all checks and taken back, it is in the log for ever: who reads it must go on."""
    path = f"content/records/corrections/2026/{'a' * length}.yml"
    env = approved.git.people("x@x", "x@x")
    approved.git.grow("main", [("100644", approved.git.blob(b"x\n"), path)], env)
    log = publication_log(approved.open(), approved.head("raw"), ORIGIN)
    files = dict(tiles(log))
    assert read_entries(files.get, log.size) == (log.leaves[0].data,)
    assert sha256(path.encode()).hexdigest() in log.leaves[0].data.decode()
