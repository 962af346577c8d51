"""One desk: what it runs on, and what its pages are drawn with."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from hmac import compare_digest, digest
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from pipeline.cli.forge_api import Ask, RemoteForge
from pipeline.errors import Fault
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.evidence.ssh.keys import PASSKEY, PublicKey, parse_public_key
from pipeline.evidence.ssh.webauthn import AssertionResponse, assemble, challenge
from pipeline.model import calendar, evidence, part, reports, zh_names
from pipeline.model.findings import Message, say
from pipeline.model.ids import BranchName, PersonId
from pipeline.model.registers import Person, Registers
from pipeline.parts.desk.frame import DeskPages, page, session_of, without_commands
from pipeline.parts.desk.gate import Sessions, wants_json, with_room
from pipeline.parts.desk.writer import Clone, QueuedChange, Writer, Written
from pipeline.report.language import Translate, calling, whole
from pipeline.sign.act import Sign, SignedOutcome, SigningContext, refuse_unfit_words
from pipeline.source.git.branches import local
from pipeline.source.git.repository import Repository

LASTS = timedelta(minutes=5)
"""How long a prepared statement, or a challenge, waits for its answer."""
MOST_PENDING = 50
"""Statements that wait for one person; the oldest go first."""


class Bench(NamedTuple):
    """Where an act is done on a page, and where its record goes."""

    context: SigningContext
    branch: BranchName
    onward: str = "/"
    """The page that follows."""
    enters: str = ""
    """Where it is the last signature that its branch waits for: the page that follows once the
    branch is part of main."""
    same: Mapping[str, str] = {}
    """What must not change until it is there, as `QueuedChange.same`."""
    more: Mapping[str, bytes | None] = {}
    """Other files of the same commit, as `QueuedChange.files`."""


class SignedAct(NamedTuple):
    """What an act made, and where it belongs."""

    made: SignedOutcome
    bench: Bench


ToSign = Callable[[Repository, Person, datetime, Sign], SignedAct]


@dataclass(frozen=True)
class Pending:
    """A statement that waits for its signature."""

    id: str
    act: ToSign
    person: PersonId
    at: datetime
    """The time that the statement states."""
    statement: bytes


def assertion_of(fields: Mapping[str, object]) -> AssertionResponse:
    """What a browser answered, from base64url texts. Raises Fault for anything else."""
    try:
        names = ("clientDataJSON", "authenticatorData", "signature")
        return AssertionResponse(*(from_base64url(str(fields[name])) for name in names))
    except (KeyError, ValueError) as error:
        raise Fault(say("The browser's answer cannot be read."), say("Sign again.")) from error


@dataclass(frozen=True)
class LocalKey:
    """The key on the machine of the desk: a file, an agent or a security key."""

    fingerprint: str
    locked: bool
    """Whether its file asks for a passphrase."""
    sign: Callable[[bytes, str], bytes]
    """(statement, passphrase or nothing) → armored signature."""


@dataclass
class Challenges:
    """Challenges that are each good for one visitor and one answer.

    None is remembered before it is answered well, so no stranger can push another's out, however
    many they ask for (threats A54). They end with the process that gave them out.
    """

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    answered: dict[bytes, datetime] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def new(self, visitor: str, now: datetime) -> bytes:
        """32 bytes: the time, a random number, and a seal over both and the visitor."""
        head = int(now.timestamp()).to_bytes(8) + secrets.token_bytes(8)
        return head + self._seal(head, visitor)

    def take(self, text: str, visitor: str, now: datetime) -> bytes:
        """The challenge. Raises Fault when it is another visitor's, used, or too old."""
        try:
            given = from_base64url(text)
        except ValueError:
            given = b""
        head, age = given[:16], now.timestamp() - int.from_bytes(given[:8])
        sealed = len(given) == 32 and compare_digest(given[16:], self._seal(head, visitor))
        if not sealed or not -1 < age < LASTS.total_seconds() or given in self.answered:
            raise Fault(say("That took too long."), say("Sign in again."))
        return given

    def use(self, challenge: bytes, now: datetime) -> None:
        """Remember that it was answered. Raises Fault when that happened at the same time."""
        with self._lock:
            self.answered = {c: at for c, at in self.answered.items() if now < at + LASTS}
            if challenge in self.answered:
                raise Fault(say("That took too long."), say("Sign in again."))
            self.answered[challenge] = now

    def _seal(self, head: bytes, visitor: str) -> bytes:
        return digest(self.key, head + visitor.encode(), "sha256")[:16]


