"""Plain records that a page enters, completes and corrects, as they will stand; what is owed."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from starlette.requests import Request

from pipeline.history.duties import Duties, duties
from pipeline.history.pending_records import PendingRecords, pending_records
from pipeline.model.findings import Finding, Message
from pipeline.model.reports import open_duties
from pipeline.parts.desk.desk import Desk, desk_of
from pipeline.parts.desk.frame import session_of
from pipeline.source.content.paths import RECORDS, Files
from pipeline.source.content.records import paths_under
from pipeline.source.content.text import read_yaml
from pipeline.source.git.repository import Repository


def owed_on(desk: Desk, repository: Repository) -> tuple[PendingRecords, Duties]:
    """The records as they will stand, with what is owed."""
    pending, now = pending_records(repository), desk.now()
    return pending, duties(repository, pending.head, lambda _: now)


def due_of(owed: Duties) -> dict[str, Finding]:
    """Path of a record → the first duty that is open on it."""
    return {duty.location.path: duty for duty in reversed(open_duties(owed.findings))}


def standing(tree: Files, kind: str, name: str) -> Mapping[str, Any]:
    """What stands in a record; nothing where there is none."""
    paths = paths_under(tree, f"{RECORDS}{kind}/")
    path = next((p for p in paths if PurePath(p).stem == name), "")
    return read_yaml(path, tree.read(path)).value if path else {}


def put_records(
    request: Request, pending: PendingRecords, files: Mapping[str, bytes], words: Message
) -> None:
    """Commit records as the person who is signed in, where they belong."""
    desk, now, repository = desk_of(request), desk_of(request).now(), pending.repository
    person = desk.clone.trusted(repository).registers.people[session_of(request).person]
    main = repository.tree(pending.main).files
    branch = pending.branch_for(
        person, now, [p for p in files if p in pending.branches or p in main]
    )
    same = {path: oid for each in files for path, oid in pending.same(branch, each).items()}
    desk.put(person, branch, files, words, same=same)
