"""All checks of one forge, and the commands that make a new repository pass them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from pipeline.model.findings import Message, say
from pipeline.parts.gitea import settings as gitea
from pipeline.parts.github import settings as github
from pipeline.parts.witness.settings import Expected, Flaw, NotRead, Settings

FORGES: dict[str, ModuleType] = {"github": github, "gitea": gitea}
"""Forges whose reviews can be witnessed; Forgejo answers as Gitea does."""
Check = Callable[[Settings, Expected], Iterator[Flaw]]
SIGNED_ONLY = {
    "gitlab": say(
        "GitLab's approvals name no commit: nothing tells what was approved. Here reviews count"
        " signed only (`sanshen approve`)."
    ),
    "gitee": say(
        "Gitee's reviews know acceptance alone and name no commit. Here reviews count signed only"
        " (`sanshen approve`)."
    ),
}


_OTHERWISE = say("The forge answered, and not as documented for the versions that we know.")


@dataclass(frozen=True)
class Examined:
    """The result of one check."""

    title: Message
    flaws: tuple[Flaw, ...]
    unread: Message | None = None
    """Why an answer that it needs is missing."""


def examine(settings: Settings, expected: Expected, checks: str = "CHECKS") -> tuple[Examined, ...]:
    """Every check of the forge, or those of another list of its module. Flaws found before a
    missing answer count."""
    return tuple(
        _examined(title, check, settings, expected)
        for title, check in getattr(FORGES[settings.forge], checks)
    )


def _examined(title: Message, check: Check, settings: Settings, expected: Expected) -> Examined:
    flaws: list[Flaw] = []
    try:
        flaws.extend(check(settings, expected))
    except NotRead as unread:
        return Examined(title, tuple(flaws), unread.reason)
    except (KeyError, TypeError, AttributeError):
        return Examined(title, tuple(flaws), _OTHERWISE)
    return Examined(title, tuple(flaws))


def setup(forge: str, host: str, repository: str, expected: Expected) -> tuple[Flaw, ...]:
    """What a new repository needs: the flaws of a fresh one, each remedy once."""
    fresh = {
        **FORGES[forge].FRESH,
        "workflow-files": [{"path": p, "sha": blob} for p, blob in expected.workflows.items()],
        "workflows": {"workflows": []},
    }
    checks = examine(Settings(forge, host, repository, fresh), expected)
    return tuple(
        {str(f.remedy): f for one in reversed(checks) for f in reversed(one.flaws)}.values()
    )[::-1]
