"""Characters that a text can hold and no reader sees."""

import re

_PLANES_END = "".join(chr(p << 16 | end) for p in range(17) for end in (0xFFFE, 0xFFFF))
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200c\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    rf"\ufdd0-\ufdef{_PLANES_END}]"
)
"""Unicode's Default_Ignorable_Code_Point, noncharacters (The Unicode Standard, 23.7) and controls,
but tab, newline, the joiner U+200D and the variation selectors, which emoji need
(https://www.unicode.org/reports/tr44/)."""


_USUAL = re.compile(r"[\n\t -~\u2010-\u2027\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]*")
"""What nearly every text consists of, none of it hidden; a match takes half the time."""


def hidden_in(text: str) -> re.Match[str] | None:
    """The first character of a text that is not seen."""
    return None if _USUAL.fullmatch(text) else HIDDEN.search(text)
