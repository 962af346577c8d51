"""git as a process: the one module that starts it (GitPython).

Replace refs and grafts are off, because both show other bytes than the ones that were signed
(threats A18; https://git-scm.com/docs/git-replace).
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from typing import cast

import git
from git.exc import GitCommandError

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.source.objects import Process

ENVIRONMENT = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",
}


@dataclass(frozen=True)
class Asking:
    """Asks git about one repository."""

    repo: git.Repo

    def git(
        self,
        command: str,
        *arguments: str,
        ok: tuple[int, ...] = (0,),
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
    ) -> bytes:
        try:
            with TemporaryFile() as given:
                given.write(stdin)
                given.seek(0)
                status, out, error = self.repo.git.execute(
                    ["git", command, *arguments],
                    istream=given,
                    env=env,
                    with_extended_output=True,
                    with_exceptions=False,
                    stdout_as_string=False,
                    strip_newline_in_stdout=False,
                )
        except (GitCommandError, OSError) as problem:
            raise Fault(say("git {command} could not run.", command=command)) from problem
        if status not in ok:
            raise _failed(command, error)
        return bytes(out) if isinstance(out, bytes) else out.encode()

    def begin(self, command: str, *arguments: str) -> Callable[[], bytes]:
        """As `git`, which works while this process goes on; its answer when it is asked for."""
        asked = ["git", command, *arguments]
        try:
            running = cast(Popen[bytes], self.repo.git.execute(asked, as_process=True))
        except (GitCommandError, OSError) as problem:
            raise Fault(say("git {command} could not run.", command=command)) from problem

        def answer() -> bytes:
            out, error = running.communicate()
            if running.returncode:
                raise _failed(command, error)
            return out

        return answer


def _failed(command: str, error: str | bytes) -> Fault:
    return Fault(
        say("git {command} failed: {error}", command=command, error=_first_line(error)),
        say("Check the repository with `git status` and `git fsck`."),
    )


_WINDOWS = ("-c", "core.packedGitWindowSize=8m", "-c", "core.packedGitLimit=64m")
"""How much of packs git holds in memory, in each of the processes that read: by default all."""


def reader(repo: git.Repo) -> Process:
    """A process that reads objects by id (`objects.Objects`)."""
    asked = ["git", *_WINDOWS, "cat-file", "--batch-command", "--buffer"]
    return cast(Process, repo.git.execute(asked, istream=PIPE, as_process=True))


def committer() -> str:
    """Who git would name as committer here; empty when it does not know (git-var(1))."""
    try:
        return str(
            git.Git().execute(
                ["git", "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT"]
            )
        )
    except (GitCommandError, OSError):
        return ""


def _first_line(text: str | bytes) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return words.strip().split("\n")[0][:200]
