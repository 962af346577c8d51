"""Values that a command needs: as given, or asked of whoever sits at the terminal."""

import re
from collections.abc import Mapping
from typing import Any

import click

from pipeline.cli.session import Session
from pipeline.errors import Fault
from pipeline.model.findings import Message, say


def ask(session: Session, option: str, given: Any, question: Message) -> str:
    """The value given, or the answer of whoever sits at the terminal."""
    if given not in (None, ""):
        return str(given)
    if not session.attended:
        raise Fault(
            say("--{option} is needed.", option=option),
            say("Give it, or run `sanshen new` in a terminal: it asks."),
        )
    return str(click.prompt(session.tr(question), err=True))


def choose(
    session: Session,
    option: str,
    given: Any,
    question: Message,
    allowed: list[Any],
    words: Mapping[Any, str] | None = None,
) -> str:
    """As `ask`, from a closed list; in Chinese with the word that readers know for each code."""
    names = [str(a) for a in allowed]
    known = words if words and session.language == "zh" else {}
    told = ", ".join(f"{a} {known[a]}" if a in known else str(a) for a in allowed)
    answer = ask(
        session, option, given, say("{question} ({allowed})", question=question, allowed=told)
    )
    if answer not in names:
        raise Fault(
            say("{key} has a value that is not allowed.", key=option),
            say("Choose one of: {allowed}.", allowed=", ".join(names)),
        )
    return answer


def several(answer: str) -> list[str]:
    """What was typed with commas between, Chinese ones too."""
    return [part.strip() for part in re.split("[,，、]", answer) if part.strip()]
