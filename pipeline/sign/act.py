"""An act: what people sign, declared once; the verb of the terminal and the form of a page follow.

An act asks for the fields of a frozen dataclass. The terminal makes options of them, a page a form.
The front end shows, has it affirmed and signed, and stores or queues it; the act states and proves.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from types import UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

from pipeline.detect.private import private_data, shown_match
from pipeline.errors import Fault, Misuse, no_post
from pipeline.evidence.review.records import read_signed, unsigned
from pipeline.evidence.review.statements import write_statement
from pipeline.judge.archive_at import assemble
from pipeline.judge.load_governance import Trusted, pinned, trust
from pipeline.judge.record_entries import record_objections
from pipeline.model import evidence, invisible, records
from pipeline.model.archive import Archive, OnBranch
from pipeline.model.calendar import Clock, local_date
from pipeline.model.findings import Message, Reason, say
from pipeline.model.ids import NO_POST, CommitId, PostId
from pipeline.model.part import program
from pipeline.model.posts import Handler, Post
from pipeline.model.registers import Person
from pipeline.new.fields import moment_of
from pipeline.source.atomic import write_whole
from pipeline.source.content.paths import RECORDS, area_of, home
from pipeline.source.git import branches, tree, worktree
from pipeline.source.git.history import GitHistory, handlers, proposed
from pipeline.source.git.repository import Repository

_COMMITTED = ("content/posts", "content/policy.yml", "content/regulation.md", "content/registers")
"""Where nothing may differ from what is signed."""
FREE_TEXT = ("opinion", "reason", "note", "deviation_reason")
"""Keys of a predicate in which a signer writes freely."""
Sign = Callable[[bytes], bytes]
"""Statement bytes → armored SSHSIG, by whatever holds the person's key."""


@dataclass(frozen=True)
class Record:
    """A signed record ready to be written."""

    path: str
    statement: bytes
    signature: bytes


@dataclass(frozen=True)
class SigningContext:
    """What a signer looks at: the committed archive with the records of the working tree."""

    repository: Repository
    trusted: Trusted
    files: worktree.Overlay | tree.Tree
    archive: Archive

    def post(self, post_id: PostId) -> Post:
        if post_id not in self.archive.posts:
            raise no_post(post_id)
        return self.archive.posts[post_id]


def open_context(
    repository: Repository,
    now: datetime,
    only: frozenset[PostId] | None,
    leaving: PostId = NO_POST,
    judges: str = "",
) -> SigningContext:
    """Open the archive at HEAD for signing. Faults: unborn branch, uncommitted content.

    `leaving`: a post whose files may be gone from the working tree already; `judges`: the commit
    by whose registers is signed, when not HEAD.
    """
    head = repository.commit("HEAD")
    handled = _handled(repository, head, only)
    files = worktree.overlay(repository, head)
    going = f"{home(leaving)}/" if leaving else "\0"
    dirty = [
        p
        for p in repository.uncommitted(*_COMMITTED)
        if area_of(p) in ("posts", "governance") and not p.startswith(going)
    ]
    if dirty:
        raise Fault(
            say("{path} is not committed; what is signed must be what is stored.", path=dirty[0]),
            say("Commit or discard it, then sign."),
        )
    trusted = pinned(trust(repository.tree(judges) if judges else files), repository, head)
    archive = assemble(trusted, files, OnBranch(), Clock(now), handled, only)
    return SigningContext(repository, trusted, files, archive)


def context_at(
    repository: Repository, trusted: Trusted, head: CommitId, now: datetime, only: frozenset[PostId]
) -> SigningContext:
    """The archive as main would hold it with a proposal; no working tree is looked at.

    `trusted`: what main judges by; `head`: the last commit of the proposal, or main's own.
    """
    proposal = proposed(repository, repository.base(branches.MAIN), head)
    posts = proposal.touched | only
    handled = proposal.history.handlers(head, map(home, sorted(posts)))
    archive = assemble(
        trusted, proposal.after, OnBranch(), Clock(now), handled, posts, history=proposal.history
    )
    return SigningContext(repository, trusted, proposal.after, archive)


def _handled(
    repository: Repository, head: CommitId, only: frozenset[PostId] | None
) -> Mapping[str, set[Handler]]:
    if only is None:
        return handlers(repository, head)
    return GitHistory(repository).handlers(head, map(home, sorted(only)))


def signer(context: SigningContext, fingerprint: str) -> Person:
    """The person whose key this is. Raises Fault when the roster has no such usable key."""
    key = context.trusted.registers.roster.key(fingerprint)
    if key is None or key.person not in context.trusted.registers.people:
        raise Fault(
            say("The key {fingerprint} is not in the roster.", fingerprint=fingerprint),
            say(
                "Name another key with --key, or have yours entered in"
                " content/registers/roster.yml."
            ),
        )
    return context.trusted.registers.people[key.person]


