"""Regular expressions that are compiled lazily.

Most of those that look into a text wait for a word that nearly no text has: to compile all of
them took a seventh of a short run's start, and four in five were never asked.
"""

import re
from typing import Any, AnyStr, cast

HAN = r"[^\W\d_A-Za-z]"
"""A Chinese sign, or one of another script but Latin: a range of 27,000 takes 2 ms to compile."""


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`; a wrong pattern raises on first use."""
    return cast("re.Pattern[AnyStr]", _LazyPattern(pattern, flags))


class _LazyPattern:
    """Has the methods of a pattern: each compiles it, and is then the compiled one's own."""

    def __init__(self, pattern: Any, flags: int) -> None:
        self._wanted = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):  # a copy asks for what it is made of before it has it
            raise AttributeError(name)
        compiled = re.compile(*self._wanted)
        self.__dict__ |= {n: getattr(compiled, n) for n in dir(compiled) if not n.startswith("_")}
        return getattr(compiled, name)
