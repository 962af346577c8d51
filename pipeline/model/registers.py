"""Standing facts: people, departments, accounts, sources and the roster of keys."""

from base64 import b64decode
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from pipeline.model.calendar import Calendar, Clock, local_date, utc_stamp
from pipeline.model.documents import Document
from pipeline.model.evidence import ROLE_OF_STEP, Review, Step
from pipeline.model.findings import Finding, Location, Message, Reason, say
from pipeline.model.ids import NO_DIGEST, NO_PERSON, AccountId, Digest, PersonId
from pipeline.model.policy import Policy
from pipeline.model.records import Fact


@dataclass(frozen=True)
class Tenure:
    """A role a person holds from one day to another (both included; None: no end yet)."""

    role: str
    department: str
    start: date
    end: date | None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Person:
    """Someone who may write, review, operate; `contractor` people never hold a review step."""

    id: PersonId
    name: str
    contractor: bool
    emails: tuple[str, ...]
    tenures: tuple[Tenure, ...]

    def serves(self, day: date) -> bool:
        """Whether the person holds any role on a day."""
        return any(t.covers(day) for t in self.tenures)

    def holds(self, role: str, day: date, department: str | None = None) -> bool:
        """Whether the person holds a role on a day (in one department, when given)."""
        return any(
            t.role == role and t.covers(day) and department in (None, t.department)
            for t in self.tenures
        )


@dataclass(frozen=True)
class Department:
    """A section (科室) or directly affiliated unit of the bureau."""

    id: str
    name: str
    lead: bool
    aliases: tuple[str, ...]
    led_until: date | None = None
    """The last day on which it led, of a department that led before another one."""
    until: date | None = None
    """The last day on which there was such a department."""
    former: tuple[tuple[date, str], ...] = ()
    """(last day, name) of the names it bore before."""

    def name_on(self, day: str) -> str:
        """The name it bore on the day with which the name of a post or of a form begins."""
        then = (name for until, name in sorted(self.former) if day[:10] <= until.isoformat())
        return next(then, self.name)


PUBLIC_NUMBERS = "public-numbers"
"""The list that is the program's alone: an archive's own numbers are a parameter."""
UNFILED = "待备案"
"""What stands for the reference of an account that is not filed yet."""


@dataclass(frozen=True)
class Account:
    """An official account (Article 2)."""

    id: AccountId
    name: str
    platform: str
    """wechat, weibo, app (the regulation's own), or another one that R02-2 notes."""
    content_mode: str
    """``text`` (文字图片类) or ``av`` (音视频类), Article 5."""
    subject: str
    verified: bool
    verified_until: date | None
    url: str
    opened_on: date
    closed_on: date | None
    filing: str
    """Reference of the filing with the municipal office (Article 8), or `UNFILED`."""
    interaction: bool | None = None
    """Whether comments and messages are open (Article 12); None: it was not entered."""
    ads: bool | None = None
    """Whether the platform's advertising is switched on (Article 16 forbids it); None: it was not
    entered."""
    custodian: PersonId = NO_PERSON
    """Person who keeps the password (Article 14)."""

    @property
    def filed(self) -> bool:
        return self.filing.strip() not in ("", UNFILED)

    def active(self, day: date) -> bool:
        return self.opened_on <= day and (self.closed_on is None or day <= self.closed_on)


@dataclass(frozen=True)
class Source:
    """A listed source from which reprints are allowed (Article 9)."""

    id: str
    name: str
    kind: str
    """``party-government``, ``mainstream-media`` or ``designated`` (Article 9 para 2)."""
    hosts: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    accounts: tuple[Mapping[str, str], ...] = ()
    """Its accounts on platforms: ``platform``, ``name`` and perhaps ``id``."""

    def has_account(self, platform: str, account: AccountId) -> bool:
        """Whether a name or id is that of its account on a platform."""
        own = (a for a in self.accounts if a["platform"] == platform)
        return bool(account) and any(account in (a["name"], a.get("id")) for a in own)


def check_number(fingerprint: str) -> str:
    """Sixteen digits of a key, which its owner reads out to those who consent to it."""
    return number_of(b64decode(fingerprint.removeprefix("SHA256:") + "="))


def number_of(digest: bytes) -> str:
    """Sixteen digits of a digest, to be read out."""
    digits = f"{int.from_bytes(digest, 'big') % 10**16:016}"
    return " ".join(digits[at : at + 4] for at in range(0, 16, 4))


STOPPED = "key-stopped"
"""Name of the finding on what a lost or stolen key signed."""


