"""Near-misses of protected terms: one sign wrong, left out, put in, doubled or swapped with its
neighbour (Article 15(2)).

A term with a slip still holds one of its two halves unharmed, unless the two signs in its middle
are swapped. All of these are looked for in one pass (Aho and Corasick 1975), and only what stands
beside a half is compared: a text without matches costs that pass alone. Signs are compared in the
one form of `folding`.

At its ends a term meets other words (应急管理局, 应急管理工作), and a term of up to four signs has
neighbours that are words: there the dictionary of `boundaries` is asked, and what sounds or
looks alike.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick

from pipeline.detect.folding import Folded, Spans, fold, words_around
from pipeline.detect.vocabulary import alike, listed
from pipeline.model.findings import Complaint, say
from pipeline.model.law import refuse
from pipeline.model.lazy import regex
from pipeline.model.records import Fact
from pipeline.model.registers import Registers
from pipeline.model.run import PerRun

SHORTEST = 3
"""Signs of the shortest term; of such a one only what sounds or looks alike is a slip."""
SHORT = 4
"""Up to so many signs, a term with a wrong one is often another word."""
_GROUPS = [*listed("alike-terms.txt")]
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
_OF_A_BODY = (*"长内属前后东西南北旁外里机党直办各网", "大院", "大门", "大楼")
"""Behind the last sign of a body's name, doubled, these make a word of it: 府前, 院内, 局机关."""
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
    """Whether programs of before let it pass: a swap, an end of a term, a short or own name, an
    entry of the program's own list."""


@dataclass(frozen=True)
class _Term:
    entry: Fact
    text: str
    near: tuple[str, ...]
    own: bool

    def has_stem(self, first: bool) -> bool:
        """Whether it is a word of its own without its first or last sign."""
        return self.own or self.text[first : len(self.text) - 1 + first] in self.near

    def may_be(self, how: str, at_start: bool, behind: str) -> bool:
        """Whether what reads so may be a slip; `behind` are the signs that follow."""
        if how == "doubled":  # 云岚市, and then 市场监督管理局; 人民政府, and then 府前广场
            body = self.text[-1] in "局府院会部厅委处站" and behind.startswith(_OF_A_BODY)
            return not (self.text[0] in _PLACES if at_start else body)
        if how == "cut" and self.has_stem(False):
            return behind.startswith(_AFTER_STEM.get(self.entry["kind"], _SPEAKS))
        # 云应急〔2026〕 is a number
        return how in ("wrong", "put in", "swapped") or not self.own or len(self.text) > SHORT


@dataclass(frozen=True)
class _Miss:
    """Where a term stands with a slip: offsets into the folded text."""

    term: _Term
    how: str
    """``wrong``, ``put in``, ``left out``, ``cut`` (the last sign left out), ``doubled`` or
    ``swapped`` (two neighbours, or both wrong by sound or look: 社会注意思想)."""
    start: int
    end: int
    wrong: tuple[int, int]
    """The signs that are wrong."""

    def excused_by(self, start: int, end: int) -> bool:
        """Whether right words from start to end, over the wrong signs, excuse the slip.

        The registered short name (云岚应急) does not excuse a full one without its 市.
        """
        inside = self.start <= start and end <= self.end and end - start < self.end - self.start
        return not (inside and self.term.own and self.how == "left out")


@dataclass(frozen=True)
class _Half:
    """What is looked for: half a term, or all of one as it reads with a slip."""

    term: _Term
    at: int
    """Offset of the half in its term, or of the slip in what stands there."""
    rest: str = ""
    """The other half, read away from this one."""
    edge: str = ""
    """The sign of this half beside the other."""
    how: str = ""
    """The slip that is looked for as it reads; empty for a half."""

    def slips(self, start: int, end: int, text: str) -> Iterator[_Miss]:
        """The slips of the term where this stands from start to end."""
        if self.how:
            width = 2 if self.how == "swapped" else 1
            wrong = start + self.at
            yield _Miss(self.term, self.how, start, end, (wrong, wrong + width))
            return
        size, back = len(self.rest), self.at > 0
        beside = text[max(0, start - size - 1) : start][::-1] if back else text[end:][: size + 1]
        if self.rest[-1] not in beside[size - 2 :] and beside[: size - 1] != self.rest[:-1]:
            return  # which spares most halves the comparison
        for edit, at, used in _edits(self.rest, beside, self.edge):
            first, last = (start - used, end) if back else (start, end + used)
            wrong = start - at - 1 if back else end + at
            if edit == "left out":
                wrong = max(first, wrong - (not back))
            elif edit == "swapped":
                wrong -= back
            width = min(2 if edit in ("left out", "swapped") else 1, last - wrong)
            how = "cut" if edit == "left out" and width < 2 else edit
            if self.term.may_be(how, wrong == first, text[last : last + 3]):
                yield _Miss(self.term, how, first, last, (wrong, wrong + width))


