"""The settings of a repository on a forge as its API answers them, and what the archive expects."""

import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.errors import Fault
from pipeline.model.findings import Message, say

PAGES = {"github": 100, "gitea": 50}
"""Forge → entries of a page: an answer of this length may continue, so it counts as not read."""


API_VERSION = "X-GitHub-Api-Version: 2022-11-28"
"""Header for GitHub: without it the version is the oldest one still served."""
_UNREAD: Mapping[str, Message] = {
    "": say("It was not asked for."),
    "no-program": say("The program that asks the forge, `gh` or `curl`, is not on this machine."),
    "no-network": say(
        "The forge did not answer: look at the address, the network, its certificate."
    ),
    "no-answer": say("What it answered is no JSON."),
    "401": say("The forge does not accept the login or the token (401)."),
    "403": say("Your login, or the token, may not see it (403)."),
    "404": say("The forge shows no such thing, or not to your login (404)."),
}
"""Why an answer is missing: a word of ours, or the status of HTTP."""


def why_unread(why: str) -> Message:
    """A sentence for `Unanswered.why`."""
    return _UNREAD.get(why) or say("The forge answered {code}.", code=why)


@dataclass(eq=False)
class Unanswered(Fault):
    """A forge did not answer a call, or not with what was asked for."""

    why: str = ""


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
        if len(entries) >= PAGES[self.forge]:
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


def path_of(repository: str, path: str) -> str:
    """A path of the API: below the repository when it is empty or begins with ``/``."""
    return f"repos/{repository}{path}" if path[:1] in ("", "/") else path


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
                "Set review.forge in content/policy.yml to {forge}, as a new value.",
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


def gh(settings: Settings, method: str, path: str, body: Any = None) -> str:
    """A call of `gh api`; the shell passes the body on unchanged."""
    given = f" --input - <<< {shlex.quote(json.dumps(body))}" if body is not None else ""
    where = shlex.quote(path_of(settings.repository, path))
    return f"gh api --header {shlex.quote(API_VERSION)} --method {method} {where}{given}"


def curl(settings: Settings, method: str, path: str, body: Any = None) -> str:
    """A call of Gitea's API by curl; the token is read from GITEA_TOKEN."""
    given = f" --json {shlex.quote(json.dumps(body))}" if body is not None else ""
    where = shlex.quote(f"https://{settings.host}/api/v1/{path_of(settings.repository, path)}")
    return (
        f'curl --fail --request {method} --header "Authorization: token $GITEA_TOKEN"{given}'
        f" {where}"
    )
