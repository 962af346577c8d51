"""The one door from a command to the network: git, `gh` and `curl`, each a process of its own."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pipeline.cli.forge_api import (
    API_VERSION,
    Ask,
    Endpoint,
    RemoteForge,
    Unanswered,
    path_of,
    why_unread,
)
from pipeline.cli.forges import code_of
from pipeline.errors import Fault
from pipeline.model.findings import say

SECONDS = 120
MIRROR_SECONDS = 20
LIMIT = 50
"""Entries of a page, of those that a forge lets us ask for."""
PAGES = 400
"""Of a list, before it counts as endless."""
_COUNT = re.compile(r"[0-9]{1,9}")
FAILED = -1
MISSING = 127


def run(
    command: Sequence[str],
    given: str = "",
    seconds: int = SECONDS,
    environment: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Exit code of a program, and what it printed: `MISSING` when there is none, `FAILED` when it
    could not end. `environment`: its own, where it is not to have this one's."""
    try:
        done = subprocess.run(
            command,
            input=given,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            env=environment,
            check=False,
        )
    except OSError:
        return MISSING, ""
    except subprocess.TimeoutExpired:
        return FAILED, ""
    return done.returncode, done.stdout


def sanshen(
    *arguments: str, seconds: int = SECONDS, environment: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """This program once more: what a proposal does to that run, it does to no other."""
    command = [sys.executable, "-m", "pipeline", *arguments]
    return run(command, seconds=seconds, environment=environment)


def anew(*arguments: str) -> int:
    """Exit code of this program, begun once more for as long as it takes."""
    return subprocess.run([sys.executable, "-m", "pipeline", *arguments], check=False).returncode


def git(command: str, *arguments: str) -> str:
    """What git prints; objects made to harm are refused. Raises Fault, and git says why."""
    code, shown = run(["git", "-c", "fetch.fsckObjects=true", command, *arguments])
    if code:
        raise Fault(
            say("git {command} failed, see above.", command=command),
            say("Try it by hand as the same user, in the same folder."),
        )
    return shown.strip()


def fetch_mirror(remote: str, address: str = "") -> bool:
    """Whether the main of another forge came. It is shown no token of ours, and one that is away
    holds up no round for long."""
    spec = f"+refs/heads/main:refs/remotes/{remote}/main"
    quiet = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
    asked = ("-c", "fetch.fsckObjects=true", "fetch", *quiet, "--", address or remote, spec)
    return run(["git", *asked], seconds=MIRROR_SECONDS)[0] == 0


_STATUS = re.compile(r"HTTP/\S+ (\d{3})\b[^\n]*\n(?:[^\r\n]+\r?\n)*\r?\n?")
"""Head of an answer with its status, as `gh api --include` prints it."""


def gh(host: str, path: str) -> Any:
    """What `gh api` answers. Raises Unanswered when there is no answer."""
    command = ["gh", "api", "--include", "--hostname", host, "--header", API_VERSION, path]
    code, shown = run(command)
    head = _STATUS.match(shown)
    status = head[1] if head else "401" if code == _LOGIN else ""
    return _answer(host, path, code, shown[head.end() :] if head else shown, status)


_LOGIN = 4
"""With this `gh` ends where it has no login."""


def _answer(host: str, path: str, code: int, text: str, status: str) -> Any:
    """The JSON of an answer; of none it is told why."""
    why = status or ("no-program" if code == MISSING else "no-network")
    if not code and status.startswith("2"):
        with suppress(ValueError):
            return json.loads(text or "null")
        why = "no-answer"
    raise Unanswered(
        say("{host} did not answer {path}. {reason}", host=host, path=path, reason=why_unread(why)),
        say("Look at the address and the token; the next round tries again."),
        why,
    )


@dataclass(frozen=True)
class ForgeApi:
    """The API of a forge for one repository, asked by `curl`."""

    repository: str
    endpoint: Endpoint

    def call(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """What a call answers. Raises Unanswered when there is no answer."""
        return self._exchange(path, method, body)[0]

    def _exchange(self, path: str, method: str = "GET", body: Any = None) -> tuple[Any, int]:
        """The answer, and how many entries the forge counts in the whole list; 0: it tells none.

        All goes by standard input: others on this machine can read a command line.
        """
        to = self.endpoint
        lines = [
            f'url = "https://{to.host}/{to.prefix}{path}"',
            f'request = "{method}"',
            f'header = "Authorization: token {to.token}"',
            *([f'header = "{to.header}"'] if to.header else ()),
        ]
        if body is not None:
            lines.append('header = "Content-Type: application/json"')
            lines.append(f"data = {json.dumps(json.dumps(body))}")
        wanted = "\\n%{http_code} %header{x-total-count}"  # older curl prints the name itself
        command = ["curl", "--silent", "--write-out", wanted, "--config", "-"]
        code, shown = run(command, "\n".join(lines) + "\n")
        text, _, end = shown.rpartition("\n")
        status, _, total = end.partition(" ")
        answer = _answer(to.host, path, code, text, status.replace("000", ""))
        return answer, int(total) if _COUNT.fullmatch(total) else 0

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        """The answer of a call, as `path_of` takes it. Raises Unanswered when there is none."""
        return self.call(path_of(self.repository, path), method, body)

    def login(self, account: int) -> str:
        """The login of an account now. Raises Unanswered where there is none of this number."""
        answer = self.call(self.endpoint.account.format(account))
        for row in answer.get("data", [answer]):
            return str(row["login"])
        raise Unanswered(say("The forge has no account {number}.", number=account), why="404")

    def every(self, path: str, hidden: int = 0) -> list[Any]:
        """All entries of a list. Raises Unanswered where it has no end, repeats itself, or is
        shorter than the forge counts it.

        Rows that this login may not see are left out of a page after it was cut, so an empty page
        ends no list by itself (met: line-comments, pending-of-others). `hidden`: how many may be
        left out; below 0: the forge counts those, too.
        """
        rows, page, longest, most = list[Any](), list[Any](), 1, 0
        joined = "&" if "?" in path else "?"
        for number in range(1, PAGES + 1):
            where = path_of(self.repository, f"{path}{joined}limit={LIMIT}&page={number}")
            before, (answer, total) = page, self._exchange(where)
            page, most = answer or [], max(most, total)
            if page and page == before:
                if most <= len(rows) and (most or len(page) != LIMIT):
                    return rows  # it knows no pages, and gave all at once
                break
            rows += page
            longest = max(longest, len(page))
            if not page and number * longest >= max(most, len(rows) + hidden + 1):
                if hidden >= 0 and len(rows) < most:
                    break
                return rows
        raise Unanswered(
            say("The list {path} of the forge is not whole.", path=path),
            say("Look at the forge, and at what stands between; the next round tries again."),
            "no-answer",
        )


def asker(forge: RemoteForge, environment: Mapping[str, str]) -> Ask | None:
    """Calls of a forge's API with the token of the environment; None: there is none for it."""
    code = code_of(forge.kind)
    endpoint = code.endpoint(forge.host, environment) if code else None
    return ForgeApi(forge.name, endpoint).ask if endpoint else None
