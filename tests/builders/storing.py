"""A commit of a work tree as `git add --all --force` and `git commit` make it, without a process.

A run makes four thousand, and two processes each are a twentieth of it; and it opens as many
repositories. What is not plain is left to git: a merge or a rebase that has begun, attributes,
submodules, hooks, settings, odd names.
Formats: https://git-scm.com/docs/index-format, gitformat-loose, gitrepository-layout.
"""

import hashlib
import os
import re
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.source.git.git_process import GitFolders

_BEGUN = (
    *("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "hooks"),
    *("info/attributes", "info/sparse-checkout", "index.lock", "HEAD.lock", "sequencer"),
)
_CONFIG = re.compile(
    r"(\[core\]|\[user\]|\[remote \"\w+\"\]|\[branch \"[\w/-]+\"\]"
    r"|\s+(repositoryformatversion = 0|filemode = true|bare = false|logallrefupdates = true"
    r"|looseCompression = 0|(name|email|url|fetch|remote|merge) = .*)|)"
)
_OF_GIT = re.compile(
    "GIT_(DIR|WORK_TREE|COMMON_DIR|IMPLICIT_WORK_TREE|CEILING|DISCOVERY"
    "|CONFIG(?!_GLOBAL$|_NOSYSTEM$))"  # those of all tests hold a person alone
)
_NAME, _MAIL = re.compile(r"[A-Za-z0-9](?:[\w-]*[A-Za-z0-9])?"), re.compile(r"[\w.+-]+@[\w.-]+\w")
_ODD = re.compile(rb"\.git(?!hub$|ignore$|keep$)|.*[\\~:]", re.IGNORECASE | re.DOTALL)
_ENTRY = struct.Struct(">10I20sH")
_FILE, _PROGRAM, _LINK, _FOLDER = 0o100644, 0o100755, 0o120000, 0o40000


class NotPlain(Exception):
    """Git has to do it."""


@dataclass
class _Store:
    """The objects of a repository, as far as its index names them."""

    git: Path
    known: set[bytes] = field(default_factory=set)

    def put(self, kind: bytes, raw: bytes) -> bytes:
        """The id of an object, which is there afterwards."""
        whole = kind + b" %d\0" % len(raw) + raw
        oid = hashlib.sha1(whole, usedforsecurity=False).digest()
        name = oid.hex()
        path = self.git / "objects" / name[:2] / name[2:]
        if oid not in self.known and not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(whole, 0))
        return oid


@dataclass
class _Folder:
    """A folder of the work tree: its index entries, its tree, and the same of those in it."""

    name: bytes
    rows: list[tuple[bytes, int, bytes]] = field(default_factory=list)
    """(name, mode, object id), of folders too."""
    entries: list[bytes] = field(default_factory=list)
    folders: list["_Folder"] = field(default_factory=list)
    oid: bytes = b""

    @classmethod
    def of(cls, store: _Store, path: bytes, name: bytes = b"", at: bytes = b"") -> "_Folder":
        made = cls(name)
        with os.scandir(path) as found:
            there = sorted(found, key=lambda e: e.name + b"/" if _is_folder(e) else e.name)
        for each in there:
            if each.name == b".git" and not at:
                continue
            if _ODD.match(each.name):
                raise NotPlain
            if _is_folder(each):
                below = cls.of(store, each.path, each.name, at + each.name + b"/")
                if below.rows:
                    made.folders.append(below)
                    made.rows.append((each.name, _FOLDER, below.oid))
                    made.entries += below.entries
            else:
                made._take(store, each, at)
        made.oid = store.put(
            b"tree", b"".join(b"%o %s\0%s" % (mode, name, oid) for name, mode, oid in made.rows)
        )
        return made

    def _take(self, store: _Store, file: "os.DirEntry[bytes]", at: bytes) -> None:
        seen = file.stat(follow_symlinks=False)
        if stat.S_ISLNK(seen.st_mode):
            mode, raw = _LINK, os.readlink(file.path)
        elif stat.S_ISREG(seen.st_mode):
            mode = _PROGRAM if seen.st_mode & stat.S_IXUSR else _FILE
            raw = Path(os.fsdecode(file.path)).read_bytes()
        else:
            raise NotPlain
        oid, path = store.put(b"blob", raw), at + file.name
        self.rows.append((file.name, mode, oid))
        times = (*divmod(seen.st_ctime_ns, 10**9), *divmod(seen.st_mtime_ns, 10**9))
        where = (seen.st_dev, seen.st_ino, mode, seen.st_uid, seen.st_gid, seen.st_size)
        numbers = (number & 0xFFFFFFFF for number in (*times, *where))
        entry = _ENTRY.pack(*numbers, oid, min(len(path), 0xFFF)) + path
        self.entries.append(entry + bytes(8 - len(entry) % 8))

    def cached(self) -> Iterator[bytes]:
        """Its row in the index of trees, and those of the folders in it."""
        yield b"%s\0%d %d\n%s" % (self.name, len(self.entries), len(self.folders), self.oid)
        for folder in self.folders:
            yield from folder.cached()


def _is_folder(entry: "os.DirEntry[bytes]") -> bool:
    return entry.is_dir(follow_symlinks=False)


