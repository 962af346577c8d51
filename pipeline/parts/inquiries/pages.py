"""Inquiries of the public (Article 12), taken in from a table; then they are plain records."""

from pathlib import Path
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.history.pending_records import pending_records
from pipeline.model.calendar import local_date
from pipeline.model.findings import say
from pipeline.model.ids import AccountId, PersonId
from pipeline.new.yaml_writer import dump
from pipeline.parts.desk import recording
from pipeline.parts.desk.desk import desk_of
from pipeline.parts.desk.frame import DeskPages, formed, onward, page, session_of
from pipeline.parts.inquiries.incoming import TakenIn, comments_in, table_text, taken_in
from pipeline.parts.inquiries.tables import INQUIRY_TYPES


def show(request: Request, made: TakenIn | None = None, **given: Any) -> Response:
    """The form of a table to take in; with what one makes, to be looked through."""
    desk = desk_of(request)
    with desk.archive() as (_, registers):
        accounts = registers.accounts_in_use(local_date(desk.now()))
        values = {"accounts": accounts, "types": INQUIRY_TYPES, "made": made, **given}
        return page(request, "inquiries", people=registers.people.values(), **values)


def take(request: Request, form: FormData) -> Response:
    """What a table makes, to be looked through; what was ticked there is recorded."""
    desk, me, file = desk_of(request), session_of(request).person, form.get("file")
    raw = file.file.read() if isinstance(file, UploadFile) else b""
    text = table_text(raw or str(form.get("text", "")).encode(errors="replace"))
    account, chosen = AccountId(str(form.get("account", ""))), form.getlist("take")
    operator = PersonId(str(form.get("operator", "")) or me)
    with desk.archive() as (repository, _):
        pending, trusted = pending_records(repository), desk.clone.trusted(repository)
        tree, comments = repository.tree(pending.head), comments_in(text.encode())
        made = taken_in(tree, trusted, comments, account, me, operator, desk.now())
        files = {path: dump(value) for path, value in made.records.items() if path in chosen}
        if not files:
            return show(request, made, text=text, account=account, operator=operator)
        words = say("Take in {count} inquiries", count=len(files))
        recording.put_records(request, pending, files, words)
    desk.done[request.state.secret] = say("{count} inquiries are recorded.", count=len(files))
    return onward(request, "/records/inquiries")


def pages() -> DeskPages:
    routes = [Route("/inquiries", show), Route("/inquiries", formed(take), methods=["POST"])]
    return DeskPages(Path(__file__).parent, routes, (("/inquiries", say("Inquiries")),))
