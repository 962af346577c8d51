"""How characters sound, so that a reader may type pinyin or its first letters.

GB/T 2312 sorts its 3,755 common characters by their usual sound: the first character of every
sound is table enough. Others that notices use, or use with another sound, stand beside them. `ü`
is `u`; of a character with several sounds the table has one.
"""

import re
from bisect import bisect
from functools import cache
from pathlib import Path

_TABLE = (Path(__file__).parent / "site/assets/search_sounds.js").read_text("utf-8")
_FIRST, _RARE = _TABLE.split("`")[-2].split("\n\n")
_ENTRY = re.compile(r"([a-z]+)([^a-z\s]+)")
_BOUNDS: list[tuple[bytes, str]] = [
    (sign.encode("gb2312"), sound) for sound, sign in _ENTRY.findall(_FIRST)
]
_RARE_SOUNDS: dict[str, str] = {
    sign: sound for sound, signs in _ENTRY.findall(_RARE) for sign in signs
}
_END = b"\xd8"
"""The rows from here on are sorted by radical."""


@cache
def sound_of(sign: str) -> str:
    """The pinyin of a character, without a tone; empty when it is in no table."""
    code = sign.encode("gb2312", "ignore")
    if sign in _RARE_SOUNDS or len(code) != 2 or not _BOUNDS[0][0] <= code < _END:
        return _RARE_SOUNDS.get(sign, "")
    return _BOUNDS[bisect(_BOUNDS, code, key=lambda bound: bound[0]) - 1][1]


def initials(word: str) -> str:
    """The first letters of a word's sounds; empty unless all its characters have one."""
    sounds = [sound_of(sign) for sign in word]
    return "".join(sound[0] for sound in sounds) if all(sounds) else ""
