"""What a page of the desk works with: who asks, the frame around it, forms, and the next page.

A page that asks nothing else needs nothing else; what the archive answers comes through services.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.parts.desk.gate import MOST_BYTES, DeskSession, wants_json
from pipeline.report.language import Translate


class Waits(Fault):
    """The change is written down and comes to its branch as soon as the remote takes it."""


class SetAside(Fault):
    """The branch holds other bytes by now; the change is kept for its maker to look at."""


class DeskPages(NamedTuple):
    """The pages that a part brings; names of its templates, scripts and styles are its own."""

    folder: Path
    """Of the part: ``templates/`` and ``static/`` lie in it."""
    routes: Sequence[Route]
    navigation: Sequence[tuple[str, Message]] = ()
    """(address, words) of those that the head of every page leads to."""


class DeskFrame(Protocol):
    """What surrounds every page."""

    tr: Translate
    now: Callable[[], datetime]
    done: dict[str, Message]
    """Secret of a session → what its next page says was done."""

    @property
    def templates(self) -> Environment: ...

    def head(self, request: Request) -> Mapping[str, object]:
        """The values of the head of a page."""


def frame_of(request: Request) -> DeskFrame:
    made: DeskFrame = request.app.state.desk
    return made


def session_of(request: Request) -> DeskSession:
    """Who asks; the gate has let them in."""
    entry: DeskSession = request.state.entry
    return entry


def page(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """A template of a part, inside the frame that every page has."""
    frame = frame_of(request)
    text = frame.templates.get_template(f"{name}.html.j2").render({**frame.head(request), **values})
    return HTMLResponse(text, status)


def without_commands(remedy: Message | None, tr: Translate) -> Message | None:
    """A remedy for people who have pages: what it says before the first sentence that names a
    command or a setting; None when it says nothing before."""
    plain, command, _ = (tr(remedy) if remedy else "").replace("sanshen ", "`").partition("`")
    plain = plain[: plain.rfind("。") + 1] if command else plain
    return say("{name}", name=plain) if plain else None


def no_page() -> Fault:
    """That an address leads to nothing."""
    return Fault(say("There is no such page."), say("Begin at the list."))


def refused(request: Request, fault: Fault, status: int = 409) -> Response:
    """What is wrong and what to do next, for people or for our script."""
    tr, entry = frame_of(request).tr, request.state.entry
    if entry and not entry.local:
        fault = Fault(fault.message, without_commands(fault.remedy, tr))
    following = tr(fault.remedy) if fault.remedy else ""
    if wants_json(request):
        return JSONResponse({"error": tr(fault.message), "remedy": following}, status)
    return page(request, "fault", status, fault=fault)


async def json_of(request: Request) -> dict[str, object]:
    """The object that a script of ours posts. Raises Fault for anything else."""
    try:
        given = await request.json()
    except ValueError:
        given = None
    if not isinstance(given, dict):
        raise Fault(say("The browser's answer cannot be read."), say("Load the page again."))
    return given


def page_inside(address: str) -> str:
    """A page of this desk: never an address of another site."""
    parts = urlsplit(address)
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return parts._replace(scheme="", fragment="").geturl() if inside and not parts.netloc else "/"


def onward(request: Request, address: str) -> Response:
    """The next page, for a form or for our script."""
    return (
        JSONResponse({"next": address}) if wants_json(request) else RedirectResponse(address, 303)
    )


Form = Mapping[str, str]
"""What a form holds: name → text without blanks around it."""


def posted(act: Callable[[Request, Form], Response]) -> Callable[[Request], Awaitable[Response]]:
    """The end point of a form, handled in a thread."""
    return formed(
        lambda request, form: act(request, {k: str(text).strip() for k, text in form.items()})
    )


def formed(
    act: Callable[[Request, FormData], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """As `posted`, with every answer of a name, as it was typed, and one file."""

    async def answer(request: Request) -> Response:
        async with request.form(max_fields=5000, max_files=1, max_part_size=MOST_BYTES) as form:
            return await run_in_threadpool(act, request, form)

    return answer


def scripted(
    act: Callable[[Request, dict[str, object]], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """The end point of a script of ours, handled in a thread."""

    async def answer(request: Request) -> Response:
        return await run_in_threadpool(act, request, await json_of(request))

    return answer
