"""A18: what lies beside the objects in a clone, settings and caches, bears on no verdict.

A clone that was handed on as a folder brings its `.git/config` along; what a person sets for
themselves must not decide either.
"""

import hashlib
import struct
from pathlib import Path

import pytest

from pipeline.errors import Fault
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.files import folder
from tests.builders.named import like
from tests.builders.telling import EDITED, LINK, MAKER, MOVED, NOTE, Told, told
from tests.builders.verdicts import finds, reasons


def test_the_archive_tells_what_could_be_hidden(sound: Told) -> None:
    (change, said), (stands, found) = sound
    assert (change, stands) == (11, 11)
    mode = "file-not-regular"
    assert ("change", "R13-7", mode) in said
    assert {(post, "R11-1", MAKER) for post in (POST, EDITED, MOVED)} <= found


SETTINGS = (
    ("color.ui=always",),
    ("core.abbrev=4", "log.abbrevCommit=true"),
    ("core.commitGraph=true", "core.multiPackIndex=true"),
    ("core.maxTreeDepth=1",),
    ("core.quotePath=true",),
    ("core.worktree=/",),
    ("diff.ignoreSubmodules=all",),
    ("diff.noPrefix=true", "diff.mnemonicPrefix=true", "diff.relative=true"),
    ("diff.orderFile=/nowhere",),
    ("diff.renames=copies", "diff.renameLimit=0", "status.renames=copies"),
    ("format.pretty=%s", "format.notes=*", "notes.displayRef=refs/notes/*"),
    ("i18n.logOutputEncoding=UTF-16", "i18n.commitEncoding=UTF-16"),
    ("log.date=format:%Y", "log.decorate=full"),
    ("log.diffMerges=off",),
    ("log.follow=true",),
    ("log.mailmap=true", "mailmap.blob=HEAD:.mailmap"),
    ("log.showRoot=false",),
    ("log.showSignature=true",),
    ("merge.renames=false", "merge.directoryRenames=true", "merge.default=union"),
    (f"submodule.a.path={LINK}", "submodule.a.ignore=all", "submodule.recurse=true"),
)
"""Settings of `.git/config` that commands of git obey, hostile values."""


@pytest.mark.parametrize("lines", SETTINGS, ids=" ".join)
def test_a_setting(telling: ArchiveRepo, sound: Told, lines: tuple[str, ...]) -> None:
    for line in lines:
        telling.git("config", *line.split("=", 1))
    assert told(telling) == sound


FILES = {
    ".gitmodules": f'[submodule "a"]\n\tpath = {LINK}\n\turl = x\n\tignore = all\n',
    ".mailmap": f"a <{email('zz-a')}> <{email('kz-a')}>\n",
    ".gitattributes": "* merge=binary -diff export-ignore\n",
    ".git/info/attributes": "* merge=binary -diff\n",
    ".git/info/exclude": "*\n",
    ".git/info/sparse-checkout": "/nothing\n",
}
"""What may lie in a work tree or in `.git` besides, and git looks at."""


@pytest.mark.parametrize("name", FILES)
def test_a_file(telling: ArchiveRepo, sound: Told, name: str) -> None:
    telling.write(name, FILES[name])
    assert told(telling) == sound


def test_a_graft(telling: ArchiveRepo, sound: Told) -> None:
    first = telling.head("main~3")
    telling.write(".git/info/grafts", f"{telling.head('main')} {first}\n")
    assert told(telling) == sound


def test_a_replaced_commit(telling: ArchiveRepo, sound: Told) -> None:
    telling.git("replace", "--graft", "main", "main~3")
    assert told(telling) == sound


def test_a_false_commit_graph(telling: ArchiveRepo, sound: Told) -> None:
    """It says of the last merge that nothing was merged."""
    telling.git("commit-graph", "write", "--reachable")
    path = telling.root / ".git/objects/info/commit-graph"
    raw = bytearray(path.read_bytes())
    at = _chunks(raw, 8)
    ids = [raw[n : n + 20].hex() for n in range(at[b"OIDL"], at[b"CDAT"], 20)]
    for commit in ("main", "main~1", "main~3"):
        row = at[b"CDAT"] + 36 * ids.index(telling.head(commit))
        raw[row + 24 : row + 28] = struct.pack(">I", 0x70000000)  # no second parent
    _rewrite(path, raw)
    assert told(telling) == sound


def test_a_false_index_of_packs(telling: ArchiveRepo, sound: Told) -> None:
    """It leads to another object than the one that is asked for."""
    telling.git("repack", "-adq")
    telling.git("multi-pack-index", "write")
    path = telling.root / ".git/objects/pack/multi-pack-index"
    raw = bytearray(path.read_bytes())
    at = _chunks(raw, 12)
    ids = [raw[n : n + 20].hex() for n in range(at[b"OIDL"], at[b"OOFF"], 20)]
    one, other = (
        at[b"OOFF"] + 8 * ids.index(telling.head(f"main:{name}"))
        for name in (f"{folder(POST)}/post.md", NOTE)
    )
    raw[one : one + 8], raw[other : other + 8] = raw[other : other + 8], raw[one : one + 8]
    _rewrite(path, raw)
    assert telling.git("show", f"main:{folder(POST)}/post.md").startswith("第零行")
    assert told(telling) == sound


def _chunks(raw: bytes, start: int) -> dict[bytes, int]:
    """Name → where it begins, of a file of chunks (gitformat-chunk)."""
    rows = range(start, start + 12 * (raw[6] + 1), 12)
    return {bytes(raw[n : n + 4]): struct.unpack(">Q", raw[n + 4 : n + 12])[0] for n in rows}


def _rewrite(path: Path, raw: bytearray) -> None:
    raw[-20:] = hashlib.sha1(raw[:-20], usedforsecurity=False).digest()
    path.chmod(0o644)
    path.write_bytes(raw)


def test_a_work_tree_that_is_elsewhere(telling: ArchiveRepo, tmp_path: Path) -> None:
    """`-C archive.git` must not judge the archive that its settings lead to."""
    other = tmp_path / "other.git"
    telling.git("clone", "--quiet", "--bare", str(telling.root), str(other))
    bare = ArchiveRepo(other)
    bare.git("config", "core.bare", "false")
    bare.git("config", "core.worktree", str(telling.root))
    with pytest.raises(Fault, match=like("worktree-elsewhere")):
        bare.standing("main")


def test_the_audit_sees_it_all(telling: ArchiveRepo, sound: Told) -> None:
    """Everything at once, in a replay."""
    before = reasons(telling.audit("main"))
    assert finds(telling.audit("main"), "R11-1", MAKER)
    for lines in SETTINGS:
        for line in lines:
            telling.git("config", *line.split("=", 1))
    for name, text in FILES.items():
        telling.write(name, text)
    assert reasons(telling.audit("main")) == before
