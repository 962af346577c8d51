"""A23: an archive that was cut or written anew does not extend the log that was published."""

from hashlib import sha256
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.evidence.log.leaves import checkpoint_of
from pipeline.evidence.log.tiles import not_extended, read_entries, tiles
from pipeline.model.findings import Message
from pipeline.publish.build_site import Order, build_site
from pipeline.publish.publication_log import publication_log
from pipeline.report.language import translator
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, private_key_file
from tests.builders.named import named, refuses
from tests.builders.published import begun, logged, sign, write_log
from tests.builders.verdicts import passes

ORIGIN = "archive.example/a"
pytestmark = pytest.mark.inside


def _published(archive: ArchiveRepo) -> bytes:
    log = publication_log(archive.open(), archive.head("main"), ORIGIN)
    return checkpoint_of(log).text.encode()


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
    assert named(_objection(approved, note)) == ("log-cut-short 0 2")


def test_main_is_written_anew_with_another_publication(approved: ArchiveRepo) -> None:
    note = _published_post(approved)
    approved.git("reset", "--hard", "--quiet", "main~1")
    approved.branch("again", "proposal~1")
    approved.publication(POST, url="https://wechat.example/wx/2")
    approved.commit("发布", "gly-a")
    approved.merge("again")
    assert passes(approved.standing())  # consistent in itself
    assert named(_objection(approved, note)) == ("log-history-changed 2")


def test_honest_growth_extends_it_and_a_frozen_copy_equals_it(approved: ArchiveRepo) -> None:
    note = _published_post(approved)
    assert _objection(approved, note) is None
    approved.branch("later")
    approved.publication(POST, "wb")
    approved.commit("再发布", "gly-a")
    approved.merge("later")
    assert _objection(approved, note) is None
    assert _published(approved) != note


def _built(archive: ArchiveRepo, folder: Path, **how: bytes | bool | None) -> Path:
    order = Order(folder / "site", folder / "work", **how)  # type: ignore[arg-type]
    made = build_site(archive.open(), archive.head(), lambda _: AS_OF, order, translator("en"))
    assert made.site is not None
    return folder / "site/log"


def test_the_host_slips_a_build_of_its_own_into_the_list(tmp_path: Path) -> None:
    """The host makes list and checkpoint fit; the bureau's key would sign the forged site."""
    key = private_key_file("log", tmp_path).read_bytes()
    archive = begun(tmp_path)
    log = _built(archive, tmp_path / "first", log_key=key)
    builds, note = (log / "builds").read_bytes(), (log / "checkpoint").read_bytes()
    honest = _built(archive, tmp_path / "next", log_key=key, after=note, builds=builds)
    assert (honest / "checkpoint").read_bytes() == note
    forged = builds + builds.replace(b"2 ", b"3 ", 1)
    write_log(log.parent, *logged(log.parent), logged(log.parent)[-1])
    assert (log / "builds").read_bytes() == forged
    sign(log.parent, tmp_path)
    for claimed in (
        (log / "checkpoint").read_bytes().split(b"\n\n")[0] + b"\n",
        (log / "checkpoint").read_bytes()[:-9] + b"AAAAAAA=\n",
        None,
    ):
        how = {"log_key": key, "after": claimed, "builds": forged}
        with refuses("checkpoint-not-ours"):
            _built(archive, tmp_path / "out", **how)
    with pytest.raises(Fault, match="3 were published"):  # the list is kept back
        _built(archive, tmp_path / "out", log_key=key, after=note, builds=b"")
    with pytest.raises(Fault, match="3 were published"):  # parts the records of one change
        moved = builds.replace(b"2 ", b"1 ", 1)
        _built(archive, tmp_path / "out", log_key=key, after=note, builds=moved)
    assert not (tmp_path / "out/site").exists()
    assert _built(archive, tmp_path / "new", log_key=key, builds=builds, new_key=True)


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
