"""Private numbers in a folded text: identity cards, mobiles, bank cards, landlines, bad masks."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from pipeline.detect.classes import classes
from pipeline.model.lazy import regex

# Digits that stand together in a folded text, and where a number may begin and end.
#
# Digits may be Chinese (一三八…, 壹叁捌…) and parted by spaces, dots, hyphens or brackets. A number
# begins and ends where a group of digits does, so that no part of a longer one is taken for it.

CHINESE = "〇○零一二三四五六七八九壹贰叁肆伍陆柒捌玖幺"
_VALUES = str.maketrans(CHINESE, "0001234567891234567891")
PART = r" /\t\u00a0\u3000\-\u2010-\u2015\u2212\uff0d\uff0e·•・._()（）"
"""What may part the digits of one number, as the inside of a character class."""
SHORTEST = 7
TABLE = 200
"""In longer runs, which are tables of figures, single digits do not read as one number."""
RUN = regex(rf"[0-9{CHINESE}](?:[{PART}]{{0,3}}+[0-9{CHINESE}]){{{SHORTEST - 1},}}+")
"""Every run of seven digits or more. A digit parts nothing, so there is nothing to go back to."""


@dataclass(frozen=True)
class DigitRun:
    """Digits, the offset of each in the text, and the cuts between their groups."""

    text: str
    digits: str
    at: Sequence[int]
    cuts: Sequence[int]
    """Places in `digits`, from 0 to its length, where a group begins or ends."""

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets in the text of the digits from `first` to `last` (excluded)."""
        return self.at[first], self.at[last - 1] + 1

    def between(self, least: int, most: int) -> Sequence[int]:
        """The cuts from `least` to `most`, both included."""
        return self.cuts[bisect_left(self.cuts, least) : bisect_right(self.cuts, most)]

    def groups(self, first: int, last: int) -> tuple[int, ...]:
        """Sizes of the groups: (3, 4, 4) of ``138 0013 8000``; a change of script parts none."""
        inside = self.between(first + 1, last - 1)
        ends = [c for c in inside if self.at[c] > self.at[c - 1] + 1]
        return tuple(b - a for a, b in pairwise([first, *ends, last]))

    def parts(self, first: int, last: int) -> frozenset[str]:
        """The signs between the digits."""
        start, end = self.span(first, last)
        return frozenset(self.text[start:end]) - self.signs

    @cached_property
    def signs(self) -> frozenset[str]:
        return frozenset(self.text[i] for i in self.at)

    def before(self, first: int, reach: int = 16) -> str:
        """What stands before on the same line."""
        start = self.at[first]
        return self.text[max(0, start - reach) : start].rpartition("\n")[2]

    def after(self, last: int, reach: int = 12) -> str:
        """What follows on the same line."""
        end = self.at[last - 1] + 1
        return self.text[end : end + reach].partition("\n")[0]


def run_of(match: re.Match[str]) -> DigitRun:
    """The run that a match of `RUN` is."""
    text, places = match.string, range(*match.span())
    at = [i for i in places if text[i].isdecimal() or text[i] in CHINESE]
    cuts = [
        n
        for n, (one, two) in enumerate(pairwise(at), 1)
        if two > one + 1 or text[one].isdecimal() != text[two].isdecimal()
    ]
    if len(at) > TABLE:
        cuts = [c for b, c, d in zip([0, *cuts], cuts, [*cuts[1:], len(at)], strict=False)
                if max(c - b, d - c) > 2]  # fmt: skip
    digits = "".join(text[i] for i in at).translate(_VALUES)
    return DigitRun(text, digits, at, (0, *cuts, len(at)))


Span = tuple[str, int, int, bool]
"""(kind, start, end, certain)"""
Judged = tuple[str, bool] | None
LONGEST_CARD = 20
"""Digits of a disabled person's card: the identity number and two more."""