@dataclass(frozen=True)
class RosterKey:
    """A public key of one person, with its window and revocation."""

    person: PersonId
    line: str
    """OpenSSH public key line without comment."""
    fingerprint: str
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    revocation: str
    """``retired`` keeps what was signed before; ``compromised`` voids; empty: not revoked."""
    revoked_from: str = ""
    """From where a compromised key is void: a commit of main or a time; empty: all it signed."""
    prior_records: frozenset[str] = field(default=frozenset(), repr=False)  # sets have no order
    """Digests of the signed records that stood on main before `revoked_from` (threats A11)."""

    @property
    def end(self) -> datetime | None:
        """The key signs before this moment only."""
        return min(filter(None, (self.valid_until, self.revoked_at)), default=None)

    @property
    def void_since(self) -> datetime | None:
        """From when a compromised key is void; None where a commit says it, or nothing does."""
        return datetime.fromisoformat(self.revoked_from) if "T" in self.revoked_from else None

    @property
    def stopped(self) -> bool:
        """Whether it is lost or stolen."""
        return self.revocation == "compromised"

    def objection(self, moment: datetime, record: str = "") -> Reason | None:
        """Why it cannot have signed at a moment; `record`: digest of what it signed."""
        if self.stopped and record not in self.prior_records:
            return STOPPED, say("The key of {person} is lost or stolen, and the archive did not"
                                " hold this before.", person=self.person)  # fmt: skip
        if self.valid_from <= moment and (self.end is None or moment < self.end):
            return None
        message = say(
            "The key of {person} was not valid at the time of signing.", person=self.person
        )
        return "key-not-valid", message

    def usable(self, moment: datetime, record: str = "") -> bool:
        """Whether it may have signed at a moment."""
        return self.objection(moment, record) is None

    @property
    def is_passkey(self) -> bool:
        return self.line.startswith("sk-ecdsa-")

    @property
    def device(self) -> Message:
        """What it is, for people: never the raw key."""
        kind = say("security key") if self.line.startswith("sk-") else say("key file")
        return say("phone or computer (passkey)") if self.is_passkey else kind

    @property
    def number(self) -> Message:
        """Its check number: no value of a draft, so it is never masked as a telephone number."""
        return Message(check_number(self.fingerprint))


@dataclass(frozen=True)
class Delegation:
    """A mandate to act for an absent leader, for a fixed time (threats A26)."""

    delegator: PersonId
    delegate: PersonId
    role: str
    start: datetime
    end: datetime
    authority: str

    def covers(self, moment: datetime) -> bool:
        return self.start <= moment <= self.end


@dataclass(frozen=True)
class ForgeAccount:
    """An account on a forge whose reviews are one person's, for a time."""

    person: PersonId
    forge: str
    """Host: ``github.com``."""
    id: int
    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Roster:
    """Who may sign with which key, as a numbered chain of versions."""

    serial: int
    previous: str | None
    digest: Digest
    keys: tuple[RosterKey, ...]
    delegations: tuple[Delegation, ...]
    accounts: tuple[ForgeAccount, ...] = ()

    def account_owner(self, forge: str, id: int, moment: datetime) -> PersonId:
        """The person whose account this was at a moment; empty: of no one."""
        rows = (a for a in self.accounts if (a.forge, a.id) == (forge, id) and a.start <= moment)
        return next((a.person for a in rows if a.end is None or moment < a.end), NO_PERSON)

    def key(self, fingerprint: str) -> RosterKey | None:
        return next((k for k in self.keys if k.fingerprint == fingerprint), None)

    @property
    def version(self) -> dict[str, Any]:
        """What a statement names it by."""
        return {"serial": self.serial, "digest": self.digest}