def refuse_unfit_words(statement: bytes) -> None:
    """Refuse what a signer writes in words of their own, before it is signed for ever.

    Private data can never be taken out again; a page would show invisible characters in another
    way than they were read.
    """
    predicate = json.loads(statement)["predicate"]
    for text in (str(predicate[key]) for key in FREE_TEXT if key in predicate):
        if finding := next((f for f in private_data(text) if f.certain), None):
            raise Fault(
                say("What you say holds private data: {value}", value=shown_match(finding, text)),
                say("Say it without: what is signed stays for ever. Nothing was signed."),
            )
        if match := invisible.HIDDEN.search(text):
            raise Fault(
                say("There is an invisible character {code}.", code=f"U+{ord(match[0]):04X}"),
                say("Write it again without; it was probably pasted. Nothing was signed."),
            )


def write_record(root: Path, record: Record, *, again: bool = False) -> tuple[Path, Path]:
    """Write signature and statement, each whole or not at all; the statement comes last.

    The caller holds the repository's lock. `again`: one that stands may be replaced. Raises
    Fault when the statement is there already, and OSError when the disk is full: then nothing of
    it is left.
    """
    target = root / record.path
    signature = Path(f"{target}.sig")
    if target.exists() and not again:
        raise _signed_meanwhile(record)
    try:
        write_whole(signature, record.signature)  # one without a statement is a killed writer's
        write_whole(target, record.statement)
    except OSError:
        if not target.exists():
            signature.unlink(missing_ok=True)
        raise
    return target, signature


def _signed_meanwhile(record: Record) -> Fault:
    return Fault(
        say("{path} is there already: somebody signed before you.", path=record.path),
        say(
            "Nothing of yours was written. See what stands with `sanshen status`; if it is your own"
            " and not committed yet, remove the file and sign again."
        ),
    )


Asked = TypeVar("Asked")


class SignedOutcome(NamedTuple):
    """What an act made."""

    record: Record
    done: Message
    """Says what was done; it is the message of the commit, too."""
    more: Mapping[str, bytes] = {}
    """Path → bytes of records that it completes."""


class Act(ABC, Generic[Asked]):
    """One act."""

    asks: type[Asked]
    """A frozen dataclass whose fields are made by `ask`."""
    question: Message
    """What is affirmed before it is signed."""
    affirmed: bool = True
    """Whether the terminal asks that too; a page always does."""

    def posts(self, asked: Asked) -> frozenset[PostId]:
        """Ids of the posts that it looks at."""
        return frozenset()

    def opened(self, asked: Asked, repository: Repository, now: datetime) -> SigningContext:
        """What a terminal signs by: HEAD, with the records of the working tree."""
        return open_context(repository, now, self.posts(asked))

    def refuse(self, asked: Asked) -> None:
        """Raise Misuse for what cannot be meant, before anything is read."""
        refuse_left_open(asked)

    def offer(self, asked: Asked, context: SigningContext, person: Person) -> Sequence[Asked]:
        """What the person may ask for, of what was begun."""
        return ()

    def show(self, asked: Asked, context: SigningContext, person: Person) -> Iterator[Message]:
        """What is about to be signed. Raises Fault for what cannot be."""
        yield from ()

    @abstractmethod
    def sign(
        self, asked: Asked, context: SigningContext, person: Person, now: datetime, sign: Sign
    ) -> SignedOutcome:
        """State it, have it signed, and prove that it counts. Raises Fault when it would not."""


# What it asks for.


@dataclass(frozen=True)
class Ask:
    """How one field is asked for."""

    label: Message
    """What a form calls it."""
    help: str = ""
    """What the terminal's help says of it."""
    short: str = ""
    option: str = ""
    """Name of its option, where it is not the field's own: ``from``, ``devices-returned/kept``."""
    metavar: str | None = None
    argument: bool = False
    """Whether the terminal takes it by its place."""
    required: bool = False
    """Whether it must be answered where the act is signed, though it may be begun without."""
    choices: Mapping[str, Message] = field(default_factory=dict)
    """Code → what a form calls it; empty: it is no choice."""


def ask(label: Message, help: str = "", default: Any = MISSING, **more: Any) -> Any:
    """A field of what an act asks; the rest as of `Ask`."""
    return field(default=default, metadata={"ask": Ask(label, help, **more)})


class Attached(NamedTuple):
    """A file that goes with an act; the terminal reads it."""

    name: str
    raw: bytes


