"""Names found in the bytes of tree objects are those that git itself lists."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.source.git.objects import CatFile, Objects
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import DEEPEST, SOUGHT, _GitFolder
from tests.builders.git import Git

PATHS = (
    "r/2025/1.wx.fire.json", "r/2025/1.wx.fire.json.sig", "r/2025/2.wx.flood.json",
    "r/2026/deep/3.wb.fire.json", "r/2026/.fire/4.json", "r/2026/火.fire", "r/40000 .fire",
    "s/1.wx.fire.json",
)  # fmt: skip


def placed(git: Git, *paths: str) -> None:
    """Put a file at each of these paths into the index."""
    blob = git.blob(b"x")
    for path in paths:
        git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}")


@pytest.fixture
def git(tmp_path: Path) -> Git:
    made = Git(tmp_path)
    made("init", "--quiet")
    placed(made, *PATHS)
    return made


@pytest.mark.parametrize(
    "words",
    [[], [".fire"], [".flood"], [".fire", ".flood"], ["nothing"], ["2026"],
     [".fire", *map(str, range(9000, 9000 + SOUGHT))]],
    ids=["none", "one", "another", "two", "nothing", "a folder", "many"],
)  # fmt: skip
def test_it_holds_what_git_lists(git: Git, words: list[str]) -> None:
    tree = Repository.open(git.root).tree(git("write-tree"))
    listed = [p for p in PATHS if p.startswith("r/")]
    if len(words) <= SOUGHT:
        listed = [p for p in listed if any(word in p for word in words)]
    assert tree.holding("r/", words) == set(listed)
    assert tree.holding("nowhere/", words) == set()


@pytest.mark.parametrize("mode", [b"40000", b"040000", b"40755"])
def test_a_folder_is_what_git_takes_for_one(git: Git, mode: bytes) -> None:
    """Nobody may hide a record in a folder whose mode only some readers know."""
    inner = git("write-tree", "--prefix=r/2026/")
    middle = git.raw("tree", mode + b" y\0" + bytes.fromhex(inner))
    outer = git.raw("tree", b"40000 r\0" + bytes.fromhex(middle))
    listed = git("ls-tree", "-r", "-z", "--name-only", outer).split("\0")[:-1]
    assert len(listed) == 3
    tree = Repository.open(git.root).tree(outer)
    assert tree.holding("r/", [".fire"]) == {p for p in listed if ".fire" in p}


@pytest.mark.parametrize("rows", [b"100644 x", b"1006x4 .fire\0" + bytes(20), b"100644.fire\0"])
def test_what_is_no_tree_is_a_fault(git: Git, rows: bytes) -> None:
    inner = git.raw("tree", rows + b".fire")
    outer = git.raw("tree", b"40000 r\0" + bytes.fromhex(inner))
    with pytest.raises(Fault, match="damaged"):
        Repository.open(git.root).tree(outer).holding("r/", [".fire"])


def test_the_folders_in_a_folder_are_told_with_their_objects(git: Git) -> None:
    repository = Repository.open(git.root)
    tree = repository.tree(git("write-tree"))
    found = tree.inside("r/")
    assert found.keys() == {"2025", "2026"}
    assert tree.inside("r/2026").keys() == {"deep", ".fire"}
    assert tree.inside("elsewhere", found["2026"]) == tree.inside("r/2026")
    assert tree.inside("none") == {}


def test_what_stands_in_a_folder_is_what_git_lists(git: Git) -> None:
    """Modes, too, that git stores and shows as others: a link must not pass for a file."""
    blob = bytes.fromhex(git.blob(b"12345"))
    inner = bytes.fromhex(git("write-tree", "--prefix=r/2026/"))
    modes = [
        b"100644", b"100755", b"100664", b"100600", b"0100744", b"120000", b"120777", b"100645",
    ]  # fmt: skip
    rows = b"".join(b"%s a%d\0%s" % (mode, n, blob) for n, mode in enumerate(modes))
    folders = b"".join(b"%s f%d\0%s" % (m, n, inner) for n, m in enumerate((b"40000", b"40755")))
    made = git.raw("tree", rows + folders + b"160000 m\0" + inner)
    outer = git.raw("tree", b"40000 r\0" + bytes.fromhex(made))
    tree = Repository.open(git.root).tree(outer)
    told = {
        path: None if blob is None else f"{blob.mode} {blob.oid} {blob.size or '-'}"
        for path, blob in tree.listed(["r", "nowhere", "r/a0", "r/f0/deep"])
    }
    listed = {}
    for place in ("r/", "r/f0/deep/"):
        for row in git("ls-tree", "-z", "-l", outer, "--", place).split("\0")[:-1]:
            meta, path = row.split("\t")
            mode, _, oid, size = meta.split()
            listed[path] = None if mode == "040000" else f"{mode} {oid} {size}"
    assert len(listed) == len(modes) + 4 and told == listed


def test_the_top_of_a_tree_is_listed_too(git: Git) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.cn")
    commit = git(*who, "commit-tree", "-m", "x", git("write-tree"))
    tree = Repository.open(git.root).tree(commit)
    assert dict(tree.listed([""])) == {"r": None, "s": None}


def test_a_folder_on_the_way_to_others_is_parsed_once(
    git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one tree, and of another that holds the same folder: a branch beside main."""
    repository, parsed, rows = Repository.open(git.root), list[bytes](), _GitFolder.rows
    tree = repository.tree(git("write-tree"))
    placed(git, "z/beside.md")
    other = repository.tree(git("write-tree"))

    def noted(folder: _GitFolder) -> list[tuple[str, bytes, str]]:
        parsed.append(folder.path)
        return rows(folder)

    monkeypatch.setattr(_GitFolder, "rows", noted)
    for looked in (tree, tree, other):
        for name in ("deep", ".fire", "none"):
            found = dict(looked.listed([f"r/2026/{name}"]))
            assert found.keys() == {p for p in PATHS if p.startswith(f"r/2026/{name}/")}
    assert sorted(set(parsed)) == [b"", b"r/", b"r/2026/", b"r/2026/.fire/", b"r/2026/deep/"]
    assert [parsed.count(way) for way in (b"", b"r/", b"r/2026/")] == [2, 1, 1]


