"""The text of the law, article by article: `content/regulation.md`, one heading each."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.errors import Fault
from pipeline.model.findings import say

REGULATION = "content/regulation.md"
_HEADING = re.compile(r"^### (第[一二三四五六七八九十]+条|附件)$", re.MULTILINE)
_SECTION_END = re.compile(r"^#{1,2} ", re.MULTILINE)
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")}


def articles_of(regulation: bytes) -> Iterator[tuple[str, tuple[str, str]]]:
    """(key, (heading, text)) of every article heading, in the order of the law.

    Raises Fault for bytes that are no UTF-8 or have the line ends of Windows.
    """
    if b"\r" in regulation:
        raise Fault(
            say("{path} has the line ends of Windows.", path=REGULATION),
            say("`git checkout -- {path}` restores it; let the editor save it with LF.",
                path=REGULATION),
        )  # fmt: skip
    try:
        text = regulation.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Fault(say("{path} is not UTF-8 text.", path=REGULATION)) from error
    found = list(_HEADING.finditer(text))
    for here, following in pairwise([*found, None]):
        assert here is not None
        body = text[here.end() : following.start() if following else len(text)]
        end = _SECTION_END.search(body)
        yield (
            _article_key(here[1]),
            (here[1], body[: end.start() if end else None].strip()),
        )


def _article_key(heading: str) -> str:
    """第十八条 → ``18``; 附件 → ``F``."""
    if heading == "附件":
        return "F"
    tens, _, units = heading[1:-1].rpartition("十")
    ten = (_DIGITS[tens] if tens else 1) if "十" in heading else 0
    return f"{ten * 10 + (_DIGITS[units] if units else 0):02d}"
