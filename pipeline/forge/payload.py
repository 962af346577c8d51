"""A proposal and its reviews as a forge answers: GitHub, GitHub Enterprise, Gitea, Forgejo.

The file that a workflow writes is `{"pull": …, "reviews": […], "complete": true}`
(docs/decisions/0042). An unreadable payload is a fault, never "no reviews" (threats W10).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import say

LARGEST = 50_000_000
_LINE_END = re.compile(r"\r\n?")
APPROVE, RETURN, UNKNOWN, NOTHING = "approve", "return", "unknown", ""
_WORDS: Mapping[str, str] = {
    "APPROVED": APPROVE,
    "CHANGES_REQUESTED": RETURN,
    "REQUEST_CHANGES": RETURN,
    "DISMISSED": UNKNOWN,
    "COMMENTED": NOTHING,
    "COMMENT": NOTHING,
    "PENDING": NOTHING,
    "REQUEST_REVIEW": NOTHING,
}
"""State as GitHub or Gitea names it → decision. GitHub no longer shows what a dismissed review
decided."""


@dataclass(frozen=True)
class Click:
    """One review that may decide: an approval, a request for changes, or a dismissed one."""

    id: int
    account: int
    """Number of the account; 0 for a bot and for an account that is gone."""
    login: str
    word: str
    """`APPROVE`, `RETURN` or `UNKNOWN`."""
    commit: str
    """Empty when the forge names none."""
    moment: datetime
    opinion: str
    dismissed: bool = False
    """Of an approval: it was taken back, so it decides nothing."""


@dataclass(frozen=True)
class Pull:
    """A proposal and its reviews, ordered by time and id."""

    number: int
    forge: str
    """Host and number of the repository: ``github.com/123456``."""
    opener: int
    """Number of the account that opened it; 0: gone."""
    head: str
    open: bool
    own: bool
    """Whether its branch lies in the repository itself, and not in a fork."""
    clicks: tuple[Click, ...]


class _BadPayload(Exception):
    """The path in a payload that cannot be used."""


def read_payload(raw: bytes) -> Pull:
    """Raises Fault for bytes of another shape, a short page, an unknown state."""
    try:
        if len(raw) > LARGEST:
            raise _BadPayload("*")
        given = json.loads(raw, object_pairs_hook=_unique, parse_constant=_BadPayload)
        return _pull(given)
    except _BadPayload as wrong:
        path = str(wrong) or "*"
    except (ValueError, RecursionError):  # no JSON at all, or no UTF-8
        path = "*"
    raise Fault(
        say("The answer of the forge cannot be used: {path}.", path=path[:100]),
        say("Have it read again, whole: pull, all reviews, and complete only after the last page."),
    )


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise _BadPayload("*")
    return dict(pairs)


def _pull(given: Any) -> Pull:
    pull, reviews = _at(given, "pull", dict), _at(given, "reviews", list)
    if _at(given, "complete", bool) is not True:
        raise _BadPayload("complete")
    if given.get("total") is not None and _at(given, "total", int) != len(reviews):
        raise _BadPayload("total")
    address = urlsplit(_at(pull, "html_url", str))
    repository = _number(_at(pull, "base.repo.id", int), "base.repo.id")
    source = _at(pull, "head.repo", dict | None)
    return Pull(
        _number(_at(pull, "number", int), "number"),
        f"{address.netloc.casefold()}/{repository}",
        _account(pull, "user"),
        _at(pull, "head.sha", str),
        _at(pull, "state", str) == "open",
        source is not None and source.get("id") == repository,
        _clicks(reviews),
    )


def _clicks(reviews: list[Any]) -> tuple[Click, ...]:
    """Each review once, without those that decide nothing."""
    stored: dict[int, Any] = {}
    for number, review in enumerate(reviews):
        name = f"reviews[{number}]"
        id = _number(_at(review, "id", int, name), f"{name}.id")
        if stored.setdefault(id, review) != review:
            raise _BadPayload(f"{name}.id")
    clicks = (_click(id, review, f"reviews[{id}]") for id, review in stored.items())
    return tuple(sorted(filter(None, clicks), key=lambda c: (c.moment, c.id)))


def _click(id: int, review: Any, name: str) -> Click | None:
    word = _WORDS.get(_at(review, "state", str, name))
    if word is None:
        raise _BadPayload(f"{name}.state")
    if word == NOTHING:
        return None
    gone = _at(review, "user", dict | None, name) is None
    try:
        moment = datetime.fromisoformat(_at(review, "submitted_at", str, name))
        if moment.tzinfo is None or not 1 < moment.year < 9999:
            raise ValueError
    except ValueError as wrong:
        raise _BadPayload(f"{name}.submitted_at") from wrong
    return Click(
        id,
        _account(review, "user", name),
        "" if gone else _at(review, "user.login", str, name),
        word,
        _at(review, "commit_id", str | None, name) or "",
        moment.astimezone(SHANGHAI).replace(microsecond=0),
        _LINE_END.sub("\n", _at(review, "body", str | None, name) or "").strip(),
        word == APPROVE and bool(review.get("dismissed")),
    )


def _account(value: Any, key: str, name: str = "") -> int:
    """The number of a person's account; 0 for a bot of the forge (threats W13)."""
    user = _at(value, key, dict | None, name)
    if user is None or user.get("type") == "Bot":
        return 0
    return _number(_at(user, "id", int, f"{name}.{key}"), f"{name}.{key}.id")


def _number(value: int, name: str) -> int:
    if not 0 < value < 2**53:
        raise _BadPayload(name)
    return value


def _at(value: Any, path: str, kind: Any, name: str = "") -> Any:
    """The value at a dotted path. Raises `_BadPayload` when it is missing or of another type."""
    for key in path.split("."):
        if not isinstance(value, dict) or key not in value:
            raise _BadPayload(f"{name}.{path}".lstrip("."))
        value = value[key]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _BadPayload(f"{name}.{path}".lstrip("."))
    return value
