"""Private data in a text, after every way of writing it is brought to one (Article 13(3)).

The kinds and what each needs around it follow GB 11643, GB 32100, ISO/IEC 7812 and GB/T 35273
annex A. A match is a span, never a value: only `shown_match` may be printed of it.
"""

import re
from collections.abc import Iterator, Mapping

from pipeline.detect.classes import classes
from pipeline.detect.folding import Match, flat, fold
from pipeline.detect.private_names import SURNAMES, private_names
from pipeline.detect.private_numbers import CHINESE, Span, private_numbers, weak_masks
from pipeline.model.findings import Message, say
from pipeline.model.lazy import HAN, regex

_WORDS = classes("private", chinese=CHINESE, han=HAN)

PRIVATE_KINDS: Mapping[str, Message] = {
    "identity": say("an identity number"),
    "identity-old": say("an identity number of the old kind"),
    "mobile": say("a mobile number"),
    "landline": say("a telephone number"),
    "bank-card": say("a bank card number"),
    "passport": say("a passport number"),
    "permit": say("the number of a permit or an officer's card"),
    "plate": say("a number plate"),
    "email": say("an e-mail address"),
    "messenger": say("a QQ or WeChat number"),
    "address": say("a home address"),
    "name": say("the name of a person concerned"),
    "birth": say("a name with an age or a birthday"),
    "minor": say("the name of a child"),
    "weak-mask": say("a number that is masked too little"),
}


# Private data that words reveal in a folded text: documents, plates, contacts, homes, names.

_PASSPORT = ("护照", "護照", "passport", "证件", "旅行证")
_EMAIL = regex(
    r"[a-z0-9][a-z0-9._%+\-]{0,63}[@＠](?:[a-z0-9\-]{1,63}\.){1,4}[a-z]{2,12}(?![a-z0-9])"
)
_LISTED = regex(rf"[{SURNAMES}](?<![^。！？\n].){HAN}{{1,2}}[，（|]")
"""A row or a sentence that begins with a name."""
_ENDS = regex(r"[。；！？\n]")
_SENTENCE = regex(r"[^。！？\n]+")
_BEHIND_CUE = {
    **dict.fromkeys(("qq", "扣扣"), ("messenger", _WORDS["qq"])),
    **dict.fromkeys(("微信", "weixin", "vx", "wx", "v信"), ("messenger", _WORDS["wechat"])),
    **dict.fromkeys(("军官证", "士兵证", "警官证"), ("permit", _WORDS["officer"])),
}
"""Word → kind and form of what follows it."""
_CUES = regex("|".join(sorted(_BEHIND_CUE, key=len, reverse=True)))


def private_words(text: str) -> Iterator[Span]:
    """Private data that words reveal, in a folded text; each search only where it may match."""
    for match in _WORDS["plate"].finditer(text):
        if sum(c.isdecimal() for c in match[0]) > 1:
            yield "plate", *match.span("id" if match["id"] else 0), False
    if "@" in text or "＠" in text:
        yield from (("email", *m.span(), False) for m in _EMAIL.finditer(text))
    last = 0
    for home in sorted(_homes(text), key=lambda span: (span[1], -span[2])):
        if home[1] >= last:
            yield home
            last = home[2]
    yield from private_names(text)
    yield from _documents(text) if _WORDS["document"].search(text) else ()
    for cue in _CUES.finditer(text):
        kind, form = _BEHIND_CUE[cue[0]]
        if behind := form.match(text, cue.end()):
            yield kind, *behind.span("id"), False


def _documents(text: str) -> Iterator[Span]:
    """Numbers of passports and permits, whose name stands before them or right behind."""
    for number in _WORDS["document number"].finditer(text):
        start, end = number.span()
        usual = _WORDS["usual passport"].fullmatch(number[0]) is not None
        wide = text[max(0, start - 48) : start]
        before = re.split("[。；]", wide)[-1]
        cues_in, behind = _WORDS["document"].findall, text[end : end + 16]
        cues = cues_in(wide if usual else before)[-1:]
        cues = cues or cues_in(behind) or _WORDS["traveller"].findall(before)
        if not (cues and (number["usual"] or _WORDS["labelled"].search(before))) or _WORDS[
            "other number"
        ].search(before):
            continue
        kind = "passport" if cues[0] in _PASSPORT else "permit"
        yield kind, start, end, kind == "passport" and usual


