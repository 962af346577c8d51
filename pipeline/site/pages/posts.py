"""Post pages and tombstones, with the files that lie beside them: a unit each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape, unescape
from itertools import chain, groupby
from urllib.parse import quote

from markupsafe import Markup

from pipeline.detect.folding import words_of
from pipeline.model import calendar, part, zh_names
from pipeline.model.cards import CODE, Shown, card_of
from pipeline.render.xml_text import clean
from pipeline.site.addresses import version_url
from pipeline.site.evidence import bundle
from pipeline.site.fragments import advice_at, fragments, source_and_body
from pipeline.site.pages.post_view import PostView
from pipeline.site.qr import qr_code
from pipeline.site.render_context import RenderContext
from pipeline.site.text import Player, column, players
from pipeline.site.units import Crumb, File, Page, Unit
from pipeline.site.years import SiteYear, view_of

Neighbours = tuple[Crumb | None, Crumb | None]
"""The post before, and the post after."""


def post_units(
    ctx: RenderContext, year: SiteYear, before: SiteYear | None, after: SiteYear | None
) -> Iterator[Unit]:
    """The pages of a year's posts; `before`, `after`: the years beside it."""
    crumbs = [Crumb(v.title, v.url) for v in year.views]
    newer = (_end(after, 0), *crumbs[:-1])
    older = (*crumbs[1:], _end(before, -1))
    for view, later, earlier in zip(year.views, newer, older, strict=True):
        around = earlier, later
        key = ctx.key(*_inputs(ctx, year.volume.posts[view.id], view, around))
        make = partial(_post, ctx, view, around, after is None)
        reads = partial(bundle.reads, ctx.site, view.card)
        yield Unit(f"post:{view.id}", key, make, ((view.url, view.updated),), reads)
        if view.card.revision > 1 and not view.withdrawn:
            key = ctx.key(view.mark, *_changes(ctx, view))
            yield Unit(f"earlier:{view.id}", key, partial(_earlier, ctx, view), reads=reads)


def _end(year: SiteYear | None, which: int) -> Crumb | None:
    """The oldest or the newest post of a year, which need not be opened for it."""
    if year is None:
        return None
    url, title = year.summary.ends[which]
    return Crumb(title, url)


def _inputs(
    ctx: RenderContext, shown: Shown, view: PostView, around: Neighbours
) -> Iterator[object]:
    """All that a post's page and files are made of, besides what all pages share."""
    site = ctx.site
    yield view.id
    yield view.mark
    yield [view.card.evidence, shown.position]
    yield [(p.path, p.digest) for p in site.archive.publications_of(view.id)]
    yield site.uncounted(view.id)
    yield ctx.faults.get(view.id)
    yield from _changes(ctx, view)
    yield shown.counts
    yield [(c.url, c.text) if c else None for c in around]
    yield repr(view.alert) if view.alert else None


def _changes(ctx: RenderContext, view: PostView) -> Iterator[object]:
    """What came after the first version of a post; an erasure takes all earlier ones away."""
    yield view.card.evidence
    yield view.id in ctx.site.archive.expunged
    yield [
        (c.id, c.kind, c.revision, c.reason, c.changed_on, c.changes, c.document.digest)
        for c in view.corrections
    ]


def _earlier(ctx: RenderContext, present: PostView) -> Iterator[File]:
    """The pages of the versions that readers saw before, each with its own evidence."""
    for site in ctx.site.earlier(ctx.site, present.id):
        archive, post = site.archive, site.archive.posts[present.id]
        card = card_of(post, archive.approvals[post.id])
        view = view_of(card, archive, archive.corrections)
        view = replace(view, url=version_url(post.id, post.revision))
        alone = RenderContext(site, ctx.shell)
        vars(alone)["templates"] = ctx.templates
        yield from _post(alone, view, (None, None), fed=False, present=present)


