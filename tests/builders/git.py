"""Git in a scrubbed environment, with fixed people and times: the same calls, the same commits."""

import hashlib
import shutil
import subprocess
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PATH = ":".join(
    sorted({str(Path(found).parent) for n in ("git", "ssh-keygen") if (found := shutil.which(n))})
)
"""Where the two programs lie that the tests run; nothing else of the environment is taken."""

BEGINNING = 1_793_750_400
"""2026-11-04T08:00:00+08:00, in seconds; each commit is a minute later."""

ENVIRONMENT = {
    "PATH": _PATH,
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_TERMINAL_PROMPT": "0",
}
_SETTINGS = [
    word
    for setting in (
        *("core.autocrlf=false", "core.fsync=none", "init.templateDir="),
        *("gc.auto=0", "maintenance.auto=false", "core.looseCompression=0"),
    )
    for word in ("-c", setting)
]
"""Besides line ends as they are: no waiting for the disk, no sample hooks, no tidying by itself, no
packing of what is read once."""


@dataclass
class Git:
    """One repository, driven from outside the pipeline."""

    root: Path
    commits: int = field(default=0)

    def __call__(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.root), *_SETTINGS, *arguments],
            input=stdin,
            env={**ENVIRONMENT, **(env or {})},
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"git {arguments}: {done.stderr.decode()}{done.stdout.decode()}")
        return done.stdout.decode().strip()

    def people(self, author: str, committer: str) -> dict[str, str]:
        """The environment of the next commit: e-mails of its people, and its minute."""
        self.commits += 1
        moment = f"{BEGINNING + 60 * self.commits} +0800"
        return {
            "GIT_AUTHOR_NAME": author.split("@")[0],
            "GIT_AUTHOR_EMAIL": author,
            "GIT_AUTHOR_DATE": moment,
            "GIT_COMMITTER_NAME": committer.split("@")[0],
            "GIT_COMMITTER_EMAIL": committer,
            "GIT_COMMITTER_DATE": moment,
        }

    def grow(
        self, parent: str, entries: Iterable[tuple[str, str, str]], env: Mapping[str, str]
    ) -> str:
        """A commit on `parent` with raw entries (mode, object, path) that no index would take."""
        tree: dict[str, object] = {}
        listed = self("ls-tree", "-r", "-z", parent).split("\0")
        rows = [
            (r.split()[0], r.split()[2].split("\t")[0], r.split("\t", 1)[1]) for r in listed if r
        ]
        for mode, oid, path in [*rows, *entries]:
            self._place(tree, path.split("/"), (mode, oid))
        oid = self._write(tree)
        made = self("commit-tree", oid, "-p", parent, "-m", "raw", env=env)
        self("update-ref", "refs/heads/raw", made)
        return made

    def blob(self, raw: bytes) -> str:
        return self.raw("blob", raw)

    def _place(self, tree: dict[str, object], parts: list[str], leaf: tuple[str, str]) -> None:
        if len(parts) == 1:
            tree[parts[0]] = leaf
            return
        below = tree.setdefault(parts[0], {})
        assert isinstance(below, dict)
        self._place(below, parts[1:], leaf)

    def _write(self, tree: Mapping[str, object]) -> str:
        rows = []
        for name, value in tree.items():
            mode, oid = value if isinstance(value, tuple) else ("40000", self._write(value))  # type: ignore[arg-type]
            rows.append((name.encode(), mode.lstrip("0").encode(), bytes.fromhex(oid)))
        rows.sort(key=lambda r: r[0] + (b"/" if r[1] == b"40000" else b""))
        raw = b"".join(mode + b" " + name + b"\0" + oid for name, mode, oid in rows)
        return self.raw("tree", raw)

    def raw(self, kind: str, raw: bytes) -> str:
        """A loose object, written as git would but without its checks (gitformat-loose)."""
        whole = f"{kind} {len(raw)}\0".encode() + raw
        oid = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        path = self.root / ".git" / "objects" / oid[:2] / oid[2:]
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(zlib.compress(whole))
        return oid