class AskedField(NamedTuple):
    """One field of what an act asks."""

    name: str
    ask: Ask
    kind: Any
    """The type of one value: str, int, bool, date, datetime or `Attached`."""
    many: bool
    optional: bool
    """Whether it may be None."""
    default: Any
    """MISSING: it has none."""


def asked_fields(asks: type[Any]) -> Iterator[AskedField]:
    """The fields that are asked for, in their order."""
    hints = get_type_hints(asks)
    for each in fields(asks):
        if "ask" in each.metadata:
            kind, many = hints[each.name], get_origin(hints[each.name]) is tuple
            optional = isinstance(kind, UnionType)
            kind = get_args(kind)[0] if many or optional else kind
            yield AskedField(each.name, each.metadata["ask"], kind, many, optional, each.default)


def answered(begun: Asked, texts: Mapping[str, str], names: Collection[str]) -> Asked:
    """What was begun, with a form's answers of these names and no others. Raises Misuse for one
    that cannot be read."""
    answers = {
        each.name: _read_answer(each, texts[each.name].strip())
        for each in asked_fields(type(begun))
        if each.name in names and texts.get(each.name, "").strip()
    }
    return replace(begun, **answers)  # type: ignore[type-var]


def _read_answer(each: AskedField, text: str) -> Any:
    if each.ask.choices and text not in each.ask.choices:
        raise Misuse(
            say("{key} has a value that is not allowed.", key=each.ask.label),
            say("Choose one of: {allowed}.", allowed=", ".join(each.ask.choices)),
        )
    if each.many:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if each.kind is bool:
        return text in ("1", "true")
    try:
        return _READERS.get(each.kind, str)(text)
    except ValueError as error:
        like = {date: "2026-11-03", datetime: "2026-11-03T09:30"}.get(each.kind, "1")
        wrong = say("{key}: {value} cannot be read; write it like {like}.", key=each.ask.label,
                    value=text, like=like)  # fmt: skip
        raise Misuse(wrong) from error


def _moment(text: str) -> datetime:
    moment = moment_of(text)
    if moment is None:
        raise ValueError(text)
    return moment


def _number(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,8}", text):
        raise ValueError(text)
    return int(text)


_READERS: Mapping[Any, Callable[[str], Any]] = {
    date: date.fromisoformat,
    datetime: _moment,
    int: _number,
}
"""Type of a field → what reads an answer, and raises ValueError for what is none."""


def refuse_left_open(asked: Any, *names: str) -> None:
    """Raise Misuse for what must be answered and is not; `names`: of more fields that must."""
    for each in asked_fields(type(asked)):
        value = getattr(asked, each.name)
        if (each.ask.required or each.name in names) and not (
            value.strip() if isinstance(value, str) else value
        ):
            raise Misuse(
                say("“{field}” is left open.", field=each.ask.label),
                say("Say it in words for all: what is signed stays for ever."),
            )


class NewRecord(NamedTuple):
    """What a record is going to say, and what it is called."""

    kind: str
    year: int
    stem: str
    subject: Mapping[str, str]
    """What is signed for → its digest."""
    predicate: Mapping[str, object]


def signed_record(
    context: SigningContext,
    made: NewRecord,
    sign: Sign,
    fault: Callable[[records.Signed], Reason | None],
    remedy: Message,
) -> Record:
    """A signed record with its place.

    `fault`: why a rule would not count it, asked before anybody touches a key. Faults: that, with
    its `remedy`; something lies there already; the record is not read as signed.
    """
    kind = made.kind
    path = f"{RECORDS}{program().signed_folders[kind]}/{made.year}/{made.stem}.json"
    if path in context.files.files:
        raise Fault(
            say("{path} is there already; a signed record is never replaced.", path=path),
            say("Nothing is left to record; if it was wrong, sign again tomorrow."),
        )
    if area_of(path) != "records":
        raise Fault(
            say("{path} cannot be the name of a record.", path=path),
            say("Names have at most 80 letters, digits, dots and hyphens."),
        )
    statement = write_statement(kind, made.subject, made.predicate)
    for finding in record_objections(context.trusted, path, statement, context.archive.as_of):
        raise Fault(finding.message, finding.remedy, name=finding.name)
    if why := fault(unsigned(path, statement, context.trusted.statements[kind], kind)):
        raise Fault(why[1], remedy, name=why[0])
    record = Record(path, statement, sign(statement))
    file, trusted = evidence.SignedFile(path, statement, record.signature), context.trusted
    read, problems = read_signed([file], trusted.registers, trusted.statements[kind], kind)
    for problem in problems:
        raise Fault(problem.message, problem.remedy, name=problem.name)
    if local_date(read[0].signed_at) > context.archive.today:
        raise Fault(say("The record lies in the future."))
    return record
