"""Near-misses of protected terms: one sign wrong, left out, put in, doubled or swapped with its
neighbour (Article 15(2)).

What is left out, doubled or swapped is listed as it then reads. A term with one wrong sign, or
one put in, still holds one of its two halves unharmed. All of these are looked for in one pass
(Aho and Corasick 1975), and only what stands around a half is compared: a text without matches
costs that pass alone. Signs are compared in the one form of `folding`.

At its ends a term meets other words (应急管理局, 应急管理工作), and a term of up to four signs has
neighbours that are words: there the dictionary of `boundaries` is asked, and what sounds or
looks alike.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from pipeline.detect.boundaries import words_around
from pipeline.detect.folding import Folded, Spans, fold
from pipeline.model.findings import Complaint, Effect, say
from pipeline.model.memoize import Once
from pipeline.model.records import Fact
from pipeline.model.regex import regex
from pipeline.model.registers import Registers

SHORTEST = 3
"""Signs of the shortest term; of such a one only what sounds or looks alike is a slip."""
SHORT = 4
"""Up to so many signs, a term with a wrong one is often another word."""
_GROUPS = (  # noqa: SIM905
    "局句居巨剧举具据矩惧菊拘 部步布簿不补陪 厅听庭廷停 委为伟围位卫尾未萎"
    " 会汇回绘惠慧灰合 院员远圆原愿缘完 党挡档当荡堂 组祖租足族阻姐 队对堆兑"
    " 市事是世式室示士柿 府付服附负赴复腐 日曰月 月越悦 法发罚阀伐 国过果锅囯园围"
    " 务物误悟雾勿 安按岸暗案 中种重终众忠钟 央样洋阳杨 减检简件见建碱 灾在再栽宰载"
    " 办班般半板伴力 防房访仿妨放 总宗综纵 人入仁认任 大达打太 全权泉金 政证正整 协谐胁鞋"
    " 纪记际计 军均君 恶饿噩厄 黑嘿 扫嫂 除处出初险 领岭令 导道到岛 小少晓 民名明 公工攻功"
    " 教叫较 育玉 水睡 利力历 气汽器 象像相向 财才材 住注驻助 建健键 卫为未 电店 应因英"
    " 急及级极 管馆官 理里力利"
).split()
_ALIKE = {sign: {s for g in _GROUPS if sign in g for s in g} for sign in "".join(_GROUPS)}
"""Sign → those that an input method or a reader takes for it."""
_FUNCTION = frozenset(
    "的了是在和与及或等为对从到由按将把被让向以于之其这那有无不未要可能应须均都已正还又也再就才只各每其并"
    "一二三四五六七八九十两最十几多新老大小高低上下内外前后0123456789"
)
"""Signs that begin or end no word, and may stand beside any."""
_OTHER_BODIES = frozenset("部厅局处科股所站办委队院网报学者层员类师师系台")
"""Behind the stem of a body's name these make another name."""
_SPEAKS = ("发布", "印发", "召开", "举行", "会同", "提醒", "通报", "联合", "党委", "党组", "负责人")
"""What a body does or has: behind the stem of its name the last sign is missing."""
_AFTER_STEM = {"law": ("》第", "》（"), "slogan": (), "department": ()}
"""Kind → what stands behind the stem of such a term where the last sign is missing."""
_PLACES = "市县区州盟旗省乡镇村"
_REGION = regex(f".{{1,8}}?[{_PLACES}]")
_BODIES = (
    "{}人民政府", "{}安全生产委员会", "{}防汛抗旱指挥部", "{}森林防灭火指挥部", "{}减灾委员会",
    "中共{}委员会", "{}人民代表大会常务委员会",
)  # fmt: skip
_OWN = say("a name of this unit or of its place")


@dataclass(frozen=True)
class NearMiss:
    """Words one sign off a term: offsets into the original text."""

    start: int
    end: int
    words: str
    entry: Fact
    late: bool
    """Whether programs of before let it pass: a swap, an end of a term, a short or own name."""


@dataclass(frozen=True)
class _Term:
    entry: Fact
    text: str
    near: tuple[str, ...]

    def has_stem(self, first: bool) -> bool:
        """Whether it is a word of its own without its first or last sign."""
        return (
            "own" in self.entry.value or self.text[first : len(self.text) - 1 + first] in self.near
        )


@dataclass(frozen=True)
class _Miss:
    """Where a term stands with a slip: offsets into the folded text."""

    term: _Term
    how: str
    """``wrong``, ``put in``, ``left out``, ``cut`` (the last sign left out), ``doubled`` or
    ``swapped``."""
    start: int
    end: int
    wrong: tuple[int, int]
    """The signs that are wrong."""


