"""Pages of the lead department: people, registers, parameters, and the proposals that change them.

A form makes files by the functions that the command line uses (`new.offices`, `new.new_entry`,
`sign.roster`), shows in words what they do, and puts them on a branch. Two people consent there.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.desk.desk import Desk, Form, ask, desk_of, page, posted, session_of
from pipeline.desk.signing import SignedAct, email_of
from pipeline.desk.writer import QueuedChange
from pipeline.errors import Fault, Misuse
from pipeline.judge.governed_change import consents, governed
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.findings import Message, say
from pipeline.model.law import parameter_schemas
from pipeline.model.registers import Delegation, Person, Registers, check_number, signing_roles
from pipeline.model.zh_names import FIELDS, RECORDS, ROLES
from pipeline.new.fields import entered, fields
from pipeline.new.new_entry import Kind, amended_files, entry_files
from pipeline.new.offices import (
    FACTS,
    begin_office,
    change_in_words,
    end_offices,
    governed_with,
    hand_over,
    set_fact,
    set_parameter,
)
from pipeline.new.post_form import FieldMaker
from pipeline.report.front_matter import Wording
from pipeline.report.governed_change import Matter, unfinished_matters
from pipeline.report.language import whole
from pipeline.sign.authorise import authorisation
from pipeline.sign.roster import ROSTER, Ending, next_roster
from pipeline.sign.signing_context import Sign, context_at
from pipeline.source.content.paths import Files, area_of
from pipeline.source.git.branches import MAIN, branches, listed, local, tip_of
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

PREFIX = "govern/"
"""What the names of branches begin with that these pages make."""
REGISTERS = ("people", "departments", "accounts", "contractors", "sources", "devices", "terms",
             "lexicons", "wordings")  # fmt: skip
LONGEST = 200_000
"""Characters of a comparison line by line that a page shows."""
Given = Mapping[str, str]
"""Name of a field of a form → what was answered."""


@dataclass(frozen=True)
class GovernedProposal:
    """A branch that changes what governs."""

    branch: str
    words: tuple[Message, ...]
    """What it does, or why it cannot be read."""
    paths: tuple[str, ...] = ()
    """Every file that needs consent."""
    people: tuple[Person, ...] = ()
    """Who consented to it as it stands."""
    matters: tuple[Matter, ...] = ()
    """What it leaves to do, where an office ends."""
    numbers: tuple[tuple[str, str], ...] = ()
    """(person, digits to compare) of each passkey that joins."""
    tree: str = ""
    """Id of what main would hold."""


def proposals(
    desk: Desk, repository: Repository, registers: Registers
) -> Iterator[GovernedProposal]:
    """Every branch that changes what governs; of one that cannot be read, why."""
    main = repository.base(MAIN)
    areas = registers.parameter("change.signed_areas", local_date(desk.now()))
    for name, commit in branches(repository).shared.commits.items():
        if commit == main or repository.holds(commit, main):
            continue
        asked = ("--name-only", "--no-renames", "--no-ext-diff", "-z", f"{main}...{commit}")
        raw = repository.git("diff", *asked)
        if any(area_of(path) in areas for path in raw.decode(errors="replace").split("\0")):
            try:
                yield _proposal(desk, repository, registers, local(name), commit)
            except Fault as fault:
                yield GovernedProposal(local(name), (fault.message,))


def _proposal(
    desk: Desk, repository: Repository, registers: Registers, branch: str, commit: str
) -> GovernedProposal:
    after, changed = governed(repository, MAIN, registers, desk.now(), head=commit)
    before, paths = repository.tree(repository.base(MAIN)), [c.path for c in changed]
    words, proposed = list[Message](), registers
    if any(path.startswith("content/") for path in paths):
        words, proposed = change_in_words(before, after), trust(after, to_come=True).registers
    if others := [p for p in paths if not p.startswith("content/")]:
        words.append(say("{count} files of program, pages or workflows change: {paths}",
                         count=len(others), paths=listed(others)))  # fmt: skip
    old = {key.line for key in registers.roster.keys}
    new = [key for key in proposed.roster.keys if key.line not in old]
    return GovernedProposal(
        branch,
        tuple(words),
        tuple(paths),
        tuple(registers.people[id] for id in consents(after, changed) if id in registers.people),
        tuple(_matters(registers, proposed)),
        tuple((proposed.name_of(key.person), check_number(key.fingerprint)) for key in new),
        after.oid,
    )


def _matters(before: Registers, after: Registers) -> Iterator[Matter]:
    """What is left to do by everyone whose office the change ends."""
    for person in after.people.values():
        old = before.people.get(person.id)
        ended = [t for t in person.tenures if t.end and old and t not in old.tenures]
        if ended:
            last = max(t.end for t in ended if t.end)
            taker = next((
                p.id for p in after.people.values() for t in p.tenures
                if t.start == last + timedelta(days=1) and t.role in {e.role for e in ended}
            ), "")  # fmt: skip
            yield from unfinished_matters(after, person.id, last, taker)[:-1]


# What a form proposes.


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Misuse(say("{value} is no day; write it like 2026-11-03.", value=text)) from error


def _moment(text: str) -> datetime:
    return datetime.combine(_day(text), datetime.min.time(), SHANGHAI)


def _next_roster(tree: Files, given: Given, now: datetime) -> dict[str, bytes]:
    """A key that ends, or a mandate that is given or ends."""
    if key := given.get("key"):
        how = given.get("how", "retired")
        at = now if how == "compromised" else _moment(given.get("on", ""))
        return {ROSTER: next_roster(tree, endings=[Ending(key, how, at)])}
    both = given.get("leader", ""), given.get("delegate", "")
    start, end = (_moment(given.get(name) or given["from"]) for name in ("from", "until"))
    mandate = Delegation(*both, given.get("role", ""), start, end, given.get("authority", ""))
    return {ROSTER: next_roster(tree, mandates=[mandate])}


def _setting(tree: Files, given: Given) -> dict[str, bytes]:
    name, value = given.get("name", ""), given.get("value", "")
    if name.startswith(FACTS):
        return set_fact(tree, name, value)
    source = f"[{given.get('ground', 'D')}] {given.get('source', '')}"
    return set_parameter(tree, name, value, _day(given.get("from", "")), source)


OFFICES: Mapping[str, Callable[[Files, Given], dict[str, bytes]]] = {
    "end": lambda tree, given: end_offices(
        tree, given["person"], _day(given["on"]), given.get("role", ""),
        given.get("department", ""),
    ),
    "begin": lambda tree, given: begin_office(
        tree, given["person"], given["role"], given["department"], _day(given["on"])
    ),
    "handover": lambda tree, given: hand_over(
        tree, given["person"], given["successor"], given["role"], _day(given["on"])
    ),
    "setting": _setting,
}  # fmt: skip
"""What a form asks for → the files that it changes."""


def _files(desk: Desk, tree: Files, what: str, form: FormData) -> dict[str, bytes]:
    given = {name: str(value).strip() for name, value in form.items()}
    try:
        if what == "roster":
            return _next_roster(tree, given, desk.now())
        if what == "entry":
            return _entry(desk, tree, given, form)
        return OFFICES[what](tree, given)
    except KeyError as error:
        raise Misuse(say("Something is left open."), say("Go back and fill it in.")) from error


def _entry(desk: Desk, tree: Files, given: Given, form: FormData) -> dict[str, bytes]:
    """An entry of a register, new or altered, as its schema's form gives it."""
    kind = _kind(tree, given["_kind"])
    before = _rows(tree, kind.name).get(given.get("_entry", ""), {})
    answers = {name: [str(v) for v in form.getlist(name)] for name in form}
    value = entered(fields(kind.entry), answers, before)
    if not before:
        return entry_files(tree, kind, value, "", desk.now(), lambda _: "")
    return amended_files(tree, kind, given["_entry"], value, desk.now(), whole=True)


