"""What the API of a forge answers about proposals; a part knows it of one forge."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

from pipeline.errors import Fault
from pipeline.model.findings import Message, say
from pipeline.model.ids import BranchName

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


def path_of(repository: str, path: str) -> str:
    """A path of the API: below the repository when it is empty or begins with ``/``."""
    return f"repos/{repository}{path}" if path[:1] in ("", "/") else path


Ask = Callable[[str, str, Any], Any]
"""(path below the repository, method, body) → the API's answer. Raises Fault when there is none."""


@dataclass(frozen=True)
class RemoteForge:
    """The forge that a remote lies on."""

    kind: str
    """One of the program's forges; empty: not known."""
    host: str
    name: str
    """``owner/repository``, on GitLab with its groups."""


@dataclass(frozen=True)
class Proposal:
    """What is proposed to whom."""

    branch: BranchName
    base: str
    title: str
    body: str = ""


class Endpoint(NamedTuple):
    """Where the API of a forge answers, and to whom."""

    host: str
    prefix: str
    """Of every path: ``api/v1/``."""
    token: str
    header: str = ""
    """One more."""
    account: str = "user/{}"
    """Path by which the number of an account leads to it; it answers the account, or a list."""


class ForgeCode(ABC):
    """What an API of a forge answers about proposals."""

    @abstractmethod
    def endpoint(self, host: str, environment: Mapping[str, str]) -> Endpoint | None:
        """Its API with the token of the environment; None: there is none for this host."""

    @abstractmethod
    def opened(self, forge: RemoteForge, proposal: Proposal, ask: Ask) -> str:
        """The address of the branch's open proposal; empty: there is none."""


def looked_through(where: str, forge: RemoteForge, proposal: Proposal, ask: Ask) -> str:
    """The address of a branch's proposal in a list, ``where`` with its ``{page}``; empty: none."""
    for page in count(1):
        rows = ask(where.format(page=page), "GET", None)
        mine = [row["html_url"] for row in rows if _is_of(row["head"], forge, proposal.branch)]
        if mine or not rows:
            return str(next(iter(mine), ""))
    return ""


def _is_of(head: Mapping[str, Any], forge: RemoteForge, branch: BranchName) -> bool:
    """Whether it is this branch, and not one of a fork that is called the same."""
    name = (head.get("repo") or {}).get("full_name", forge.name)
    return bool(head["ref"] == branch and name.casefold() == forge.name.casefold())