CODE_LASTS = timedelta(hours=24)
MOST_CODES = 3
"""Of one person at a time; the oldest go first."""
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass
class Codes:
    """Codes with which people enrol, each for one person and one passkey (threats A54); the memory
    of one process. Fifty random bits: trying them leads nowhere, so nothing has to be locked."""

    given: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def give(self, person: PersonId, now: datetime) -> str:
        code = "".join(secrets.choice(_SIGNS) for _ in range(10))
        with self._lock:
            self.given = with_room(
                self.given, lambda row: now < row[1], lambda row: row[0] == person, MOST_CODES
            )
            self.given[code] = person, now + CODE_LASTS
        return code

    def take_back(self, person: PersonId) -> None:
        """No code of this person is good any more."""
        with self._lock:
            self.given = {code: row for code, row in self.given.items() if row[0] != person}

    def opens(self, text: str, person: PersonId, now: datetime, *, use: bool = False) -> bool:
        """Whether a code is this person's; `use`: it is spent by that."""
        code = text.replace(" ", "").replace("-", "").upper()
        with self._lock:
            owner, until = self.given.get(code, ("", now))
            if owner != person or now >= until:
                return False
            if use:
                del self.given[code]
        return True


class _Stopped(Exception):
    """Stops an act at what it would sign."""

    def __init__(self, statement: bytes) -> None:
        super().__init__()
        self.statement = statement


@dataclass
class SignatureFlow:
    """Statements that wait for their signatures; the memory of one process."""

    clone: Clone
    writer: Writer
    origin: str
    rp_id: str
    now: Callable[[], datetime]
    tr: Translate
    local: LocalKey | None = None
    pending: dict[str, Pending] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def prepare(self, act: ToSign, person: PersonId) -> Pending:
        """Run an act up to its statement. Raises Fault when it is not to be signed at all."""
        now = self.now()
        with self.clone.repository() as repository:
            registers = self.clone.trusted(repository).registers
            statement = _statement_of(act, repository, registers.people[person], now)
        made = Pending(secrets.token_urlsafe(16), act, person, now, statement)
        with self._lock:
            self.pending = with_room(
                self.pending,
                lambda pending: now < pending.at + LASTS,
                lambda pending: pending.person == person,
                MOST_PENDING,
            )
            self.pending[made.id] = made
        return made

    def challenge(self, pending: Pending) -> str:
        """What the authenticator signs, base64url: the SSHSIG blob of the statement."""
        return to_base64url(challenge(pending.statement, NAMESPACE))

    def finish(
        self, id: str, person: PersonId, proof: AssertionResponse | None, passphrase: str = ""
    ) -> tuple[SignedAct, Written]:
        """Sign by passkey, or without one by the local key, and put the record on its branch.

        Raises Fault: no such statement, bytes that changed, a signature that does not count, and
        what `Writer.put` raises.
        """
        pending = self._take(id, person)
        try:
            change, outcome = self._signed(pending, proof, passphrase)
        except BaseException:  # as a wrong passphrase: one may try again
            with self._lock:
                self.pending[id] = pending
            raise
        return outcome, self.writer.put(change)

    def _take(self, id: str, person: PersonId) -> Pending:
        """The statement, once: a second click at the same time finds it no more."""
        with self._lock:
            pending = self.pending.get(id)
            if pending is None or pending.person != person or self.now() >= pending.at + LASTS:
                raise Fault(
                    say("What you looked at is no longer ready to be signed."),
                    say("Open the page again and decide anew; nothing was recorded."),
                )
            return self.pending.pop(id)

    def _signed(
        self, pending: Pending, proof: AssertionResponse | None, passphrase: str
    ) -> tuple[QueuedChange, SignedAct]:
        person = pending.person
        with self.clone.repository() as repository:
            registers = self.clone.trusted(repository).registers

            def sign(statement: bytes) -> bytes:
                if statement != pending.statement:
                    raise changed()
                if proof is None:
                    return self._locally(statement, person, registers, passphrase)
                return _by_passkey(statement, proof, person, registers, pending.at, self.rp_id)

            outcome = pending.act(repository, registers.people[person], pending.at, sign)
            words = self.tr(outcome.made.done)
            return _change(outcome, words, registers.people[person], pending.at), outcome

    def _locally(
        self, statement: bytes, person: PersonId, registers: Registers, passphrase: str
    ) -> bytes:
        key = registers.roster.key(self.local.fingerprint) if self.local else None
        if self.local is None or key is None or key.person != person:
            raise Fault(
                say("The key of this machine is not yours, or the roster does not hold it."),
                say("Sign with your passkey, or have the key entered in the roster."),
            )
        return self.local.sign(statement, passphrase)