def _kind(tree: Files, name: str) -> Kind:
    if name not in REGISTERS:
        raise Misuse(say("There is no kind {kind}.", kind=name))
    raw = trust(tree).schemas[f"schemas/registers/{name}.json"]
    return Kind(name, True, json.loads(raw))


def _rows(tree: Files, kind: str) -> dict[str, dict[str, object]]:
    value = trust(tree).registers.documents[kind].value or {}
    return {row["id"]: row for row in value.get(kind, ())}


async def propose(request: Request) -> Response:
    return await run_in_threadpool(_propose, request, await request.form())


def _propose(request: Request, form: FormData) -> Response:
    """Show in words what a form would change; once that is confirmed, put it on a branch."""
    desk, what = desk_of(request), request.path_params["what"]
    branch = str(form.get("_branch", ""))
    with desk.archive() as (repository, registers):
        tip = tip_of(repository, branch) if branch.startswith(PREFIX) else ""
        tree = repository.tree(tip or repository.base(MAIN))
        files = _files(desk, tree, what, form)
        words = change_in_words(tree, governed_with(tree, files))
        if not words:
            raise Misuse(say("Nothing would change."), say("Go back and change something."))
        if not form.get("_confirmed"):
            open_ = [p for p in proposals(desk, repository, registers)
                     if p.branch.startswith(PREFIX) and not p.people]  # fmt: skip
            return page(request, "govern_confirm", what=what, given=form.multi_items(),
                        words=words, open=open_)  # fmt: skip
        person = registers.people[session_of(request).person]
        if not tip:
            branch = f"{PREFIX}{local_date(desk.now())}-{secrets.token_hex(3)}"
        _put(desk, branch, tree, files, person, words[0])
    desk.done[request.state.secret] = say("Proposed. Two people have to consent.")
    return RedirectResponse(f"/govern/proposal?branch={branch}", 303)


