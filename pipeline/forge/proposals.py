"""Open the proposal of a branch: by the forge's API, by options of a push, or by a person.

Gitea's push to ``refs/for/main`` is not used: it makes no branch, so reviewers could not push
their signatures to it. https://docs.gitea.com/usage/agit
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from pipeline.errors import Fault
from pipeline.model.findings import say

KINDS = ("github", "gitea", "gitlab")
Ask = Callable[[str, str, Any], Any]
"""(path below the repository, method, body) → the API's answer. Raises Fault when there is none."""
_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9.-]+):(?P<name>(?!//)[^\s]+)")
_NAME = re.compile(r"[\w.-]+(/[\w.-]+)+")
_NEW = {
    "github": "compare/{base}...{branch}?expand=1",
    "gitea": "compare/{base}...{branch}",
    "gitlab": "-/merge_requests/new?merge_request%5Bsource_branch%5D={branch}",
}
"""Kind → the page on which a person opens a proposal."""


@dataclass(frozen=True)
class RemoteForge:
    """The forge that a remote lies on."""

    kind: str
    """One of `KINDS`; empty: not known."""
    host: str
    name: str
    """``owner/repository``, on GitLab with its groups."""

    def page(self, branch: str, base: str) -> str:
        """The address at which a person opens the proposal, or finds how to."""
        path = _NEW.get(self.kind, "").format(base=quote(base), branch=quote(branch, safe=""))
        return f"https://{self.host}/{self.name}/{path}".rstrip("/")


@dataclass(frozen=True)
class Proposal:
    """What is proposed to whom."""

    branch: str
    base: str
    title: str
    body: str = ""

    @property
    def push_options(self) -> tuple[str, ...]:
        """With what a push to GitLab opens the proposal, or finds it open.

        https://docs.gitlab.com/topics/git/commit/#push-options-for-merge-requests
        """
        stated = ("create", f"target={self.base}", f"title={self.title}")
        return tuple(f"merge_request.{one}" for one in stated)


def forge_of(url: str, kind: str = "") -> RemoteForge | None:
    """The forge of a remote's URL; None for a path and for a host without one.

    `kind`: what a setting says; without it the host's name tells.
    """
    parts = urlsplit(url) if "://" in url else None
    if parts and parts.scheme in ("https", "http", "ssh"):
        port = f":{parts.port}" if parts.port and parts.scheme == "https" else ""
        host, name = f"{parts.hostname or ''}{port}", parts.path
    elif match := _SCP.fullmatch(url) if not parts else None:
        host, name = match["host"], match["name"]
    else:
        return None
    name = name.strip("/").removesuffix(".git")
    if not host or not _NAME.fullmatch(name):
        return None
    hinted = next((k for k in KINDS if k in host), "gitea" if "forgejo" in host else "")
    return RemoteForge(kind or hinted, host.casefold(), name)


def open_proposal(forge: RemoteForge, proposal: Proposal, ask: Ask) -> str:
    """The address of the branch's open proposal; it is opened where there is none.

    Raises Fault when the forge does not answer, or answers something else.
    """
    head = quote(f"{forge.name.partition('/')[0]}:{proposal.branch}", safe="")
    opened = ask(f"/pulls?state=open&head={head}&limit=50&per_page=100", "GET", None)
    try:
        mine = [p["html_url"] for p in opened if p["head"]["ref"] == proposal.branch]
        if mine:
            return str(mine[0])
        body = {"title": proposal.title, "body": proposal.body}
        ends = {"head": proposal.branch, "base": proposal.base}
        return str(ask("/pulls", "POST", body | ends)["html_url"])
    except (KeyError, TypeError) as error:
        raise Fault(say("The answer of the forge cannot be used: {path}.", path="pulls")) from error
