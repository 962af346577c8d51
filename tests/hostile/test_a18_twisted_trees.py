"""A18: a folder that git would not write so is read by no judgement: programs differ on it.

`git show` takes the first of two equal names and a checkout the last. Servers take such trees
unless `receive.fsckObjects` is set (git-fsck: treeNotSorted, duplicateEntries, fullPathname).
"""

from collections.abc import Callable

import pytest

from pipeline.source.git.bulk_history import read_history
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import email
from tests.builders.files import folder
from tests.builders.named import refuses
from tests.builders.verdicts import run_verify

HERE = folder(POST)
YEAR = HERE.rpartition("/")[0]
OTHER = "2026-11-05-other"
Row = tuple[bytes, bytes, bytes]
"""Mode, name, object id."""
Rows = list[Row]
SAID = "tree-twisted"


def _rows(archive: ArchiveRepo, tree: str) -> Rows:
    told = map(str.split, archive.git("ls-tree", tree).splitlines())
    return [(m.lstrip("0").encode(), n.encode(), bytes.fromhex(oid)) for m, _, oid, n in told]


def _planted(archive: ArchiveRepo, path: str, twist: Callable[[Rows], Rows]) -> str:
    """A commit on HEAD in which one folder holds other rows."""

    def put(tree: str, parts: list[str]) -> str:
        rows = _rows(archive, tree)
        if not parts:
            rows = twist(rows)
        else:
            name = parts[0].encode()
            rows = [
                (m, n, bytes.fromhex(put(oid.hex(), parts[1:])) if n == name else oid)
                for m, n, oid in rows
            ]
        return archive.git.raw("tree", b"".join(m + b" " + n + b"\0" + oid for m, n, oid in rows))

    env = archive.git.people(email("zz-a"), email("zz-a"))
    tree = put(archive.git("rev-parse", "HEAD^{tree}"), path.split("/"))
    made = archive.git("commit-tree", tree, "-p", "HEAD", "-m", "raw", env=env)
    archive.git("update-ref", "HEAD", made)
    return made


@pytest.fixture
def two(approved: ArchiveRepo) -> ArchiveRepo:
    """Two approved posts stand on main."""
    approved.draft(OTHER)
    approved.approve_all(OTHER)
    approved.commit("第二篇", "zz-a")
    approved.merge("proposal")
    approved.branch("twisted")
    return approved


def _twists(archive: ArchiveRepo) -> dict[str, tuple[str, Callable[[Rows], Rows]]]:
    evil = bytes.fromhex(archive.git.blob(b"---\ntitle: evil\n---\n"))
    file = b"100644"
    return {
        "twice, another first": (HERE, lambda rows: [(file, b"post.md", evil), *rows]),
        "twice, another last": (HERE, lambda rows: [*rows, (file, b"post.md", evil)]),
        "twice, not beside": (
            HERE,
            lambda rows: [(file, b"post.md", evil), (file, b"z.txt", evil), *rows],
        ),
        "a slash": (YEAR, lambda rows: [*rows, (file, b"2026-11-05-s/post.md", evil)]),
        "a file beside its folder": (YEAR, lambda rows: [(file, POST.encode(), evil), *rows]),
        "out of order": (YEAR, lambda rows: rows[::-1]),
        "a folder twice": (YEAR, lambda rows: [*rows, rows[-1]]),
    }


TWISTS = (
    "twice, another first",
    "twice, another last",
    "twice, not beside",
    "a slash",
    "a file beside its folder",
    "out of order",
    "a folder twice",
)


@pytest.mark.parametrize("name", TWISTS)
def test_no_judgement_reads_it(two: ArchiveRepo, name: str) -> None:
    place, twist = _twists(two)[name]
    made = _planted(two, place, twist)
    two.git("update-ref", "refs/heads/main", made)
    judgements = (
        lambda: two.verify("main~1", "main"),
        lambda: two.standing("main"),
        lambda: two.audit("main"),
    )
    for judged in judgements:
        with refuses(SAID) as caught:
            judged()
        assert YEAR in str(caught.value), str(caught.value)
        assert caught.value.remedy


@pytest.mark.inside
@pytest.mark.parametrize("name", [n for n in TWISTS if "slash" not in n and "folder" not in n])
def test_a_replay_in_one_go_sees_it_when_it_has_passed(two: ArchiveRepo, name: str) -> None:
    place, twist = _twists(two)[name]
    two.switch("main")
    sound = two.git("rev-parse", "HEAD^{tree}")
    made = _planted(two, place, twist)
    env = two.git.people(email("zz-a"), email("zz-a"))
    head = two.git("commit-tree", sound, "-p", made, "-m", "back", env=env)
    line = read_history(two.open(), head)
    with refuses(SAID):
        line.merged("", head)


def test_the_command_names_the_place(two: ArchiveRepo) -> None:
    made = _planted(two, *_twists(two)["twice, another first"])
    done = run_verify(two.root, "--base", "main", lang="zh")
    assert done.returncode == 1
    assert f"{made[:12]}:{HERE} 中的文件名" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_names_of_a_twisted_folder_are_not_echoed(two: ArchiveRepo) -> None:
    def twist(rows: Rows) -> Rows:
        tree = two.git.raw("tree", b"".join(b"100644 a\0" + rows[0][2] for _ in range(2)))
        return [*rows, (b"40000", b"z\x1b[31m\xff\n::error::x", bytes.fromhex(tree))]

    _planted(two, YEAR, twist)
    done = run_verify(two.root, "--base", "main", "--format", "markdown", lang="names")
    assert done.returncode == 1
    assert SAID in done.stderr
    assert "\x1b" not in done.stderr + done.stdout
    assert not any(line.startswith("::error::x") for line in done.stdout.split("\n"))


def test_a_folder_and_a_file_of_like_names_are_in_order(two: ArchiveRepo) -> None:
    """Git sorts a folder as if its name ended in a slash: `x.txt` stands before `x`."""
    two.write("docs/x.txt", "1\n")
    two.write("docs/x/a.txt", "2\n")
    two.write("docs/x-y/a.txt", "3\n")
    two.write("docs/x0.txt", "4\n")
    two.commit("附件", "zz-a")
    assert two.verify("main", "HEAD").exit_code == 0
