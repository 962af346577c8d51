"""A post at the terminal as it differs from the last revision that somebody signed."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pipeline.cli.session import Session
from pipeline.detect.private import mask
from pipeline.model.evidence import STEP_NAMES, Review
from pipeline.model.findings import Message, say
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.render.comparison import Comparison, FileState, SentenceChange
from pipeline.report.front_matter import Wording
from pipeline.report.language import whole
from pipeline.sign.last_signed import SignedRevision

_DECIDED = {
    "approve": say("r{revision}, {step}: {person} approved on {when}: “{opinion}”"),
    "return": say("r{revision}, {step}: {person} returned on {when}: “{opinion}”"),
}
OTHERWISE_SET = say("paragraphs, headings, lists or tables begin otherwise here")


def decided(review: Review, registers: Registers) -> Message:
    """Who decided what on which revision, with the opinion."""
    return Message(
        _DECIDED[review.decision].text,
        (
            ("revision", review.revision),
            ("step", STEP_NAMES[review.step]),
            ("person", registers.name_of(review.reviewer)),
            ("when", review.signed_at),
            ("opinion", review.opinion),
        ),
    )


def changed_since(
    session: Session, base: SignedRevision, compared: Comparison, wording: Wording
) -> Iterator[str]:
    """What changed since `base`: front matter by key, text by sentence, files by their bytes."""
    tr, review = session.tr, base.review
    who = wording.registers.name_of(review.reviewer)
    head = say("Changed since r{revision}, which {person} signed last on {when}:",
               revision=review.revision, person=who, when=review.signed_at)  # fmt: skip
    yield tr(head)
    for key, *values in compared.keys:
        yield f"  {wording.label(key)}"
        words = ("" if value is None else wording.value(key, value) for value in values)
        yield from _pair(" " * 9, *words)
    yield from _sentences(session, compared.rows)
    lines = [r.line for r in compared.changed_rows if any(mask(t) != t for t in r.texts)]
    yield from map(tr, masked(lines, compared.new))
    for change in compared.files:
        yield f"  {whole(change.name)}"
        yield from _pair(" " * 9, *(_state(session, one) for one in (change.old, change.new)))
    if not (compared.keys or compared.changed_rows or compared.files):
        yield f"  {tr(say('Nothing but the number of the revision.'))}"


def masked(lines: Sequence[int], post: Post) -> Iterator[Message]:
    """That private numbers are masked on these lines of a post, if there are any."""
    if lines:
        numbers = ", ".join(map(str, lines))
        yield say("Private numbers are masked here; read lines {lines} of {path} itself.",
                  lines=numbers, path=post.path)  # fmt: skip


def _pair(before: str, old: str, new: str) -> Iterator[str]:
    for sign, text in (("−", old), ("+", new)):
        yield from (f"{before}{sign} {whole(line)}" for line in text.splitlines())


def _sentences(session: Session, rows: Iterable[SentenceChange]) -> Iterator[str]:
    for change, run in groupby(rows, key=lambda row: row.change):
        if change == "kept":
            count = sum(not row.is_break for row in run)
            same = say("… {count} sentences as before", count=count)
            yield from [f"         {session.tr(same)}"] * bool(count)
            continue
        for row in run:
            number = f"{row.line:>5}    "
            if row.is_break:
                yield f"{number}± {session.tr(OTHERWISE_SET)}"
            elif change == "moved":
                yield f"{number}± {session.tr(say('moved: {words}', words=row.texts[1]))}"
            else:
                yield from _pair(number, *row.texts)


def _state(session: Session, state: FileState | None) -> str:
    if state is None:
        return ""
    size = "{}×{}  ".format(*state.pixels) if state.pixels else ""
    count = session.tr(say("{size} bytes", size=state.size))
    return f"{size}{count}  {state.digest[:16]}  {state.alt}".rstrip()
