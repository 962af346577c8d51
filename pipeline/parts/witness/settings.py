"""The settings of a repository on a forge as its API answers them, and what the archive expects."""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.cli.forge_api import path_of, why_unread
from pipeline.model.findings import Message, say

STATUS = "sanshen/verify"
"""The status that a merge waits for."""
SECRETS = ("SANSHEN_LOG_KEY", "SANSHEN_WITNESS_KEY")
"""Names of the keys that no branch may read."""


class NotRead(KeyError):
    """A setting that a check needs is not among the answers."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Settings:
    """Answers of a forge by name (`READS` of its module); an absent one could not be read."""

    forge: str
    host: str
    repository: str
    """``owner/name``."""
    answers: Mapping[str, Any]
    unread: Mapping[str, str] = field(default_factory=dict)
    """Name of an absent answer → why (`Unanswered.why`)."""
    page: int = 50
    """Entries of a page: an answer of this length may continue, so it counts as not read."""

    @property
    def owner(self) -> str:
        return self.repository.partition("/")[0]

    def __getitem__(self, name: str) -> Any:
        """An answer. Raises NotRead when it is absent, or a page of it may be."""
        if name not in self.answers:
            raise NotRead(why_unread(self.unread.get(name, "")))
        answer = self.answers[name]
        entries = answer if isinstance(answer, list) else ()
        if isinstance(answer, Mapping) and "total_count" in answer:
            entries = next((v for v in answer.values() if isinstance(v, list)), [])
            if len(entries) < answer["total_count"]:
                raise NotRead(_LONG)
        if len(entries) >= self.page:
            raise NotRead(_LONG)
        return answer

    def rows(self, name: str) -> list[Any]:
        """An answer that is a list. Raises KeyError when it is anything else."""
        answer = self[name]
        if not isinstance(answer, list):
            raise KeyError(name)
        return answer

    def names(self, answer: str, key: str) -> frozenset[str]:
        """The names of the entries that an answer lists under a key."""
        return frozenset(entry["name"] for entry in self[answer][key])


_LONG = say("The list is longer than one page.")


@dataclass(frozen=True)
class Expected:
    """What the archive itself says, and the program ships."""

    url: str = ""
    """Public address of the archive (policy)."""
    witnessed: bool = False
    """Whether policy allows that a step is witnessed."""
    forge: str = ""
    """The repository whose reviews count, as policy names it (`review.forge`)."""
    neutral: frozenset[str] = frozenset()
    """E-mails that policy takes for no person's (`review.neutral_committers`)."""
    workflows: Mapping[str, str] = field(default_factory=dict)
    """Path → git blob id of each workflow."""
    people: Mapping[int, tuple[str, frozenset[str]]] = field(default_factory=dict)
    """Account id → (person, e-mails), of the roster."""


@dataclass(frozen=True)
class Flaw:
    """One wrong setting, and the command or the action that mends it."""

    message: Message
    remedy: str | Message


def named_by_policy(settings: Settings, expected: Expected) -> Iterator[Flaw]:
    """Whether policy names this very repository, where steps may be witnessed."""
    repository = f"{settings.host}/{settings['repo']['id']}"
    if expected.witnessed and expected.forge != repository:
        yield Flaw(
            say("Policy names another repository for witnessed reviews than this one."),
            say(
                "Nothing, where this one mirrors. Where it takes over: a setting of review.forge,"
                " {forge}, and two authorise it.",
                forge=repository,
            ),
        )


@dataclass(frozen=True)
class Wanted:
    """Values that fields of an answer must have, and the body of the call that sets them."""

    answer: str
    values: Mapping[str, Any]
    message: Message
    method: str = "PATCH"
    path: str = ""


Check = Callable[[Settings, Expected], Iterator[Flaw]]
Checks = tuple[tuple[Message, Check], ...]


@dataclass(frozen=True)
class ForgeSettings:
    """What a forge is asked of a repository, and what the answers must be."""

    reads: Mapping[str, str]
    """Name of an answer → path below ``repos/OWNER/NAME``."""
    follow: Callable[[Mapping[str, Any]], Mapping[str, str]]
    """Further paths, after the first answers."""
    checks: Checks
    by_hand: tuple[Message, ...]
    """What no answer tells."""
    fresh: Mapping[str, Any]
    """The answers of a fresh repository: what the checks find in it is what `setup` prints."""
    guards: Checks = ()
    """Of `checks` those that tell who can write main past a proposal."""
    by_gh: bool = False
    """Whether `gh` asks, with its own login; else `curl`, with the token in GITEA_TOKEN."""


Call = Callable[[Settings, str, str, Any], str]
"""A command for method, path below the repository, and JSON body."""


def fields(call: Call, *rows: Wanted) -> Callable[[Settings, Expected], Iterator[Flaw]]:
    """A check of plain fields."""

    def check(a: Settings, _: Expected) -> Iterator[Flaw]:
        for row in rows:
            given = a[row.answer]
            if [name for name, value in row.values.items() if given[name] != value]:
                yield Flaw(row.message, call(a, row.method, row.path, row.values))

    return check


def curl(settings: Settings, method: str, path: str, body: Any = None) -> str:
    """A call of Gitea's API by curl; the token is read from GITEA_TOKEN."""
    given = f" --json {shlex.quote(json.dumps(body))}" if body is not None else ""
    where = shlex.quote(f"https://{settings.host}/api/v1/{path_of(settings.repository, path)}")
    return (
        f"curl --fail-with-body --silent --show-error --request {method}"
        f' --header "Authorization: token $GITEA_TOKEN"{given} {where}'
    )
