"""What a forge answers, read: one reader for all of them, and a fault for what it cannot read."""

import json
import random
from collections.abc import Callable
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pipeline.errors import Fault
from pipeline.parts.witness.payload import Pull, read_payload
from tests.builders.cast import ROOT
from tests.builders.payloads import minute, payload, review
from tests.builders.witness import ACCOUNTS, FORGE

SHAPES = json.loads((ROOT / "tests/assets/forge/shapes.json").read_bytes())
HEAD = "c" * 40
STATES = {
    "github": ("APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"),
    "gitea": ("APPROVED", "REQUEST_CHANGES", "COMMENT", "PENDING", "REQUEST_REVIEW"),
}


def read(value: Any) -> Pull:
    return read_payload(json.dumps(value).encode())


def sample(forge: str = "github") -> dict[str, Any]:
    """A review in every state; a reader that skips one is seen."""
    rows = [
        review(n, "xxy-a", state, body="好。\r\n\r\n再看。 ", forge=forge)
        for n, state in enumerate(STATES[forge], 1)
    ]
    return payload(HEAD, rows)


@pytest.mark.parametrize("forge", STATES)
def test_the_fixtures_have_the_shape_that_the_forge_documents(forge: str) -> None:
    def holds(name: str, value: Any) -> None:
        schema = {**SHAPES, "$ref": f"#/$defs/{forge}-{name}"}
        Draft202012Validator(schema).validate(value)

    value = sample(forge)
    holds("pull", value["pull"])
    for row in value["reviews"]:
        holds("review", row)


@pytest.mark.parametrize(
    ("forge", "words"),
    [("github", ["approve", "return", "unknown"]), ("gitea", ["approve", "return"])],
)
def test_states_of_every_forge_are_read(forge: str, words: list[str]) -> None:
    pull = read(sample(forge))
    assert [c.word for c in pull.clicks] == words
    assert (pull.number, pull.forge, pull.head, pull.open, pull.own) == (
        12,
        FORGE,
        HEAD,
        True,
        True,
    )
    assert pull.opener == ACCOUNTS["zz-a"]
    first = pull.clicks[0]
    assert (first.account, first.login, first.commit) == (ACCOUNTS["xxy-a"], "xxy-a", HEAD)
    assert first.opinion == "好。\n\n再看。"
    assert first.moment == minute(1).astimezone(UTC)


def test_what_is_nobodys_and_of_no_commit_is_read_as_such() -> None:
    rows = [
        review(1, "xxy-a", user=None),
        review(2, "xxy-a", commit=None),
        review(3, "xxy-a", user={"login": "ci", "id": 5, "type": "Bot"}),
        review(4, "xxy-a", forge="gitea", dismissed=True),
    ]
    clicks = read(payload(HEAD, rows)).clicks
    assert [(c.account, c.commit, c.dismissed) for c in clicks] == [
        (0, HEAD, False), (ACCOUNTS["xxy-a"], "", False), (0, HEAD, False),
        (ACCOUNTS["xxy-a"], HEAD, True),
    ]  # fmt: skip


def test_a_fork_and_a_branch_that_is_gone_are_not_our_own() -> None:
    for repo in (None, {"id": 8, "full_name": "other/archive"}):
        value = payload(HEAD, [])
        value["pull"]["head"]["repo"] = repo
        assert not read(value).own


@given(st.randoms(use_true_random=False))
def test_order_and_repetition_say_nothing(draw: random.Random) -> None:
    value = sample()
    again = [*value["reviews"], *draw.sample(value["reviews"], 2)]
    draw.shuffle(again)
    assert read(value | {"reviews": again}) == read(value)


def _set(path: str, new: Any) -> Callable[[Any], None]:
    *route, last = [int(p) if p.isdecimal() else p for p in path.split(".")]

    def change(value: Any) -> None:
        for part in route:
            value = value[part]
        value[last] = new

    return change


def _drop(path: str) -> Callable[[Any], None]:
    *route, last = [int(p) if p.isdecimal() else p for p in path.split(".")]

    def change(value: Any) -> None:
        for part in route:
            value = value[part]
        del value[last]

    return change


REQUIRED = (
    "pull", "reviews", "complete", "pull.number", "pull.html_url", "pull.state", "pull.user",
    "pull.head.sha", "pull.head.ref", "pull.head.repo", "pull.base.repo.id", "reviews.0.id",
    "reviews.0.state", "reviews.0.user", "reviews.0.commit_id", "reviews.0.submitted_at",
    "reviews.0.body", "reviews.0.user.id", "reviews.0.user.login",
)  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        *map(_drop, REQUIRED),
        *(_set(path, []) for path in REQUIRED if path not in ("reviews",)),
        _set("complete", False), _set("complete", "true"), _set("complete", 1), _set("total", 4),
        _set("total", "5"), _set("reviews", {}), _set("reviews", None), _set("reviews", [[]]),
        _set("reviews.0.state", "UNKNOWN"), _set("reviews.0.state", "approved"),
        _set("reviews.0.state", ""), _set("reviews.0.id", True), _set("reviews.0.id", "9001"),
        _set("reviews.0.id", 0), _set("reviews.0.id", 2**60), _set("reviews.0.id", 9002),
        _set("reviews.0.user.id", "1"), _set("reviews.0.submitted_at", "2026-11-05 10:00"),
        _set("reviews.0.user.id", True), _set("reviews.0.user.id", 2**60),
        _set("pull.head.ref", None), _set("timeline", None), _set("timeline", {}),
        _set("timeline", [[]]), _set("timeline", [{"review_id": 9001}]),
        _set("timeline", [{"type": "review", "review_id": "9001"}]),
        _set("timeline", [{"type": "review", "review_id": 9001}]),
        _set("timeline", [{"type": "review", "review_id": 9001, "created_at": "later"}]),
        _set("reviews.0.updated_at", None),
        _set("reviews.0.submitted_at", "yesterday"), _set("pull.base.repo.id", None),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_a_fault(change: Callable[[Any], None]) -> None:
    value = sample()
    change(value)
    with pytest.raises(Fault) as told:
        read(value)
    assert "cannot be used" in str(told.value.message)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"null", b"[]", b"{", b"\xff", b'{"pull": NaN}', b"[" * 100_000,
        b'{"message": "API rate limit exceeded"}',
        json.dumps(sample()).encode()[:-1],
        json.dumps(sample()).replace('"complete"', '"complete": true, "complete"').encode(),
    ],
)  # fmt: skip
def test_truncated_and_foreign_bytes_are_a_fault(raw: bytes) -> None:
    with pytest.raises(Fault):
        read_payload(raw)


def test_a_number_that_the_forge_tells_is_compared() -> None:
    assert read(sample() | {"total": 5}) == read(sample())


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.lists(st.none())


@given(st.data())
def test_any_one_change_is_read_or_a_fault(data: st.DataObject) -> None:
    """Never another exception, and never a review that is there passed over in silence."""
    value = sample(data.draw(st.sampled_from([*STATES])))
    routes = list(_routes(value))
    for _ in range(20):
        changed = json.loads(json.dumps(value))
        _set(".".join(map(str, data.draw(st.sampled_from(routes)))), data.draw(LEAVES))(changed)
        try:
            pull = read(changed)
        except Fault:
            continue
        assert len(pull.clicks) == len(read(value).clicks)


def _routes(value: Any, above: tuple[Any, ...] = ()) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, below in items:
        yield (*above, key)
        if isinstance(below, dict | list):
            yield from _routes(below, (*above, key))
