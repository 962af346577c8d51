"""What git tells of commits is taken apart where git parts it, whatever the paths look like."""

from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.source.git.bulk_history import MainChange, read_history
from pipeline.source.git.repository import Repository, add_and_commit
from pipeline.source.git.tree import read_rows

ONE, TWO, NONE = "1" * 40, "2" * 40, "0" * 40
ROW = f":100644 100755 {ONE} {TWO} M\0"
STRANGE = (ONE, f"{ONE}/{TWO}", ":100644", ROW.rstrip("\0"), "line\nbreak", "\n", "é", "content/x")


def told(*commits: tuple[str, list[str]]) -> bytes:
    rows = ((commit, "".join(f"{ROW}{path}\0" for path in paths)) for commit, paths in commits)
    return "".join(f"{commit}\0{of}" for commit, of in rows).encode()


def test_a_path_is_no_commit() -> None:
    commits = [("a" * 40, [*STRANGE]), ("b" * 40, []), ("c" * 64, [*STRANGE[::-1]])]
    read = [(commit, MainChange(rows, (), ())) for commit, rows in read_rows(told(*commits))]
    assert [(commit, [*step.paths]) for commit, step in read] == commits
    assert [c.path for c in read[0][1].changes] == [*STRANGE]
    assert {(c.status, c.mode, c.oid) for c in read[0][1].changes} == {("M", "100755", TWO)}


@pytest.mark.parametrize("odd", ["M\0path\0", ROW, ROW.replace("M", "m") + "path\0", "x"])
def test_what_is_not_understood_is_a_fault(odd: str) -> None:
    """A change left out would be one that nobody judges."""
    good = told(("a" * 40, ["one"]))
    with pytest.raises(Fault, match="damaged"):
        list(read_rows(good + odd.encode()))


def test_what_stands_after_a_change_and_before() -> None:
    rows = f":000000 100644 {NONE} {ONE} A\0new\0:100644 000000 {TWO} {NONE} D\0old\0".encode()
    step = MainChange(rows, (7, 0), (rows, f":000000 100644 {NONE} {TWO} A\0new\0".encode()))
    assert [*step.blobs] == [("new", True, ("100644", ONE, 7)), ("old", False, None)]
    assert step.before == {"new": "", "old": TWO}
    assert step.held == {"new": {ONE, TWO}}


@pytest.mark.parametrize("name", [n for n in STRANGE if not n.startswith(ONE + "/")])
def test_git_tells_names_so(tmp_path: Path, name: str) -> None:
    repository = Repository.create(tmp_path)
    for key, value in (("user.name", "a"), ("user.email", "a@example.org")):
        repository.git("config", key, value)
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"four")
    head = add_and_commit(repository, [place], "one")
    line = read_history(repository, head)
    assert [*line.paths(head)] == [name]
    assert dict(line.merged("", head).files) == dict(repository.tree(head).files)
    assert line.merged("", head).files[name].size == 4
