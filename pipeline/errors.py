"""Faults of operation: the only exceptions that reach a user, always with a remedy."""

from dataclasses import dataclass, field
from typing import ClassVar

from pipeline.model.findings import EXIT_FAULT, EXIT_USAGE, Message, say


@dataclass(eq=False)
class Fault(Exception):
    """No verdict can be given: what is wrong, where, and what to do next."""

    exit_code: ClassVar[int] = EXIT_FAULT
    message: Message
    remedy: Message | None = None
    name: str = field(default="", kw_only=True)
    """Of the finding that is told as a fault; empty: it comes from none."""

    def __str__(self) -> str:
        return str(self.message)


class BrokenRule(Fault):
    """A rule of an archive's own cannot be loaded: what stands is refused, a mend is not."""


class Misuse(Fault):
    """What was typed cannot be meant; nothing was done."""

    exit_code = EXIT_USAGE


def no_post(name: str) -> Fault:
    """That nothing is called so."""
    return Fault(
        say("There is no post {post}.", post=name),
        say(
            "A post is called as its folder under `content/posts`; `sanshen status` says on which"
            " branch it waits."
        ),
    )
