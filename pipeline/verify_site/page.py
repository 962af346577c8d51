"""A post's page and the files beside it, held to what was signed (threats A15, A23, A24).

Title and text are compared with what the signed bytes render to here, blanks apart; facts in
`verify_facts`, accounts in `verify_carried`. Each is looked for by the class that the shipped theme
gives it. An element of that class must say what was signed; where a theme has none, the fact is
not compared, and named (decision 0030). Everything else on a page is made by a release of this
program, which nobody signs: who holds the log's key can still add to a page, or hide a part of it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, zip_longest
from types import MappingProxyType
from urllib.parse import unquote

from pipeline.evidence.review.bundle_checks import reviewers_of
from pipeline.evidence.review.site_bundle import SiteBundle
from pipeline.evidence.tar import evidence_tar
from pipeline.model.documents import Document
from pipeline.model.evidence import Step, record_stem
from pipeline.model.findings import Message, say
from pipeline.model.posts import Post
from pipeline.model.registers import NO_REGISTERS
from pipeline.render.archive import render_archive
from pipeline.render.labels import ai_label
from pipeline.render.markup import sanitise
from pipeline.render.xml_text import clean
from pipeline.source.content.posts import split_post
from pipeline.verify_site.markup import Element, Markup, outermost

PAGE, EVIDENCE, TAR, MAIN = "index.html", "evidence.json", "evidence.tar", "post.md"
READ = frozenset({PAGE, EVIDENCE, TAR, MAIN})
"""Files whose bytes are looked at; of the others the digest is enough."""
ERASED = "erased-"
"""How the signed records beside an erased post's page begin."""
SIZED = "sized/"
"""Pictures made smaller, which nobody signed."""
_ATTRIBUTES = ("alt", "href", "id", "start", "aria-label")
_SOURCE_LINE = 99
"""Most characters of the line that names the source of a reprint, as registers have it."""
_CANDIDATES = 20
"""Elements that are tried as the one that holds the text, the innermost first."""
_LARGEST, _MOST_TAGS = 8_000_000, 1_000_000
"""Bytes and tags of a page that is looked at."""
_AROUND = 12
"""Characters shown where the words part."""


@dataclass(frozen=True)
class NotCompared:
    """Something signed that a page does not show where the shipped theme does."""

    name: str
    """As the shipped theme calls it on the page."""


@dataclass(frozen=True)
class Remark:
    """A fact that a reader wants told and that makes no site untrue."""

    message: Message


@dataclass(frozen=True)
class Folder:
    """What a site shows of one post."""

    post: str
    digests: Mapping[str, str]
    """Name beside the page → sha256."""
    held: Mapping[str, bytes]
    """Of `READ`, those that are there and hold what the list says."""
    revision: int = 0
    """The newest that the log says was corrected."""
    withdrawn: bool = False
    """Whether the log says so."""
    changes: Mapping[int, str] = field(default_factory=dict)
    """Revision → digest of the record that tells of it, as the log says."""

    @property
    def home(self) -> str:
        """Its folder in the archive."""
        return f"content/posts/{self.post[:4]}/{self.post}"

    @cached_property
    def page(self) -> str:
        """The page; empty when it is no UTF-8 or larger than any of ours."""
        raw = self.held[PAGE]
        try:
            usual = len(raw) <= _LARGEST and raw.count(b"<") <= _MOST_TAGS
            return raw.decode("utf-8") if usual else ""
        except UnicodeDecodeError:
            return ""

    @cached_property
    def markup(self) -> Markup:
        return Markup(self.page)

    @cached_property
    def written(self) -> tuple[Document, str | None, int]:
        """post.md, as `split_post` parts it."""
        return split_post(f"{self.home}/{MAIN}", self.held[MAIN])


def page_problems(folder: Folder, bundle: SiteBundle) -> Iterator[Message | NotCompared]:
    """What is wrong with the page of a post, whose evidence `bundle_problems` looks at."""
    home = f"{folder.home}/"
    own = {path.removeprefix(home): digest for path, (digest, _) in bundle.files.items()}
    if bundle.post != folder.post or not all(path.startswith(home) for path in bundle.files):
        yield say("The evidence is that of another post.")
        return
    if bundle.revision < folder.revision:
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
    yield from _words(folder, bundle)


def _tar(bundle: SiteBundle) -> bytes:
    """The archive as it must be."""
    stems = {step.value: step.stem for step in Step}
    steps = ((stems.get(s.step, ""), s.statement, s.signature) for s in bundle.steps)
    records = ((record_stem(n), *record) for n, record in enumerate(bundle.records, 1))
    return evidence_tar((*steps, *records))


def _beside(folder: Folder, own: Mapping[str, str]) -> Iterator[Message]:
    """Every file beside the page must be one that was signed, or one that a site adds."""
    for name, digest in folder.digests.items():
        if name in own and digest != own[name]:
            yield say("{name} is not the file that was reviewed.", name=name[:200])
        elif name not in own and name not in READ and not name.startswith(SIZED):
            yield say("{name} lies beside the page, and nobody signed it.", name=name[:200])
    if PAGE not in folder.digests:
        yield say("The evidence is there, but the page of the post is not.")
    if MAIN not in folder.digests and not folder.withdrawn:
        yield say("{name} is missing, though the log knows of no withdrawal.", name=MAIN)


