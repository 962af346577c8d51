"""Numbers of official documents in another form than 国办发〔2018〕123号 (GB/T 9704-2012, 7.2.5).

The year stands in full between hexagonal brackets, and the serial has neither 第 nor a zero
before it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.findings import Message, say
from pipeline.model.regex import regex

_ISSUER = regex(
    r"[\u4e00-\u9fff][发办函字令秘通检规批复电告政委综监防安消救灾指呈报议罚急管府党组](\s*)$"
)
_NUMBER = regex(
    r"(?P<open>[〔\[［【(（﹝〈<{])\s*+(?P<year>[12]?\d?\d\d)\s*+(?P<nian>年?)\s*+"
    r"(?P<close>[〕\]］】)）﹞〉>}])\s*+(?P<di>第?)\s*+(?P<serial>\d{1,5})\s*(?P<hao>号|期|次)?"
    r"(?!楼|线|院|门|仓|台风|岗|机|井|桥|路|窑|库|公路|高速|国道|地块|车|船|\d|年|月|日|人|起|名|米|个|%)"
)
_SPACED = regex(r"\s")


@dataclass(frozen=True)
class WrongNumber:
    """A document number at its place, with what is wrong of its form."""

    start: int
    end: int
    why: Message


def wrong_document_numbers(text: str) -> tuple[WrongNumber, ...]:
    """Every malformed number in order; offsets into the text as it is, from its bracket on."""
    return tuple(
        WrongNumber(m.start(), m.end(), why)
        for m in _NUMBER.finditer(text)
        if (issuer := _ISSUER.search(text, max(0, m.start() - 4), m.start()))
        for why in _why(m, bool(issuer[1]))
    )


def _why(m: re.Match[str], apart: bool) -> Iterator[Message]:
    """The first thing that is wrong, most telling first."""
    if not m["hao"] and m["open"] != "〔":
        return
    if (m["open"], m["close"]) != ("〔", "〕"):
        yield say("The year of a document number stands between 〔 and 〕.")
    elif len(m["year"]) != 4 or m["nian"]:
        yield say("The year of a document number has four digits and nothing else.")
    elif m["di"]:
        yield say("A document number has no 第 before its serial.")
    elif m["serial"].startswith("0"):
        yield say("The serial of a document number begins with no zero.")
    elif m["hao"] != "号":
        yield say("A document number ends in 号.")
    elif apart or _SPACED.search(m[0]):
        yield say("A document number holds no space.")
