"""An answer in pieces, and who stops listening."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipeline.parts.desk import write_page as pieces
from pipeline.parts.desk.write_page import Send, Unheard, piecemeal


@pytest.fixture
def ended() -> list[str]:
    return []


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: where a browser is at hand, a loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_who_leaves_midway_ends_the_work_and_leaves_nothing_open(
    ended: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server closes what is left of an answer in whichever task finds it."""
    monkeypatch.setattr(pieces, "frame_of", lambda _: SimpleNamespace(tr=str))

    def make(send: Send) -> None:
        try:
            for number in count():
                send(number)
        except Unheard:
            ended.append("unheard")
            raise

    async def listen() -> None:
        lines = cast(AsyncGenerator[str], piecemeal(cast(Any, None), make).body_iterator)
        assert await anext(lines) == "0\n"

        async def close() -> None:
            await lines.aclose()

        await asyncio.create_task(close())
        while not ended:
            await asyncio.sleep(0.01)

    run(listen())
    gc.collect()
    assert ended == ["unheard"]


def test_what_fails_while_it_is_made_is_no_whole_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "frame_of", lambda _: SimpleNamespace(tr=str))

    def make(send: Send) -> None:
        send(1)
        raise ZeroDivisionError

    async def listen() -> list[str]:
        lines = cast(AsyncGenerator[str], piecemeal(cast(Any, None), make).body_iterator)
        made = [await anext(lines)]
        with pytest.raises(ZeroDivisionError):
            await anext(lines)
        return made

    assert run(listen()) == ["1\n"]