def _words(folder: Folder, bundle: SiteBundle) -> Iterator[Message | NotCompared]:
    """The title and the text of the page against those of post.md."""
    if MAIN not in folder.held or PAGE not in folder.held:
        return
    post = post_of(folder, bundle)
    if _writers(post) & reviewers_of(bundle):
        yield say("One of the reviewers wrote the post.")
    page, title = folder.markup, visible(clean(post.title))
    titles = page.classed("sn-title")
    if any(page.words_of(shown) != title for shown in titles):
        yield say("The title on the page is not that of post.md.")
    headings = outermost(e for e in page.elements if e.tag == "h1")
    if not titles and title not in map(page.words_of, headings):
        yield NotCompared("标题")
    signed = Markup(_expected(post))
    words = visible(ai_label(post)) + signed.words
    bodies = page.classed("sn-body")
    for body in bodies:
        yield from _text(folder, post, page.html[slice(*body.inner)], signed, words)
    if not bodies:
        yield from _text_elsewhere(page, signed, words)


def _text(folder: Folder, post: Post, html: str, signed: Markup, words: str) -> Iterator[Message]:
    """The body of a page, as HTML, against what it must hold and the words that it must say."""
    # What a browser shows and no letter tells, such as a field's value, has a tag of its own.
    if html.count("<") != sanitise(html).count("<"):
        yield say("The text of the page cannot be told from the rest of it.")
        return
    shown = Markup(html)
    if any(name not in folder.digests for name in _pictures(shown.elements)):
        yield say("A picture on the page is none of the post's own.")
    start, first = _source_line(shown, post)
    if _telling(shown.elements[first:]) != _telling(signed.elements):
        yield say("A link or the words for a picture on the page are not those of post.md.")
    seen = shown.words[start:]
    if seen != words:
        pairs = enumerate(zip_longest(seen, words))
        start = next(at for at, (one, other) in pairs if one != other)
        yield say(
            "The page says “{seen}” where post.md says “{signed}”.",
            seen=seen[start : start + _AROUND] or "—",
            signed=words[start : start + _AROUND] or "—",
        )


def _text_elsewhere(page: Markup, signed: Markup, words: str) -> Iterator[Message | NotCompared]:
    """A theme may put the text anywhere, but it has to be there, whole and in one piece."""
    start = page.words.find(words)
    if start < 0:
        yield say("The words of post.md do not stand on the page in one piece.")
        return
    place, telling = (start, start + len(words)), _telling(signed.elements)
    around = [e for e in page.elements if (e.start, e.end) == place][-_CANDIDATES:]
    if not any(_telling(page.inside(e)) == telling for e in around):
        yield NotCompared("正文中的链接和图片")


def _pictures(elements: Collection[Element]) -> Iterator[str]:
    """The files that pictures show, in whatever size."""
    for element in elements:
        sizes = (size.split()[:1] for size in element.attributes.get("srcset", "").split(","))
        sources = (element.attributes.get("src", ""), *chain.from_iterable(sizes))
        yield from (unquote(source) for source in sources if source)


def _telling(elements: Collection[Element]) -> list[tuple[str, str]]:
    """What links, headings, lists and pictures say beside their words."""
    return [
        (name, visible(e.attributes[name]))
        for e in elements
        for name in _ATTRIBUTES
        if name in e.attributes
    ]


def _source_line(shown: Markup, post: Post) -> tuple[int, int]:
    """How many characters and elements of a body tell where a reprint is from, as registers say."""
    line = shown.elements[0] if shown.elements else None
    if line is None or post.meta.get("origin") not in ("reprint", "forward"):
        return 0, 0
    plain = all(e.tag == "a" for e in shown.inside(line)) and line.end <= _SOURCE_LINE
    ours = (line.tag, line.classes, line.start) == ("p", ["source-line"], 0)
    return (line.end, line.below) if ours and plain else (0, 0)


def _writers(post: Post) -> set[str]:
    others = post.meta.get("co_authors")
    return {str(post.meta.get("author")), *map(str, others if isinstance(others, list) else ())}


def post_of(folder: Folder, bundle: SiteBundle) -> Post:
    """The post as its renderer wants it: what its files say, and no register."""
    document, body, line = folder.written
    meta = document.value if isinstance(document.value, dict) else {}
    manifest = {path: digest for path, (digest, _) in bundle.files.items()}
    return Post(folder.post, folder.home, document, meta, frozenset(), body or "", line, manifest)


def _expected(post: Post) -> str:
    """The body as its renderer shows it, without the label that a site takes from front matter."""
    return render_archive(replace(post, meta=MappingProxyType({})), NO_REGISTERS).html


def visible(text: str) -> str:
    """All of a text but its blanks: a point more makes 15 of 1.5."""
    return "".join(text.split())