@dataclass(frozen=True)
class Registers:
    """All governance of one commit: policy and registers, with their problems."""

    policy: Policy
    people: Mapping[PersonId, Person]
    departments: Mapping[str, Department]
    accounts: Mapping[AccountId, Account]
    sources: Mapping[str, Source]
    roster: Roster
    calendar: Calendar
    regulation_digest: Digest
    documents: Mapping[str, Document] = field(default_factory=dict)
    """Register name (``people``, ``accounts`` …) → its document, to point at lines."""
    problems: tuple[Finding, ...] = ()
    entries: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    """Register name (``contractors``, ``devices``, ``terms`` …) → its entries, in file order."""
    unread: frozenset[str] = frozenset()
    """Names of the registers that could not be read, so that nothing of them is known."""
    articles: Mapping[str, str] = field(default_factory=dict)
    """Heading of an article of the law (``第五条``) → its text."""

    def listed(self, name: str) -> tuple[Fact, ...]:
        """The entries of a register of facts (``contractors``, ``devices`` …), in file order."""
        return self.entries.get(name, ())

    @property
    def basis(self) -> Sequence[Any]:
        """The instruments that may be cited: those of the register, or in an archive that has none
        those of policy."""
        return self.listed("instruments") or self.policy.legal_basis

    def at(self, register: str, entry: str, *below: str | int) -> Location:
        """Where a person, a department or an account is entered; `below`: keys of the entry."""
        row = self.ids(register).index(entry)
        return self.documents[register].locate(register, row, *below)

    def ids(self, register: str) -> list[str]:
        """The ids of a register, in file order."""
        own: dict[str, Mapping[Any, Any]]
        own = {"people": self.people, "departments": self.departments, "accounts": self.accounts}
        return [*own[register]] if register in own else [e.id for e in self.listed(register)]

    def unread_path(self, name: str) -> str:
        """Path of a register that could not be read: what it lacks follows from that; or empty."""
        return self.documents[name].path if name in self.unread else ""

    def departments_on(self, day: date) -> list[str]:
        """Ids of the departments there are on a day."""
        return [d.id for d in self.departments.values() if d.until is None or day <= d.until]

    def lead_on(self, day: date) -> str:
        """Id of the department that led on a day (Article 6), empty when none is named."""
        former = ((d.led_until, d.id) for d in self.departments.values() if d.led_until)
        then = min((rank for rank in former if day <= rank[0]), default=None)
        return then[1] if then else next((d.id for d in self.departments.values() if d.lead), "")

    def person_of(self, email: str) -> Person | None:
        """The person whom a git e-mail belongs to, compared without case."""
        wanted = email.casefold()
        return next((p for p in self.people.values() if wanted in p.emails), None)

    def source_name(self, source: Mapping[str, Any]) -> str:
        """What a post's `source` is called: in the register first, else in the post; or empty."""
        listed = self.sources.get(str(source.get("id", "")))
        return listed.name if listed else str(source.get("name") or "")

    def name_of(self, entry: str) -> str:
        """What the account, department, person or contractor of an id is called; else the id."""
        registers: tuple[Mapping[Any, Any], ...] = (self.accounts, self.departments, self.people)
        if row := next((r[entry] for r in registers if entry in r), None):
            return str(row.name)
        contractors = self.entries.get("contractors", ())
        return next((str(c["name"]) for c in contractors if c.id == entry), entry)

    def called(self, entry: str) -> str:
        """`name_of`, with the id where two accounts bear one name, as on two platforms they do, or
        two people."""
        name, some = self.name_of(entry), self.people if entry in self.people else self.accounts
        alike = sum(row.name == name for row in some.values())
        return f"{name}（{entry}）" if alike > 1 and entry in some else name

    def accounts_in_use(self, day: date) -> Iterator[Account]:
        """The accounts active on a day."""
        return (a for a in self.accounts.values() if a.active(day))

    def parameter(self, name: str, on: date) -> Any:
        return self.policy.value(name, on)

    def parameter_if_stated(self, name: str, on: date) -> Any:
        """A parameter, or None where the policy lacks it: that is a finding of its own."""
        return self.parameter(name, on) if self.policy.parameters.get(name) else None

    def current(self, name: str, clock: Clock) -> Any:
        """A parameter on the day of the run, or None where the policy lacks it."""
        stated = self.policy.parameters.get(name)
        return self.policy.current(name, clock).value if stated else None


NO_POLICY = Policy(Document(""), {}, {}, {})
NO_REGISTERS = Registers(
    NO_POLICY, {}, {}, {}, {}, Roster(0, None, NO_DIGEST, (), ()), Calendar.of({}), NO_DIGEST
)
"""What judges where there are no registers: a page of a site, an empty archive."""


# Who may: the one answer for signing, for verifying and for those who wait.

LEADERS = ("leader-in-charge", "principal")
SIGNATORIES = ("section-head", *LEADERS)
"""Roles in which a change is authorised, a post erased and a finding waived (R13-7)."""


def in_office(person: Person | None, role: str, day: date, registers: Registers) -> bool:
    """Whether a member of staff holds a role; of all heads, only that of the lead department."""
    if person is None or person.contractor:
        return False
    return person.holds(role, day, registers.lead_on(day) if role == "section-head" else None)


def may_act(person: Person | None, day: date) -> bool:
    """Whether someone may act for an absent leader: a leader, or the head of a section (A26)."""
    if person is None or person.contractor:
        return False
    return any(person.holds(role, day) for role in SIGNATORIES)


UNFIT = say("Have the leader sign, or a leader or head who has a mandate and took no step before.")


