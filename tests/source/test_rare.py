"""Which posts may state a key is told by bytes, and no way of writing the key is missed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.judge.archive_at import may_state
from pipeline.source.content.text import read_yaml
from pipeline.source.git.tree_listing import Blob

KEY = "emergency"
FOLDER = "content/posts/2026/2026-11-05-a"


class _Files:
    """One post.md."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.files = {f"{FOLDER}/post.md": Blob("100644", "", len(raw))}

    def read(self, _path: str) -> bytes:
        return self.raw


def _may(head: str) -> bool:
    raw = f"---\n{head}\n---\n正文。\n".encode()
    return bool(may_state(_Files(raw), [FOLDER], KEY))


def _states(head: str) -> bool:
    value = read_yaml("post.md", f"{head}\n".encode(), "R11-2").value
    return isinstance(value, dict) and KEY in value


@pytest.mark.parametrize("head", [
    "emergency: true", '"emergency": true', "'emergency' : true", "a: 1\nemergency:\n  by: x",
    "? emergency\n: true", "{emergency: true}", '{"emergency":true}', '"\\u0065mergency": 1',
    "!!str emergency: 1", "emergency : 1", "{? emergency : 1}", '"emer\\\n  gency": 1',
])  # fmt: skip
def test_every_way_to_write_the_key_is_seen(head: str) -> None:
    assert _may(head)


@pytest.mark.parametrize("head", ["topic: emergency\nkind: tip", "summary: 应急", "a: b"])
def test_the_word_elsewhere_is_no_key(head: str) -> None:
    assert not _may(head)


_PIECES = st.sampled_from([
    "emergency", ":", " ", "\n", '"', "'", "?", "{", "}", "\\", "x", "#", "e", "mergency", "- ",
    "\\x65", "true", ", ", "!!str ", "&a ", "*a",
])  # fmt: skip


@given(st.lists(_PIECES, max_size=14).map("".join))
def test_what_the_loader_finds_was_never_ruled_out(head: str) -> None:
    assert _may(head) or not _states(head)
