"""Lay content out as the repository an archive would be: genesis, then a merge per change.

Written as one ``git fast-import`` stream with fixed people and times, so the same content gives
the same commits anywhere (https://git-scm.com/docs/git-fast-import).
"""

import argparse
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from demo import filings
from demo.duties import Entered, entered
from demo.paths import CONTENT, ROOT, front_matter, load
from demo.upgrade import PROPOSED, consents, newer, older
from pipeline import __version__
from pipeline.model.evidence import Step
from pipeline.source.content.program_lock import LOCK

GOVERNANCE = (
    "content/policy.yml", "content/regulation.md", "content/registers",
    ".github/workflows/knock.yml", ".github/workflows/verify.yml",
    ".github/workflows/audit.yml", ".github/workflows/publish.yml",
)  # fmt: skip
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Commit:
    """One commit to make: files by path, None for a removal."""

    branch: str
    person: str
    when: datetime
    message: str
    files: Mapping[str, bytes | None]
    merges: str = ""
    """Branch that a commit on main merges."""


@dataclass
class Stream:
    """A fast-import stream being written: knows only marks and branch heads."""

    emails: Mapping[str, tuple[str, str]]
    write: Callable[[bytes], object]
    heads: dict[str, int] = field(default_factory=dict)
    marks: int = 0

    def add(self, commit: Commit) -> None:
        """Append one commit; a new branch starts at main."""
        self.marks += 1
        name, email = self.emails[commit.person]
        stamp = f"{name} <{email}> {int(commit.when.timestamp())} +0800"
        parent = self.heads.get(commit.branch, self.heads.get("main"))
        lines = [
            f"commit refs/heads/{commit.branch}",
            f"mark :{self.marks}",
            f"author {stamp}",
            f"committer {stamp}",
        ]
        self._write("\n".join(lines) + "\n")
        self._data(f"{commit.message}\n".encode())
        if parent is not None:
            self._write(f"from :{parent}\n")
        if commit.merges:
            self._write(f"merge :{self.heads.pop(commit.merges)}\n")
        for path, raw in commit.files.items():
            if raw is None:
                self._write(f"D {path}\n")
            else:
                self._write(f"M 100644 inline {path}\n")
                self._data(raw)
        self._write("\n")
        self.heads[commit.branch] = self.marks
        if commit.merges:
            self._write(f"reset refs/heads/{commit.merges}\nfrom {'0' * 40}\n\n")

    def _write(self, text: str) -> None:
        self.write(text.encode())

    def _data(self, raw: bytes) -> None:
        self.write(b"data %d\n%b\n" % (len(raw), raw))


def lay_out(
    commits: Iterable[Commit],
    emails: Mapping[str, tuple[str, str]],
    out: Path,
    checkout: bool = True,
) -> None:
    """Make a repository of these commits in an empty or earlier laid-out folder."""
    if out.exists():
        if not (out / ".git" / "sanshen-layout").exists() and any(out.iterdir()):
            raise SystemExit(f"{out}: not empty, and not a layout of ours")
        shutil.rmtree(out)
    clean = {"PATH": os.environ["PATH"], "HOME": str(out), "GIT_CONFIG_NOSYSTEM": "1"}

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], env=clean, check=True, capture_output=True)

    git("init", "--quiet", "--initial-branch=main", str(out))
    (out / ".git" / "sanshen-layout").touch()
    importing = ["git", "-C", str(out), "fast-import", "--quiet"]
    with subprocess.Popen(importing, env=clean, stdin=subprocess.PIPE) as importer:
        assert importer.stdin
        stream = Stream(emails, importer.stdin.write)
        for commit in commits:  # written as they come: a corpus may be larger than memory
            stream.add(commit)
    if importer.returncode:
        raise SystemExit(f"{out}: git fast-import: {importer.returncode}")
    if checkout:
        git("-C", str(out), "reset", "--quiet", "--hard", "main")


def demo_commits(plan: Any) -> Iterator[Commit]:
    """Genesis, then every revision, publication and the upgrade in the order it happened."""
    files = {**_files(*sorted(_tree(GOVERNANCE))), **older()}
    yield Commit(
        "main", plan["operator"], datetime.fromisoformat("2026-08-16T09:00:00+08:00"),
        "建库：细则、参数、名册、网站", files,
    )  # fmt: skip
    events: list[tuple[datetime, str, list[Commit]]] = []
    for post_id, entry in plan["posts"].items():
        for revision in entry["revisions"]:
            commits = list(_revision(post_id, revision, plan))
            events.append((commits[-1].when, post_id, commits))
        for row in entry["publications"]:
            commits = [_publication(post_id, row, plan)]
            events.append((commits[0].when, post_id + row[0], commits))
    events += [(record.when, record.path, [_entered(record)]) for record in entered()]
    events += [(when, path, [_filed(when, path)]) for when, path in filings.entered()]
    upgrade = list(_upgrade(plan))
    events.append((upgrade[-1].when, LOCK, upgrade))
    for _, _, commits in sorted(events, key=lambda e: e[:2]):
        yield from commits


