"""The one clone a desk works from, and its one writer: a queue on disk.

No signature is lost and none stands twice. A change is written down before git is touched. It is
put on the tip of its branch as that stands then, pushed, and forgotten. When the remote is gone it
waits; a desk that was killed goes on with it; a file that cannot be read is set apart. Other
processes of Sanshen are kept out by the repository's lock.
"""

import json
import logging
import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock, Semaphore, local
from typing import Any
from weakref import WeakKeyDictionary

from pipeline.detect.private import mask
from pipeline.errors import Fault
from pipeline.judge.load_governance import Trusted, pinned, trust
from pipeline.model.findings import Message, say
from pipeline.model.ids import BranchName, CommitId, PersonId, sha256_of
from pipeline.parts.desk.frame import SetAside, Waits
from pipeline.source.atomic import write_whole
from pipeline.source.content.program_lock import refuse_other_program
from pipeline.source.git.branches import MAIN, Overtaken, publish_commit, refresh, tip_of
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

_TREES = 300
"""How many listings of trees a repository holds before they are let go."""
_MOST = 2
"""Repositories at once: Python computes one at a time, while another waits for git; and each holds
some 70 MB of an archive of 10,000 posts."""


@dataclass
class Clone:
    """Repositories for threads, each used by one at a time, and main's governance."""

    folder: Path
    offline: Message | None = None
    """Why the last fetch failed; None: it did not."""
    _idle: LifoQueue[Repository] = field(default_factory=LifoQueue)
    _turns: Semaphore = field(default_factory=lambda: Semaphore(_MOST))
    _own: local = field(default_factory=local)
    """Of each thread the repository that it uses."""
    _trusted: WeakKeyDictionary[Repository, tuple[str, Trusted]] = field(
        default_factory=WeakKeyDictionary
    )

    @contextmanager
    def repository(self) -> Iterator[Repository]:
        """A repository that no other thread uses; inside another use, the same one.

        There are few: each caches for itself what waits on all branches (`history.waiting`), and
        that is costly to read the first time. Its processes of git stay for the next use.
        """
        if held := getattr(self._own, "repository", None):
            yield held
            return
        with self._turns:
            try:
                repository = self._idle.get_nowait()
            except Empty:
                repository = Repository.open(self.folder)
            self._own.repository = repository
            try:
                yield repository
            except Exception:
                repository.close()  # an answer may be half read; git starts again when asked
                raise
            finally:
                self._own.repository = None
                repository.forget_beyond(_TREES)
                if self._idle.qsize() < _MOST:
                    self._idle.put(repository)
                else:
                    repository.close()

    @contextmanager
    def idle(self) -> Iterator[None]:
        """While this thread waits for a remote or a lock, another has its turn."""
        held = getattr(self._own, "repository", None) is not None
        if held:
            self._turns.release()
        try:
            yield
        finally:
            if held:
                self._turns.acquire()

    def refresh(self) -> None:
        """Fetch the remote, if there is one; `offline` says why it could not be reached."""
        try:
            # One of its own: a slow remote keeps no reader waiting.
            with Repository.open(self.folder) as repository:
                refresh(repository)
            self.offline = None
        except Fault as fault:
            self.offline = fault.message

    def trusted(self, repository: Repository) -> Trusted:
        """What main judges by; read once for each repository, since it reads on lazily.

        Raises Fault when main names another program than runs."""
        main = repository.base(MAIN)
        commit, trusted = self._trusted.get(repository, ("", None))
        if trusted is None or commit != main:
            trusted = pinned(trust(repository.tree(main)), repository, main)
            refuse_other_program(trusted.lock)
            self._trusted[repository] = main, trusted
        return trusted

    def close(self) -> None:
        """End every process of git."""
        while not self._idle.empty():
            self._idle.get().close()


VERSION = 1
"""Of the files of the queue; raised whenever one of an earlier program would be read wrongly."""
_TRIES = 5
"""How often a branch that others push to is fetched again before the change waits."""


