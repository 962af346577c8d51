"""A post's page and the files beside it, compared with what was signed (threats A15, A23, A24).

Every part of the page that `data-signed` names is made again from the signed bytes and must be
equal to it. A part that a theme does not name is not compared, and reported so (decision 0039).
The rest of a page comes from a release of this program and is unsigned: the holder of the log's key
can still add to a page, or hide a part of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

from pipeline.evidence.review.bundle_checks import reviewers_of
from pipeline.evidence.review.site_bundle import SiteBundle, evidence_tar
from pipeline.model import documents, evidence, registers
from pipeline.model.findings import Message, say
from pipeline.model.ids import Digest, PostId
from pipeline.model.posts import MediaFact, Post
from pipeline.model.records import Correction, Publication
from pipeline.render.archive import render_archive
from pipeline.site.fragments import NAMES, Unsigned, fragments
from pipeline.source.content.front_matter import split_post

_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
})  # fmt: skip
_UNSEEN = frozenset({
    "iframe", "noembed", "noframes", "noscript", "plaintext", "select", "svg", "template",
    "textarea", "title", "xmp",
})  # fmt: skip
"""Elements in which a browser shows no elements of a page."""


class Piece(NamedTuple):
    """One element; `start`: where its content begins in the HTML."""

    name: str
    tag: str
    start: int


def signed_parts(html: str) -> list[Piece]:
    """The parts of a page that a reader may see, in linear time and memory."""
    finder = _Finder(html)
    # A tag left open at the end takes the parser quadratic time, and browsers do not show it.
    finder.feed(html[: html.rfind(">") + 1])
    finder.close()
    return finder.parts


def holds(html: str, part: Piece, fragment: str) -> str | None:
    """None when an element holds only the fragment and blanks; else the content it holds.

    A title may have `<wbr>` anywhere: where its lines end depends on a dictionary.
    """
    wanted, content = fragment.strip(), html[part.start :].lstrip()
    if part.name == "title":
        content = content.replace("<wbr>", "")
    after = content[len(wanted) :].lstrip()[: len(part.tag) + 2].lower()
    return None if content.startswith(wanted) and after == f"</{part.tag}" else content


class _Finder(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[Piece] = []
        self._lines = [*_line_starts(html)]
        self._hidden, self._depth = "", 0
        """Tag of the element that hides what lies in it, and how many of that tag are open."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(reversed(attrs))  # the first of a name counts
        if self._hidden:
            self._depth += tag == self._hidden
        elif tag in _UNSEEN or ("hidden" in attributes and tag not in _VOID):
            self._hidden, self._depth = tag, 1
        elif "data-signed" in attributes:
            line, column = self.getpos()
            start = self._lines[line - 1] + column + len(self.get_starttag_text() or "")
            self.parts.append(Piece(attributes["data-signed"] or "", tag, start))

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._depth -= 1
            self._hidden = tag if self._depth else ""


def _line_starts(html: str) -> Iterator[int]:
    start = 0
    for line in html.split("\n"):
        yield start
        start += len(line) + 1


PAGE, EVIDENCE, TAR, MAIN = "index.html", "evidence.json", "evidence.tar", "post.md"
READ = frozenset({PAGE, EVIDENCE, TAR, MAIN})
"""Files whose bytes are read; for the others the digest is enough."""
ERASED = "erased-"
"""Prefix of the signed records beside an erased post's page."""
SIZED = "sized/"
"""Folder of pictures made smaller, which are unsigned."""
_LARGEST, _MOST_TAGS = 8_000_000, 1_000_000
"""The most bytes and tags of a page that is read."""
_AROUND, _LONG = 24, 60
"""The most characters that a message shows of a difference, and of a name."""


@dataclass(frozen=True)
class NotCompared:
    """A signed part that no element of a page is marked with."""

    name: str
    """Its readable name (`site.fragments.NAMES`)."""


@dataclass(frozen=True)
class Remark:
    """A fact that a reader should learn, and no problem of the site."""

    message: Message


Item = Message | NotCompared | Remark


