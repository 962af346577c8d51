"""Numbers that look private and belong to nobody, made when a corpus is read.

A stored corpus holds places such as ``{identity:7:spaced}`` only. Identity numbers get the county
codes 0000 to 0009, which no county has, the birthday 1900-01-01 and the sequence 000; mobiles the
unassigned prefixes 142 and 154 with zeros behind them (and 13800138000, an operator's service
number); bank cards the issuer 620000 and zeros; credit codes the authority and region zero.
"""

import re
from collections.abc import Callable

PROVINCES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54"
    " 61 62 63 64 65 71 81 82"
).split()
_PLACE = re.compile(
    r"\{(identity|mobile|card16|card19|credit|old|hex)(?::(\d+))?(?::([a-z0-9-]+))?\}"
)
_SPOKEN = str.maketrans("0123456789", "零一二三四五六七八九")
_ROUND = str.maketrans("0123456789", "〇一二三四五六七八九")
_FORMAL = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
_WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789Xx"}
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BETWEEN = {
    "spaced": " ", "hyphen": "-", "dotted": ".", "middle": "·", "ideographic": "\u3000",
    "en-dash": "–",
}  # fmt: skip
_SLIPS: dict[str, Callable[[str], str]] = {
    "wrong": lambda made: made[:-1] + ("1" if made[-1] == "0" else "0"),
    "ohs": lambda made: made[:4] + made[4:].replace("0", "O", 1),
    "short": lambda made: made[:-1],
    "long": lambda made: f"{made}0",
}
"""What a hurried clerk types: a wrong last sign, a letter O, a sign too few, a sign too many."""
GROUPS = {"identity": (6, 8), "mobile": (3, 4), "card16": (4, 4, 4), "card19": (4, 4, 4, 4)}


def identity(n: int) -> str:
    """An identity number with a right check sign (GB 11643)."""
    head = f"{PROVINCES[n % len(PROVINCES)]}000{n // len(PROVINCES) % 10}19000101000"
    total = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(head))
    return head + "10X98765432"[total % 11]


def mobile(n: int) -> str:
    if n == 0:
        return "13800138000"
    return f"{('142', '154')[n % 2]}0000{n % 10000:04d}"


def card(n: int, length: int) -> str:
    """A card number with a right check digit (ISO/IEC 7812)."""
    head = f"620000{n:0{length - 7}d}"
    doubled = sum(sum(divmod(2 * int(d), 10)) for d in head[::-2])
    return f"{head}{-(doubled + sum(map(int, head[-2::-2]))) % 10}"


def credit(n: int) -> str:
    """A unified social credit code with a right check sign (GB 32100)."""
    head = f"91000000{'MA' if n % 3 else '00'}{n:07d}"
    total = sum(_CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(head))
    return head + _CREDIT[(31 - total % 31) % 31]


def fill(text: str) -> str:
    """The text with every place filled, the same on any day."""
    return _PLACE.sub(lambda m: _written(m[1], int(m[2] or 0), m[3] or ""), text)


def _written(kind: str, n: int, style: str) -> str:
    made = {
        "identity": identity,
        "mobile": mobile,
        "card16": lambda i: card(i, 16),
        "card19": lambda i: card(i, 19),
        "credit": credit,
        "old": lambda i: f"{PROVINCES[i % len(PROVINCES)]}000000010100{i % 10}",
        "hex": lambda i: f"{i * 2654435761 % 2**64:016x}{i * 40503 % 2**64:016x}",
    }[kind](n)
    slip, _, rest = style.partition("-")
    if slip in _SLIPS:
        made, style = _SLIPS[slip](made), rest
    if style in _BETWEEN:
        return _BETWEEN[style].join(_grouped(made, GROUPS[kind]))
    match style:
        case "wide-hyphen":
            return "－".join(_grouped(made.translate(_WIDE), GROUPS[kind]))
        case "single":
            return " ".join(made)
        case "zero-width":
            return "\u200b".join(made)
        case "wide":
            return made.translate(_WIDE)
        case "spoken":
            return made.translate(_SPOKEN)
        case "round":
            return made.translate(_ROUND)
        case "formal":
            return made.translate(_FORMAL)
        case "lower":
            return made.lower()
        case "masked":
            return made[:3] + "*" * (len(made) - 7) + made[-4:]
        case "crossed":
            return made[:4] + "×" * (len(made) - 6) + made[-2:]
    return made


def _grouped(value: str, sizes: tuple[int, ...]) -> list[str]:
    parts, at = [], 0
    for size in sizes:
        parts.append(value[at : at + size])
        at += size
    return [*parts, value[at:]]
