"""An answer that comes in pieces, as they are made."""

import asyncio
import json
import math
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from anyio import (
    BrokenResourceError,
    ClosedResourceError,
    create_memory_object_stream,
    from_thread,
)
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
            except (BrokenResourceError, ClosedResourceError):
                raise Unheard from None

        def run() -> None:
            with suppress(Unheard):
                try:
                    make(send)
                except Fault as fault:
                    send({"error": tr(fault.message)})
                finally:
                    from_thread.run_sync(made.close)

        # No task group: who stops listening has this closed by whichever task comes by.
        with made, arriving:
            making = asyncio.create_task(run_in_threadpool(run))
            async for piece in arriving:
                yield json.dumps(piece) + "\n"
            await making

    at_once = {"X-Accel-Buffering": "no"}  # says it to a web server in front
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=at_once)
