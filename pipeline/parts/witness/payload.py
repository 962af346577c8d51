"""A proposal and its reviews as a forge answers: GitHub, GitHub Enterprise, Gitea, Forgejo.

The file that a workflow writes is `{"pull": …, "reviews": […], "complete": true}`, on Gitea with
`"timeline": […]` beside them (docs/decisions/0042, 0067). An unreadable payload is a fault, never
"no reviews" (threats W10).

What is believed of the forges, and what it rests on. "Met": seen on a running server, its answers
stand in tests/assets/forge. "GitHub": docs.github.com/rest, version 2022-11-28, never met.

1. `submitted_at` of GitHub is when the review was sent (GitHub, pulls/reviews). Gitea's is when it
   was begun; sending it later writes another entry `review` into the issue's timeline, and
   `updated_at` moves with every later dismissal, too (met: begun-and-sent-later).
2. Gitea marks each older verdict of the same reviewer as dismissed; an entry `dismiss_review` is
   written only where somebody dismissed it (met: pressed-twice, dismissed-by-another).
3. An account that is gone is null on GitHub, and `{"id": -1, "login": "Ghost"}` on Gitea, whose
   own bot is -2 (met: deleted-user, opener-deleted).
4. `head.ref` of a proposal without a branch is `refs/pull/N/head`, and its repository may be ours
   (met: agit, branch-deleted-and-reopened).
5. GitHub names the kind of an account: User, Bot, Organization, Mannequin; Gitea does not.
6. The text of a review is what was sent. Gitea's page shows a comment instead, which its writer and
   all who can write may edit; the timeline has that (met: edited-before).
7. Gitea leaves rows out after it cut a page: line comments in a timeline (met: line-comments), and
   in the list the reviews that others have begun, of which a timeline tells all the same (met:
   pending-of-others). So an empty page ends nothing, and an entry without its review is no fault.
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
from pipeline.model.ids import CommitId

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
    """Number of the account; 0: gone, or no person's."""
    login: str
    word: str
    """`APPROVE`, `RETURN` or `UNKNOWN`."""
    commit: CommitId
    """Empty when the forge names none."""
    moment: datetime
    opinion: str
    dismissed: bool = False
    """Of an approval: the forge marks it so, because of a later verdict or by somebody's hand."""
    by_hand: bool = False
    """Of a dismissed one: the timeline names the act, so that no later verdict was the reason."""
    begun: datetime | None = None
    """When it was begun, as far as the forge tells it apart."""


@dataclass(frozen=True)
class Pull:
    """A proposal and its reviews, ordered by time and id."""

    number: int
    forge: str
    """Host and number of the repository: ``github.com/123456``."""
    opener: int
    """Number of the account that opened it; 0: gone."""
    head: CommitId
    open: bool
    own: bool
    """Whether it has a branch, in the repository itself and not in a fork."""
    clicks: tuple[Click, ...]

    @property
    def host(self) -> str:
        """That of the forge, which its accounts are of."""
        return self.forge.partition("/")[0]


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
    branch = not _at(pull, "head.ref", str).startswith("refs/")
    return Pull(
        _number(_at(pull, "number", int), "number"),
        f"{address.netloc.casefold()}/{repository}",
        _account(pull, "user"),
        _at(pull, "head.sha", str),
        _at(pull, "state", str) == "open",
        branch and source is not None and source.get("id") == repository,
        _clicks(reviews, _timeline(given)),
    )


_Timeline = Mapping[str, Mapping[int, datetime]]
"""Type of an entry → number of a review → the latest time of such an entry."""


def _timeline(given: Any) -> _Timeline:
    """What a timeline tells of reviews; one begun with a remark has an entry for each."""
    latest: dict[str, dict[int, datetime]] = {"review": {}, "dismiss_review": {}}
    for number, entry in enumerate(_at(given, "timeline", list) if "timeline" in given else ()):
        name = f"timeline[{number}]"
        if entry is None or _at(entry, "type", str, name) not in latest:
            continue
        times, review = latest[entry["type"]], _at(entry, "review_id", int, name)
        moment = _moment(entry, "created_at", name)
        times[review] = max(moment, times.get(review, moment))
    return latest


def _moment(value: Any, key: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_at(value, key, str, name))
        if moment.tzinfo is None or not 1 < moment.year < 9999:
            raise ValueError
    except ValueError as wrong:
        raise _BadPayload(f"{name}.{key}") from wrong
    return moment.astimezone(SHANGHAI).replace(microsecond=0)


def _clicks(reviews: list[Any], timeline: _Timeline) -> tuple[Click, ...]:
    """Each review once, without those that decide nothing."""
    stored: dict[int, Any] = {}
    for number, review in enumerate(reviews):
        name = f"reviews[{number}]"
        id = _number(_at(review, "id", int, name), f"{name}.id")
        if stored.setdefault(id, review) != review:
            raise _BadPayload(f"{name}.id")
    clicks = (_click(id, review, f"reviews[{id}]", timeline) for id, review in stored.items())
    return tuple(sorted(filter(None, clicks), key=lambda c: (c.moment, c.id)))


def _click(id: int, review: Any, name: str, timeline: _Timeline) -> Click | None:
    word = _WORDS.get(_at(review, "state", str, name))
    if word is None:
        raise _BadPayload(f"{name}.state")
    if word == NOTHING:
        return None
    gone = _at(review, "user", dict | None, name) is None
    begun = _moment(review, "submitted_at", name)
    sent = timeline["review"].get(id) or (
        _moment(review, "updated_at", name) if "updated_at" in review else begun
    )
    return Click(
        id,
        _account(review, "user", name),
        "" if gone else _at(review, "user.login", str, name),
        word,
        CommitId(_at(review, "commit_id", str | None, name) or ""),
        max(sent, begun),
        _LINE_END.sub("\n", _at(review, "body", str | None, name) or "").strip(),
        word == APPROVE and bool(review.get("dismissed")),
        id in timeline["dismiss_review"],
        begun,
    )


def _account(value: Any, key: str, name: str = "") -> int:
    """The number of a person's account; 0: gone, or no person's (threats W13)."""
    user = _at(value, key, dict | None, name)
    if user is None or user.get("type", "User") != "User":
        return 0
    id = _at(user, "id", int, f"{name}.{key}")
    return _number(id, f"{name}.{key}.id") if id > 0 else 0


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
