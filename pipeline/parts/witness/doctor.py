"""All checks of one forge, and the commands that make a new repository pass them."""

from pipeline.model.brings import load
from pipeline.model.findings import Message, say
from pipeline.model.frozen import dataclass
from pipeline.model.part import program
from pipeline.parts.witness.settings import (
    Check,
    Checks,
    Expected,
    Flaw,
    ForgeSettings,
    NotRead,
    Settings,
)


def settings_of(kind: str) -> ForgeSettings:
    """What one of the program's forges is asked."""
    asked: ForgeSettings = load(program().forges[kind].settings)
    return asked


_OTHERWISE = say("The forge answered, and not as documented for the versions that we know.")


@dataclass(frozen=True)
class Examined:
    """The result of one check."""

    title: Message
    flaws: tuple[Flaw, ...]
    unread: Message | None = None
    """Why an answer that it needs is missing."""


def examine(
    settings: Settings, expected: Expected, checks: Checks | None = None
) -> tuple[Examined, ...]:
    """Every check of the forge, or some. Flaws found before a missing answer count."""
    every = settings_of(settings.forge).checks if checks is None else checks
    return tuple(_examined(title, check, settings, expected) for title, check in every)


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
        **settings_of(forge).fresh,
        "workflow-files": [{"path": p, "sha": blob} for p, blob in expected.workflows.items()],
        "workflows": {"workflows": []},
    }
    checks = examine(Settings(forge, host, repository, fresh), expected)
    return tuple(
        {str(f.remedy): f for one in reversed(checks) for f in reversed(one.flaws)}.values()
    )[::-1]
