"""A post's page and the files beside it, held to what was signed (threats A15, A23, A24).

Title and text are compared with what the signed bytes render to here, blanks apart; facts in
`verify_facts`, accounts in `verify_carried`. Everything else on a page is made by a release of this
program, which nobody signs: who holds the log's key can still add to a page, or hide a part of it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape
from itertools import zip_longest
from types import MappingProxyType
from urllib.parse import unquote

from pipeline.evidence.bundle_checks import reviewers_of
from pipeline.evidence.site_bundle import SiteBundle
from pipeline.flow.changes import NO_REGISTERS
from pipeline.model.documents import Document
from pipeline.model.evidence import Step, record_stem
from pipeline.model.findings import Message, say
from pipeline.model.posts import Post
from pipeline.render.ai_label import ai_label
from pipeline.render.archive import render_archive
from pipeline.render.sanitise import sanitise
from pipeline.site.evidence_files import evidence_tar
from pipeline.source.posts import split_post

PAGE, EVIDENCE, TAR, MAIN = "index.html", "evidence.json", "evidence.tar", "post.md"
READ = frozenset({PAGE, EVIDENCE, TAR, MAIN})
"""Files whose bytes are looked at; of the others the digest is enough."""
ERASED = "erased-"
"""How the signed records beside an erased post's page begin."""
SIZED = "sized/"
"""Pictures made smaller, which nobody signed."""
_BODY = re.compile(r'<div class="sn-body">')
_DIV = re.compile(r"<(/?)div\b")
_TITLE = re.compile(r'<h1 class="sn-title">(.{0,4000}?)</h1>', re.DOTALL)
_TAG = re.compile(r"""<(?:"[^"]*"|'[^']*'|[^'">])*>""")
_SOURCE = re.compile(r'\A\s*<p class="source-line">(?:<a [^<>]*>|</a>|[^<>]){1,99}</p>')
_BROKEN = re.compile(r'<span class="sn-broken">［图片无法显示(?:：([^<]*))?］</span>')
_MARK = re.compile(
    r'<span class="external-mark">（站外）</span>'
    r'|<span class="file-mark">（[A-Z0-9]{1,8}(?:，[\d.]{1,8} [KM]B)?）</span>'
    r'|<span class="ai-mark">（图片(?:可能|疑似)?由人工智能生成）</span>'
)
"""What a site knows and post.md does not: the size of a file, the label in a picture's bytes."""
_ATTRIBUTE = re.compile(r'\b(alt|href|id|start|aria-label)="([^"]*)"')
_SRC = re.compile(r'\bsrc="([^"]*)"')
_LARGEST = 8_000_000
"""Bytes of a page that are looked at."""
_AROUND = 12
"""Characters shown where the words part."""


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
            return raw.decode("utf-8") if len(raw) <= _LARGEST else ""
        except UnicodeDecodeError:
            return ""

    @cached_property
    def written(self) -> tuple[Document, str | None, int]:
        """post.md, as `split_post` parts it."""
        return split_post(f"{self.home}/{MAIN}", self.held[MAIN])


def page_problems(folder: Folder, bundle: SiteBundle) -> Iterator[Message]:
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


def _words(folder: Folder, bundle: SiteBundle) -> Iterator[Message]:
    """The title and the text of the page against those of post.md."""
    if MAIN not in folder.held or PAGE not in folder.held:
        return
    post = post_of(folder, bundle)
    if _writers(post) & reviewers_of(bundle):
        yield say("One of the reviewers wrote the post.")
    page = folder.page
    titles = _TITLE.findall(page)
    if len(titles) != 1 or visible(text_of(titles[0])) != visible(post.title):
        yield say("The title on the page is not that of post.md.")
    shown = _shown(page)
    if shown is None:
        yield say("The text of the page cannot be told from the rest of it.")
        return
    if any(unquote(unescape(name)) not in folder.digests for name in _SRC.findall(shown)):
        yield say("A picture on the page is none of the post's own.")
    written, expected = _written(shown, post), _expected(post)
    if _ATTRIBUTE.findall(written) != _ATTRIBUTE.findall(expected):
        yield say("A link or the words for a picture on the page are not those of post.md.")
    seen, signed = visible(text_of(written)), visible(ai_label(post) + text_of(expected))
    if seen != signed:
        pairs = enumerate(zip_longest(seen, signed))
        start = next(at for at, (one, other) in pairs if one != other)
        yield say(
            "The page says “{seen}” where post.md says “{signed}”.",
            seen=seen[start : start + _AROUND] or "—",
            signed=signed[start : start + _AROUND] or "—",
        )


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
    """The body as its renderer shows it."""
    html = render_archive(replace(post, meta=MappingProxyType({})), NO_REGISTERS).html
    return _MARK.sub("", html)


def _shown(page: str) -> str | None:
    """The HTML that stands for the body; None when there is more or less than one such place."""
    places = list(_BODY.finditer(page))
    if len(places) != 1:
        return None
    start = at = places[0].end()
    depth = 1
    while depth:
        found = _DIV.search(page, at)
        if found is None:
            return None
        depth += -1 if found[1] else 1
        end, at = found.start(), found.end()
    html = page[start:end]
    # What a browser shows and no letter tells, such as a field's value, has a tag of its own.
    kept = _BROKEN.sub("", html)
    return html if kept.count("<") == sanitise(kept).count("<") else None


def _written(shown: str, post: Post) -> str:
    """The fragment without what a site adds: where a reprint is from, as registers name it, marks
    of links that lead away, and words in place of a picture that cannot be shown."""
    bare = _BROKEN.sub(r'<img alt="\1">', _MARK.sub("", shown))
    named = post.meta.get("origin") in ("reprint", "forward")
    return _SOURCE.sub("", bare, count=1) if named else bare


def text_of(html: str) -> str:
    """The words of a piece of HTML."""
    return unescape(_TAG.sub(" ", html))


def visible(text: str) -> str:
    """All of a text but its blanks: a point more makes 15 of 1.5."""
    return "".join(text.split())
