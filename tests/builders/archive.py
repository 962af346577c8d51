"""Build a real archive in git: governance, posts, signed reviews, branches and merges."""

import weakref
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

from pipeline.history.replay import audit
from pipeline.judge.judgements import verify_change, verify_standing
from pipeline.model.reports import Report
from pipeline.new.yaml_writer import dump
from pipeline.source.git.git_process import end_all, reader
from pipeline.source.git.history import proposed
from pipeline.source.git.objects import Objects
from pipeline.source.git.repository import Repository
from tests.builders import storing
from tests.builders.cast import AS_OF, email, governance
from tests.builders.evidence import CAST, Evidence
from tests.builders.files import copied, folder
from tests.builders.git import BEGINNING
from tests.builders.judging import JUDGE, heard

POST = "2026-11-05-winter-fire"
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
"""One white pixel."""
_DATED = b"tIME" + bytes((7, 234, 11, 5, 9, 30, 0))
OTHER_PNG = PNG[:-12] + bytes((0, 0, 0, 7)) + _DATED + crc32(_DATED).to_bytes(4) + PNG[-12:]
"""The same pixel in other bytes, and as sound a picture."""
BODY = "关好火源再出门。\n\n## 三件事\n\n断电、关火、清通道。\n"


class ArchiveRepo(Evidence):
    """An archive under construction, with its history and its verdicts."""

    @classmethod
    def begin(
        cls, root: Path, beside: Mapping[str, bytes] | None = None, **governed: Any
    ) -> "ArchiveRepo":
        """A repository whose first commit holds governance, and files beside it."""
        root.mkdir(parents=True, exist_ok=True)
        made = cls(root)
        made.git("init", "--quiet", "--initial-branch=main")
        with (root / ".git/config").open("a") as config:  # for what the pipeline stores there
            config.write("\tlooseCompression = 0\n")
        for path, raw in (governance(**governed) | dict(beside or {})).items():
            made.write(path, raw)
        made.commit("建库", "gly-a")
        return made

    @classmethod
    def at(cls, root: Path) -> "ArchiveRepo":
        """One that was made before; its clock goes on from its last commit."""
        made = cls(root)
        made.git.commits = int(made.git("rev-list", "--count", "--all"))
        return made

    def copy(self, root: Path) -> "ArchiveRepo":
        """The same archive in another folder; its clock goes on from the same minute."""
        copied(str(self.root), str(root))
        made = type(self)(root)
        made.git.commits = self.git.commits
        return made

    def pack(self) -> None:
        """Lay all objects into one file: what is copied for every test has to be few files."""
        self.git("repack", "-a", "-d", "--quiet")

    def event(self, account: str, type: str, on: str, **more: Any) -> None:
        """Record that an account was opened, changed or closed as Article 8 asks."""
        value: dict[str, Any] = {
            "person": "gly-a",
            "account": account,
            "type": type,
            "what": "账号事项",
            "applied": {"person": "kz-a", "department": "xjk", "on": on},
            "reviewed": {"person": "ld-a", "on": on},
            "signed": {"person": "ld-b", "on": on},
            "effective_on": on,
            "filing": {"ref": "云政办备2号", "to": "市政府办公室", "on": on},
        }
        path = f"content/records/account-events/{on[:4]}/{on}-{account}-{type}.yml"
        self.write(path, dump(value | more).decode())

    def draft(
        self,
        post: str = POST,
        body: str = BODY,
        files: Mapping[str, bytes] | None = None,
        **front_matter: Any,
    ) -> str:
        """Write a post that every rule accepts; a value of None leaves its key out."""
        meta: dict[str, Any] = {
            "title": "冬季防火三件事",
            "kind": "tip",
            "revision": 1,
            "accounts": ["wx"],
            "author": "zz-a",
            "origin_dept": "jzk",
            "publish_at": f"{post[:10]}T09:30:00+08:00",
            "created_on": "2026-11-04",
            "topic": "education",
            "category": 3,
            "origin": "original",
            "summary": "出门前和睡前要做的三件事。",
            "tags": ["防火"],
            "ai": "none",
            "secrecy_review": {"person": "xxy-d", "date": "2026-11-04", "result": "releasable"},
        }
        kept = {k: v for k, v in (meta | front_matter).items() if v is not None}
        self.write(f"{folder(post)}/post.md", b"---\n" + dump(kept) + b"---\n\n" + body.encode())
        for name, raw in (files or {}).items():
            self.write(f"{folder(post)}/{name}", raw)
        return post

    def approve_all(self, post: str = POST, **people: str) -> list[str]:
        """All four steps in order; people by step where they are not the usual ones."""
        return [self.review(post, s, people.get(s, "")) for s in CAST]

    def commit(self, message: str = "提交", author: str = "zz-a", committer: str = "") -> str:
        """Commit everything in the work tree; people are ids or e-mails."""
        env = self.git.people(_mail(author), _mail(committer or author))
        with suppress(storing.NotPlain):
            return storing.commit(self.root, message, env)
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, env=env)
        return self.head()

    def head(self, revision: str = "HEAD") -> str:
        return self._tip(revision) or self.git("rev-parse", "--verify", revision)

    def _tip(self, name: str) -> str:
        """The commit of a branch by its file, which takes no process; empty for other revisions."""
        for path in (self.root / ".git" / name, self.root / ".git/refs/heads" / name):
            if path.is_file():
                text = path.read_text().strip()
                return self._tip(text[5:]) if text.startswith("ref: ") else text
        return ""

    def branch(self, name: str, start: str = "HEAD") -> None:
        with suppress(storing.NotPlain):
            if start == "HEAD":
                return storing.begin_branch(self.root, name, f"x <x@example.org> {BEGINNING} +0800")
        self.git("switch", "--quiet", "--create", name, start)
        return None

    def switch(self, name: str) -> None:
        self.git("switch", "--quiet", name)

    def merge(self, name: str, *, squash: bool = False, committer: str = "gly-a") -> str:
        """Merge into main as a forge does; with squash the author of the proposal stays."""
        author = self.git("log", "-1", "--format=%ae", name) if squash else _mail(committer)
        env = self.git.people(author, _mail(committer))
        self.switch("main")
        if squash:
            self.git("merge", "--quiet", "--squash", name, env=env)
            self.git("commit", "--quiet", "--message", f"{name} (#1)", env=env)
        else:
            self.git("merge", "--quiet", "--no-ff", "--message", f"Merge {name}", name, env=env)
        return self.head()

    def open(self) -> Repository:
        with suppress(storing.NotPlain, OSError, UnicodeError):
            repo = storing.folders(self.root)
            opened = Repository(repo, Objects(partial(reader, repo)))
            weakref.finalize(opened, end_all, repo)
            return opened
        return Repository.open(self.root)

    def verify(self, base: str = "main", head: str = "HEAD", as_of: datetime = AS_OF) -> Report:
        """The verdict on a change."""
        if JUDGE:
            return heard(self.root, "verify", as_of, "--base", base, "--head", head)
        repository = self.open()
        base, head = (self._tip(name) or repository.commit(name) for name in (base, head))
        told = proposed(repository, base, head)
        return verify_change(repository, told, lambda _: as_of)

    def standing(self, head: str = "HEAD", as_of: datetime = AS_OF) -> Report:
        """The verdict on all that stands."""
        if JUDGE:
            return heard(self.root, "verify", as_of, "--head", head)
        repository = self.open()
        commit = self._tip(head) or repository.commit(head)
        return verify_standing(repository, commit, lambda _: as_of)

    def audit(self, head: str = "HEAD", root: str = "", as_of: datetime = AS_OF) -> Report:
        """The verdict on the whole history; `root`: digest of the first roster."""
        if JUDGE:
            given = ("--root", root) if root else ()
            return heard(self.root, "audit", as_of, "--head", head, *given)
        return audit(self.open(), self.head(head), lambda _: as_of, root)


def _mail(person: str) -> str:
    return person if "@" in person else email(person)
