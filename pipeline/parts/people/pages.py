"""Pages of the lead department: people, registers, parameters, and the proposals that change them.

A form makes files by the functions that the command line uses (`new.offices`, `new.new_entry`,
`sign.roster`), shows in words what they do, and puts them on a branch. Two people consent there.
"""

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import Fault, Misuse
from pipeline.history.change_in_words import change_in_words, governed_with
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.findings import Message, say
from pipeline.model.ids import BranchName, PersonId
from pipeline.model.law import parameter_schemas
from pipeline.model.part import program
from pipeline.model.registers import Delegation, Registers
from pipeline.model.zh_names import ROLES, choice_word, field_word
from pipeline.new.fields import ABSENT, at, entered, fields, moment_of
from pipeline.new.new_entry import Shape, amended_files, entry_files
from pipeline.new.post_form import FieldMaker
from pipeline.parts.desk.desk import Desk, desk_of
from pipeline.parts.desk.frame import DeskPages, formed, page, session_of
from pipeline.parts.people import offices
from pipeline.parts.people.proposals import PREFIX, GovernedProposal, losses_of, proposals, put
from pipeline.parts.people.proposals import ROUTES as PROPOSAL_ROUTES
from pipeline.report.front_matter import RecordWording
from pipeline.report.governed_change import amount
from pipeline.sign.roster import ROSTER, Ending, next_roster
from pipeline.source.content.paths import Files
from pipeline.source.git.branches import MAIN, tip_of

Given = Mapping[str, str]
"""Name of a field of a form → what was answered."""


# What a form proposes.


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Misuse(say("{value} is no day; write it like 2026-11-03.", value=text)) from error


def _moment(text: str) -> datetime:
    """The beginning of a day, or a minute as a field of a form writes it."""
    return moment_of(text) or datetime.combine(_day(text), datetime.min.time(), SHANGHAI)


def _next_roster(tree: Files, given: Given, now: datetime) -> dict[str, bytes]:
    """A key that ends, or a mandate that is given or ends."""
    if key := given.get("key"):
        return {ROSTER: next_roster(tree, now, endings=[_ending(key, given, now)])}
    both = PersonId(given.get("leader", "")), PersonId(given.get("delegate", ""))
    start, end = (_moment(given.get(name) or given["from"]) for name in ("from", "until"))
    mandate = Delegation(*both, given.get("role", ""), start, end, given.get("authority", ""))
    return {ROSTER: next_roster(tree, now, mandates=[mandate])}


def _ending(key: str, given: Given, now: datetime) -> Ending:
    """A key that is lost from now on or since a moment, or that is used until a day to come."""
    how = given.get("how", "compromised")
    if how == "retired":
        return Ending(key, how, max(now, _moment(given.get("on", ""))))
    since = _moment(given.get("since", "")).isoformat(timespec="seconds") if how == "since" else ""
    return Ending(key, "compromised", now, since)


def _setting(tree: Files, given: Given) -> dict[str, bytes]:
    name, value = given.get("name", ""), given.get("value", "")
    if name.startswith(offices.FACTS):
        return offices.set_fact(tree, name, value)
    source = f"[{given.get('ground', 'D')}] {given.get('source', '')}"
    return offices.set_parameter(tree, name, value, _day(given.get("from", "")), source)


