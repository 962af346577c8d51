"""What a text is about: an alert that is issued, an accident that is reported, a refuted rumour.

The kind that a writer picks decides which checks a post meets, so a post is held to those of its
subject as well (docs/decisions/0049). A subject needs a signal in the title and another where the
body begins; where the title says nothing (通知, 情况通报), the first sentence has to say it all,
and it is not certain. An accident and its dead in that sentence are a report under any title, and
what tells readers to leave at once, for a danger that is there now, is an alert under any.
Lessons, drills, laws, summaries of a period and work that follows are none.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.detect.alerts import alerts, colours_named
from pipeline.detect.classes import classes
from pipeline.detect.folding import fold
from pipeline.model.lazy import regex
from pipeline.model.posts import Post
from pipeline.model.run import PerRun

_WORDS = classes("subjects")
_SIGNS = {name: form for name, form in _WORDS.items() if name[0] in "+-"}
"""Signs of a live warning, each class with its weight before its name."""
_ASKS = {"+3 bids", "+3 in force", "+2 forbids", "+2 by then", "+2 shut"}
"""Signs one of which stands in the sentence that warns."""
_NEEDED = (
    ("hazards",),
    ("+3 bids", "+3 in force", "+2 by then"),
    ("+2 soon", "+2 changes", "+2 now"),
)
"""Classes of which a text that warns has one each; they are looked for before all others."""
LIVE = 8
"""Weight from which a sentence and those beside it are a live warning."""

LEAD = 400
"""Characters of the body in which a report says what it reports."""

LONGEST_QUOTE = 80
"""Characters of a sentence that is quoted."""
_SENTENCE = regex(r"[。！\n]")
_BREAK = regex(r"(?<=[。；！!？?：\n])")
_STOP = regex(r"(?<=[。；！!？?\n])")

# What makes a title one of something else: teaching, exercise, law, review, work.


def drill_named(text: str, title: bool = True) -> str:
    """The word by which a title, or the first line of a text, calls itself a drill; else empty."""
    line = fold(text.strip().partition("\n")[0]).text
    hit = _WORDS["drill"].search(line) if title else _WORDS["drill first"].match(line)
    return next(filter(None, hit.groups()), "") if hit else ""


# Alerts.


# Accidents.


# Rumours.


@dataclass(frozen=True)
class Subject:
    """A subject of a text, named as the kind of post that it calls for, and the words that tell it:
    those of the title, or where it says nothing of the text."""

    kind: str
    """``alert``, ``accident`` or ``rumor``."""
    words: str
    also: str
    """What of the text tells it as well."""
    certain: bool
    """False: neither the title nor a sentence says it outright."""


Cues = tuple[()] | tuple[str, str]
"""Words of the title and of the text that tell a subject; none: they do not."""


def subjects(title: str, body: str) -> tuple[Subject, ...]:
    """What a title and the beginning of its body are about; few texts are about any of these."""
    head, lead = fold(title).text, fold(body[: 2 * LEAD]).text[:LEAD]
    if _WORDS["exercise"].search(lead):
        return ()
    tests = (("alert", _alert), ("accident", _accident), ("rumor", _rumour))
    titled = tuple(Subject(k, *cues, True) for k, test in tests if (cues := test(head, lead)))
    outright = titled or tuple(_outright(head, lead)) or tuple(_untitled(head, lead))
    return outright or tuple(_weighed(lead))


def _outright(title: str, lead: str) -> Iterator[Subject]:
    """What the first sentences say outright, whatever the title says of itself."""
    issued = _WORDS["now"].search(lead) if "预警" in lead else None
    refuted = _WORDS["found false"].search(lead)
    supposed = (
        issued is None or _WORDS["narrates"].search(title) or _WORDS["supposed"].search(issued[0])
    )
    coloured = issued and not supposed and any(colours_named(issued[0]))
    if issued and coloured and (urged := _WORDS["urged"].search(lead, issued.start())):
        yield Subject("alert", issued[0].strip(), urged[0], True)
    elif (
        refuted
        and not _WORDS["about rumours"].search(title)
        and (spread := _WORDS["circulates"].search(lead))
    ):
        yield Subject("rumor", refuted[0].strip(), spread[0], True)
    elif (dead := _WORDS["deaths"].search(lead)) and not (
        _WORDS["past"].search(dead[1])
        or _WORDS["otherwise"].search(lead)
        or _WORDS["teaches"].search(_WORDS["addressed"].sub("", title))
    ):
        words = dead[1].strip()
        yield Subject(
            "accident", words[:LONGEST_QUOTE], (_WORDS["toll"].search(words) or dead)[0], True
        )
    elif order := _ordered(lead):
        yield Subject("alert", *order)
    elif issued and coloured and (coming := _WORDS["foretold"].search(lead, issued.start())):
        yield Subject("alert", issued[0].strip(), coming[0], False)


def _ordered(lead: str) -> tuple[()] | tuple[str, str, bool]:
    """What readers are told to do at once, and the danger that is there now, in that sentence or
    in those around it; not certain where only those are named who are to do it."""
    called: tuple[()] | tuple[str, str, bool] = ()
    sentences = [*filter(None, map(str.strip, _BREAK.split(lead)))]
    for at, sentence in enumerate(sentences):
        around = sentences[max(0, at - 2) : at + 2]
        past = any(map(_WORDS["then"].search, around)) or _WORDS["not now"].search(sentence)
        if past or not _WORDS["ordered"].search(sentence):
            continue
        for words in (sentence, *around):
            if danger := _WORDS["pressing"].search(words):
                return sentence[:LONGEST_QUOTE], danger[0], True
        if who := _WORDS["who"].search(sentence):
            called = sentence[:LONGEST_QUOTE], who[0], False
    return called


def _untitled(title: str, lead: str) -> Iterator[Subject]:
    """What the body alone is about, where the title says nothing."""
    if _WORDS["teaches"].search(title.replace("情况", "")) or not _WORDS["plain"].search(title):
        return
    alert, event = _WORDS["alert first"].search(lead), _WORDS["happened"].search(lead)
    spread, refuted = _WORDS["circulates"].search(lead), _WORDS["refuted"].search(lead)
    if alert and alerts(lead):
        yield Subject("alert", alert[0][-12:], alert[0], False)
    elif event and event.start() < 20 and (harmed := _WORDS["toll"].search(lead)):
        words = _SENTENCE.split(lead, 1)[0]
        if not _WORDS["past"].search(words):
            yield Subject("accident", words[-LONGEST_QUOTE:], harmed[0], True)
    elif spread and refuted and _WORDS["checked"].search(lead):
        yield Subject("rumor", title, f"{spread[0]}…{refuted[0]}", False)


def _signs(text: str) -> dict[str, str]:
    """Sign of a live warning, or of none → its words."""
    return {name: sign[0] for name, form in _SIGNS.items() if (sign := form.search(text))}


def _weight(signs: Iterable[str]) -> int:
    return sum(int(name.split()[0]) for name in signs)


def warns(post: Post) -> bool:
    """Whether a post may be a warning or lift one: no more speaks against it than for it."""
    text = fold(post.body[:LEAD]).text
    whole = f"{fold(post.title).text}\n{text}"
    if _WORDS["alert body"].search(whole) or any(colours_named(whole)):
        return True
    idle = len(text) > LONGEST_QUOTE // 2 and not _WORDS["hazards"].search(whole)
    return not idle and _weight(_signs(text)) >= 0


def _weighed(lead: str) -> Iterator[Subject]:
    """A live warning that many signs of a sentence and of those beside it tell."""
    if not all(any(_WORDS[name].search(lead) for name in names) for names in _NEEDED):
        return
    sentences = [*filter(None, map(str.strip, _STOP.split(lead)))]
    rows = [_signs(sentence) for sentence in sentences]
    for at, own in enumerate(rows):
        near = {name: words for row in rows[max(0, at - 1) : at + 2] for name, words in row.items()}
        if own.keys() & _ASKS and _weight(near) >= LIVE:
            words = "、".join(near[name] for name in _SIGNS if name in near and name[0] == "+")
            yield Subject("alert", sentences[at][:LONGEST_QUOTE], words, False)
            return


def _alert(title: str, lead: str) -> Cues:
    """Issued, raised, lowered or lifted, with its colour or level and a time."""
    hit = _WORDS["alert title"].search(title)
    if not hit or _WORDS["teaches"].search(title) or not alerts(f"{title}\n{lead}"):
        return ()
    issue = _WORDS["alert body"].search(lead) or _WORDS["alert body"].search(title)
    clock = _WORDS["clock"].search(lead)
    return (hit[0], f"{issue[0]}…{clock[0]}") if issue and clock else ()


def _accident(title: str, lead: str) -> Cues:
    """One accident of these days, with what followed."""
    hit = _WORDS["accident title"].search(title)
    taught = _WORDS["teaches"].search(title.replace("情况", ""))
    if not hit or taught or _WORDS["rumour title"].search(title):
        return ()
    event = _WORDS["happened"].search(lead)
    return (hit[0], event[0]) if event and _WORDS["after"].search(lead) else ()


def _rumour(title: str, lead: str) -> Cues:
    """What circulates, that it was looked into, and that it is not so."""
    hit = _WORDS["rumour title"].search(title)
    if not hit or _WORDS["about rumours"].search(title):
        return ()
    spread, refuted = (
        p.search(lead) or p.search(title) for p in (_WORDS["circulates"], _WORDS["refuted"])
    )
    if not (spread and refuted and _WORDS["checked"].search(lead)):
        return ()
    return hit[0], f"{spread[0]}…{refuted[0]}"


def _of_post(post: Post) -> tuple[Subject, ...]:
    if post.meta.get("origin", "original") != "original" or post.withdrawn:
        return ()
    year = post.publish_day and str(post.publish_day.year)
    about = subjects(post.title, post.body)
    if post.kind == "accident":  # whose report may tell neighbours to leave
        about = tuple(s for s in about if s.kind != "alert" or any(colours_named(s.words + s.also)))
    return tuple(s for s in about if not year or {*_WORDS["year"].findall(s.words)} <= {year})


subjects_of: PerRun[Post, tuple[Subject, ...]] = PerRun(_of_post)
"""The subjects of a post of the bureau's own; others tell what it reprints, and what was in other
years is none."""


def is_about(post: Post, kind: str) -> bool:
    """Whether a post is of a kind by its own word, or by what it says."""
    return post.kind == kind or any(subject.kind == kind for subject in subjects_of(post))