def _revision(post_id: str, revision: Mapping[str, Any], plan: Any) -> Iterator[Commit]:
    """The writer's commit, one per signature, and the merge."""
    number, year = revision["revision"], post_id[:4]
    folder, branch = f"content/posts/{year}/{post_id}", f"post/{post_id}-r{number}"
    early = ROOT / plan["first_versions"] / post_id
    now = CONTENT / "posts" / year / post_id
    source = early if early.is_dir() and number == 1 else now
    files: dict[str, bytes | None] = {
        f"{folder}/{p.name}": p.read_bytes() for p in sorted(source.iterdir())
    }
    if number > 1:
        gone = {p.name for p in early.iterdir()} - {p.name for p in now.iterdir()}
        files |= {f"{folder}/{name}": None for name in sorted(gone)}
        record = f"content/records/corrections/{year}/{post_id}.r{number}.yml"
        files[record] = (ROOT / record).read_bytes()
    first = datetime.fromisoformat(revision["first"][1])
    author = str(front_matter(source / "post.md")["author"])
    yield Commit(branch, author, first - 20 * MINUTE, f"起草 {post_id}", files)
    for step in Step:
        person, when = revision[step.value][0], datetime.fromisoformat(revision[step.value][1])
        stem = f"content/reviews/{year}/{post_id}/r{number}/{step.stem}.json"
        signed = _files(stem, f"{stem}.sig")
        yield Commit(branch, person, when, f"{step.value} {post_id}", signed)
        files |= signed
    # fast-import starts a merge from its first parent's files, so the branch's are named again.
    merged = datetime.fromisoformat(revision["confirm"][1]) + MINUTE
    message = f"合并 {post_id} 第{number}版"
    yield Commit("main", plan["operator"], merged, message, files, branch)


def _publication(post_id: str, row: list[str], plan: Any) -> Commit:
    account, published_at, recorded_at = row[:3]
    name = f"{published_at[:4]}/{published_at[:10]}.{account}.{post_id}.json"
    files = _files(stem := f"content/records/publications/{name}", f"{stem}.sig")
    when, message = datetime.fromisoformat(recorded_at), f"登记发布 {account} {post_id}"
    return Commit("main", plan["operator"], when, message, files)


def _entered(record: Entered) -> Commit:
    message = f"登记 {record.path.removeprefix('content/records/')}"
    return Commit("main", record.person, record.when, message, _files(*record.files))


def _filed(when: datetime, path: str) -> Commit:
    return Commit("main", filings.ARCHIVIST, when, f"归档 {Path(path).stem}", _files(path))


def _upgrade(plan: Any) -> Iterator[Commit]:
    """The operator's proposal, a commit per consent, and the merge."""
    branch, when = "upgrade", PROPOSED
    files: dict[str, bytes | None] = newer()
    yield Commit(branch, plan["operator"], when, f"升级程序至 {__version__}", files)
    for person, when, signed in consents():
        yield Commit(branch, person, when, f"同意升级程序至 {__version__}", signed)
        files |= signed
    message = f"合并：升级程序至 {__version__}"
    yield Commit("main", plan["operator"], when + MINUTE, message, files, branch)


def _files(*paths: str) -> dict[str, bytes | None]:
    return {path: (ROOT / path).read_bytes() for path in paths}


def _tree(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        path = ROOT / name
        found = path.rglob("*") if path.is_dir() else [path]
        yield from (p.relative_to(ROOT).as_posix() for p in found if p.is_file())


def main() -> None:
    """``python -m demo.layout OUT``: lay the shipped demo out as a repository."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("out", type=Path)
    lay_out_demo(parser.parse_args().out)


def lay_out_demo(out: Path) -> None:
    """The shipped demo as a repository in a folder."""
    people = load(CONTENT / "registers" / "people.yml")["people"]
    emails = {p["id"]: (p["name"], p["emails"][0]) for p in people if p["emails"]}
    lay_out(demo_commits(load(ROOT / "demo" / "plan.yml")), emails, out)


if __name__ == "__main__":
    main()