def _post(
    ctx: RenderContext,
    view: PostView,
    around: Neighbours,
    fed: bool,
    present: PostView | None = None,
) -> Iterator[File]:
    """`fed`: whether feeds show it; `present`: the post as it stands, where `view` is an earlier
    version of it."""
    post = view.post
    rendition = None if view.withdrawn else ctx.rendition(post.id)
    linked = {link.url for link in rendition.attachments} if rendition else ()
    evidence = bundle.bundle(ctx.site, post, linked)
    html = rendition.html if rendition else ""
    if rendition:
        ctx.rendered[post.id] = rendition.text, rendition.html if fed else ""
    signed = fragments(
        evidence.signed,
        evidence.unsigned,
        None if view.withdrawn else post,
        html,
        ctx.site.archive.publications_of(post.id),
        view.corrections,
    )
    versions = () if present or view.card.revision == 1 else _versions(ctx, view)
    urls = () if present else (view.url, *(crumb.url for crumb in versions))
    codes = ctx.site.once(CODE, post.id, lambda: {url: qr_code(ctx.base + url) for url in urls})
    films = players(post, evidence.served, evidence.pictures)
    content = ctx.draw(
        "tombstone.html.j2" if view.withdrawn else "post.html.j2",
        view.url,
        view=view,
        unit=ctx.site.archive.registers.policy.unit_of(view.id),
        title=_markup(f'<bdi class="sn-phrases">{broken_title(view.title)}</bdi>'),
        signed={name: _markup(made) for name, made in signed.items()},
        source=_markup(source_and_body(html)[0]),
        players=films,
        evidence=evidence,
        department=_department(ctx, view),
        address=ctx.base + view.url,
        code=codes.get(view.url) or qr_code(ctx.base + view.url),
        check=ctx.value("check_code", lambda _: ())(post),
        english="" if present else ctx.value("english", lambda _: "")(view),
        present=present,
        faults=ctx.faults.get(view.id, ()),
        earlier=versions,
        like=_like(ctx, view),
    )
    headings = rendition.headings if rendition else ()
    labels = _labels(ctx, view, signed.get("body", ""))
    page = _page(ctx, view, around, content, headings, labels, present)
    yield ctx.stamped(replace(page, picture=_first_picture(signed, films)))
    body, advice = signed.get("body", ""), signed.get("advice", "")
    head, end = advice_at(body) if advice else (None, 0)
    body = body[: head.start()] + body[end:] if head else body
    for group in part.program().pages:
        yield from group.beside(ctx, view, body, advice) if group.beside else ()
    for name, data in evidence.files.items():
        yield view.url + name, data
    ctx.site.done(post.id)


def _page(
    ctx: RenderContext,
    view: PostView,
    around: Neighbours,
    content: str,
    headings: tuple[tuple[int, str, str], ...],
    labels: Mapping[str, str],
    present: PostView | None,
) -> Page:
    """What the frame of a post's page shows: title, path, contents, labels and linked data."""
    sections = set(_SECTION.findall(content))
    fixed = ((2, name, text) for name, text in zh_names.POST_SECTIONS.items() if name in sections)
    title, crumbs = view.title, _month_crumbs(view)
    groups = (g for g in part.program().pages if g.data and not present)
    data = {k: v for g in groups if g.data for k, v in g.data(ctx, view, labels).items()}
    if present:
        labels = {**labels, "robots": "noindex"}
        title = f"{title}（第 {view.post.revision} 版，非现行版）"
        crumbs = (*crumbs, Crumb(present.title, present.url))
    title = f"已撤回：{title}" if view.withdrawn else title
    toc = (*headings, *fixed)
    about, english = view.introduction, ctx.value("english_file", lambda _: "")(view)
    return Page(
        view.url, title, about, content, crumbs, toc, *around, labels, data=data, english=english
    )


def _first_picture(signed: Mapping[str, str], films: Sequence[Player]) -> str:
    """Attributes of a link to what the first screen of a phone shows: a film's poster, or the
    picture of a body that begins with it. A warning begins with what to do."""
    body = "" if "alert" in signed else signed.get("body", "")
    if body and films and (poster := films[0].poster):
        return f'href="{escape(quote(poster.source))}"'
    picture = _PICTURE.search(body)
    if picture is None or len(_TAG.sub("", body[: picture.start()])) > _FIRST_SCREEN:
        return ""
    source, several, sizes = picture.groups()
    choice = f' imagesrcset="{several}" imagesizes="{sizes}"' if several else ""
    return f'href="{source}"{choice}'