def _statement_of(act: ToSign, repository: Repository, person: Person, now: datetime) -> bytes:
    def stop(statement: bytes) -> bytes:
        refuse_unfit_words(statement)
        raise _Stopped(statement)

    try:
        act(repository, person, now, stop)
    except _Stopped as stopped:
        return stopped.statement
    raise AssertionError("an act signs")


def passkeys_of(person: PersonId, registers: Registers, moment: datetime) -> list[PublicKey]:
    """The passkeys with which a person may sign at a moment."""
    rows = (k for k in registers.roster.keys if k.person == person and k.usable(moment))
    keys = (parse_public_key(row.line) for row in rows)
    return [key for key in keys if isinstance(key, PublicKey) and key.algorithm == PASSKEY]


def _by_passkey(
    statement: bytes, proof: AssertionResponse, person: PersonId, registers: Registers,
    now: datetime, rp_id: str,
) -> bytes:  # fmt: skip
    keys = [k for k in passkeys_of(person, registers, now) if k.application == rp_id]
    fault = Fault(
        say("The roster holds no passkey of yours for this desk."),
        say("Have one entered: open the page Passkey, and hand in what it shows."),
    )
    for key in keys:
        try:
            return assemble(statement, NAMESPACE, key, proof)
        except Fault as refusal:
            fault = refusal
    raise fault


def _change(outcome: SignedAct, words: str, person: Person, moment: datetime) -> QueuedChange:
    (record, _, completed), bench = outcome
    files = {record.path: record.statement, f"{record.path}.sig": record.signature}
    return QueuedChange(
        bench.branch,
        {**files, **completed, **bench.more},
        words,
        person.id,
        email_of(person),
        int(moment.timestamp()),
        {record.path: "", **bench.same},
    )


def email_of(person: Person) -> str:
    """The address under which the desk commits for a person."""
    return (*person.emails, f"{person.id}@localhost")[0]


def changed() -> Fault:
    """What is to be signed is no longer what the page showed."""
    return Fault(
        say("It changed while you looked at it: nothing was signed."),
        say("Open the page again, read what changed, and decide anew."),
    )


def to_base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


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
        return [made() for made in part.program().desks]

    @cached_property
    def templates(self) -> Environment:
        made = Environment(
            loader=FileSystemLoader([pages.folder / "templates" for pages in self.pages]),
            autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        made.globals.update(say=lambda text, **values: self.tr(say(text, **values)))
        made.filters.update(
            tr=self.tr,
            minute=calendar.minute,
            kind=lambda kind: zh_names.KINDS.get(kind, kind),
            local=local,
            step=evidence.STEP_NAMES.get,
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
            self.names.update(reports.names_of(registers))
            yield repository, registers

    @contextmanager
    def reading(self) -> Iterator[Registers]:
        """The registers of main, for what reads nothing else."""
        with self.archive() as (_, registers):
            yield registers

    def present(self, person: PersonId, key: str = "") -> bool:
        """Whether someone holds an office today, by the registers of main, and the key with which
        they signed in, if they did, still signs."""
        day = calendar.local_date(self.now())
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