def test_folders_beside_one_another_are_read_in_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each question to git is a wait, and while the parent waits no other process works."""
    git, asked = Git(tmp_path), list[str]()
    git("init", "--quiet")
    folders = [f"p/2026/{n}" for n in range(40)]
    placed(git, *(f"{folder}/a/post.md" for folder in folders))
    oid, ask = git("write-tree"), Objects._ask

    def noted(self: Objects, reader: CatFile, word: str, oids: Iterable[str]) -> None:
        asked.append(word)
        ask(self, reader, word, oids)

    monkeypatch.setattr(Objects, "_ask", noted)

    def asks(some: list[str]) -> int:
        asked.clear()
        files = Repository.open(git.root).tree(oid).files
        files.complete(*some)
        assert [p for f in some for p in files.under(f)] == [f"{f}/a/post.md" for f in some]
        return len(asked)

    assert asks(folders) == asks(folders[:2])


def test_a_folder_that_git_would_not_write_is_refused_each_time(git: Git) -> None:
    blob = bytes.fromhex(git.blob(b"x"))
    inner = bytes.fromhex(git("write-tree", "--prefix=r/2026/"))
    twice = git.raw("tree", b"40000 a\0" + inner + b"100644 a\0" + blob)
    tree = Repository.open(git.root).tree(git.raw("tree", b"40000 r\0" + bytes.fromhex(twice)))
    for _ in range(2):
        with pytest.raises(Fault, match="twice"):
            dict(tree.listed(["r/a"]))


@pytest.mark.parametrize("name", ["..", ".", "r/..", "*", ":(top)r", "火", "-r", "\\", "\ud800"])
def test_a_folder_is_the_one_of_the_very_name(git: Git, name: str) -> None:
    """A path of a record may look like a pattern, or like a way out of the tree."""
    tree = Repository.open(git.root).tree(git("write-tree"))
    assert tree.files.under(f"{name}/") == []
    assert f"{name}/1.wx.fire.json" not in tree.files
    assert tree.below([name]) == []
    placed(git, "火/1", "-r/1")
    there = Repository.open(git.root).tree(git("write-tree")).files.under(f"{name}/")
    assert there == ([f"{name}/1"] if name in ("火", "-r") else [])


@pytest.mark.parametrize("above", [DEEPEST, DEEPEST + 1])
def test_a_tree_deeper_than_git_takes_is_a_fault(git: Git, above: int) -> None:
    oid = git.raw("tree", b"100644 x\0" + bytes.fromhex(git.blob(b"x")))
    for _ in range(above):
        oid = git.raw("tree", b"40000 d\0" + bytes.fromhex(oid))
    tree = Repository.open(git.root).tree(oid)
    if above == DEEPEST:
        assert len(tree.files.under("d/")) == 1
    else:
        with pytest.raises(Fault, match="cannot be read"):
            tree.files.under("d/")
