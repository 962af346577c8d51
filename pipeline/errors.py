"""Faults of operation: the only exceptions that reach a user (exit 1), always with a remedy."""

from dataclasses import dataclass

from pipeline.model.findings import Message


@dataclass(eq=False)
class Fault(Exception):
    """No verdict can be given: what is wrong, where, and what to do next."""

    message: Message
    remedy: Message | None = None

    def __str__(self) -> str:
        return str(self.message)


class Again(BaseException):
    """What an earlier run kept turns out to be gone: the run begins again without it.

    No `Exception`, because a clause that fails refuses, and this is no clause's failure.
    """
