"""The application: routes, guards, and what every page shares. Nothing of it knows a clock."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.errors import Fault
from pipeline.evidence.ssh.webauthn import AssertionResponse
from pipeline.model.findings import say
from pipeline.parts.desk import (
    acting,
    draft_branches,
    frame,
    merging,
    root,
    sign_in,
    waiting_list,
    write_page,
)
from pipeline.parts.desk.desk import Desk, assertion_of, desk_of
from pipeline.parts.desk.gate import Gate
from pipeline.parts.desk.writing import OpenWriting

EVERY = 60.0
"""Seconds between two fetches; what waits in the queue is sent again then."""
THREADS = 8
"""How many requests are worked on at a time; each holds git processes. More wait in line."""


def create_app(
    desk: Desk, *, background: bool = True, routes: Sequence[Route] | None = None
) -> Starlette:
    """The ASGI application. `background`: fetch and send in a thread of its own. `routes`: other
    pages than those of a desk."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        ended = Event()
        thread = Thread(target=keep_up, args=(desk, ended), daemon=True)
        if background:
            thread.start()
        yield
        ended.set()
        desk.clone.close()

    gate = Middleware(
        Gate, origin=desk.origin, sessions=desk.sessions, now=desk.now, present=desk.present,
        tr=desk.tr,
    )  # fmt: skip
    static = StaticFiles(directory=Path(__file__).parent / "static")
    static.all_directories += [pages.folder / "static" for pages in desk.pages]
    every = [
        Mount("/static", static, name="static"),
        Route("/sign/{id}", finish, methods=["POST"]),
        Route("/aside/{id}", dismiss, methods=["POST"]),
        *(route for pages in desk.pages for route in pages.routes),
    ]
    handlers = {Fault: _fault, 404: _unknown, Exception: _broken}
    app = Starlette(
        routes=every if routes is None else [every[0], *routes],
        middleware=[gate],
        exception_handlers=handlers,
        lifespan=lifespan,
    )
    writing: OpenWriting = partial(draft_branches.opened, desk)
    app.state.desk, app.state.writing = desk, writing
    return app


def keep_up(desk: Desk, ended: Event) -> None:
    """Fetch and send, until the desk ends; a mistake of the program ends one round only."""
    while not ended.is_set():
        try:
            desk.clone.refresh()
            desk.writer.drain()
        except Exception:
            logging.getLogger(__name__).exception("The desk could not fetch or send")
        ended.wait(EVERY)


async def finish(request: Request) -> Response:
    """The signature of what was prepared: by passkey (JSON), or by the key of this machine."""
    if request.headers.get("content-type", "").startswith("application/json"):
        given = await frame.json_of(request)
        proof, passphrase = assertion_of(given), ""
    else:
        form = await request.form()
        proof, passphrase = None, str(form.get("passphrase", ""))
    return await run_in_threadpool(_finish, request, proof, passphrase)


def _finish(request: Request, proof: AssertionResponse | None, passphrase: str) -> Response:
    desk, entry = desk_of(request), frame.session_of(request)
    if proof is None and not entry.local:
        raise Fault(say("Only at the machine of the desk can its key sign."))
    try:
        made, _ = desk.signing.finish(request.path_params["id"], entry.person, proof, passphrase)
    except frame.Waits as fault:
        return frame.refused(request, fault, 202)
    done, following = made.made.done, made.bench.onward
    if made.bench.enters:
        done, following = merging.entered(desk, made, entry.person)
    desk.done[request.state.secret] = done
    return frame.onward(request, following)


def dismiss(request: Request) -> Response:
    """What was set aside has been read by its person."""
    desk_of(request).writer.dismiss(request.path_params["id"], frame.session_of(request).person)
    return frame.onward(request, "/")


def _fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, Fault)
    return frame.refused(request, error)


def _unknown(request: Request, error: Exception) -> Response:
    del error
    return frame.refused(request, frame.no_page(), 404)


def _broken(request: Request, error: Exception) -> Response:
    """A fault of the program: the log has it, the page says only what to do."""
    del error
    fault = Fault(
        say("The desk made a mistake; nothing was recorded by this."),
        say("Try again. If it happens again, tell the operator of the desk the time."),
    )
    return frame.refused(request, fault, 500)


def pages() -> frame.DeskPages:
    """Those of the desk itself."""
    own = sign_in, root, waiting_list, write_page, acting, merging
    routes = [route for module in own for route in module.ROUTES]
    links = ("/", say("Waits for me")), ("/write", say("Write"))
    return frame.DeskPages(Path(__file__).parent, routes, links)