def _homes(text: str) -> Iterator[Span]:
    """House and door of a home; offices and public places are no secret."""
    yield from (("address", *m.span(), False) for m in _WORDS["hamlet"].finditer(text))
    for match in _WORDS["door"].finditer(text) if _WORDS["built"].search(text) else ():
        before = text[max(0, match.start() - 16) : match.start()]
        near = re.split(r"[\n，。；：:]", before)[-1]
        private = not _WORDS["public"].search(near) or _WORDS["dwelling"].search(near)
        if private and not _WORDS["premises"].match(text, match.end()):
            yield "address", *match.span(), False
    for cue in _WORDS["lives"].finditer(text):
        clause = _ENDS.split(text[cue.end() : cue.end() + 48])[0]
        house = _WORDS["house"].search(clause)
        if house and not _WORDS["public"].search(clause[: house.start()]):
            yield "address", cue.end(), cue.end() + house.end(), False
    lived_in = _WORDS["dwells"].search(text) or _LISTED.search(text)
    for sentence in _SENTENCE.finditer(text) if lived_in else ():
        lived_in = _WORDS["dwells"].search(sentence[0]) or _LISTED.match(sentence[0])
        closely = lived_in and _WORDS["detail"].search(sentence[0])
        if closely and not _WORDS["public"].search(sentence[0]):
            at = sentence.start()
            yield "address", at + closely.start(), at + closely.end(), False


_MARKER = regex(r"[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793](?=[0-9])")
"""The mark of a list, such as ①, right before a number: no digit of it."""
NUMERIC = ("identity", "identity-old", "mobile", "bank-card", "passport")
"""Kinds of which the first three and the last two signs may be shown."""


def private_data(text: str) -> tuple[Match, ...]:
    """All private data of a text in order; offsets into the text as given.

    Full-width and other digits, signs without width, Chinese numerals and separators hide
    nothing. Masked values (``138****0000``), unified social credit codes and hotlines are none.
    """
    if _MARKER.search(text):
        text = _MARKER.sub(" ", text)
    read, folded = flat(text), fold(text)  # stars that mask a number are no marks
    numbers, masks = [*private_numbers(read.text)], [*weak_masks(folded.text)]
    spans = (*numbers, *private_words(read.text))
    matches = {Match(kind, *read.span(start, end), sure) for kind, start, end, sure in spans}
    matches |= {Match(kind, *folded.span(*at), False) for kind, *at in masks}
    return tuple(sorted(matches, key=lambda m: (m.start, m.end, m.kind)))


def shown_match(match: Match, text: str) -> str:
    """What may be printed: three signs and two of a number, the first sign of anything else."""
    value = "".join(filter(str.isalnum, flat(text[match.start : match.end]).text.upper()))
    if match.kind in NUMERIC and len(value) > 10:
        return _masked(value)
    return f"{value[:1]}**"


def mask(text: str) -> str:
    """The text with private numbers reduced to three digits, stars and two digits (A36)."""
    plain = _WORDS["long number"].sub(lambda m: _masked(m[0]), text)
    for match in reversed(private_data(plain)):
        if match.kind in NUMERIC and match.end - match.start > 7:
            value = _masked(plain[match.start : match.end])
            plain = plain[: match.start] + value + plain[match.end :]
    return plain


_QUOTED, _AROUND = 40, 200
"""Signs on either side of what is quoted, and those that are looked at for private data."""
_SENTENCE_END = regex(r"[。！？\n]")


def quoted(text: str, start: int, end: int) -> str:
    """The sentence around what stands from start to end, shortened, its private data masked."""
    before = _SENTENCE_END.split(text[max(0, start - _AROUND) : start])[-1]
    behind = _SENTENCE_END.split(text[end : end + _AROUND], 1)[0]
    words, at = f"{before}{text[start:end]}{behind}", len(before)
    shown = words
    for match in private_data(words):
        hidden = "*" * (match.end - match.start)
        shown = f"{shown[: match.start]}{hidden}{shown[match.end :]}"
    first, last = max(0, at - _QUOTED), at + end - start + _QUOTED
    return f"{'…' * (first > 0)}{shown[first:last].strip()}{'…' * (last < len(shown))}"


def _masked(value: str) -> str:
    return f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}"


def starred(old: str, new: str) -> bool:
    """Whether a text is another one with nothing but private data hidden."""
    words, at = "", 0
    for match in private_data(old):
        data = old[match.start : match.end]
        hidden = "|".join(map(re.escape, (data, mask(data))))
        words, at = f"{words}{re.escape(old[at : match.start])}(?:{hidden}|[*＊某]+)", match.end
    return new == mask(old) or bool(at and re.fullmatch(words + re.escape(old[at:]), new))