@dataclass(frozen=True)
class Folder:
    """What a site shows of one post."""

    post: PostId
    digests: Mapping[str, str]
    """Name beside the page → sha256."""
    held: Mapping[str, bytes]
    """Name → bytes, of the files of `READ` and the records of an erasure that match the list."""
    revision: int = 0
    """The newest corrected revision in the log."""
    withdrawn: bool = False
    """Whether the log says that the post was withdrawn."""
    changes: Mapping[int, str] = field(default_factory=dict)
    """Revision → digest of the record of its change, as the log says."""
    version: int = 0
    """The revision that the folder's name says, of an earlier version; 0: the post as it stands."""

    @property
    def home(self) -> str:
        """Its folder in the archive."""
        return f"content/posts/{self.post[:4]}/{self.post}"

    @cached_property
    def page(self) -> str:
        """The page; empty when it is not UTF-8, or larger than any of ours."""
        raw = self.held[PAGE]
        try:
            usual = len(raw) <= _LARGEST and raw.count(b"<") <= _MOST_TAGS
            return raw.decode("utf-8") if usual else ""
        except UnicodeDecodeError:
            return ""

    @cached_property
    def written(self) -> tuple[documents.Document, str | None, int]:
        """post.md, as `split_post` splits it."""
        return split_post(f"{self.home}/{MAIN}", self.held[MAIN])


def page_problems(
    folder: Folder,
    bundle: SiteBundle,
    carried: Iterable[Publication] = (),
    corrections: Iterable[Correction] = (),
) -> Iterator[Item]:
    """What is wrong with the page of a post; `bundle_problems` checks its evidence.

    `carried`: the publication records that count; `corrections`: see `corrections_of`.
    """
    home = f"{folder.home}/"
    own = {path.removeprefix(home): digest for path, (digest, _) in bundle.files.items()}
    if bundle.post != folder.post or not all(path.startswith(home) for path in bundle.files):
        yield say("The evidence is that of another post.")
        return
    if folder.version and bundle.revision != folder.version:
        yield say("The evidence is that of another revision.")
    elif bundle.revision < folder.revision and not folder.version:
        yield say(
            "Revision {shown} is shown, but the log knows of revision {known}.",
            shown=bundle.revision,
            known=folder.revision,
        )
    yield from _beside(folder, own)
    yield from (
        say("The evidence gives {name} another address than its own.", name=path[:200])
        for path, (_, address) in bundle.files.items()
        if address and (address not in own or path != home + address)
    )
    if folder.held.get(TAR) != _tar(bundle):
        yield say("{name} does not hold what the evidence holds.", name=TAR)
    yield from _words(folder, bundle, carried, corrections)


def _tar(bundle: SiteBundle) -> bytes:
    """``evidence.tar`` made again from the bundle."""
    stems = {step.value: step.stem for step in evidence.Step}
    steps = ((stems.get(s.step, ""), s.statement, s.signature) for s in bundle.steps)
    records = ((evidence.record_stem(n), *record) for n, record in enumerate(bundle.records, 1))
    return evidence_tar((*steps, *records))


def _beside(folder: Folder, own: Mapping[str, str]) -> Iterator[Message]:
    """Files beside the page that are neither signed nor added by every site."""
    for name, digest in folder.digests.items():
        if name in own and digest != own[name]:
            yield say("{name} is not the file that was reviewed.", name=name[:200])
        elif name not in own and name not in READ and not name.startswith(SIZED):
            yield say("{name} lies beside the page unsigned.", name=name[:200])
    if PAGE not in folder.digests:
        yield say("The evidence is there, but the page of the post is not.")
    if MAIN not in folder.digests and not folder.withdrawn:
        yield say("{name} is missing, though the log knows of no withdrawal.", name=MAIN)


def _words(
    folder: Folder,
    bundle: SiteBundle,
    carried: Iterable[Publication],
    corrections: Iterable[Correction],
) -> Iterator[Item]:
    """Compare the parts of the page with the fragments made from the signed bytes."""
    if PAGE not in folder.held or (MAIN in folder.digests and MAIN not in folder.held):
        return
    try:
        post = post_of(folder, bundle) if MAIN in folder.held else None
        if post and _writers(post) & reviewers_of(bundle):
            yield say("One of the reviewers wrote the post.")
        unsigned = Unsigned() if bundle.page is None else Unsigned.read(bundle.page)
        html = body_html(post, unsigned) if post else ""
        expected = fragments(bundle, unsigned, post, html, carried, corrections)
        if folder.version:  # where it was carried, the page of the present version says
            expected.pop("carried", None)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        yield say("{name} cannot be read.", name=f"{MAIN}, {EVIDENCE}")
        return
    yield from compared(folder.page, expected)


