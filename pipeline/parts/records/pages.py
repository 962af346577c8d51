"""Records of a kind: those with something due first, one entered, one completed or corrected."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import Fault
from pipeline.history.pending_records import pending_records
from pipeline.model import brings, calendar, part
from pipeline.model.attestations import CORRECTED, dotted, leaves
from pipeline.model.findings import say
from pipeline.model.registers import Registers
from pipeline.new.fields import ABSENT, at, entered, fields, meets
from pipeline.new.new_archive import shipped_schemas
from pipeline.new.new_entry import Shape, amended_files, corrected_files, entry_files, free_stems
from pipeline.new.post_form import FieldMaker, FormField
from pipeline.parts.desk import recording
from pipeline.parts.desk.acting import context_of, offered
from pipeline.parts.desk.desk import Desk, desk_of
from pipeline.parts.desk.frame import DeskPages, Form, formed, no_page, page, posted, session_of
from pipeline.report.front_matter import RecordWording
from pipeline.report.language import record_line
from pipeline.source.content.paths import post_ids
from pipeline.source.content.posts import front_matter_of
from pipeline.source.content.records import kind_of_record
from pipeline.source.git.tree import Tree

RECENT = 30
INPUTS = {"post": "choice", "posts": "choices", "source": "choice"}
"""Fields for which posts are chosen by their titles, and a source by its name → how."""


def _kinds() -> dict[str, brings.Kind]:
    """The plain ones."""
    return {name: kind for name, kind in part.program().records.items() if kind.plain}


def _shape(request: Request) -> Shape:
    name = request.path_params["kind"]
    if name not in _kinds():
        raise no_page()
    return Shape(name, False, shipped_schemas("records")[name])


def index(request: Request) -> Response:
    """The kinds, with how many records of each have something due."""
    desk = desk_of(request)
    with desk.archive() as (repository, _):
        _, owed = recording.owed_on(desk, repository)
        counts = Counter(map(kind_of_record, recording.due_of(owed)))
        return page(request, "records", kinds=_kinds().values(), counts=counts)


def show(request: Request, typed: Mapping[str, Any] = {}, fault: Fault | None = None) -> Response:
    """Records of a kind with the form of one more, or one with the form of what is still to come;
    `typed`: what was refused."""
    desk, shape, name = desk_of(request), _shape(request), request.path_params.get("id", "")
    with desk.archive() as (repository, registers):
        pending, owed = recording.owed_on(desk, repository)
        due, person = recording.due_of(owed), registers.people[session_of(request).person]
        facts = sorted(owed.archive.records(shape.name), key=lambda fact: fact.id, reverse=True)
        facts.sort(key=lambda fact: str(due[fact.path].due) if fact.path in due else "~")
        fact = next((f for f in facts if f.id == name), None)
        if name and fact is None:
            raise no_page()
        stands, context = fact.value if fact else {}, context_of(desk, repository, desk.now())
        tree, about = repository.tree(pending.head), (stands.get("post"), *stands.get("posts", ()))
        titles = {id: str(front_matter_of(tree, id).get("title", id)) for id in about if id}
        return page(
            request, "record" if fact else "records_of", 409 if fault else 200, fault=fault,
            kind=_kinds()[shape.name], fact=fact, facts=facts[: RECENT + len(due)], due=due,
            fields=_fields(desk, registers, tree, shape, stands, typed),
            offer=offered(context, shape.name, name, person) if fact else None, now=desk.now(),
            leaves=[dotted(r) for r in leaves(stands) if r[0] != CORRECTED], registers=registers,
            wording=RecordWording(desk.tr, True, registers, titles),
            words=partial(record_line, registers, titles=titles),
            branches=sorted({
                b for p, b in pending.branches.items() if kind_of_record(p) == shape.name}),
        )  # fmt: skip


def _fields(
    desk: Desk, registers: Registers, tree: Tree, shape: Shape, stands: Mapping[str, Any],
    typed: Mapping[str, Any],
) -> list[FormField]:  # fmt: skip
    """What a person can fill in: all that does not stand, but who does it."""
    wording = RecordWording(desk.tr, True, registers)
    maker = FieldMaker(wording, calendar.local_date(desk.now()))
    made = [
        replace(maker.field(f, typed), label=" ".join(map(wording.label, f.route)))
        for f in _left(shape, stands)
    ]
    ids = sorted(post_ids(tree), reverse=True)[:RECENT]
    posts = tuple((id, front_matter_of(tree, id).get("title", id)) for id in ids)
    sources = tuple((id, source.name) for id, source in registers.sources.items())
    choices = {"post": posts, "posts": posts, **({"source": sources} if sources else {})}
    return [
        replace(f, input=INPUTS[f.name], choices=choices[f.name]) if f.name in choices else f
        for f in made
    ]


def _left(shape: Shape, stands: Mapping[str, Any]) -> list[Any]:
    """What does not stand; of a record that does, without keys that ``asked_when`` gives others."""
    parts = shape.entry["properties"]
    return [
        replace(field, required=field.required and not field.optional)
        for field in fields(shape.entry)
        if field.route != ("person",)
        and (not stands or meets("asked_when", parts[field.route[0]], stands))
        and (field.rows or at(stands, field.route) in (ABSENT, []))
    ]


def enter(request: Request, form: FormData) -> Response:
    """One more, or what completes one: what stands there stays. A refusal shows what was typed."""
    desk, shape, name = desk_of(request), _shape(request), request.path_params.get("id", "")
    given = {key: [str(text) for text in form.getlist(key)] for key in form}
    with desk.clone.repository() as repository:
        pending, now = pending_records(repository), desk.now()
        tree, typed = repository.tree(pending.head), {}
        try:
            if name:
                typed = entered(_left(shape, recording.standing(tree, shape.name, name)), given, {})
                if not typed:
                    raise Fault(
                        say("Nothing was entered, or it is recorded already."),
                        say(
                            "Load the page again. What is recorded wrongly is corrected at the end"
                            " of it, with a reason."
                        ),
                    )
                files = amended_files(tree, shape, name, typed, now)
            else:
                typed = entered(_left(shape, {}), given, {})
                name = next(free_stems(tree, shape, calendar.local_date(now)))
                empty: dict[str, Any] = {
                    f.key: [] for f in fields(shape.entry) if f.required and f.optional
                }
                value = {"person": session_of(request).person, **empty, **typed}
                files = entry_files(tree, shape, value, name, now)
        except Fault as fault:
            return show(request, typed, fault)
        recording.put_records(request, pending, files, say("Record {kind}", kind=shape.name))
    desk.done[request.state.secret] = say("Recorded.")
    return RedirectResponse(f"/records/{shape.name}/{name}", 303)


def correct(request: Request, form: Form) -> Response:
    """Write the right value beside one that stands on main; the signature is given afterwards."""
    desk, shape, name = desk_of(request), _shape(request), request.path_params["id"]
    with desk.clone.repository() as repository:
        pending = pending_records(repository)
        item = {name: form.get(name, "").strip() for name in ("field", "value", "reason")}
        item["person"] = session_of(request).person
        tree, main = repository.tree(pending.head), repository.tree(pending.main)
        files = corrected_files(tree, main, shape, name, item, desk.now())
        recording.put_records(request, pending, files, say("Correct {kind}", kind=shape.name))
    desk.done[request.state.secret] = say(
        "Corrected. It counts once a member of staff has signed it; a time, a person whom the"
        " record does not name."
    )
    return RedirectResponse(f"/records/{shape.name}/{name}", 303)


def pages() -> DeskPages:
    routes = [
        Route("/records", index),
        *(Route(at, show) for at in ("/records/{kind}", "/records/{kind}/{id}")),
        Route("/records/{kind}", formed(enter), methods=["POST"]),
        Route("/records/{kind}/{id}", formed(enter), methods=["POST"]),
        Route("/records/{kind}/{id}/correct", posted(correct), methods=["POST"]),
    ]
    return DeskPages(Path(__file__).parent, routes, (("/records", say("Records")),))
