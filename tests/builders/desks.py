"""A desk over a clone of an archive, with a bare remote beside it, as a bureau runs one."""

import asyncio
import hashlib
import os
from collections import Counter
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import CodeType

from jinja2.bccache import Bucket, BytecodeCache
from starlette.testclient import TestClient

from pipeline.parts.desk.app import create_app
from pipeline.parts.desk.desk import Desk, from_base64url, to_base64url
from pipeline.parts.desk.writer import Clone, QueuedChange, _write
from pipeline.report.language import translator
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, email, key, registers, seed
from tests.builders.files import copied
from tests.builders.frames import FOLDER
from tests.builders.git import Git
from tools.sign_in_process import passkey_of, passkey_response

ORIGIN = "http://localhost:8737"


@dataclass
class Present:
    """A clock that a test moves."""

    moment: datetime = AS_OF

    def __call__(self) -> datetime:
        return self.moment


class _Compiled(BytecodeCache):
    """Templates compiled once for all desks of this process: each test has a desk of its own, and
    to compile a page takes as long as to show it."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code
        self.codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()
_SEEN: Counter[str] = Counter()


def _of_branches(git: Path) -> str:
    """A digest of all branches and their commits: what a clone holds follows from them."""
    files = sorted(path for path in git.joinpath("refs").rglob("*") if path.is_file())
    files += [path for path in (git / "packed-refs", git / "HEAD") if path.is_file()]
    rows = (f"{path.relative_to(git)} {path.read_text()}" for path in files)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _clone(archive: ArchiveRepo, remote: Path, root: Path) -> None:
    archive.git("clone", "--quiet", "--bare", str(archive.root), str(remote))
    Git(remote)("symbolic-ref", "HEAD", "refs/heads/main")
    archive.git("clone", "--quiet", str(remote), str(root))


@dataclass
class DeskRun:
    """A desk, its clone and its remote."""

    root: Path
    remote: Path
    present: Present = field(default_factory=Present)

    @classmethod
    def over(cls, archive: ArchiveRepo, folder: Path) -> "DeskRun":
        """Push every branch of an archive to a bare remote, and clone that for a desk.

        Of the same branches git does so twice at the most: then both are copied.
        """
        remote, root = folder / "remote.git", folder / "clone"
        known = _of_branches(archive.root / ".git")
        _SEEN[known] += 1
        if _SEEN[known] == 1 or FOLDER not in os.environ:
            _clone(archive, remote, root)
            return cls(root, remote)
        laid = Path(os.environ[FOLDER], f"desk-{os.getpid()}-{known[:16]}")
        if _SEEN[known] == 2:
            laid.mkdir()
            _clone(archive, laid / "remote.git", laid / "clone")
        folder.mkdir(parents=True, exist_ok=True)
        copied(str(laid / "remote.git"), str(remote))
        copied(str(laid / "clone"), str(root))
        config = root / ".git/config"
        config.write_text(config.read_text().replace(str(laid), str(folder)))
        return cls(root, remote)

    def open(self, origin: str = ORIGIN) -> Desk:
        """A desk as it is right after its start; several may run at once."""
        queue = self.root / ".git" / "sanshen-desk"
        made = Desk(Clone(self.root), origin, self.present, translator("zh"), queue)
        made.templates.bytecode_cache = _COMPILED
        return made

    def branch(self, name: str, *paths: str) -> str:
        """The last commit of a branch of the remote."""
        return Git(self.remote)("rev-parse", name)

    def read(self, branch: str, path: str) -> str:
        return Git(self.remote)("show", f"{branch}:{path}")

    def log(self, branch: str) -> list[str]:
        """Subjects of the commits that a branch has beyond main, newest first."""
        return Git(self.remote)("log", "--format=%s", f"main..{branch}").splitlines()


def in_own_loop(work: Awaitable[None]) -> None:
    """Await it in a thread of its own: where a browser was opened, a loop runs in this one."""

    async def run() -> None:
        await work

    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, run()).result()


def browser(desk: Desk, person: str = "", *, local: bool = False) -> TestClient:
    """A browser at the desk, with the session of a person."""
    app = create_app(desk, background=False)
    client = TestClient(app, base_url=desk.origin, follow_redirects=False,
                        headers={"origin": desk.origin})  # fmt: skip
    if person:
        client.cookies.set("desk", desk.sessions.begin(person, desk.now(), local=local))
    return client


def change(branch: str = "proposal", **fields: object) -> QueuedChange:
    """A record for a branch."""
    given = {"files": {"content/records/a.txt": b"1\n"}, "message": "记一笔", "person": "xxy-a",
             "email": email("xxy-a"), "seconds": 1_780_000_000}  # fmt: skip
    return QueuedChange(branch, **{**given, **fields})  # type: ignore[arg-type]


def merged(desk: Desk, made: QueuedChange) -> None:
    """Put a change on main, as its merge does; the writer itself refuses main."""
    with desk.clone.repository() as repository:
        _write(repository, made)


def passkey_line(name: str, rp_id: str = "localhost") -> str:
    """The public line of a person's test passkey."""
    return passkey_of(seed(f"passkey of {name}"), rp_id).line


def bureau(root: Path, origin: str = ORIGIN, **parameters: object) -> ArchiveRepo:
    """An archive whose people hold passkeys as well, with an empty branch ``proposal``."""
    roster = registers()["roster"]
    rows = [key(p, key=passkey_line(p)) for p in ("xxy-a", "kz-a", "ld-a", "gly-a", "zz-a")]
    made = ArchiveRepo.begin(
        root,
        changed={"roster": {**roster, "keys": [*roster["keys"], *rows]}},
        parameters={"review.desk_origins": [origin], **parameters},
    )
    made.branch("proposal")
    return made


def spki(name: str) -> str:
    """The public key of a test passkey, as a browser hands it over."""
    prefix = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
    return to_base64url(prefix + passkey_of(seed(f"passkey of {name}")).raw)


def answer_of(challenge: str, name: str, origin: str = ORIGIN, **fields: int) -> dict[str, str]:
    """What the browser of a person with a passkey posts for a challenge."""
    given = seed(f"passkey of {name}")
    made = passkey_response(from_base64url(challenge), given, origin=origin, **fields)
    names = ("clientDataJSON", "authenticatorData", "signature")
    return dict(zip(names, map(to_base64url, made), strict=True))
