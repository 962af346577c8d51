"""An allowed_signers file that a reader brings (ssh-keygen(1), ALLOWED SIGNERS).

Read strictly: a restriction that ssh-keygen honours (another namespace, a certificate authority, an
end) must never count for more here. So a line that this reader does not understand is a fault, not
a guess. Times without a Z are Beijing time, as everywhere.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import say
from pipeline.model.ids import PersonId

_BLANK: Final = " \t\r"
"""What separates words for ssh-keygen; only a newline separates lines."""
_LINE: Final = re.compile(
    r'(?P<who>[^\s"]+)[ \t\r]+(?:(?P<options>(?:[^\s"]|"[^"]*")+)[ \t\r]+)?'
    r"(?P<kind>(?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)[ \t\r]+(?P<key>[A-Za-z0-9+/=]+)(?:[ \t\r].*)?"
)
_OPTION: Final = re.compile(r'([a-z-]+)(?:="([^"]*)")?(?:,(?!\Z)|\Z)')
_PLAIN: Final = re.compile(r"[^*?!,]+")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""ssh-keygen takes no time up to this one."""
_TIMES: Final = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


@dataclass(frozen=True)
class Signer:
    """A person and a key that signs for them."""

    person: PersonId
    line: str
    """Algorithm and key, without a comment."""
    start: datetime | None = None
    end: datetime | None = None
    """The first moment at which the key no longer signs."""

    def signs(self, person: PersonId, line: str, moment: datetime) -> bool:
        """Whether this is the person's key and is valid at a moment."""
        begun = self.start is None or self.start <= moment
        return (
            (self.person, self.line) == (person, line)
            and begun
            and (self.end is None or moment < self.end)
        )


def read_signers(text: str, namespace: str) -> Collection[Signer]:
    """Those who may sign in a namespace. Raises Fault for a line that cannot be used."""
    lines = ((n, line.strip(_BLANK)) for n, line in enumerate(text.split("\n"), 1))
    signers = (_signer(n, line, namespace) for n, line in lines if line and line[0] != "#")
    return tuple(signer for signer in signers if signer)


def _signer(number: int, line: str, namespace: str) -> Signer | None:
    """The signer of a line; None when the line is for another namespace."""
    match = _LINE.fullmatch(line)
    if match is None or not _PLAIN.fullmatch(match["who"]):
        raise _unusable(number)
    options = dict(_options(match["options"] or "", number))
    spaces = options.pop("namespaces", namespace).split(",")
    times = (options.pop(name, None) for name in ("valid-after", "valid-before"))
    start, end = (_time(text, number) for text in times)
    if options or not all(map(_PLAIN.fullmatch, spaces)):
        raise _unusable(number)
    key = f"{match['kind']} {match['key']}"
    return Signer(PersonId(match["who"]), key, start, end) if namespace in spaces else None


def _options(text: str, number: int) -> Iterator[tuple[str, str]]:
    at, seen = 0, set[str]()
    while at < len(text):
        match = _OPTION.match(text, at)
        if match is None or match[1] in seen or match[2] is None:
            raise _unusable(number)
        seen.add(match[1])
        yield match[1], match[2]
        at = match.end()


def _time(text: str | None, number: int) -> datetime | None:
    if text is None:
        return None
    digits, zone = text.removesuffix("Z"), UTC if text.endswith("Z") else SHANGHAI
    try:
        moment = datetime.strptime(digits, _TIMES[len(digits)]).replace(tzinfo=zone)
    except (KeyError, ValueError) as error:
        raise _unusable(number) from error
    if moment <= _EPOCH:
        raise _unusable(number)
    return moment


def _unusable(number: int) -> Fault:
    return Fault(
        say("Line {n} of the allowed_signers file cannot be used.", n=number),
        say(
            "Write a person, namespaces, valid-after and valid-before, and the key: no patterns, "
            "no other options."
        ),
    )