def unfit(review: Review, before: Collection[str], registers: "Registers") -> Reason | None:
    """Why someone may not act at a step; None: they may. `before`: who took the steps before it."""
    person = registers.people.get(review.reviewer)
    values = {"person": registers.name_of(review.reviewer)}
    if not may_act(person, local_date(review.signed_at)):
        return "acting-unfit", say("{person} is neither a leader nor the head of a section, and may"
                                   " not act for one.", **values)  # fmt: skip
    if review.reviewer in before:
        return "acting-twice", say(
            "{person} took a step of this post already, and may not act at another.", **values
        )
    return None


def signing_roles(person: Person | None, day: date, registers: Registers) -> tuple[str, ...]:
    """Those of `SIGNATORIES` that a person holds; the first is the one they sign in."""
    return tuple(role for role in SIGNATORIES if in_office(person, role, day, registers))


def stopped_keys(before: Roster, after: Roster) -> tuple[RosterKey, ...]:
    """The keys that a change of the roster says to be lost or stolen."""
    stopped = {key.fingerprint for key in before.keys if key.stopped}
    return tuple(k for k in after.keys if k.stopped and k.fingerprint not in stopped)


def consent_roles(
    person: Person, moment: datetime, registers: Registers, after: Registers | None = None
) -> tuple[str, ...]:
    """As `signing_roles`, of a change of what governs that would leave `after`.

    Who lost a key is none of the two who stop it, as long as others can be. Where no head has a key
    that signs, the principal signs in the head's place: no lost phone locks an archive for ever.
    """
    day, keys = local_date(moment), registers.roster.keys
    lost = stopped_keys(registers.roster, after.roster) if after else ()
    owners, gone = {k.person for k in lost}, {k.fingerprint for k in lost}
    signs = {k.person for k in keys if k.fingerprint not in gone and k.usable(moment)}

    def able(*roles: str) -> set[PersonId]:
        people = registers.people.values()
        return {p.id for p in people if any(in_office(p, r, day, registers) for r in roles)} & signs

    leaders = able(*LEADERS) - owners or able(*LEADERS)
    heads = able("section-head") - owners
    if not heads and len(leaders) > 1:
        heads = able("principal") & leaders
    heads = heads or able("section-head")
    own = signing_roles(person, day, registers) if person.id in leaders else ()
    return (*["section-head"] * (person.id in heads), *(role for role in own if role in LEADERS))


def office_of_step(
    step: Step, day: date, registers: Registers
) -> tuple[tuple[str, ...], str | None]:
    """(roles that may take a step, department in which; None: any), Articles 11, 15(2)."""
    if step is Step.FINAL:
        return LEADERS, None
    return (ROLE_OF_STEP[step],), registers.lead_on(day)


def leads(person: PersonId, day: date, registers: Registers) -> bool:
    """Whether a leader of the bureau has this id, in office on the day."""
    leader = registers.people.get(person)
    return leader is not None and any(leader.holds(role, day) for role in LEADERS)


def entitled(
    step: Step, registers: Registers, moment: datetime
) -> Iterator[tuple[Person, PersonId]]:
    """Those who hold a role of the step, or act for one who does (A26).

    Yields (person, id of the one acted for; empty in an office of one's own). No contractors; the
    makers of a post, whom only evidence can tell, are left in.
    """
    day = local_date(moment)
    roles, department = office_of_step(step, day, registers)
    acting = {
        d.delegate: d.delegator
        for d in registers.roster.delegations
        if d.role in roles and d.covers(moment)
    }
    for person in registers.people.values():
        in_office = any(person.holds(r, day, department) for r in roles)
        if not person.contractor and (in_office or person.id in acting):
            yield person, NO_PERSON if in_office else acting[person.id]


def operators(registers: Registers, day: date) -> Iterator[Person]:
    """Those who may publish: dedicated operators, contractors where policy lets one (R06)."""
    lets = registers.parameter_if_stated("outsourcing.contractor_may_operate", day)
    for person in registers.people.values():
        if person.holds("operator", day) and (lets or not person.contractor):
            yield person


# The roster as stock OpenSSH reads it.


def allowed_signers(roster: Roster, namespace: str) -> str:
    """The roster for ``ssh-keygen -Y verify -f`` (ssh-keygen(1), ALLOWED SIGNERS), a line a key.

    A compromised key is left out unless it is void from a point only: then what stood before still
    counts, and whether a signature stood there is for `sanshen audit` to say. A retired key ends
    at its revocation.
    """
    lines = []
    for key in roster.keys:
        if key.stopped and not (key.void_since or key.prior_records):
            continue
        end = min(filter(None, (key.end, key.void_since)), default=None)
        options = [f'namespaces="{namespace}"', f'valid-after="{utc_stamp(key.valid_from)}"']
        options += [f'valid-before="{utc_stamp(end)}"'] if end else []
        lines.append(f"{key.person} {','.join(options)} {key.line}\n")
    return "".join(lines)
