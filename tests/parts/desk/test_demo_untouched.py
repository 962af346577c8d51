"""A form of the demo's posts that is sent back as it came writes nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.judge.load_governance import trust
from pipeline.model.ids import PostId
from pipeline.new.fields import answers_of, fields
from pipeline.parts.desk.drafts import Draft, edit
from pipeline.source.content.front_matter import split_post
from pipeline.source.content.paths import MemoryTree
from tests.builders.cast import ROOT, governance

POSTS = sorted((ROOT / "content/posts").glob("*/*/post.md"))


@pytest.fixture(scope="module")
def schema() -> object:
    return trust(MemoryTree(governance())).front_matter.schema


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.parent.name)
def test_what_nobody_touched_is_not_written(path: Path, schema: dict[str, object]) -> None:
    """Browsers send a text with other line ends than the file has."""
    document, body, _ = split_post("post.md", path.read_bytes())
    assert body is not None and isinstance(document.value, dict)
    draft = Draft(
        "draft/x", PostId(path.parent.name), document.value, body, "", (), lambda _: b"",
        reviewed=True,
    )  # fmt: skip
    answers = answers_of(fields(schema), document.value)
    answers["_body"] = [body.replace("\n", "\r\n")]
    made = edit(draft, schema, answers, datetime(2026, 11, 5, tzinfo=UTC), {"properties": {}})
    assert made.files == {}
