"""Words of the register ``lexicons`` in a text (Articles 10, 13, 15 and 16).

The entries are the bureau's own (content/registers/lexicons.yml). All words of all entries are
looked for in one pass (Aho and Corasick 1975); of overlapping words the longest counts, and a
word inside one of its entry's exceptions does not.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from ahocorasick_rs import AhoCorasick

from pipeline.detect.classes import classes
from pipeline.detect.folding import CJK, Spans, fold, is_cut
from pipeline.detect.forms import Forms
from pipeline.detect.post_words import Passage, passages
from pipeline.detect.private import quoted
from pipeline.model.archive import Archive
from pipeline.model.documents import Document
from pipeline.model.findings import Complaint, Effect, Message, say
from pipeline.model.law import ItemCheck, refuse
from pipeline.model.lazy import Once, regex
from pipeline.model.posts import Post
from pipeline.model.records import Fact
from pipeline.model.run import PerRun, per_run

_WORDS = classes("words")

# Whether a text uses words or mentions them: quoted as a rumour, or named as forbidden.


@per_run(64)
def quotations(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of quotations that a text reports without making them its own."""
    if not any(mark in text for mark in "“「『"):
        return ()
    forms = (_WORDS["quoted"], _WORDS["quote first"])
    return tuple(sorted({m.span(1) for form in forms for m in form.finditer(text)}))


def context(text: str, start: int, end: int) -> str:
    """``quoted``, ``forbidden`` or empty: how a text speaks of what stands from start to end."""
    spans = quotations(text)
    near = bisect_left(spans, (start + 1,))
    if any(first <= start and end <= last for first, last in spans[max(0, near - 2) : near]):
        return "quoted"
    if _WORDS["forbidden"].search(text[max(0, start - 32) : start]) or _WORDS["after"].match(
        text[end : end + 24]
    ):
        return "forbidden"
    return ""


_MOST = 3
"""Words suggested for one."""
_ALIKE = 0.5
"""Share of the signs of the longer word that one suggested for it has in common with it."""
SENTENCE = 40
"""Signs within which a listed word and a purpose are one finding."""
_KIN = {
    "precondition": "forced-sharing", "profit": "advertising", "vulgar": "entertainment",
    "emotion": "personal",
}  # fmt: skip
"""Category → the one whose purpose it serves too."""
SHORT = 2
"""Up to so many signs, a slip is often the end of one word and the beginning of another."""
REMEMBERED = 256
"""Texts whose hits a lexicon caches: the clauses of one post search the same ones."""
_SPEAKING = regex(r"\w.*\w", re.DOTALL)


@dataclass(frozen=True)
class Hit:
    """Words found: offsets into the original text, and the words as they stand there."""

    start: int
    end: int
    words: str
    entry: Fact
    context: str
    """``quoted`` or ``forbidden`` where the text only mentions them; empty where it uses them."""
    also: tuple[int, int] | None = None
    """Offsets of the other words that show a purpose; None of a listed word."""


@dataclass(frozen=True)
class _Pattern:
    entry: Fact
    exception: bool