def _put(
    desk: Desk, branch: str, tree: Tree, files: dict[str, bytes], person: Person, words: Message
) -> None:
    same = {path: tree.files[path].oid if path in tree.files else "" for path in files}
    desk.writer.put(QueuedChange(
        branch, files, desk.tr(words)[:120], person.id, email_of(person),
        int(desk.now().timestamp()), same,
    ))  # fmt: skip


# Pages.


@dataclass(frozen=True)
class RegisterWording(Wording):
    """As `Wording`, by the names that registers have for their fields."""

    def label(self, key: str) -> str:
        return FIELDS.get(key, key) if self.chinese else key

    def value(self, key: str, value: object) -> str:
        if key == "role" and self.chinese:
            return ROLES.get(str(value), str(value))
        name = self.registers.name_of(str(value)) if isinstance(value, str) else value
        return f"{name}（{value}）" if name != value else super().value(key, value)


def index(request: Request) -> Response:
    """The proposals that are open, and what can be changed."""
    desk = desk_of(request)
    with desk.archive() as (repository, registers):
        rows = list(proposals(desk, repository, registers))
        counts = {kind: len(registers.documents[kind].value.get(kind, ())) for kind in REGISTERS}
        return page(request, "govern", proposals=rows, counts=counts, names=RECORDS)


def show_people(request: Request) -> Response:
    """Who holds what, and forms that begin, end and hand over an office, end a key or a mandate."""
    desk = desk_of(request)
    with desk.archive() as (_, registers):
        today = local_date(desk.now())
        return page(
            request, "govern_people", registers=registers, today=today.isoformat(), roles=ROLES,
            serves=lambda p: any(t.end is None or t.end >= today for t in p.tenures),
        )  # fmt: skip


def show_register(request: Request) -> Response:
    """The entries of a register; with `entry`, the form of one, empty for a new one."""
    desk, entry = desk_of(request), request.query_params.get("entry")
    with desk.archive() as (repository, registers):
        tree = repository.tree(repository.base(MAIN))
        kind = _kind(tree, request.path_params["kind"])
        rows = _rows(tree, kind.name)
        if entry is None:
            return page(request, "govern_register", kind=kind.name, rows=rows, names=RECORDS)
        maker = FieldMaker(RegisterWording(desk.tr, True, registers), local_date(desk.now()))
        chosen = [f for f in fields(kind.entry) if not entry or f.route != ("id",)]
        return page(
            request, "govern_entry", kind=kind.name, entry=entry, names=RECORDS,
            form=[maker.field(field, rows.get(entry, {})) for field in chosen],
        )  # fmt: skip