def body_html(post: Post, unsigned: Unsigned) -> str:
    """The body as a site of that address renders it, without the source that registers name."""
    home = f"{post.folder}/"
    sized = replace(
        post,
        meta={k: v for k, v in post.meta.items() if k not in ("origin", "source")},
        sizes={home + name: size for name, size in unsigned.sizes.items()},
        media=tuple(
            MediaFact(home + name, made_by_machine=label) for name, label in unsigned.labels.items()
        ),
    )
    policy = replace(registers.NO_POLICY, archive={"url": f"https://{unsigned.host}"})
    return render_archive(sized, replace(registers.NO_REGISTERS, policy=policy)).html


def compared(page: str, expected: Mapping[str, str]) -> Iterator[Item]:
    """Parts that are not on the page exactly once and as they were signed."""
    parts = {name: [p for p in signed_parts(page) if p.name == name] for name in expected}
    for name, number in sorted(Counter(part.name for part in signed_parts(page)).items()):
        if name not in expected:
            yield say("The page shows “{name}” as signed, but it is not.", name=name[:_LONG])
        elif number > 1:
            yield say("The page shows “{name}” more than once as signed.", name=NAMES[name])
    for name, html in expected.items():
        if not parts[name]:
            yield NotCompared(NAMES[name])
        for part in parts[name]:
            content = holds(page, part, html)
            if content is not None:
                yield _difference(NAMES[name], content, f"{html.strip()}</{part.tag}>")


def _difference(name: str, *both: str) -> Message:
    seen, signed = ("".join(html.split()) for html in both)
    pairs = zip(seen, signed, strict=False)
    start = next((at for at, (one, other) in enumerate(pairs) if one != other), len(seen))
    return say(
        "The page says “{seen}” for {name}, where the signed bytes say “{signed}”.",
        name=name,
        seen=seen[start : start + _AROUND] or "—",
        signed=signed[start : start + _AROUND] or "—",
    )


def _writers(post: Post) -> set[str]:
    others = post.meta.get("co_authors")
    return {str(post.meta.get("author")), *map(str, others if isinstance(others, list) else ())}


def post_of(folder: Folder, bundle: SiteBundle) -> Post:
    """The post as the renderer takes it: made from its files, without registers."""
    document, body, line = folder.written
    meta = document.value if isinstance(document.value, dict) else {}
    manifest = {path: Digest(digest) for path, (digest, _) in bundle.files.items()}
    return Post(folder.post, folder.home, document, meta, frozenset(), body or "", line, manifest)


# What pages and style sheets of a site name: addresses that its readers' browsers open.

_ATTRIBUTE = re.compile(
    r"""\b(href|src|poster|(?:image)?srcset)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I
)
_LOADED = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", re.I)
_BASE = "https://this.invalid/"


def addresses(path: str, raw: bytes) -> Iterator[str]:
    """The files of the site that the one at `path` names; none but for pages and style sheets."""
    text = raw.decode("utf-8", "replace")
    if path.endswith(".css"):
        values = _LOADED.findall(text)
    elif path.endswith(".html"):
        linked = ((name, unescape("".join(words))) for name, *words in _ATTRIBUTE.findall(text))
        values = [v for name, words in linked for v in _values(name, words)]
    else:
        return
    for value in values:
        try:
            goes = urlsplit(urljoin(_BASE + path, value))
        except ValueError:  # no address at all
            continue
        if f"{goes.scheme}://{goes.netloc}/" == _BASE:
            file = unquote(goes.path).lstrip("/")
            yield f"{file}index.html" if file.endswith("/") or not file else file


def _values(name: str, words: str) -> list[str]:
    if not name.lower().endswith("srcset"):
        return [words.strip()]
    return [size.split()[0] for size in words.split(",") if size.strip()]
