"""Inquiries of the public (Article 12), taken in from a table; then they are plain records."""

from collections.abc import Mapping
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.detect.private import mask, private_data
from pipeline.errors import Fault
from pipeline.history.pending_records import pending_records
from pipeline.model.calendar import local_date
from pipeline.model.findings import say
from pipeline.new.fields import entered, fields, moment_of
from pipeline.new.new_archive import shipped_schemas
from pipeline.new.new_entry import Shape, entry_files, free_stems
from pipeline.parts.desk import recording
from pipeline.parts.desk.desk import desk_of
from pipeline.parts.desk.frame import DeskPages, Form, onward, page, posted, session_of
from pipeline.parts.inquiries.incoming import Comment, comments_in
from pipeline.parts.inquiries.tables import INQUIRY_TYPES

MOST_TAKEN = 50
"""Records made in one go: each is judged before it is written."""


def _kind() -> Shape:
    return Shape("inquiries", False, shipped_schemas("records")["inquiries"])


def show(request: Request) -> Response:
    """The form of a table to take in."""
    return page(request, "inquiries")


# Taking them in: a table is read, looked through, and recorded; until then nothing is written.


async def read(request: Request) -> Response:
    """The rows of a file or of what was pasted, to be looked through."""
    async with request.form(max_files=1) as form:
        file = form.get("file")
        raw = await file.read() if isinstance(file, UploadFile) and file.filename else b""
        raw = raw or str(form.get("text", "")).encode(errors="replace")
    return await run_in_threadpool(lambda: _rows(request, comments_in(raw)))


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
    return onward(request, "/records/inquiries")


def _typed(row: int, answers: Mapping[str, str]) -> Comment:
    at, text = (answers.get(f"{row}.{key}", "") for key in ("received_at", "summary"))
    return Comment(row, moment_of(at), "", text, None)


def pages() -> DeskPages:
    routes = [
        Route("/inquiries", show),
        Route("/inquiries", posted(record), methods=["POST"]),
        Route("/inquiries/read", read, methods=["POST"]),
    ]
    return DeskPages(Path(__file__).parent, routes, (("/inquiries", say("Inquiries")),))