def show_policy(request: Request) -> Response:
    """Every parameter with its meaning and its setting, and the facts of the unit."""
    desk, name = desk_of(request), request.query_params.get("name", "")
    with desk.archive() as (repository, registers):
        trusted = desk.clone.trusted(repository)
        facts = json.loads(trusted.schemas["schemas/registers/policy.json"])["properties"]
        leaves = [f for top in ("archive", "unit") for f in
                  fields({"properties": {top: facts[top]}}) if not f.many]  # fmt: skip
        return page(
            request, "govern_policy", chosen=name, today=local_date(desk.now()).isoformat(),
            schemas=parameter_schemas(trusted.rulebook), policy=registers.policy,
            described=lambda schema: desk.tr(Message(schema.get("description") or "-")),
            facts={f.name: _at(registers.policy.document.value, f.route) for f in leaves},
            label=lambda fact: "的".join(FIELDS.get(k, k) for k in fact.split(".")),
            written=lambda value: (
                ",".join(map(str, value)) if isinstance(value, list) else
                json.dumps(value) if isinstance(value, bool) else value
            ),
        )  # fmt: skip


def _at(value: object, route: tuple[str, ...]) -> object:
    for key in route:
        value = value.get(key, "") if isinstance(value, Mapping) else ""
    return value


def show_proposal(request: Request) -> Response:
    desk, branch = desk_of(request), request.query_params.get("branch", "")
    with desk.archive() as (repository, registers):
        made = _proposal(desk, repository, registers, branch, _tip(repository, branch))
        me = registers.people[session_of(request).person]
        mine = signing_roles(me, local_date(desk.now()), registers) and me not in made.people
        asked = ("--no-ext-diff", "--no-textconv", "--no-color", repository.base(MAIN), made.tree)
        text = repository.git("diff", *asked, "--", *made.paths).decode(errors="replace")
        lines = "\n".join(map(whole, text[:LONGEST].splitlines()))
        return page(request, "govern_proposal", proposal=made, me_signs=mine,
                    lines=lines, cut=len(text) > LONGEST)  # fmt: skip


def _tip(repository: Repository, branch: str) -> str:
    if tip := tip_of(repository, branch):
        return tip
    raise Fault(
        say("There is no such proposal any more."), say("It may be part of the archive already.")
    )


def authorise(request: Request, form: Form) -> Response:
    """Consent of the person who is signed in to a proposal as it was shown."""
    desk = desk_of(request)
    branch, reason = (form.get(name, "") for name in ("branch", "reason"))
    if not reason:
        raise Misuse(say("A reason is needed."), say("Say in a few words why."))

    def act(repository: Repository, person: Person, now: datetime, sign: Sign) -> SignedAct:
        tip = _tip(repository, branch)
        context = context_at(repository, desk.clone.trusted(repository), tip, now, frozenset())
        record = authorisation(context, MAIN, reason, person, now, sign, head=tip)
        tree = repository.tree(tip)
        after, changed = governed(repository, MAIN, context.trusted.registers, now, head=tip)
        same = {c.path: tree.files[c.path].oid for c in changed if c.path in tree.files}
        done = say("Change authorised by {person}.", person=person.name)
        page = f"/govern/proposal?branch={branch}"
        enters = "/govern" if consents(after, changed) else ""
        return SignedAct(record, branch, done, same, onward=page, enters=enters)

    return ask(request, act, say("Consent to this change"))


ROUTES = [
    Route("/govern", index),
    Route("/govern/people", show_people),
    Route("/govern/policy", show_policy),
    Route("/govern/register/{kind}", show_register),
    Route("/govern/proposal", show_proposal),
    Route("/govern/authorise", posted(authorise), methods=["POST"]),
    Route("/govern/propose/{what}", propose, methods=["POST"]),
]
