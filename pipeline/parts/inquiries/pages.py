"""Inquiries of the public (Article 12): open ones with their due times, taken in, dealt with.

A record is a plain file that grows: what stands in it is never written over from here.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.detect.private import mask, private_data
from pipeline.errors import Fault
from pipeline.history.pending_records import pending_records
from pipeline.model.attestations import CORRECTED, dotted, leaves
from pipeline.model.calendar import local_date
from pipeline.model.findings import Message, say
from pipeline.model.reports import open_duties
from pipeline.new.fields import Field, entered, fields, moment_of
from pipeline.new.new_archive import shipped_schemas
from pipeline.new.new_entry import Shape, amended_files, entry_files, free_stems
from pipeline.parts.desk import recording
from pipeline.parts.desk.attesting import context_of, offered
from pipeline.parts.desk.desk import desk_of
from pipeline.parts.desk.frame import DeskPages, Form, no_page, onward, page, posted, session_of
from pipeline.parts.inquiries.incoming import Comment, comments_in
from pipeline.parts.inquiries.tables import INQUIRY_TYPES
from pipeline.report.language import record_line
from pipeline.source.content.paths import RECORDS

INQUIRIES = f"{RECORDS}inquiries/"
MOST_TAKEN = 50
"""Records made in one go: each is judged before it is written."""
STEPS: Mapping[str, Mapping[str, Message]] = {
    "general": {"drafted": say("Drafted"), "reply": say("Answered")},
    "processing": {
        "acknowledged": say("Time limit told"),
        "tasks": say("Given to a department"),
        "reply": say("Answered"),
        "closed": say("Closed"),
    },
    "report": {"transferred": say("Handed to the office"), "reply": say("Answered")},
}
"""Type → what may be recorded of it, in order."""
_ROOTS = {"closed": ("closed_at", "result")}
_RECENT = 20


def _kind() -> Shape:
    return Shape("inquiries", False, shipped_schemas("records")["inquiries"])


def show(request: Request) -> Response:
    """The table: open ones by their due time, then the last of those that are done."""
    desk = desk_of(request)
    with desk.archive() as (repository, registers):
        pending, owed = recording.owed_on(desk, repository)
        due = recording.due_of(owed)
        every = sorted(owed.archive.records("inquiries"), key=lambda fact: fact["received_at"])
        return page(
            request,
            "inquiries",
            open=sorted((f for f in every if f.path in due), key=lambda f: str(due[f.path].due)),
            rest=[fact for fact in reversed(every) if fact.path not in due][:_RECENT],
            due=due,
            now=desk.now(),
            registers=registers,
            types=INQUIRY_TYPES,
            masked=mask,
            branches=sorted({b for p, b in pending.branches.items() if p.startswith(INQUIRIES)}),
        )


# Taking them in: a table is read, looked through, and recorded; until then nothing is written.


async def read(request: Request) -> Response:
    """The rows of a file or of what was pasted, to be looked through."""
    async with request.form(max_files=1) as form:
        file = form.get("file")
        raw = await file.read() if isinstance(file, UploadFile) and file.filename else b""
        raw = raw or str(form.get("text", "")).encode(errors="replace")
    return await run_in_threadpool(lambda: _rows(request, comments_in(raw)))


def blank(request: Request) -> Response:
    """One empty row."""
    return _rows(request, (Comment(1, desk_of(request).now(), "", "", None),))


def _rows(
    request: Request, comments: tuple[Comment, ...], faults: Mapping[int, Fault] = {},
    answers: Mapping[str, str] = {},
) -> Response:  # fmt: skip
    desk = desk_of(request)
    with desk.archive() as (repository, registers):
        _, owed = recording.owed_on(desk, repository)
        return page(
            request,
            "comments",
            409 if faults else 200,
            comments=comments,
            faults=faults,
            answers=answers,
            masked=lambda text: mask(text)[:1000],
            private=lambda text: bool(private_data(text)),
            taken={fact["received_at"] for fact in owed.archive.records("inquiries")},
            accounts=registers.accounts_in_use(local_date(desk.now())),
            types=INQUIRY_TYPES,
        )


def record(request: Request, answers: Form) -> Response:
    """Records of the chosen rows, all or none."""
    desk, me = desk_of(request), session_of(request).person
    rows = [n for n in answers.get("rows", "").split(",") if n.isdecimal()]
    chosen = [n for n in rows if f"{n}.take" in answers]
    if not 0 < len(chosen) <= MOST_TAKEN:
        raise Fault(
            say("{count} rows are chosen.", count=len(chosen)),
            say("Tick between 1 and {most}.", most=MOST_TAKEN),
        )
    faults: dict[int, Fault] = {}
    files: dict[str, bytes] = {}
    with desk.clone.repository() as repository:
        pending, now = pending_records(repository), desk.now()
        tree, kind = repository.tree(pending.head), _kind()
        stems = free_stems(tree, kind, local_date(now))
        for row in chosen:
            given = {
                key: [answers.get(f"{row}.{key}", "")] for key in ("type", "received_at", "summary")
            }
            value = {"person": me, "account": answers.get("account", "")}
            value |= entered(fields(kind.entry), given, {})
            describe = recording.describing(desk)
            try:
                files |= entry_files(tree, kind, value, next(stems), now, describe)
            except Fault as fault:
                faults[int(row)] = fault
        if not faults:
            words = say("Take in {count} inquiries", count=len(files))
            recording.put_records(request, pending, files, words)
    if faults:
        shown = (_typed(int(row), answers) for row in rows)
        return _rows(request, tuple(shown), faults, answers)
    desk.done[request.state.secret] = say("{count} inquiries are recorded.", count=len(files))
    return onward(request, "/inquiries")


def _typed(row: int, answers: Mapping[str, str]) -> Comment:
    at, text = (answers.get(f"{row}.{key}", "") for key in ("received_at", "summary"))
    return Comment(row, moment_of(at), "", text, None)


# One inquiry.


def show_one(request: Request) -> Response:
    """What stands in the record, and the forms of what is still to come."""
    desk, now = desk_of(request), desk_of(request).now()
    with desk.archive() as (repository, registers):
        _, owed = recording.owed_on(desk, repository)
        fact = next(
            (f for f in owed.archive.records("inquiries") if f.id == request.path_params["id"]),
            None,
        )
        if fact is None:
            raise no_page()
        day, steps = local_date(now), STEPS[fact["type"]]
        stands = {s: [fact[r] for r in _roots(s) if r in fact.value] for s in steps}
        return page(
            request,
            "inquiry",
            fact=fact,
            steps=steps,
            stands=stands,
            forms={s: [*_asked(s)] for s in steps if s == "tasks" or not stands[s]},
            words=partial(record_line, registers),
            offer=offered(
                context_of(desk, repository, now),
                "inquiries",
                fact.id,
                registers.people[session_of(request).person],
            ),
            due=[d for d in open_duties(owed.findings) if d.location.path == fact.path],
            leaves=[dotted(r) for r in leaves(fact.document.value) if r[0] != CORRECTED],
            registers=registers,
            people=[p for p in registers.people.values() if any(t.covers(day) for t in p.tenures)],
            departments=registers.departments_on(day),
            now=now,
            types=INQUIRY_TYPES,
        )


def _roots(step: str) -> tuple[str, ...]:
    return _ROOTS.get(step, (step,))


def _asked(step: str) -> Iterator[tuple[str, Field]]:
    """(name in the form, field) of one step; of a task, what is known when it is given."""
    for field in fields(_kind().entry):
        if field.rows and field.key == step:
            inner = (f for f in fields(field.single) if f.required)
            yield from ((f"{step}.0.{f.name}", f) for f in inner)
        elif field.route[0] in _roots(step):
            yield field.name, field


def add(request: Request, form: Form) -> Response:
    """Complete a record by what a form holds; what stands there stays."""
    desk, name, kind = desk_of(request), request.path_params["id"], _kind()
    value = entered(fields(kind.entry), {key: [text] for key, text in form.items()}, {})
    with desk.clone.repository() as repository:
        pending = pending_records(repository)
        tree = repository.tree(pending.head)
        before = recording.standing(tree, kind.name, name)
        if not value or any(key in before and key != "tasks" for key in value):
            raise Fault(
                say("Nothing was entered, or it is recorded already."),
                say(
                    "Load the page again. What is recorded wrongly is corrected at the end of it,"
                    " with a reason."
                ),
            )
        files = amended_files(tree, kind, name, value, desk.now())
        recording.put_records(
            request, pending, files, say("Complete the inquiry {inquiry}", inquiry=name)
        )
    desk.done[request.state.secret] = say("Recorded.")
    return onward(request, f"/inquiries/{name}")


def correct(request: Request, form: Form) -> Response:
    """Write the right value beside one that stands on main."""
    name = request.path_params["id"]
    words = say("Correct the inquiry {inquiry}", inquiry=name)
    recording.correct_record(request, form, _kind(), name, words)
    return onward(request, f"/inquiries/{name}")


def pages() -> DeskPages:
    routes = [
        Route("/inquiries", show),
        Route("/inquiries", posted(record), methods=["POST"]),
        Route("/inquiries/new", blank),
        Route("/inquiries/read", read, methods=["POST"]),
        Route("/inquiries/{id}", show_one),
        Route("/inquiries/{id}", posted(add), methods=["POST"]),
        Route("/inquiries/{id}/correct", posted(correct), methods=["POST"]),
    ]
    return DeskPages(Path(__file__).parent, routes, (("/inquiries", say("Inquiries")),))
