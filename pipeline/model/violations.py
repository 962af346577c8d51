"""The sentence for each way in which a value can break its JSON Schema."""

from collections.abc import Mapping
from typing import Any

from pipeline.model.findings import Message, say

Sentence = tuple[Message, Message]
"""What is wrong, and what to do."""

_TYPES: Mapping[str, Message] = {
    "string": say("text"),
    "integer": say("a whole number"),
    "number": say("a number"),
    "boolean": say("true or false"),
    "array": say("a list, each entry on a line of its own after `- `"),
    "object": say("keys and values"),
    "null": say("nothing"),
}
_SOMETHING = say("Write something there.")
_NAME = say("Write its id, not its name: small letters, digits and hyphens.")
_FILE = say("Use letters, digits, dots, hyphens and underscores.")
_ONE_LINE = say("Write it on one line, with no blank before or after.")
_WEB = say("Write a whole address that begins with https://.")
_FORMS: Mapping[str, Message] = {
    r"\S": _SOMETHING,
    r"^[a-z0-9][a-z0-9-]*$": _NAME,
    r"^[a-z0-9][a-z0-9-]{0,63}$": _NAME,
    r"^[a-z0-9-]{1,64}$": _NAME,
    r"^[a-z0-9]+(-[a-z0-9]+)*$": _NAME,
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": _FILE,
    r"^(?=.*\S)[^\n\t]+$": _ONE_LINE,
    r"^[^\n\t]+$": _ONE_LINE,
    r"^\S(.*\S)?$": _ONE_LINE,
    r"^https?://[^\s/]+": _WEB,
    r"^https://[^\s]+$": _WEB,
    r"^[A-Za-z0-9][A-Za-z0-9._-]*\.txt$": say("Write the name of a file that ends in .txt."),
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}-[a-z0-9]+(-[a-z0-9]+)*$": say(
        "Write the id of a post, which is the name of its folder: 2026-11-03-gas-safety."
    ),
}
"""What people are told in place of a regular expression."""
_EXAMPLES: Mapping[str, str] = {"date": "2026-11-03", "date-time": "2026-11-03T09:30:00+08:00"}


def sentence(keyword: str, want: Any, key: str) -> Sentence:
    """The sentence for a schema keyword and its value; values of the draft are never echoed."""
    if keyword.startswith(("min", "max", "exclusive")):
        return _limit(keyword, want, key)
    match keyword:
        case "type":
            first, *more = [want] if isinstance(want, str) else want
            remedy = say("Write {type}.", type=_TYPES[first])
            if more:
                remedy = say("Write {type} or {other}.", type=_TYPES[first], other=_TYPES[more[0]])
            return say("{key} has the wrong type.", key=key), remedy
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
                _FORMS.get(str(want)) or say("It must match {pattern}.", pattern=want),
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