def commit(root: Path, message: str, people: Mapping[str, str]) -> str:
    """Commit the whole work tree; the commit. Raises NotPlain before anything but objects changed.

    `people`: as `Git.people` gives them.
    """
    git = root / ".git"
    head, branch = _head(git)
    author, committer = (_person(people, role) for role in ("AUTHOR", "COMMITTER"))
    if message != message.strip() or not message or {"\n", "\0"} & {*message}:
        raise NotPlain
    store = _Store(git, _known(git / "index"))
    tree = _Folder.of(store, os.fsencode(root))
    lines = [f"tree {tree.oid.hex()}", *([f"parent {head}"] if head else [])]
    lines += [f"author {author}", f"committer {committer}", "", f"{message}\n"]
    made = store.put(b"commit", "\n".join(lines).encode()).hex()
    _write_index(git / "index", tree)
    _move(git, branch, made)
    first = "" if head else " (initial)"
    for name in {"HEAD", branch}:
        _log(git, name, head, made, f"{committer}\tcommit{first}: {message}")
    return made


def begin_branch(root: Path, name: str, committer: str) -> None:
    """`git switch --create` at HEAD. Raises NotPlain before anything changed."""
    git = root / ".git"
    head, branch = _head(git)
    path = git / "refs/heads" / name
    if not head or not re.fullmatch(r"[a-z][a-z0-9-]*", name) or path.exists():
        raise NotPlain
    if re.search(rf" refs/heads/{name}$", _packed(git), re.MULTILINE):
        raise NotPlain
    _move(git, f"refs/heads/{name}", head)
    (git / "HEAD").write_text(f"ref: refs/heads/{name}\n")
    left = branch.removeprefix("refs/heads/") if branch != "HEAD" else head
    _log(git, f"refs/heads/{name}", "", head, f"{committer}\tbranch: Created from HEAD")
    _log(git, "HEAD", head, head, f"{committer}\tcheckout: moving from {left} to {name}")


def folders(root: Path) -> GitFolders:
    """What git would say of where a repository lies. Raises NotPlain where it has to be asked."""
    git, names = root / ".git", ("HEAD", "objects", "refs")
    odd = git.is_symlink() or any((git / name).exists() for name in ("commondir", "shallow"))
    if odd or root != root.resolve() or not all((git / name).exists() for name in names):
        raise NotPlain
    owners = {path.stat().st_uid for path in (root, git)}
    if owners != {os.geteuid()} or not _is_plain(git) or any(map(_OF_GIT.match, os.environ)):
        raise NotPlain
    return GitFolders(str(git), str(git), str(root))


def _is_plain(git: Path) -> bool:
    return all(map(_CONFIG.fullmatch, (git / "config").read_text("utf-8").split("\n")))


def _head(git: Path) -> tuple[str, str]:
    """(commit, branch) that is checked out; no commit in a repository without any, and ``HEAD`` as
    the branch where it is none."""
    if not git.is_dir() or any((git / name).exists() for name in _BEGUN):
        raise NotPlain
    if not _is_plain(git):
        raise NotPlain
    text = (git / "HEAD").read_text("ascii").strip()
    if not text.startswith("ref: refs/heads/"):
        return text, "HEAD"
    branch = text.removeprefix("ref: ")
    if (git / branch).is_file():
        return (git / branch).read_text("ascii").strip(), branch
    packed = re.search(rf"^([0-9a-f]{{40}}) {re.escape(branch)}$", _packed(git), re.MULTILINE)
    return packed[1] if packed else "", branch


def _packed(git: Path) -> str:
    path = git / "packed-refs"
    return path.read_text("utf-8") if path.is_file() else ""


def _person(people: Mapping[str, str], role: str) -> str:
    name, mail, date = (people[f"GIT_{role}_{what}"] for what in ("NAME", "EMAIL", "DATE"))
    if not _NAME.fullmatch(name) or not _MAIL.fullmatch(mail):
        raise NotPlain
    return f"{name} <{mail}> {date}"


def _known(index: Path) -> set[bytes]:
    """Ids of the objects that an index names."""
    raw = index.read_bytes() if index.is_file() else b""
    if not raw:
        return set()
    kind, version, count = struct.unpack_from(">4sII", raw)
    if kind != b"DIRC" or version != 2:
        raise NotPlain
    known, at = set(), 12
    for _ in range(count):
        *numbers, oid, flags = _ENTRY.unpack_from(raw, at)
        if flags & 0xF000 or numbers[6] not in (_FILE, _PROGRAM, _LINK):
            raise NotPlain
        known.add(oid)
        end = raw.index(b"\0", at + _ENTRY.size)
        at += (end - at) // 8 * 8 + 8
    while at < len(raw) - 20:
        name, size = struct.unpack_from(">4sI", raw, at)
        if name == b"TREE":
            known |= set(re.findall(rb"\0[0-9]+ [0-9]+\n(.{20})", raw[at : at + 8 + size], re.S))
        elif name[:1].islower():  # what changes the meaning of the rest
            raise NotPlain
        at += 8 + size
    return known


def _write_index(path: Path, tree: _Folder) -> None:
    trees = b"".join(tree.cached())
    raw = struct.pack(">4sII", b"DIRC", 2, len(tree.entries)) + b"".join(tree.entries)
    raw += struct.pack(">4sI", b"TREE", len(trees)) + trees
    path.write_bytes(raw + hashlib.sha1(raw, usedforsecurity=False).digest())


def _move(git: Path, branch: str, commit: str) -> None:
    (git / branch).parent.mkdir(parents=True, exist_ok=True)
    (git / branch).write_text(f"{commit}\n")


def _log(git: Path, name: str, before: str, after: str, line: str) -> None:
    path = git / "logs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as log:
        log.write(f"{before or '0' * 40} {after} {line}\n")
