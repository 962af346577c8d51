"""What a sentence is up to, told from the classes of its words and not from listed phrases.

Forced following joins an act (follow, download, share, vote) with a duty, a quota, a proof or a
denial; an advertisement joins two ways of selling; gossip joins a person of the stage with a
private affair; an opinion has a speaker of its own. Beside these stand the words of the register
`lexicons` (Articles 13, 15 and 16).
"""

from collections.abc import Iterator

from pipeline.detect.classes import classes
from pipeline.detect.folding import is_cut
from pipeline.detect.forms import Forms
from pipeline.model.documents import Document
from pipeline.model.findings import Message, say
from pipeline.model.frozen import dataclass
from pipeline.model.lazy import regex
from pipeline.model.records import Fact

_WORDS = classes("purposes")

_FORMS = {name: Forms(form.pattern) for name, form in _WORDS.items()}
_PLAIN = {name[6:]: form for name, form in _WORDS.items() if name.startswith("plain ")}
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
    _purpose("hawk", "", "public", "advertising", "note", *_SELL),
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
AROUND = 60
"""Signs on either side, within the sentence, in which the two classes meet."""
_ENDS = regex(r"[。\n](?!（)")


def purposes(plain: str) -> Iterator[tuple[int, int, tuple[int, int], Fact]]:
    """Where a purpose shows in a folded text: offsets of its first words, and of the others that
    show it (the same where one class is enough), once in a sentence."""
    last = [-1] * len(PURPOSES)
    for number, first, end in _FIRST.matches(plain):
        if first < last[number]:
            continue
        before = _ENDS.split(plain[max(0, first - AROUND) : first])[-1]
        behind = _ENDS.split(plain[end : end + AROUND], 1)[0]
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
    if any(word in words and plain.search(around) for word, plain in _PLAIN.items()):
        return None
    if purpose.second is None:
        return None if _SPOKEN.search(before) else (len(before), len(before) + 1)
    return purpose.second.stand_in(around)
