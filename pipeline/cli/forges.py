"""The forge of a remote, and the proposal that is opened there."""

import re
from urllib.parse import quote, urlsplit

from pipeline.cli.forge_api import Ask, ForgeCode, Proposal, RemoteForge
from pipeline.errors import Fault
from pipeline.model.brings import load
from pipeline.model.findings import say
from pipeline.model.ids import BranchName
from pipeline.model.part import program

_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9.-]+):(?P<name>(?!//)[^\s]+)")
_NAME = re.compile(r"[\w.-]+(/[\w.-]+)+")


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
    forges = program().forges.values()
    hinted = next((f.kind for f in forges if any(hint in host for hint in f.hints)), "")
    return RemoteForge(kind or hinted, host.casefold(), name)


def push_options(forge: RemoteForge | None, proposal: Proposal) -> tuple[str, ...]:
    """With what a push opens the proposal, or finds it open; none where it does not.

    https://docs.gitlab.com/topics/git/commit/#push-options-for-merge-requests
    """
    declared = program().forges.get(forge.kind) if forge else None
    stated = ("create", f"target={proposal.base}", f"title={proposal.title}")
    return tuple(f"merge_request.{o}" for o in stated) if declared and declared.pushed else ()


def page_of(forge: RemoteForge, branch: BranchName, base: str) -> str:
    """The address at which a person opens the proposal, or finds how to."""
    declared = program().forges.get(forge.kind)
    path = declared.new.format(base=quote(base), branch=quote(branch, safe="")) if declared else ""
    return f"https://{forge.host}/{forge.name}/{path}".rstrip("/")


def code_of(kind: str) -> ForgeCode | None:
    """The code of one of the program's forges; None: no API of it is known."""
    declared = program().forges.get(kind)
    code: ForgeCode | None = load(declared.code) if declared and declared.code else None
    return code


def open_proposal(forge: RemoteForge, proposal: Proposal, ask: Ask) -> str:
    """The address of the branch's open proposal; it is opened where there is none.

    Raises Fault when the forge does not answer, or answers something else.
    """
    try:
        code = code_of(forge.kind)
        if code and (mine := code.opened(forge, proposal, ask)):
            return mine
        body = {"title": proposal.title, "body": proposal.body}
        ends = {"head": proposal.branch, "base": proposal.base}
        return str(ask("/pulls", "POST", body | ends)["html_url"])
    except (KeyError, TypeError) as error:
        raise Fault(say("The answer of the forge cannot be used: {path}.", path="pulls")) from error