_WORDS = classes("private_numbers", chinese=CHINESE)
_PROVINCE = regex(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
"""GB/T 2260 by province alone: county codes change, and a table refuses real ones."""
_CREDIT = {sign: n for n, sign in enumerate("0123456789abcdefghjklmnpqrtuwxy")}
_CREDIT_WEIGHTS = tuple(pow(3, n, 31) for n in range(17))

_DATED = regex(r"20\d\d/20\d\d-\d\d-\d\d")
"""A post's year and day, as in all its paths."""
_PHONE_REACH = 8
"""Signs before a number without area code among which such a word stands."""
_LETTERS = regex(r"[a-z]+$")
_GLUED = frozenset({"tel", "phone", "mobile", "mob", "call", "sms", "wx", "vx", "qq", "id", "no"})
"""Letters right before a number that do not make it part of a longer code."""
_ADDRESS = regex(r"(?:https?://|www\.)[!-~]*$")
_CALL = regex(r"(?:tel|sms|mobile|phone|call)[:=/+]*$")

_BROKEN = regex(r"(\d(?<![\d.\-].)\d{3,14}) ?\n[ >|*]{0,3}(\d{2,14}x?)(?![\d.])")
"""A number that goes on in the next line."""
_MOBILE = regex(r"(0086|86|0)?1[3-9]\d{9}")
_MOBILE_GROUPS = frozenset(
    [(11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (5, 6), (1,) * 11]
)
_CALLS = "身份证|身份号码|公民身份|id card|银行卡|储蓄卡|卡号|手机|电话|联系"
_CALLED = regex(_CALLS)
_LABELLED = regex(
    rf"(?P<label>{_CALLS})[^，。；、\d\n]{{0,8}}?(?P<number>[0-9](?:[{PART}]?[0-9ox]){{8,19}})(?![{PART}]?[0-9a-z*×●█])"
)
"""A label, and digits behind it with a letter O or X among them, as `_misspelt` reads them."""
_SIGNS = regex(rf"[0-9](?:[{PART}]?[0-9ox]){{8,19}}")
_LABELS = {**dict.fromkeys("银储卡", "bank-card"), **dict.fromkeys("手电联", "mobile")}
_LENGTHS = {"identity": (15, 18), "mobile": (11,), "bank-card": (16, 19)}
_MOBILE_HEAD = regex(r"(?:86)?1[3-9]")
_AREA = regex(r"0(?:10|2\d|[3-9]\d\d)")
_STARS = regex(r"[*×●█x][*×●█x]*")
_HEAD, _TAIL = regex(r"\d+$"), regex(r"\d*")
_LISTED = regex(r"\n[ >*|\-]{0,4}\d{1,2}\.$")
_MAY_FOLLOW = regex(r"(?![a-z0-9])")


def private_numbers(text: str) -> Iterator[Span]:
    """Every private number of a folded text (GB 11643, YD/T mobile numbers, ISO/IEC 7812)."""
    for match in RUN.finditer(text):
        if _may_hold(match):
            yield from _in_run(run_of(match))
    yield from _misspelt(text)
    for name in ("spoken mobile", "broken mobile"):
        for m in _WORDS[name].finditer(text):
            yield "mobile", *m.span(m.lastgroup or 0), True
    for m in _WORDS["parted identity"].finditer(text):
        if _is_identity("".join(filter(str.isalnum, m[0]))):
            yield "identity", *m.span(), True
    for m in _BROKEN.finditer(text):
        number, before = m[1] + m[2], text[max(0, m.start() - 30) : m.start()]
        about = _WORDS["card"].search(before) or _WORDS["bank"].search(before)
        if _is_identity(number):
            yield "identity", *m.span(), True
        elif about and 16 <= len(number) <= 19 and number.isdecimal() and _luhn(number):
            yield "bank-card", *m.span(), True


def weak_masks(text: str) -> Iterator[tuple[str, int, int]]:
    """Masked numbers that show too much, in a folded text that keeps its stars."""
    for stars in _STARS.finditer(text):
        if stars[0] == "x" or not text[max(0, stars.start() - 1)].isdecimal():
            continue  # a single x is the check sign of an identity number
        head = _HEAD.search(text[max(0, stars.start() - 20) : stars.start()])
        tail = _TAIL.match(text, stars.end())
        if head and tail and _too_plain(head[0], len(stars[0]), tail[0]):
            yield "weak-mask", stars.start() - len(head[0]), tail.end()


def _misspelt(text: str) -> Iterator[Span]:
    """What a label calls a private number although a sign is too many, too few or a letter O."""
    for signs in _SIGNS.finditer(text) if _CALLED.search(text) else ():
        label = _CALLED.search(text, max(0, signs.start() - 20), signs.start())
        m = label and _LABELLED.search(text, max(0, signs.start() - 20), signs.end() + 2)
        if not m:
            continue
        number = "".join(c for c in m["number"] if c.isalnum()).translate(_VALUES)
        kind = _LABELS.get(m["label"][0], "identity")
        digits = number.replace("o", "0")
        spoilt = number != digits or len(digits) not in _LENGTHS[kind]
        near = min(abs(len(digits) - length) for length in _LENGTHS[kind]) < 2
        sound = "x" not in digits[:17] and (kind != "mobile" or _MOBILE_HEAD.match(digits))
        if near and spoilt and sound:
            yield kind, *m.span("number"), False


def _may_hold(match: re.Match[str]) -> bool:
    """Whether a number may be in a run; most runs are dates, and too costly to be looked into.

    Ten signs hold a landline at most, and one without a gap behind its area code, which needs a
    word such as 电话 before it.
    """
    start, end = match.span()
    near = max(0, start - _PHONE_REACH)
    longer = end - start > 10 and not _DATED.fullmatch(match[0])
    return longer or _WORDS["phone"].search(match.string, near, start) is not None


def _in_run(run: DigitRun) -> Iterator[Span]:
    """The longest number from each cut on; the next begins behind it."""
    done = 0
    for first in run.cuts[:-1]:
        if first < done or not _begins(run, first):
            continue
        least = SHORTEST if first == 0 else SHORTEST + 3
        for last in reversed(run.between(first + least, first + LONGEST_CARD)):
            if span := _judge(run, first, last):
                yield span
                done = last
                break


def _begins(run: DigitRun, first: int) -> bool:
    """Whether a number may begin here: no letter stands before it, or a label such as ``tel``."""
    start = run.at[first]
    sign = run.text[start - 1] if start else " "
    if not (sign.isascii() and sign.isalpha()):
        return True
    glued = _LETTERS.search(run.before(first, 24))
    return (
        not glued
        or glued[0] in _GLUED
        or (len(glued[0]) == 1 and _is_identity((run.digits[first:] + "x")[:18]))
    )


def _judge(run: DigitRun, first: int, last: int) -> Span | None:
    if last - first == 17:
        x = re.match(rf"[{PART}]{{0,2}}[x×](?:\d\d)?(?![a-z0-9])", run.after(last))
        judged = _identity(run, first, run.digits[first:last] + "x") if x else None
        if judged and x:
            start, end = run.span(first, last)
            return (judged[0], start, end + x.end(), judged[1])
    for judge in _JUDGES_OF[last - first]:
        if judged := judge(run, first, last):
            start, end = run.span(first, last)
            return (
                (judged[0], start, end, judged[1]) if _MAY_FOLLOW.match(run.after(last)) else None
            )
    return None


def _identity18(run: DigitRun, first: int, last: int) -> Judged:
    disabled = last - first == LONGEST_CARD and "残疾" in run.before(first)
    return (
        _identity(run, first, run.digits[first:][:18]) if disabled or last - first == 18 else None
    )


def _identity(run: DigitRun, first: int, number: str) -> Judged:
    """18 signs with province, birthday and check sign (GB 11643: ISO 7064, MOD 11-2)."""
    if not _PROVINCE.match(number) or not _is_day(number[6:14]):
        return None
    if _is_identity(number):
        credit = _WORDS["credit code"].search(run.before(first)) and _is_credit_code(number)
        return None if credit else ("identity", True)
    # A wrong check sign may be a typing error in a real number: the words before decide.
    if _WORDS["identity"].search(run.before(first)):
        return "identity", True
    serial = _is_credit_code(number) or _WORDS["serial"].search(run.before(first))
    return None if serial else ("identity", False)


def _is_identity(number: str) -> bool:
    """Whether birthday and check sign are right, as behind the T of a permit to work."""
    if len(number) != 18 or not _PROVINCE.match(number) or not _is_day(number[6:14]):
        return False
    right = sum(int(d) << (17 - n) for n, d in enumerate(number[:17])) % 11
    return "10x98765432"[right] == number[17]


def _identity15(run: DigitRun, first: int, last: int) -> Judged:
    number = run.digits[first:last]
    old = len(number) == 15 and _PROVINCE.match(number) and _is_day(f"19{number[6:12]}")
    if not old or run.groups(first, last) not in ((15,), (6, 9), (6, 6, 3)):
        return None
    called = bool(_WORDS["identity"].search(run.before(first)))
    serial = _WORDS["serial"].search(run.before(first))
    return ("identity-old", called) if called or not serial else None


def _mobile(run: DigitRun, first: int, last: int) -> Judged:
    number = _MOBILE.fullmatch(run.digits, first, last)
    if not number:
        return None
    start = first + len(number[1] or "")
    before = run.before(first)
    if (
        _is_fraction(run, start)
        or _WORDS["quantity"].match(run.after(last))
        or re.search(r"[￥¥$]\s*$", before)
    ):
        return None
    if _ADDRESS.search(run.before(first, 200)):
        return "mobile", bool(_CALL.search(before))
    groups = run.groups(start, last)
    called = _WORDS["phone"].search(before)
    usual = called or (
        groups in _MOBILE_GROUPS and (run.parts(start, last) != {"."} or groups == (3, 4, 4))
    )
    if "." in run.parts(start, last) and not usual:
        return None
    if _WORDS["serial"].search(before) and not called:
        return None
    return "mobile", bool(usual)


def _is_fraction(run: DigitRun, first: int) -> bool:
    """Behind a decimal point; the point of a list's ``1.`` at the beginning of a line is none."""
    at = run.at[first]
    before = run.text[max(0, at - 8) : at] if at > 8 else "\n" + run.text[:at]
    return bool(re.search(r"\d\.$", before)) and not _LISTED.search(before)


def _card(run: DigitRun, first: int, last: int) -> Judged:
    """16 to 19 digits with Luhn's check digit, after words of cards or with UnionPay's 62."""
    number = run.digits[first:last]
    groups = run.groups(first, last)
    usual = len(groups) == 1 or set(groups[:-1]) in ({4}, {6}) or set(groups) == {1}
    if not (usual or _luhn(number)) or _WORDS["quantity"].match(run.after(last)):
        return None
    before = run.before(first, 24)
    if _WORDS["credit code"].search(before) or (len(number) == 18 and _is_credit_code(number)):
        return None
    about = bool(_WORDS["card"].search(before)), bool(_WORDS["bank"].search(before))
    if _WORDS["serial"].search(before) and not any(about):
        return None
    if not _luhn(number):
        return ("bank-card", False) if usual and any(about) else None
    if any(about) or number.startswith("62"):
        return "bank-card", usual and not _ADDRESS.search(run.before(first, 200))
    return ("bank-card", False) if usual and number[0] in "3456" else None


def _landline(run: DigitRun, first: int, last: int) -> Judged:
    """Area code and number, or a number alone after a word such as 电话."""
    number = run.digits[first:last]
    if len(number) > 12 or (number[0] != "0" and first):
        return None
    groups = run.groups(first, last)
    cued = first == 0 and bool(_WORDS["phone"].search(run.before(first, _PHONE_REACH)))
    area = _AREA.match(number)
    if _WORDS["quantity"].match(run.after(last)) or number.startswith("00"):
        return None
    if area:
        local = len(number) - area.end()
        parted = bool(groups) and groups[0] == area.end() and sum(groups[1:]) == local
        whole = groups == (len(number),) and cued
        return ("landline", False) if local in (7, 8) and (parted or whole) else None
    hotline = number.startswith(("400", "800")) or len(number) not in (7, 8)
    return ("landline", False) if cued and not hotline and number[0] not in "01" else None


_JUDGES_OF: Mapping[int, tuple[Callable[[DigitRun, int, int], Judged], ...]] = {
    length: tuple(
        judge
        for judge, lengths in (
            (_identity18, (18, LONGEST_CARD)),
            (_mobile, range(11, 16)),
            (_card, range(16, 20)),
            (_identity15, (15,)),
            (_landline, range(13)),
        )
        if length in lengths
    )
    for length in range(LONGEST_CARD + 1)
}
"""Digits of a number → what it may be: a page of digits is looked at in a moment."""


def _is_day(digits: str) -> bool:
    """YYYYMMDD of the last or this century."""
    if digits[:2] not in ("19", "20") or digits[4] > "1" or digits[6] > "3":
        return False
    try:
        return bool(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    except ValueError:
        return False


_DOUBLED = str.maketrans("0123456789", "0246813579")
"""Digit → the digits of its double, added up."""


def _luhn(number: str) -> bool:
    return sum(map(int, number[-1::-2] + number[-2::-2].translate(_DOUBLED))) % 10 == 0


def _is_credit_code(number: str) -> bool:
    """A unified social credit code by its check sign (GB 32100, MOD 31-3)."""
    if any(sign not in _CREDIT for sign in number):
        return False
    total = sum(_CREDIT[s] * w for s, w in zip(number, _CREDIT_WEIGHTS, strict=False))
    return (31 - total % 31) % 31 == _CREDIT[number[17]]


def _too_plain(head: str, stars: int, tail: str) -> bool:
    """A masked number of which more than six and four digits are left (of a mobile, three)."""
    length = len(head) + stars + len(tail)
    if length == 11 and head[0] == "1":
        return len(head) > 3 or len(tail) > 4
    return 15 <= length <= 19 and (len(head) > 6 or len(tail) > 4)
