"""The sentence for each way in which a value can break its JSON Schema."""

from collections.abc import Mapping
from typing import Any

from pipeline.model.findings import Message, say

Sentence = tuple[Message, Message]
"""What is wrong, and what to do."""

_EXAMPLES: Mapping[str, str] = {"date": "2026-11-03", "date-time": "2026-11-03T09:30:00+08:00"}


def sentence(keyword: str, want: Any, key: str) -> Sentence:
    """The sentence for a schema keyword and its value; values of the draft are never echoed."""
    if keyword.startswith(("min", "max", "exclusive")):
        return _limit(keyword, want, key)
    match keyword:
        case "type":
            wanted = want if isinstance(want, str) else " | ".join(want)
            return (
                say("{key} has the wrong type.", key=key),
                say("Write a value of type {type}.", type=wanted),
            )
        case "enum" | "const":
            allowed = ", ".join(map(str, want)) if isinstance(want, list) else str(want)
            return (
                say("{key} has a value that is not allowed.", key=key),
                say("Choose one of: {allowed}.", allowed=allowed),
            )
        case "format":
            return (
                say("{key} is not a valid date or time.", key=key),
                say("Write it like {example}.", example=_EXAMPLES.get(str(want), str(want))),
            )
        case "pattern":
            return (
                say("{key} does not have the required form.", key=key),
                say("It must match {pattern}.", pattern=want),
            )
        case "uniqueItems":
            return (
                say("{key} holds the same entry twice.", key=key),
                say("Remove the repetition."),
            )
    return _other(keyword, key)


def _limit(keyword: str, want: Any, key: str) -> Sentence:
    match keyword:
        case "minLength" | "minItems" | "minProperties":
            return (
                say("{key} is empty or too short.", key=key),
                say("At least {count} are needed.", count=want),
            )
        case "maxLength" | "maxItems" | "maxProperties":
            return (
                say("{key} is too long.", key=key),
                say("At most {count} are allowed.", count=want),
            )
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return (
                say("{key} is out of range.", key=key),
                say("The limit is {limit}.", limit=want),
            )
    return _other(keyword, key)


def _other(keyword: str, key: str) -> Sentence:
    return (
        say("{key} does not satisfy its schema ({keyword}).", key=key, keyword=keyword),
        say("Compare it with the schema of its article under schemas/."),
    )