def _edits(rest: str, beside: str, edge: str) -> Iterator[tuple[str, int, int]]:
    """(how, offset of the slip, signs of `beside` used) of each slip that turns `rest` into it."""
    size, signs = len(rest), zip(rest, beside, strict=False)
    at = next((i for i, (a, b) in enumerate(signs) if a != b), min(size, len(beside)))
    sign, other = rest[at : at + 1], beside[at : at + 1]
    doubled = other == (edge + rest)[at]
    if other.isalnum() and beside[at + 1 : size + 1] == rest[at:] and (doubled or at < size):
        yield "doubled" if doubled else "put in", at, size + 1
    if sign.isalnum():
        if other.isalnum() and beside[at + 1 : size] == rest[at + 1 :]:
            yield "wrong", at, size
        meant, two = rest[at : at + 2], beside[at : at + 2]
        both = two == meant[::-1] or (
            size >= SHORT and all(b in alike(a) for a, b in zip(meant, two, strict=False))
        )
        if both and len(meant) == len(two) == 2 and beside[at + 2 : size] == rest[at + 2 :]:
            yield "swapped", at, size
        if beside[at : size - 1] == rest[at + 1 :]:
            yield "left out", at, size - 1


@dataclass(frozen=True)
class Terms:
    """All protected terms, ready to be compared."""

    right: frozenset[int]
    """Patterns that are whole terms or legitimate neighbours."""
    halves: Sequence[Sequence[_Half]]
    """What each pattern may be a part of."""
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
            for half in self.halves[pattern]
            for slip in half.slips(start, end, folded.text)
        ]
        if not slips:
            return ()
        right = Spans((s, e, None) for pattern, s, e in matches if pattern in self.right)
        misses: dict[tuple[int, int], _Miss] = {}
        for slip in sorted(slips, key=lambda s: -len(s.term.text)):
            words = folded.text[slip.start : slip.end]
            part = slip.how not in ("cut", "left out") and words in self.texts
            if part or any(slip.excused_by(*at) for *at, _ in right.covering(*slip.wrong)):
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
        late = late or slip.how == "swapped" or slip.term.own or not slip.term.entry.path
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
    meant = term.text[first - slip.start : first - slip.start + 1]
    likely = slip.how == "wrong" and text[first] in {*_ALIKE.get(meant, ()), *alike(meant)}
    if added and not likely and (short or any(stems)):
        loose = term.entry["kind"] != "unit" or text[first] in _OTHER_BODIES
        if len(term.text) < SHORT or text[first] in _FUNCTION or (stems[1] and loose):
            return True
    words = list(words_around(text, slip.start, slip.end))
    return any(
        (s < slip.start and (short or at_start))
        or (e > slip.end and (short or at_end))
        or (added and not likely and (short or any(stems)) and s < last and first < e)
        for s, e in words
    )


def _build(entries: Sequence[Fact]) -> Terms:
    halves: dict[str, list[_Half]] = {}
    right: set[str] = set()
    for entry in entries:
        text = fold(entry["text"]).text
        near = tuple(fold(word).text for word in entry.get("near", ()))
        term = _Term(entry, text, near, "own" in entry.value)
        right |= {text, *(n for n in near if n not in (text[1:], text[:-1]))}
        for words, half in _looked_for(term):
            halves.setdefault(words, []).append(half)
    every = list(dict.fromkeys([*halves, *sorted(right)]))
    return Terms(
        frozenset(i for i, words in enumerate(every) if words in right),
        tuple(tuple(halves.get(words, ())) for words in every),
        AhoCorasick(every),
        "\n".join(sorted(right)),
    )


def _looked_for(term: _Term) -> Iterator[tuple[str, _Half]]:
    """The halves of a term, and what harms both; a short one as it reads with each slip."""
    text, middle = term.text, len(term.text) // 2
    short = len(text) < SHORT
    if not short:
        first, second = text[:middle], text[middle:]
        yield first, _Half(term, 0, second, first[-1])
        yield second, _Half(term, middle, first[::-1], second[0])
    for at in range(len(text)) if short else [middle - 1]:
        before, sign, behind = text[:at], text[at], text[at + 1 :]
        if behind[:1].isalnum() and sign.isalnum() and behind[0] != sign:
            yield before + behind[0] + sign + behind[1:], _Half(term, at, how="swapped")
        if short and sign.isalnum():
            for other in sorted(_ALIKE.get(sign, {sign}) - {sign}):
                yield before + other + behind, _Half(term, at, how="wrong")
            if term.may_be("doubled", not at, ""):
                yield before + sign + sign + behind, _Half(term, at + (at > 0), how="doubled")


_terms: PerRun[tuple[Fact, ...], Terms] = PerRun(_build)


def terms(entries: Iterable[Fact]) -> Terms:
    """The terms of a register's entries; the same tuple of entries gives the same terms."""
    return _terms(entries if isinstance(entries, tuple) else tuple(entries))


def _own_names(registers: Registers) -> Iterator[tuple[str, str]]:
    """(name, kind) of the unit, of the bodies of its place and of its departments, old and new."""
    full, short = registers.policy.names, str(registers.policy.unit.get("short_name", ""))
    dropped = {n[:i] + n[i + 1 :] for n in full for i, sign in enumerate(n) if sign in _PLACES}
    for name in full if short in dropped else (*full, short):
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


protected: PerRun[Registers, Terms] = PerRun(_protected)
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
        yield refuse("term-too-short {id}", entry.at("text"), message, remedy)
    for index, near in enumerate(entry.get("near", ())):
        if not fold(near).text or fold(near).text == text:
            message = say("A neighbour of the term {id} is the term itself.", id=entry.id)
            remedy = say("List only other words that are one sign off and right.")
            yield refuse("term-own-neighbour {id}", entry.at("near", index), message, remedy)
