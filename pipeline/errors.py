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
