"""An answer that comes in pieces, as they are made."""

import json
import math
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from anyio import BrokenResourceError, create_memory_object_stream, create_task_group, from_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse

from pipeline.errors import Fault
from pipeline.parts.desk.frame import frame_of

Send = Callable[[object], None]


class Unheard(BaseException):
    """No one waits for the answer any more. Nothing is wrong, so what mends faults lets it pass."""


def piecemeal(request: Request, make: Callable[[Send], None]) -> StreamingResponse:
    """What `make`, in a thread, hands to the function that it is given, at once and a line of JSON
    each; a fault is the last. That function raises `Unheard`."""
    tr = frame_of(request).tr

    async def lines() -> AsyncIterator[str]:
        made, arriving = create_memory_object_stream[object](math.inf)

        def send(piece: object) -> None:
            try:
                from_thread.run_sync(made.send_nowait, piece)
            except BrokenResourceError:
                raise Unheard from None

        def run() -> None:
            with suppress(Unheard):
                try:
                    make(send)
                except Fault as fault:
                    send({"error": tr(fault.message)})
                finally:
                    from_thread.run_sync(made.close)

        async with create_task_group() as group:
            with arriving:
                group.start_soon(run_in_threadpool, run)
                async for piece in arriving:
                    yield json.dumps(piece) + "\n"

    at_once = {"X-Accel-Buffering": "no"}  # says it to a web server in front
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=at_once)