def broken_title(title: str) -> str:
    """A title as HTML with `<wbr>` between its words, where alone a line of it may end; where no
    part between stops is too long for a phone in large type, it may end at stops alone. A name
    that no list of words has, whose signs stand apart (云, 岚, 市), is one word."""
    if max(map(len, _STOPS.split(title))) <= 9:
        return escape(title)
    parts: list[str] = []
    runs = [(apart, list(run)) for apart, run in groupby(words_of(title), _is_sign)]
    for word in chain(*(["".join(run)] if apart else run for apart, run in runs)):
        last = parts[-1][-1] if parts else ""
        closing = not word[0].isalnum() and word[0] not in _OPENING
        if last and (closing or last in _OPENING or last.isdigit()):
            parts[-1] += word
        else:
            parts.append(word)
    return "<wbr>".join(map(escape, parts))


def _is_sign(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _versions(ctx: RenderContext, view: PostView) -> tuple[Crumb, ...]:
    """Links to the earlier versions that have a page, oldest first."""
    posts = (s.archive.posts[view.id] for s in ctx.site.earlier(ctx.site, view.id))
    return tuple(Crumb(f"第 {p.revision} 版", version_url(p.id, p.revision)) for p in posts)


def _markup(html: str) -> Markup:
    return Markup(html)  # noqa: S704 — every value in it was escaped where it was written


_PICTURE = re.compile(
    r'<img\b[^>]*? src="([^"]+)"(?:[^>]*? srcset="([^"]+)"[^>]*? sizes="([^"]+)")?'
)
_TAG = re.compile(r"<[^>]+>")
_STOPS = re.compile(r"[，、：；。？！]")
_OPENING = "“‘《〈（〔［【「『([<"
_FIRST_SCREEN = 200  # characters of a body before its first picture
_SECTION = re.compile(f'id="({"|".join(zh_names.POST_SECTIONS)})"')


def _labels(ctx: RenderContext, view: PostView, html: str) -> dict[str, str]:
    """What search engines are told of it; of a withdrawn one, no more than its page tells."""
    registers, meta = ctx.site.archive.registers, view.post.meta
    labels = {
        "ArticleTitle": view.title,
        "PubDate": calendar.minute(view.moment),
        "ContentSource": str(registers.policy.unit_of(view.id).get("full_name", "")),
        "Url": ctx.base + view.url,
    }
    if view.withdrawn:
        return labels
    source, name, number = meta.get("source"), view.short_category, view.category
    if meta.get("origin") in ("reprint", "forward") and isinstance(source, Mapping):
        labels["ContentSource"] = clean(registers.source_name(source))
    if view.tags:
        labels["Keywords"] = ",".join(view.tags)
    if picture := _PICTURE.search(html):
        labels["Image"] = f"{ctx.base}{view.url}{unescape(picture[1])}"
    if not number:
        return labels
    about = f"{name}：{zh_names.CATEGORIES.get(number, '')}"
    return {**column(f"categories/{number}/", name, about, ("栏目",)), **labels}


def _month_crumbs(view: PostView) -> tuple[Crumb, ...]:
    year, month = view.url.split("/")[1], f"{view.day.month:02d}"
    return (
        Crumb("全部内容", "posts/"),
        Crumb(f"{year}年", f"posts/{year}/"),
        Crumb(f"{view.day.month}月", f"posts/{year}/{month}/"),
    )


def _like(ctx: RenderContext, view: PostView) -> list[tuple[str, str]]:
    """(address, name) of the lists that hold it: by need, kind, topic and department."""
    card, department = view.card, _department(ctx, view)
    rows = [(way.url, way.title) for way in ctx.ways if way.holds(card)]
    rows += [(f"kinds/{card.kind}/", view.kind), (f"departments/{card.department}/", department)]
    rows += [(f"topics/{card.topic}/", zh_names.TOPICS.get(card.topic, ""))]
    return [(url, name) for url, name in rows if name]


def _department(ctx: RenderContext, view: PostView) -> str:
    department = ctx.site.archive.registers.departments.get(
        str(view.post.meta.get("origin_dept", ""))
    )
    return department.name_on(view.id) if department else ""