@dataclass(frozen=True)
class Lexicon:
    """All words and exceptions, ready to be looked for."""

    patterns: Sequence[Sequence[_Pattern]]
    machine: AhoCorasick
    memory: dict[str, tuple[Hit, ...]] = field(default_factory=dict, repr=False, compare=False)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Every hit in order."""
        if text not in self.memory:
            if len(self.memory) >= REMEMBERED:
                self.memory.clear()
            self.memory[text] = tuple(self._hits(text))
        return self.memory[text]

    def _hits(self, text: str) -> Iterator[Hit]:
        folded = fold(text)
        matches = self.machine.find_matches_as_indexes(folded.text, overlapping=True)
        if not matches:
            return
        words: list[tuple[int, int, Fact]] = []
        excepted: list[tuple[int, int, Fact]] = []
        for pattern, start, end in matches:
            for p in self.patterns[pattern]:
                (excepted if p.exception else words).append((start, end, p.entry))
        exceptions = Spans(excepted)
        allowed = Spans(w for w in words if not _excepted(w, exceptions))
        for word in allowed.all:
            start, end, entry = word
            slip = entry["category"] in PLAIN_WRONG - {"wording"}
            whole = slip and ("swap" not in entry.value or end - start > SHORT)
            cut = not whole and _goes_on(folded.text, start, end)
            if not (cut or _hidden(word, allowed)):
                first, last = folded.span(start, end)
                spoken = context(folded.text, start, end)
                yield Hit(first, last, text[first:last], entry, spoken)


_IDEOGRAPH = regex(f"[{CJK}]")


def _goes_on(text: str, start: int, end: int) -> bool:
    """Whether they are parts of other words, or say whose the next word is (去你的住处)."""
    own = text[end - 1] == "的" and _IDEOGRAPH.match(text, end)
    return bool(own) or is_cut(text, start, end)


def intents(text: str, others: Sequence[Hit]) -> Iterator[Hit]:
    """Purposes of sentences, but where a listed word of the same kind stands near."""
    folded = fold(text)
    for start, end, other, entry in purposes(folded.text):
        first, last = folded.span(start, end)
        kind = _KIN.get(entry["category"], entry["category"])
        near = (h for h in others if abs(h.start - first) < SENTENCE)
        if not any(_KIN.get(h.entry["category"], h.entry["category"]) == kind for h in near):
            denied = folded.text[:start].endswith(("没有", "未", "不"))
            spoken = "" if denied else context(folded.text, start, end)
            yield Hit(first, last, text[first:last], entry, spoken, folded.span(*other))


def _excepted(word: tuple[int, int, Fact], exceptions: Spans[Fact]) -> bool:
    return any(entry is word[2] for _, _, entry in exceptions.covering(*word[:2]))


def _hidden(word: tuple[int, int, Fact], others: Spans[Fact]) -> bool:
    """Whether a longer word covers this one, or one of its own entry began before and overlaps."""
    start, end, entry = word
    return any(
        (first <= start and end <= last and last - first > end - start)
        or (other is entry and first < start)
        for first, last, other in others.touching(start, end)
    )


def _build(entries: Sequence[Fact]) -> Lexicon:
    patterns: dict[str, list[_Pattern]] = {}
    for entry in entries:
        for exception, key in ((False, "words"), (True, "exceptions")):
            for word in entry.get(key, ()):
                plain = fold(word).text
                if plain:
                    patterns.setdefault(plain, []).append(_Pattern(entry, exception))
    return Lexicon(tuple(patterns.values()), AhoCorasick(list(patterns)))


_lexicon: PerRun[tuple[Fact, ...], Lexicon] = PerRun(_build)


def lexicon(entries: Iterable[Fact]) -> Lexicon:
    """The lexicon of a register's entries; the same tuple of entries gives the same lexicon."""
    return _lexicon(entries if isinstance(entries, tuple) else tuple(entries))


def lexicon_problems(entries: Iterable[Fact]) -> tuple[Complaint, ...]:
    """Entries that match nothing or everything, and exceptions without effect."""
    return tuple(problem for entry in entries for problem in _problems(entry))


def _problems(entry: Fact) -> Iterator[Complaint]:
    words = [fold(word).text for word in entry.get("words", ())]
    remedy = say("Give whole words of two signs or more, as they stand in a text.")
    if not words:
        message = say("The entry {id} of the lexicon holds no word.", id=entry.id)
        yield refuse("lexicon-entry-empty {id}", entry.at(), message, remedy)
    for index, word in enumerate(words):
        if not _SPEAKING.fullmatch(word):
            message = say("A word of the entry {id} would match nearly every text.", id=entry.id)
            location = entry.at("words", index)
            yield refuse("lexicon-word-broad {id}", location, message, remedy)
    for index, exception in enumerate(entry.get("exceptions", ())):
        plain = fold(exception).text
        if plain in words or not any(word in plain for word in words):
            message = say("An exception of the entry {id} excepts no use of it.", id=entry.id)
            remedy = say("An exception is longer than one of the entry's words and contains it.")
            location = entry.at("exceptions", index)
            yield refuse("lexicon-exception-idle {id}", location, message, remedy)
    if "swap" in entry.value and len(entry["swap"]) != len(entry.get("words", ())):
        message = say("The entry {id} has not one correction for each of its words.", id=entry.id)
        remedy = say("Give as many corrections as words, in the same order.")
        yield refuse("lexicon-swap-uneven {id}", entry.at("swap"), message, remedy)


# Words of the lexicons in a post, and the complaints about them.

PLAIN_WRONG = frozenset({"misspelling", "appellation", "wording"})
"""Categories whose words are wrong however a text speaks of them, but for a quotation."""