@dataclass(frozen=True)
class _Variant:
    """What is looked for: a half of a term, or a term as it reads with a slip."""

    term: _Term
    how: str
    at: int
    """Offset of the half in its term, or of the slip in the pattern."""
    rest: str = ""
    """The other half, read away from this one; empty where the pattern is a slip by itself."""

    def slip(self, start: int, end: int, text: str) -> _Miss | None:
        """The slip where the pattern stands from start to end; None without one."""
        if not self.rest:
            wrong = start + self.at
            end = wrong + 1 if self.how == "cut" else end
            width = min(1 + (self.how in ("swapped", "left out")), end - wrong)
            return _Miss(self.term, self.how, start, end, (wrong, wrong + width))
        size = len(self.rest)
        beside = text[max(0, start - size - 1) : start][::-1] if self.at else text[end:]
        edit = _edit(self.rest, beside[: size + 1])
        if edit is None:
            return None
        wrong = start - edit[0] - 1 if self.at else end + edit[0]
        first, last = (start - edit[1], end) if self.at else (start, end + edit[1])
        how = "put in" if edit[1] > size else "wrong"
        return _Miss(self.term, how, first, last, (wrong, wrong + 1))


def _edit(rest: str, beside: str) -> tuple[int, int] | None:
    """(place of the one wrong sign, signs of `beside` used) that turns it into `rest`, or None."""
    size = len(rest)
    at = next((i for i, (a, b) in enumerate(zip(rest, beside, strict=False)) if a != b), size)
    if not (rest[at : at + 1].isalnum() and beside[at : at + 1].isalnum()):
        return None
    if beside[at + 1 : size + 1] == rest[at:]:
        return at, size + 1
    return (at, size) if beside[at + 1 : size] == rest[at + 1 :] else None


@dataclass(frozen=True)
class Terms:
    """All protected terms, ready to be compared."""

    right: frozenset[int]
    """Patterns that are whole terms or legitimate neighbours."""
    patterns: Sequence[Sequence[_Variant]]
    machine: AhoCorasick
    texts: str
    """All terms, a line each."""

    def find(self, text: str) -> tuple[NearMiss, ...]:
        """Every near-miss in order; of overlapping ones, that of the longest term."""
        folded = fold(text)
        matches = self.machine.find_matches_as_indexes(folded.text, overlapping=True)
        slips = [
            slip
            for pattern, start, end in matches
            for p in self.patterns[pattern]
            if (slip := p.slip(start, end, folded.text))
        ]
        if not slips:
            return ()
        right = Spans((s, e, None) for pattern, s, e in matches if pattern in self.right)
        misses: dict[tuple[int, int], _Miss] = {}
        for slip in sorted(slips, key=lambda s: -len(s.term.text)):
            words = folded.text[slip.start : slip.end]
            part = slip.how not in ("cut", "left out") and words in self.texts
            if part or any(right.covering(*slip.wrong)):
                continue
            if not _is_other_word(slip, folded.text):
                misses.setdefault((slip.start, slip.end), slip)
        return tuple(_without_overlaps(folded, text, misses))


def _without_overlaps(
    folded: Folded, text: str, misses: dict[tuple[int, int], _Miss]
) -> Iterator[NearMiss]:
    """Misses by place, without what a longer term's miss overlaps."""
    spans = Spans((start, end, slip) for (start, end), slip in misses.items())
    rank = {span: (len(slip.term.text), -span[0], span[1]) for span, slip in misses.items()}
    for start, end, slip in spans.all:
        if any(rank[s, e] > rank[start, end] for s, e, _ in spans.touching(start, end)):
            continue
        late = start == slip.wrong[0] or end == slip.wrong[1] or len(slip.term.text) < SHORT
        late = late or slip.how == "swapped" or "own" in slip.term.entry.value
        first, last = folded.span(start, end)
        yield NearMiss(first, last, text[first:last], slip.term.entry, late)


def _is_other_word(slip: _Miss, text: str) -> bool:
    """Whether what looks like a slip is the end of one word and the beginning of another."""
    term, (first, last) = slip.term, slip.wrong
    inner = 1 if slip.how == "put in" else 0
    at_start, at_end = first <= slip.start + inner, last >= slip.end - inner
    short = len(term.text) <= SHORT
    stems = at_start and term.has_stem(True), at_end and term.has_stem(False)
    if not (short or at_start or at_end):
        return False
    added = slip.how in ("wrong", "put in")
    alike = slip.how == "wrong" and text[first] in _ALIKE.get(term.text[first - slip.start], ())
    if added and not alike and (short or any(stems)):
        loose = term.entry["kind"] != "unit" or text[first] in _OTHER_BODIES
        if len(term.text) < SHORT or text[first] in _FUNCTION or (stems[1] and loose):
            return True
    words = list(words_around(text, slip.start, slip.end))
    return any(
        (s < slip.start and (short or at_start))
        or (e > slip.end and (short or at_end))
        or (added and not alike and (short or any(stems)) and s < last and first < e)
        for s, e in words
    )


