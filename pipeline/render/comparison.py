"""What changed between two revisions of a post: front matter by key, body by sentence, files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from markupsafe import Markup

from pipeline.detect.drift import changed_ranges
from pipeline.model.channels import ChannelRegisters
from pipeline.model.ids import Digest
from pipeline.model.posts import UNKNOWN, Post, Sizes
from pipeline.render.body import read_body
from pipeline.render.compared import compared
from pipeline.render.sentences import Sentence, sentences

_ALIKE = 0.5
"""Share of signs from which on a sentence is taken for another wording of one that went."""
_LONGEST = 1000
"""Signs of a sentence beyond which it is not held against another."""
_MOST_PAIRS = 400
"""Pairs of sentences held against each other in one stretch; a longer one went and came whole."""
BREAK = "¶"
"""Words of what stands between two blocks: a paragraph, heading, list or table begins."""
_SHORTEST = 4
"""Signs of a sentence from which on it is taken for the same one elsewhere."""


@dataclass(frozen=True)
class SentenceChange:
    """A sentence of either revision, or of both; or a `BREAK` between blocks."""

    change: str
    """``kept``, ``removed``, ``added``, ``changed``, or ``moved``: it stood elsewhere."""
    old: Sentence | None
    new: Sentence | None

    @property
    def line(self) -> int:
        """Where it stands in the file, or stood in the earlier one; from 1."""
        sentence = self.new or self.old
        return sentence.first if sentence else 0

    @property
    def is_break(self) -> bool:
        return BREAK in [s.words for s in (self.old, self.new) if s]

    @property
    def texts(self) -> tuple[str, str]:
        """(old, new) as a reader sees them; as they were typed, where a reader sees no difference;
        empty for what is not there."""
        old, new = self.old, self.new
        same = self.change == "changed" and old and new and old.words == new.words
        first, second = (
            (s.typed if same or not s.words else s.words) if s else "" for s in (old, new)
        )
        return first, second


@dataclass(frozen=True)
class FileState:
    """A picture or another file beside the post."""

    digest: Digest
    size: int
    pixels: tuple[int, int] | None
    alt: str


@dataclass(frozen=True)
class FileChange:
    """A file that came, went, or has other bytes or another alternative text."""

    name: str
    old: FileState | None
    new: FileState | None


@dataclass(frozen=True)
class Comparison:
    """An earlier revision and a later one of the same post."""

    old: Post
    new: Post
    keys: tuple[tuple[str, Any, Any], ...]
    """(key of the front matter, old value, new value); None: it was not there."""
    rows: tuple[SentenceChange, ...]
    """Every sentence of the later body in order, those that went where they stood."""
    files: tuple[FileChange, ...]

    @property
    def changed_rows(self) -> tuple[SentenceChange, ...]:
        return tuple(row for row in self.rows if row.change != "kept")


def compare_posts(
    old: Post,
    new: Post,
    registers: ChannelRegisters,
    old_sizes: Sizes = UNKNOWN,
    new_sizes: Sizes = UNKNOWN,
) -> Comparison:
    """The comparison of two revisions; `…_sizes`: pixels of their pictures. Never raises."""
    before, after = (sentences(read_body(post, registers)) for post in (old, new))
    rows = compare_sentences(before, after)
    unseen = compare_sentences(_unseen(old, before), _unseen(new, after))
    rows += tuple(row for row in unseen if row.change != "kept")
    files = tuple(_files(_states(old, registers, old_sizes), _states(new, registers, new_sizes)))
    return Comparison(old, new, tuple(_keys(old, new)), rows, files)


def _keys(old: Post, new: Post) -> Iterator[tuple[str, Any, Any]]:
    before, after = values_of(old), values_of(new)
    for key in dict.fromkeys((*after, *before)):
        if key != "revision" and before.get(key) != after.get(key):
            yield key, before.get(key), after.get(key)


def values_of(post: Post) -> Mapping[str, Any]:
    """Front matter in the order it is written, values typed where they fit their schema."""
    written = post.document.value if isinstance(post.document.value, dict) else post.meta
    return {str(key): post.meta.get(key, value) for key, value in written.items()}


def _states(post: Post, registers: ChannelRegisters, pixels: Sizes) -> dict[str, FileState]:
    rows = post.meta.get("media", ())
    alts = {str(row.get("file")): str(row.get("alt", "")) for row in rows}
    alts |= {image.file: image.alt for image in read_body(post, registers).images if image.alt}
    return {
        name: FileState(digest, post.sizes.get(path, 0), pixels.get(path), alts.get(name, ""))
        for path, digest in post.manifest.items()
        if path != post.path
        for name in (path.removeprefix(f"{post.folder}/"),)
    }


def _files(old: Mapping[str, FileState], new: Mapping[str, FileState]) -> Iterator[FileChange]:
    for name in sorted({*old, *new}):
        if old.get(name) != new.get(name):
            yield FileChange(name, old.get(name), new.get(name))


def _unseen(post: Post, cut: Sequence[Sentence]) -> list[Sentence]:
    """Typed lines that no sentence stands on, such as the definition of a link: signed, too."""
    on = {line for sentence in cut for line in range(sentence.first, sentence.last + 1)}
    lines = enumerate(post.body.split("\n"), post.body_line)
    return [Sentence(t, t, "", n, n) for n, text in lines if n not in on and (t := text.strip())]


def compare_sentences(
    old: Sequence[Sentence], new: Sequence[Sentence]
) -> tuple[SentenceChange, ...]:
    """Every sentence of both and every break between blocks, in the order of the new ones."""
    old, new = ([*_with_breaks(some)] for some in (old, new))
    before, after = ([s.typed for s in some] for some in (old, new))
    rows: list[SentenceChange] = []
    at = 0
    for a, b, c, d in changed_ranges(before, after):
        rows += [SentenceChange("kept", s, s) for s in new[at:c]]
        rows += _paired(old[a:b], new[c:d])
        at = d
    rows += [SentenceChange("kept", s, s) for s in new[at:]]
    return tuple(_with_moves(rows))


def _with_breaks(cut: Iterable[Sentence]) -> Iterator[Sentence]:
    for sentence in cut:
        if sentence.before:
            yield Sentence(BREAK, f"{BREAK}{sentence.before}", "", sentence.first, sentence.first)
        yield sentence


def _paired(old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[SentenceChange]:
    """A stretch that differs: sentences alike are two wordings of one, in their order."""
    at = 0
    for sentence in old:
        near = range(at, len(new)) if len(old) * len(new) <= _MOST_PAIRS else range(0)
        match = next((n for n in near if _alike(sentence, new[n])), None)
        if match is None:
            yield SentenceChange("removed", sentence, None)
            continue
        yield from (SentenceChange("added", None, s) for s in new[at:match])
        same = sentence.typed == new[match].typed
        yield SentenceChange("kept" if same else "changed", sentence, new[match])
        at = match + 1
    yield from (SentenceChange("added", None, s) for s in new[at:])


def _alike(old: Sentence, new: Sentence) -> bool:
    if BREAK in (old.words, new.words) or old.typed == new.typed:
        return old.words == new.words
    if max(len(old.typed), len(new.typed)) > _LONGEST:
        return False
    return SequenceMatcher(None, old.typed, new.typed, autojunk=False).ratio() >= _ALIKE


def _with_moves(rows: Sequence[SentenceChange]) -> Iterator[SentenceChange]:
    """A sentence removed here and added there is one row, ``moved``, at its new place."""
    came = {r.new.typed: r for r in rows if r.change == "added" and r.new}
    gone = [r for r in rows if r.change == "removed" and r.old and len(r.old.words) >= _SHORTEST]
    went = {r.old.typed: r for r in gone if r.old and r.old.typed in came}
    for row in rows:
        if row.change == "removed" and row in went.values():
            continue
        first = row.new is not None and came.get(row.new.typed) is row
        source = went.get(row.new.typed) if first and row.new else None
        yield SentenceChange("moved", source.old, row.new) if source else row


def marked(old: str, new: str) -> tuple[Markup, Markup]:
    """`compared`; where both read the same, as masked numbers do, each is marked as a whole."""
    if old == new:
        return Markup("<del>{}</del>").format(old), Markup("<ins>{}</ins>").format(new)
    return compared(old, new)