@dataclass(frozen=True)
class Sighting:
    """A hit in one passage of a post."""

    passage: Passage
    hit: Hit
    late: bool = False
    """Whether it stands in a text that came before programs looked for it."""

    @property
    def effect(self) -> Effect:
        """REFUSE or NOTE, as the entry says; NOTE of what came before."""
        refuses = self.hit.entry["effect"] == "refuse" and not self.late
        return Effect.REFUSE if refuses else Effect.NOTE

    def complaint(self, effect: Effect | None = None) -> Complaint:
        """The complaint about it; a signed waiver for these very words may excuse it."""
        effect, instead = effect or self.effect, _swap(self.hit) or _nearest(self.hit)
        remedy = say("What to write instead: {suggestion}.", suggestion=instead)
        if effect is Effect.REFUSE:
            remedy = say("What to write instead: {suggestion}. If it must stand: `sanshen waive`,"
                         " signed by a section head or a leader.", suggestion=instead)  # fmt: skip
        location = self.passage.at(self.hit.start)
        words = self.hit.words
        return Complaint("words-listed", effect, self._message(), location, remedy, waivable=words)

    def _message(self) -> Message:
        """The listed words; of a purpose its sentence, and the two cues that show it together."""
        hit, text = self.hit, self.passage.text
        values = {"words": hit.words, "reason": hit.entry["reason"]}
        if right := _swap(hit):
            return perhaps(hit.words, right)
        if hit.also is None:
            return say("“{words}” stands here: {reason}.", **values)
        start, end = min(hit.start, hit.also[0]), max(hit.end, hit.also[1])
        values["sentence"] = quoted(text, start, end)
        if hit.start < hit.also[1] and hit.also[0] < hit.end:  # 未入群 is 入群 and its cue
            values["words"] = text[start:end]
            return say("“{words}” in “{sentence}”: {reason}.", **values)
        return say("“{words}” together with “{other}” in “{sentence}”: {reason}.",
                   other=text[slice(*hit.also)], **values)  # fmt: skip


def perhaps(words: str, right: str) -> Message:
    """What to look at; a page that knows where the words stand puts the others there."""
    return say("“{words}” stands here: perhaps “{to}”.", words=words, to=right)


def _swap(hit: Hit) -> str:
    """What an entry has for the very words found; empty: nothing."""
    words = [fold(word).text for word in hit.entry.get("words", ())]
    pairs = dict(zip(words, hit.entry.get("swap", ()), strict=False))
    return str(pairs.get(fold(hit.words).text, ""))


def _nearest(hit: Hit) -> str | Message:
    """Of a suggestion that lists many words, those nearest to the words found, at most three."""
    suggestion, wrong = hit.entry["suggestion"], fold(hit.words).text
    listed = str(suggestion).rpartition("：")[2].split("、")
    near = {w: len({*wrong} & {*w}) / max(len(wrong), len(w), 1) for w in listed}
    best = [w for w in listed if near[w] == max(near.values())]
    narrowed = len(listed) > _MOST and near[best[0]] >= _ALIKE
    return "、".join(best[:_MOST]) if narrowed else suggestion


def sightings(post: Post, archive: Archive, categories: Collection[str]) -> Iterator[Sighting]:
    """What a post says of some categories, in its own voice.

    Words that it only quotes, or names as forbidden, are left out.
    """
    for sighting in _sightings(lexicon(archive.registers.listed("lexicons")))(post):
        hit, category = sighting.hit, sighting.hit.entry["category"]
        plain = category in PLAIN_WRONG and hit.context != "quoted"
        if category in categories and (plain or not hit.context):
            listed = hit.entry.path or archive.brings(post)
            yield sighting if listed else replace(sighting, late=True)


def listed_words(*categories: str) -> ItemCheck:
    """The check that complains of the words of some categories as their entries say."""
    return lambda post, archive: (s.complaint() for s in sightings(post, archive, categories))


def _with(words: Lexicon) -> Once[Post, tuple[Sighting, ...]]:
    return Once(
        lambda post: tuple(
            Sighting(passage, hit)
            for passage in passages(post)
            for listed in (words.find(passage.text),)
            for hit in (*listed, *intents(passage.text, listed))
        )
    )


_sightings: PerRun[Lexicon, Once[Post, tuple[Sighting, ...]]] = PerRun(_with)
"""Every hit in a post, of every category."""


# What a sentence is up to, told from the classes of its words and not from listed phrases.
#
# Forced following joins an act (follow, download, share, vote) with a duty, a quota, a proof or a
# denial; an advertisement joins two ways of selling; gossip joins a person of the stage with a
# private affair; an opinion has a speaker of its own.