def _build(entries: Sequence[Fact]) -> Terms:
    patterns: dict[str, list[_Variant]] = {}
    right: set[str] = set()
    for entry in entries:
        text = fold(entry["text"]).text
        term = _Term(entry, text, tuple(fold(word).text for word in entry.get("near", ())))
        stems = text[1:], text[:-1]
        right |= {text, *(n for n in term.near if n not in stems)}
        middle = len(text) // 2
        if len(text) >= SHORT:
            patterns.setdefault(text[:middle], []).append(_Variant(term, "", 0, text[middle:]))
            rest = text[:middle][::-1]
            patterns.setdefault(text[middle:], []).append(_Variant(term, "", middle, rest))
        for words, pattern in _slips(term):
            patterns.setdefault(words, []).append(pattern)
    every = list(dict.fromkeys([*patterns, *sorted(right)]))
    return Terms(
        frozenset(i for i, words in enumerate(every) if words in right),
        tuple(tuple(patterns.get(words, ())) for words in every),
        AhoCorasick(every),
        "\n".join(sorted(right)),
    )


def _slips(term: _Term) -> Iterator[tuple[str, _Variant]]:
    """A term with a sign left out, doubled or swapped; a short one with a sign alike."""
    text = term.text
    for at, sign in enumerate(text):
        if not sign.isalnum():
            continue
        before, behind = text[:at], text[at + 1 :]
        if len(text) < SHORT:
            signs = sorted(_ALIKE.get(sign, {sign}) - {sign})
            yield from ((before + s + behind, _Variant(term, "wrong", at)) for s in signs)
        elif len(text) > SHORT or "own" not in term.entry.value:  # 云应急〔2026〕 is a number
            stem = not behind and term.has_stem(False)
            after = _AFTER_STEM.get(term.entry["kind"], _SPEAKS) if stem else ("",)
            pattern = _Variant(term, "left out" if behind else "cut", max(0, at - 1))
            yield from ((before + behind + words, pattern) for words in after)
        if before or sign not in _PLACES:  # 云岚市, and then 市场监督管理局
            yield before + sign + sign + behind, _Variant(term, "doubled", at + (at > 0))
        if behind[:1].isalnum() and behind[0] != sign:
            yield before + behind[0] + sign + behind[1:], _Variant(term, "swapped", at)


_terms: Once[tuple[Fact, ...], Terms] = Once(_build)


def terms(entries: Iterable[Fact]) -> Terms:
    """The terms of a register's entries; the same tuple of entries gives the same terms."""
    return _terms(entries if isinstance(entries, tuple) else tuple(entries))


def _own_names(registers: Registers) -> Iterator[tuple[str, str]]:
    """(name, kind) of the unit, of the bodies of its place and of its departments, old and new."""
    unit = registers.policy.unit
    for name in (*registers.policy.names, str(unit.get("short_name", ""))):
        yield name, "unit"
        if region := _REGION.match(name):
            yield from ((body.format(region[0]), "unit") for body in _BODIES)
    for department in registers.departments.values():
        former = (name for _, name in department.former)
        yield from ((n, "department") for n in (department.name, *department.aliases, *former))


def _protected(registers: Registers) -> Terms:
    listed = registers.listed("terms")
    texts = {entry["text"] for entry in listed}
    document = registers.policy.document
    own = {
        name: Fact(
            "terms", name, {"text": name, "kind": kind, "own": True, "reason": _OWN}, document
        )
        for name, kind in _own_names(registers)
        if len(name) > SHORT - (kind == "unit") and name not in texts and _WORDS.fullmatch(name)
    }
    return terms((*listed, *own.values()))


protected: Once[Registers, Terms] = Once(_protected)
"""The terms of the register, and the names of the bureau itself, which need no entry."""


_WORDS = regex(r"\w(?:[\w\s、，·“”]*\w)?")


def term_problems(entries: Iterable[Fact]) -> tuple[Complaint, ...]:
    """Terms that are too short, and neighbours that are the term itself."""
    return tuple(problem for entry in entries for problem in _problems(entry))


def _problems(entry: Fact) -> Iterator[Complaint]:
    text = fold(entry["text"]).text
    if len(text) < SHORTEST or not _WORDS.fullmatch(text):
        message = say("The term {id} has fewer than {count} signs.", id=entry.id, count=SHORTEST)
        remedy = say("Protect the longer name it stands in; short words go into a lexicon.")
        yield Complaint(Effect.REFUSE, message, entry.at("text"), remedy)
    for index, near in enumerate(entry.get("near", ())):
        if not fold(near).text or fold(near).text == text:
            message = say("A neighbour of the term {id} is the term itself.", id=entry.id)
            remedy = say("List only other words that are one sign off and right.")
            yield Complaint(Effect.REFUSE, message, entry.at("near", index), remedy)