@dataclass(frozen=True)
class QueuedChange:
    """Files for a branch, and what must still stand there when they come."""

    branch: BranchName
    files: Mapping[str, bytes | None]
    """Path → bytes; None takes the file away."""
    message: str
    person: PersonId
    email: str
    seconds: int
    """Time of the commit, since 1970."""
    same: Mapping[str, str] = field(default_factory=dict)
    """Path → id of the blob that it must have; empty: no such file."""
    options: tuple[str, ...] = ()
    """Push options for the forge."""
    start: BranchName = MAIN
    """The branch that a new branch begins at."""

    @property
    def id(self) -> str:
        """The same change twice has the same id, and is written once."""
        return sha256_of(_encoded(self))[:20]

    @property
    def file(self) -> str:
        """Its name in the folders of the queue."""
        return f"{self.id}.json"


@dataclass(frozen=True)
class Written:
    """A change that stands on its branch."""

    branch: BranchName
    commit: CommitId


@dataclass
class Writer:
    """Puts changes on branches, one at a time."""

    clone: Clone
    folder: Path
    """Of the queue, outside what git tracks."""
    _lock: Lock = field(default_factory=Lock)

    def put(self, change: QueuedChange) -> Written:
        """Write a change to its branch, not main. Raises Waits, SetAside, or the remote's refusal.

        After any fault but SetAside the change is in the queue, unless it says otherwise.
        """
        if change.branch == MAIN:
            raise Fault(say("Nothing is written to main: sign in a terminal, on another branch."))
        file = self.folder / "queue" / change.file
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)  # an earlier program let everybody read it
            write_whole(file, _encoded(change), locked=False, mode=0o600)
            with suppress(FileNotFoundError), file.open("rb") as written:  # another desk has it
                os.fsync(written.fileno())  # a signature is given once; power may fail now
        except OSError as error:
            unwritten = say(
                "The queue of the desk cannot be written ({reason}): nothing was recorded.",
                reason=error.strerror or type(error).__name__,
            )
            remedy = say("Tell the operator of the desk. Then sign again.")
            raise Fault(unwritten, remedy) from error
        return self._process(file, change)

    def drain(self) -> None:
        """Try again what waits; called at the start and from time to time."""
        for file in self.waiting():
            try:
                if change := self._read(file):
                    self._process(file, change)
            except Fault:
                continue  # it waits on, or was set aside
            except Exception:  # of one file; the others are sent all the same
                logging.getLogger(__name__).exception("The desk could not send %s", file.name)

    def waiting(self) -> list[Path]:
        """Files of the changes that did not reach their branch yet, oldest first."""
        return [file for _, file in sorted(_ages(self.folder / "queue"))]

    def set_aside(self) -> list[QueuedChange]:
        """Changes whose branch holds other bytes by now."""
        files = sorted((self.folder / "aside").glob("[!.]*.json"))
        return [change for file in files if (change := self._read(file))]

    def unreadable(self) -> list[str]:
        """Names of files of the queue that could not be read; a folder holds them for the
        operator."""
        return sorted(file.name for file in (self.folder / "unreadable").glob("*"))

    def dismiss(self, id: str, person: PersonId) -> None:
        """Forget a change of a person that was set aside, or that is not to come any more."""
        for folder in ("queue", "aside"):
            file = self.folder / folder / f"{id}.json"
            if id.isalnum() and (change := self._read(file)) and change.person == person:
                file.unlink(missing_ok=True)

    def _read(self, file: Path) -> QueuedChange | None:
        """A change that was written down; None: another desk was faster, or no one can read it."""
        try:
            if not stat.S_ISREG(file.lstat().st_mode):
                raise ValueError(file)  # it may lead elsewhere, or never end
            return _decoded(file.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            self._move(file, "unreadable")
            return None

    def _move(self, file: Path, folder: str) -> None:
        """Put a file apart, beside others of its name; it stays where that is not allowed."""
        target = self.folder / folder / file.name
        with suppress(OSError):  # or another desk was faster
            target.parent.mkdir(parents=True, exist_ok=True)
            if folder == "unreadable":  # no two of them are the same
                target = next(n for n in _names(target) if not n.exists() and not n.is_symlink())
            file.replace(target)

    def _process(self, file: Path, change: QueuedChange) -> Written:
        """Write a change, unless another thread or desk has done so. Its repository is none of the
        clone's few, and its caller's turn passes on: no reader waits for the remote."""
        try:
            with (
                self.clone.idle(),
                self._lock,
                Repository.open(self.clone.folder) as repository,
                repository.lock(),
            ):
                if not file.exists():
                    return self._settled(repository, change)
                written = _write(repository, change)
                file.unlink(missing_ok=True)
                return written
        except SetAside:
            self._move(file, "aside")
            raise
        except OSError as error:
            raise _waits(say("The disk takes no more.")) from error
        except Fault as fault:
            raise _waits(fault.message) from fault

    def _settled(self, repository: Repository, change: QueuedChange) -> Written:
        """What became of a change that is in the queue no more: others may stand on it by now."""
        if (self.folder / "aside" / change.file).exists():
            raise _other()
        return Written(change.branch, tip_of(repository, change.branch))


def _names(path: Path) -> Iterator[Path]:
    """A path, and others beside it."""
    return (path.with_stem(f"{path.stem}-{n}" if n else path.stem) for n in count())


def _ages(folder: Path) -> Iterator[tuple[int, Path]]:
    for file in folder.glob("[!.]*.json"):
        with suppress(FileNotFoundError):  # it came to its branch meanwhile
            yield file.stat().st_mtime_ns, file


def _waits(reason: Message) -> Waits:
    return Waits(
        say("Recorded here, and not sent yet: {reason}", reason=reason),
        say("Nothing is lost, and nothing is to be done: it is sent again every minute."),
    )


def _write(repository: Repository, change: QueuedChange) -> Written:
    for _ in range(_TRIES):
        refresh(repository)
        tip = tip_of(repository, change.branch)
        parent = tip or tip_of(repository, change.start) or repository.base(change.start)
        tree = repository.tree(parent)
        done = all(_holds(tree, path, raw) for path, raw in change.files.items())
        if done and tip:
            return Written(change.branch, parent)
        _unless_other(tree, change)
        commit = parent if done else _committed(repository, parent, change)
        try:
            publish_commit(repository, commit, change.branch, tip, change.options)
        except Overtaken:
            continue
        return Written(change.branch, commit)
    raise Fault(say("Others kept changing it meanwhile."))


def _committed(repository: Repository, parent: str, change: QueuedChange) -> CommitId:
    """Digits that look private are masked in what it says: a title that is corrected later, or the
    check number of a key, would else be refused in history for ever."""
    made = repository.tree_with(parent, change.files)
    who = (change.person, change.email, change.seconds)
    return repository.commit_tree(made, (parent,), f"{mask(change.message)}\n", who)


def _holds(tree: Tree, path: str, raw: bytes | None) -> bool:
    if raw is None or path not in tree.files:
        return raw is None and path not in tree.files
    return tree.read(path) == raw


def _unless_other(tree: Tree, change: QueuedChange) -> None:
    for path, oid in change.same.items():
        if (tree.files[path].oid if path in tree.files else "") != oid:
            raise _other()


def _other() -> SetAside:
    return SetAside(
        say("Others changed it meanwhile: nothing was recorded."),
        say("Open the page again, read what changed, and decide anew."),
    )


def _encoded(change: QueuedChange) -> bytes:
    fields: dict[str, Any] = {**asdict(change), "version": VERSION}
    fields["files"] = {
        path: None if raw is None else b64encode(raw).decode() for path, raw in change.files.items()
    }
    return json.dumps(fields, ensure_ascii=False, sort_keys=True).encode()


def _decoded(raw: bytes) -> QueuedChange:
    """Raises ValueError, TypeError, KeyError or AttributeError for what no desk of today wrote."""
    fields = json.loads(raw)
    if fields.pop("version", 1) != VERSION:
        raise ValueError("another version")
    fields["options"] = tuple(fields["options"])
    fields["files"] = {
        path: None if text is None else b64decode(text, validate=True)
        for path, text in fields["files"].items()
    }
    made = QueuedChange(**fields)
    texts = (made.branch, made.message, made.person, made.email, made.start, *made.options)
    words = (*texts, *made.files, *made.same, *made.same.values())
    if not all(isinstance(word, str) for word in words) or type(made.seconds) is not int:
        raise TypeError("a field of another type")
    if made.branch == MAIN:
        raise ValueError("never main")
    return made
