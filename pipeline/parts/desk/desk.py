"""One desk: what it runs on, and what its pages are drawn with."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.cli.forge_api import Ask, RemoteForge
from pipeline.model.calendar import local_date, minute
from pipeline.model.evidence import STEP_NAMES
from pipeline.model.findings import Message, say
from pipeline.model.ids import BranchName, PersonId
from pipeline.model.part import program
from pipeline.model.registers import Person, Registers
from pipeline.model.reports import names_of
from pipeline.model.zh_names import KINDS
from pipeline.parts.desk.frame import DeskPages, page, session_of, without_commands
from pipeline.parts.desk.gate import Sessions, wants_json
from pipeline.parts.desk.signing import (
    Challenges,
    Codes,
    LocalKey,
    SignatureFlow,
    ToSign,
    email_of,
    passkeys_of,
)
from pipeline.parts.desk.writer import Clone, QueuedChange, Writer
from pipeline.report.language import Translate, calling, whole
from pipeline.source.git.branches import local
from pipeline.source.git.repository import Repository


@dataclass
class Desk:
    """One desk: a clone, its writer, who is signed in, and the present."""

    clone: Clone
    origin: str
    """As browsers write it; its host is the RP id of passkeys."""
    now: Callable[[], datetime]
    tr: Translate
    queue: Path
    local: LocalKey | None = None
    local_email: str = ""
    """The address by which git calls the person at this machine; empty: none, or no such person."""
    forge: RemoteForge | None = None
    """Where the remote lies, if proposals are opened there."""
    ask_forge: Ask | None = None
    """Its API; None: the desk has no token, and a person opens the proposal."""
    sessions: Sessions = field(default_factory=Sessions)
    challenges: Challenges = field(default_factory=Challenges)
    codes: Codes = field(default_factory=Codes)
    done: dict[str, Message] = field(default_factory=dict)
    """Secret of a session → what its next page says was done."""
    names: dict[str, str] = field(default_factory=dict)
    """Id → name of the people, accounts and departments that main holds."""
    writer: Writer = field(init=False)
    signing: SignatureFlow = field(init=False)
    """Made with the desk: of two threads that came first each would make one of its own."""

    def __post_init__(self) -> None:
        self.tr = calling(self.tr, self.names, keys=False)
        self.writer = Writer(self.clone, self.queue)
        rp_id = urlsplit(self.origin).hostname or ""
        self.signing = SignatureFlow(
            self.clone, self.writer, self.origin, rp_id, self.now, self.tr, self.local
        )

    @cached_property
    def pages(self) -> Sequence[DeskPages]:
        """Those of all parts."""
        return [made() for made in program().desks]

    @cached_property
    def templates(self) -> Environment:
        made = Environment(
            loader=FileSystemLoader([pages.folder / "templates" for pages in self.pages]),
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        made.globals.update(say=lambda text, **values: self.tr(say(text, **values)))
        made.filters.update(
            tr=self.tr,
            minute=minute,
            kind=lambda kind: KINDS.get(kind, kind),
            local=local,
            step=STEP_NAMES.get,
            whole=whole,
            without_commands=lambda remedy: without_commands(remedy, self.tr),
        )
        return made

    def put(
        self, person: Person, branch: BranchName, files: Mapping[str, bytes | None], words: Message,
        **more: Any,
    ) -> None:  # fmt: skip
        """Commit files to a branch as a person; the rest as of `QueuedChange`."""
        text, seconds = self.tr(words)[:120], int(self.now().timestamp())
        change = QueuedChange(branch, files, text, person.id, email_of(person), seconds, **more)
        self.writer.put(change)

    @contextmanager
    def archive(self) -> Iterator[tuple[Repository, Registers]]:
        """A repository for this request, and the registers of main."""
        with self.clone.repository() as repository:
            registers = self.clone.trusted(repository).registers
            self.names.update(names_of(registers))
            yield repository, registers

    @contextmanager
    def reading(self) -> Iterator[Registers]:
        """The registers of main, for what reads nothing else."""
        with self.archive() as (_, registers):
            yield registers

    def present(self, person: PersonId, key: str = "") -> bool:
        """Whether someone holds an office today, by the registers of main, and the key with which
        they signed in, if they did, still signs."""
        day = local_date(self.now())
        with self.reading() as registers:
            entry, row = registers.people.get(person), registers.roster.key(key)
        if entry is None or (key and not (row and row.usable(self.now()))):
            return False
        return any(tenure.covers(day) for tenure in entry.tenures)

    def local_person(self, registers: Registers) -> Person | None:
        """Who sits at the machine: the owner of its key, else of git's address."""
        key = registers.roster.key(self.local.fingerprint) if self.local else None
        if key:
            return registers.people.get(key.person)
        return registers.person_of(self.local_email) if self.local_email else None

    def head(self, request: Request) -> Mapping[str, object]:
        """The values of the head of a page."""
        entry = request.state.entry
        with self.reading() as registers:
            person = registers.people.get(entry.person) if entry else None
            policy = registers.policy
        aside = self.writer.set_aside()
        return {
            "archive": policy.archive.get("name", ""),
            "help": policy.unit.get("help", ""),
            "navigation": [row for pages in self.pages for row in pages.navigation],
            "demo": bool(policy.archive.get("demo")),
            "me": person,
            "shared": bool(entry and entry.shared),
            "offline": self.clone.offline,
            "path": request.url.path,
            "done": self.done.pop(request.state.secret, None) if _opened(request) else None,
            "waiting_to_be_sent": len(self.writer.waiting()),
            "unreadable": self.writer.unreadable(),
            "set_aside": [c for c in aside if entry and c.person == entry.person],
        }


def desk_of(request: Request) -> Desk:
    made: Desk = request.app.state.desk
    return made


def _opened(request: Request) -> bool:
    """Whether a person opens this page; a script of ours may ask for one in the background."""
    return request.headers.get("sec-fetch-dest", "document") == "document"


def ask(request: Request, act: ToSign, summary: Message, **values: Any) -> Response:
    """Prepare an act and ask for its signature: JSON for our script, else a page with a button."""
    desk, entry = desk_of(request), session_of(request)
    pending = desk.signing.prepare(act, entry.person)
    answer = {
        "id": pending.id,
        "challenge": desk.signing.challenge(pending),
        "rpId": desk.signing.rp_id,
        "passkey": _has_passkey(desk, entry.person),
        "local": entry.local and desk.local is not None,
        "locked": bool(desk.local and desk.local.locked),
        "summary": desk.tr(summary),
    }
    if wants_json(request):
        return JSONResponse(answer)
    return page(request, "sign", pending=answer, summary=summary, **values)


def _has_passkey(desk: Desk, person: PersonId) -> bool:
    with desk.archive() as (_, registers):
        keys = passkeys_of(person, registers, desk.now())
    return any(key.application == desk.signing.rp_id for key in keys)