OFFICES: Mapping[str, Callable[[Files, Given], dict[str, bytes]]] = {
    "end": lambda tree, given: offices.end_offices(
        tree, PersonId(given["person"]), _day(given["on"]), given.get("role", ""),
        given.get("department", ""),
    ),
    "begin": lambda tree, given: offices.begin_office(
        tree, PersonId(given["person"]), given["role"], given["department"], _day(given["on"])
    ),
    "handover": lambda tree, given: offices.hand_over(
        tree, PersonId(given["person"]), PersonId(given["successor"]), given["role"],
        _day(given["on"]),
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
        return entry_files(tree, kind, value, "", desk.now())
    return amended_files(tree, kind, given["_entry"], value, desk.now())


def _kind(tree: Files, name: str) -> Shape:
    if name not in program().lists:
        raise Misuse(say("There is no kind {kind}.", kind=name))
    raw = trust(tree).schemas[f"schemas/registers/{name}.json"]
    return Shape(name, True, json.loads(raw))


def _rows(tree: Files, kind: str) -> dict[str, dict[str, object]]:
    value = trust(tree).registers.documents[kind].value or {}
    return {row["id"]: row for row in value.get(kind, ())}


def propose(request: Request, form: FormData) -> Response:
    """Show in words what a form would change; once that is confirmed, put it on a branch."""
    desk, what = desk_of(request), request.path_params["what"]
    branch = BranchName(str(form.get("_branch", "")))
    with desk.archive() as (repository, registers):
        person = registers.people[session_of(request).person]
        every = list(proposals(desk, repository, registers))
        own = [p for p in every if p.branch.startswith(PREFIX) and p.maker == person.id
               and not p.people and not (what == "roster" and ROSTER in p.paths)]  # fmt: skip
        if branch and branch not in {p.branch for p in own}:
            raise Fault(
                say("Only its maker adds to a proposal, and only before anyone consents."),
                say("Make a proposal of your own."),
            )
        tip = tip_of(repository, branch) if branch else ""
        tree = repository.tree(tip or repository.base(MAIN))
        files = _files(desk, tree, what, form)
        after = governed_with(tree, files)
        words = change_in_words(tree, after)
        if not words:
            raise Misuse(say("Nothing would change."), say("Go back and change something."))
        losses = losses_of(desk, repository, after) if what == "roster" else []
        _unless_in_vain(form, losses, every, registers)
        if not form.get("_confirmed"):
            return page(request, "govern_confirm", what=what, given=form.multi_items(),
                        words=words, open=own, losses=losses,
                stops=bool(form.get("key")) and form.get("how") != "retired",
            )  # fmt: skip
        if not tip:
            branch = BranchName(f"{PREFIX}{local_date(desk.now())}-{secrets.token_hex(3)}")
        put(desk, branch, tree, files, person, words[0])
    desk.done[request.state.secret] = say("Proposed. Two people have to consent.")
    return RedirectResponse(f"/govern/proposal?branch={branch}", 303)


def _unless_in_vain(
    form: FormData,
    losses: Collection[object],
    every: Iterable[GovernedProposal],
    registers: Registers,
) -> None:
    """Raise Fault for what two people would consent to and `verify` would refuse, or had before."""
    if form.get("how") == "retired" and losses:
        raise Fault(
            say("Posts that stand would lose a signature: {count}.", count=len(losses)),
            say("End the key from now on, or from a day to come."),
        )
    if any(p.stops(registers, str(form.get("key", ""))) for p in every):
        raise Fault(
            say("That this key is stopped is proposed already."),
            say("Open the proposal under People and settings: two people consent to it."),
        )


# Pages.


def index(request: Request) -> Response:
    """The proposals that are open, and what can be changed."""
    desk = desk_of(request)
    with desk.archive() as (repository, registers):
        rows = list(proposals(desk, repository, registers))
        stated = {kind: registers.documents[kind].value or {} for kind in program().lists}
        counts = {kind: len(value.get(kind, ())) for kind, value in stated.items()}
        return page(request, "govern", proposals=rows, counts=counts, names=program().labels)


def show_people(request: Request) -> Response:
    """Who holds what, and forms that begin, end and hand over an office, end a key or a mandate."""
    desk = desk_of(request)
    with desk.archive() as (_, registers):
        today = local_date(desk.now())
        return page(
            request, "govern_people", registers=registers, today=today.isoformat(), roles=ROLES,
            now=desk.now(), mine=session_of(request).key,
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
            return page(
                request,
                "govern_register",
                kind=kind.name,
                rows=rows,
                names=program().labels,
                registers=registers,
                choice=choice_word,
            )
        maker = FieldMaker(RecordWording(desk.tr, True, registers), local_date(desk.now()))
        chosen = [f for f in fields(kind.entry) if not entry or f.route != ("id",)]
        return page(
            request, "govern_entry", kind=kind.name, entry=entry, names=program().labels,
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
        stands = {f.name: at(registers.policy.document.value, f.route) for f in leaves}
        return page(
            request, "govern_policy", chosen=name, today=local_date(desk.now()).isoformat(),
            schemas=parameter_schemas(trusted.rulebook), policy=registers.policy,
            described=lambda schema: desk.tr(Message(schema.get("description") or "-")),
            facts={name: "" if value is ABSENT else value for name, value in stands.items()},
            label=lambda fact: "的".join(field_word(k) or k for k in fact.split(".")),
            amount=lambda setting: desk.tr(amount(setting.value, setting.unit)),
            written=lambda value: (
                ",".join(map(str, value)) if isinstance(value, list) else
                json.dumps(value) if isinstance(value, bool) else value
            ),
        )  # fmt: skip


def pages() -> DeskPages:
    routes = [
        *PROPOSAL_ROUTES,
        Route("/govern", index),
        Route("/govern/people", show_people),
        Route("/govern/policy", show_policy),
        Route("/govern/register/{kind}", show_register),
        Route("/govern/propose/{what}", formed(propose), methods=["POST"]),
    ]
    return DeskPages(Path(__file__).parent, routes, (("/govern", say("People and settings")),))