_FORMS = {name: Forms(form.pattern) for name, form in _WORDS.items()}
_PLAIN = [(n[6:].split("、"), form) for n, form in _WORDS.items() if n.startswith("plain ")]
"""Words → what around them (they stand at `/`) shows that they press and sell nothing."""
_SPOKEN = regex(r"[“「『《][^”」』》]{0,80}$")


@dataclass(frozen=True)
class Purpose:
    """Two classes of words that make one purpose where a sentence holds both."""

    first: str
    second: Forms | None
    apart: Forms
    """What says that the sentence is about something else."""
    entry: Fact
    """Category, effect, reason and suggestion, as an entry of the register has them."""


_TONE = say("Write in the plain voice of the unit.")
_FOLLOW = (
    say("readers are pressed to follow, download or share"),
    say("Invite them, and name a way without it."),
)
_SELL = say("it reads like an advertisement"), say("Take out prices, praise and calls to buy.")
_GOSSIP = say("it reads like gossip"), _TONE


def _purpose(
    first: str, second: str, apart: str, category: str, effect: str, reason: Message, put: Message
) -> Purpose:
    """A purpose of classes by their names; `second` may name several, or none."""
    value = {"category": category, "effect": effect, "reason": reason, "suggestion": put}
    both = Forms(*(_WORDS[name].pattern for name in second.split())) if second else None
    entry = Fact("lexicons", category, value, Document(""))
    return Purpose(_WORDS[first].pattern, both, _FORMS[apart], entry)


PURPOSES = (
    _purpose("bigger", "pressed", "free", "forced-sharing", "refuse", *_FOLLOW),
    _purpose("selling", "selling market", "public", "advertising", "refuse", *_SELL),
    _purpose("hawk", "", "against", "advertising", "note", *_SELL),
    _purpose("offered", "offered call", "officially", "advertising", "note", *_SELL),
    _purpose("gain", "trade lure", "officially", "advertising", "note", *_SELL),
    _purpose("trade", "lure", "officially", "advertising", "note", *_SELL),
    _purpose("digital", "driven", "free", "forced-sharing", "note", *_FOLLOW),
    _purpose("stage", "affair", "serious", "entertainment", "note", *_GOSSIP),
    _purpose("folk", "stir", "serious", "entertainment", "note", *_GOSSIP),
    _purpose("slang", "", "reported", "entertainment", "note", *_GOSSIP),
    _purpose("trivial", "", "serious", "entertainment", "note", *_GOSSIP),
    _purpose("view", "", "reported", "personal", "note", say("a person's own view"), _TONE),
    _purpose("mood", "", "reported", "emotion", "note", say("a person's own mood"), _TONE),
)
_FIRST = Forms(*(purpose.first for purpose in PURPOSES))
BESIDE = 60
"""Signs on either side, within the sentence, in which the two classes meet."""
_SENTENCE_ENDS = regex(r"[。\n](?!（)")


def purposes(plain: str) -> Iterator[tuple[int, int, tuple[int, int], Fact]]:
    """Where a purpose shows in a folded text: offsets of its first words, and of the others that
    show it (the same where one class is enough), once in a sentence."""
    last = [-1] * len(PURPOSES)
    for number, first, end in _FIRST.matches(plain):
        if first < last[number]:
            continue
        before = _SENTENCE_ENDS.split(plain[max(0, first - BESIDE) : first])[-1]
        behind = _SENTENCE_ENDS.split(plain[end : end + BESIDE], 1)[0]
        purpose = PURPOSES[number]
        also = _second(purpose, before, plain[first:end], behind)
        if also and not is_cut(plain, first, end):
            start, stop = (
                at + (first if at <= len(before) else end - 1) - len(before) for at in also
            )
            yield first, end, (start, stop), purpose.entry
            last[number] = end + len(behind)


def _second(purpose: Purpose, before: str, words: str, behind: str) -> tuple[int, int] | None:
    """Offsets of the second class in what stands around `words`, which count as one sign there."""
    around = f"{before}/{behind}"
    if purpose.apart.stand_in(f"{before}{words}{behind}"):
        return None
    if any(word in words and plain.search(around) for those, plain in _PLAIN for word in those):
        return None
    if purpose.second is None:
        return None if _SPOKEN.search(before) else (len(before), len(before) + 1)
    return purpose.second.stand_in(around)
