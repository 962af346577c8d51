"""The groups of the site and their units: what there is, as a pure function of input and shell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote

from pipeline.detect.html_tree import tree_of
from pipeline.evidence.log.tiles import OWN_THEME
from pipeline.evidence.review.statements import NAMESPACE
from pipeline.model import brings, calendar, zh_names
from pipeline.model.part import program
from pipeline.model.registers import allowed_signers
from pipeline.render.xml_text import escape
from pipeline.site.evidence import archive_evidence
from pipeline.site.evidence.bundle import SIGNERS
from pipeline.site.fragments import advice_of, source_and_body
from pipeline.site.frame.mkdocs_shell import Shell, headers_file
from pipeline.site.frame.page_frame import stamp
from pipeline.site.inputs import SiteInput
from pipeline.site.pages.erased import erased_units
from pipeline.site.pages.lists import GROUPINGS, first_pages, long_lists, names_in, year_pages
from pipeline.site.pages.post_view import PostView
from pipeline.site.pages.posts import post_units
from pipeline.site.render_context import RenderContext, Rendered
from pipeline.site.units import WHOLE, File, FinalUnit, Group, Page, UnfinishedSite, Unit, digest
from pipeline.site.view import ACCOUNT, CATEGORY, KIND
from pipeline.site.years import SiteYear
from pipeline.source.content.own_theme import differing

# Pages that are made at every build: few, and of the whole or the time; and lists of lists.

_HOME_LATEST, _HOME_GUIDES, _HOME_STEPS = 8, 4, 4
_GUIDES = 24  # newest guides among which those on a warning are looked for
_WATCHED = (
    brings.PageLink("watch", "accounts/", "政务新媒体账号", "账号、认证、备案和二维码"),
    brings.PageLink("watch", "verify/", "核验", "一分钟看懂怎样核对一篇"),
    brings.PageLink("watch", "inspector/", "独立核验", "给检查人员：不依靠本站，核验每一篇"),
    brings.PageLink("watch", "posts/", "全部内容", "按年份、月份和日期查阅"),
)


def fixed_units(ctx: RenderContext) -> Iterator[Unit]:
    """Pages that are made at every build, for they are few and show the whole or the time; and
    lists of lists."""
    for url, make in _PAGES.items():
        yield ctx.unit(url, "", partial(make, ctx))
    for g in GROUPINGS:
        names = names_in(ctx, g.kind)
        rows = [(name, f"{g.url}{v}/", ctx.counts[g.kind, v]) for v, name in names.items()]
        make = partial(ctx.simple, g.url, g.title, g.about, "grouping.html.j2", rows=rows)
        yield ctx.unit(g.url, ctx.key(g, rows), make)
    yield Unit("page:404.html", "", lambda: [_not_found(ctx)])


def _home(ctx: RenderContext) -> Page:
    registers, alerts = ctx.site.archive.registers, list(_not_over(ctx))
    content = ctx.draw(
        "home.html.j2",
        "",
        alerts=alerts,
        latest=ctx.newest_of(_HOME_LATEST),
        count=sum(y.summary.present.posts for y in ctx.years),
        steps={v.id: first_steps(source_and_body(ctx.html(v))[1]) for v in alerts},
        guides=_needed(ctx, alerts),
        ways=ctx.ways,
        cadences=[c for c in ctx.value("cadences") if c.account.active(ctx.site.archive.today)],
    )
    summary = f"{registers.policy.unit.get('full_name', '')}政务新媒体已审核、可核验的公开档案"
    return Page("", "首页", summary, content)


def first_steps(body: str) -> list[str]:
    """The first things to do in a warning, as its page says them, without links or pictures."""
    blocks = tree_of(advice_of(body)).elements
    items = [item for block in blocks if block.tag in ("ol", "ul") for item in block.elements]
    texts = (" ".join(b.text.split()) for b in items or blocks if b.tag in ("li", "p"))
    return [text for text in texts if text][:_HOME_STEPS]


def _needed(ctx: RenderContext, alerts: Sequence[PostView]) -> list[PostView]:
    """Guides: first those that share a keyword with a warning, then those with a picture."""
    warned = {tag for view in alerts for tag in view.tags}
    guides = ctx.newest_of(_GUIDES, KIND, "tip")
    order = sorted(guides, key=lambda v: (warned.isdisjoint(v.tags), not v.pictured))
    return order[:_HOME_GUIDES]


def _not_over(ctx: RenderContext) -> Iterator[PostView]:
    """Posts with an alert that is not over, newest first; only years with one are opened."""
    years = (year for year in reversed(ctx.years) if year.summary.open)
    return (v for year in years for v in year.present if v.alert and not v.alert.over)


def _categories_counted(ctx: RenderContext) -> dict[int, int]:
    return {n: ctx.counts.get((CATEGORY, str(n)), 0) for n in zh_names.CATEGORIES}


def _archive_index(ctx: RenderContext) -> Page:
    return ctx.simple(
        "posts/",
        "全部内容",
        "按年份和月份查阅全部内容",
        "posts.html.j2",
        years={y.name: dict(y.summary.months) for y in reversed(ctx.years)},
        earlier=len(ctx.value("earlier")),
        latest=ctx.newest_of(20),
    )


def _categories(ctx: RenderContext) -> Page:
    about = "按七类信息分栏目查阅"
    counts = _categories_counted(ctx)
    return ctx.simple("categories/", "栏目", about, "categories.html.j2", counts=counts)


def _accounts(ctx: RenderContext) -> Page:
    accounts = [
        (a, ctx.newest_of(1, ACCOUNT, a.id), ctx.counts.get((ACCOUNT, a.id), 0))
        for a in ctx.site.archive.registers.accounts.values()
    ]
    about = "本单位开设的全部账号、备案文号和更新情况"
    return ctx.simple("accounts/", "政务新媒体账号", about, "accounts.html.j2", accounts=accounts)


def _tags(ctx: RenderContext) -> Page:
    tags = sorted(ctx.tags.items(), key=lambda pair: (-pair[1], pair[0]))
    return ctx.simple("tags/", "关键词", "按关键词查阅", "tags.html.j2", tags=tags)


def _oversight(ctx: RenderContext) -> Page:
    about = "更新、更正、统计、账号和核验：怎样监督本站和本单位的账号"
    cards = ctx.links("watch", _WATCHED)
    return ctx.simple("oversight/", "监督核验", about, "oversight.html.j2", cards=cards)


def _inspector(ctx: RenderContext) -> Page:
    return ctx.simple(
        "inspector/",
        "独立核验",
        "怎样不依靠本站独立核验每一篇内容",
        "inspector.html.j2",
        roster=ctx.site.archive.registers.roster,
        roster_file=archive_evidence.public_roster(ctx.site) is not None,
        signers=SIGNERS,
        keys=list(archive_evidence.key_rows(ctx.site.archive)),
        rulebook=ctx.site.rulebook,
        program=ctx.site.program,
        locked=ctx.site.rulebook.locked,
        count=sum(y.summary.posts for y in ctx.years),
        example=next(iter(ctx.newest_of(1)), None),
        log=ctx.site.log,
        size=len,
    )


def _verify(ctx: RenderContext) -> Page:
    return ctx.simple(
        "verify/",
        "怎样核验",
        "一分钟核对一篇内容的三件事，不用安装任何东西",
        "verify.html.j2",
        base=ctx.base,
        roster=ctx.site.archive.registers.roster,
        roster_file=archive_evidence.public_roster(ctx.site) is not None,
        example=next(iter(ctx.newest_of(1)), None),
        program=ctx.site.program,
    )


def _about(ctx: RenderContext) -> Page:
    about = "本站的性质、内容来源和使用方法"
    used = {a.platform for a in ctx.site.archive.registers.accounts.values()}
    apps = [c.feed for c in program().channels.values() if c.feed and c.platform in used]
    return ctx.simple("about/", "关于本站", about, "about.html.j2", apps=apps)


def _map(ctx: RenderContext) -> Page:
    accounts = ctx.site.archive.registers.accounts.values()
    return ctx.simple(
        "map/",
        "网站地图",
        "本站各类页面的入口",
        "map.html.j2",
        years={y.name: y.summary.posts for y in reversed(ctx.years)},
        counts=_categories_counted(ctx),
        ways=ctx.ways,
        groupings=[(g, names_in(ctx, g.kind)) for g in GROUPINGS],
        accounts=[(a, ctx.counts.get((ACCOUNT, a.id), 0)) for a in accounts],
    )


def _accessibility(ctx: RenderContext) -> Page:
    return ctx.simple("accessibility/", "无障碍说明", "本站的无障碍设计", "accessibility.html.j2")


def _not_found(ctx: RenderContext) -> File:
    content = ctx.templates.draw("404.html.j2", root=ctx.base_path)
    page = Page("404.html", "页面不存在", "没有这个页面", content)
    return "404.html", stamp(ctx.shell.frames["404.html"], page, ctx.publisher)


_PAGES = {
    "": _home,
    "posts/": _archive_index,
    "categories/": _categories,
    "accounts/": _accounts,
    "tags/": _tags,
    "oversight/": _oversight,
    "verify/": _verify,
    "inspector/": _inspector,
    "about/": _about,
    "accessibility/": _accessibility,
    "map/": _map,
}


_ASSETS = "site/assets/"


class SitePlan(NamedTuple):
    """What a site is made of."""

    groups: list[Group]
    final: list[FinalUnit]
    """Made last of all, in this order."""
    rendered: Rendered
    """`RenderContext.rendered`: filled by units that read posts, for those that show them too."""


def site_plan(site: SiteInput, shell: Shell, previous: Mapping[str, Any]) -> SitePlan:
    """A group for every year, and one for the whole.

    `previous`: group id → `Group.summary` of the site that is built upon.
    """
    ctx = RenderContext(site, shell, previous)
    around = zip((None, *ctx.years), ctx.years, (*ctx.years[1:], None), strict=False)
    years = [_year(ctx, *three) for three in around]
    whole = Group(WHOLE, "", partial(_whole, ctx))
    last = (unit for group in program().pages if group.last for unit in group.last(ctx))
    final = [*last, sitemap_list(ctx), *archive_evidence.closing(site.log)]
    return SitePlan([*years, whole], final, ctx.rendered)


def _year(
    ctx: RenderContext, before: SiteYear | None, year: SiteYear, after: SiteYear | None
) -> Group:
    """All that shows nothing but a year and its neighbours."""
    summary = year.summary
    key = ctx.key(
        summary.key,
        summary.mark,
        before.summary.ends[-1] if before else "",
        after.summary.ends[0] if after else "",
        ctx.closed(year),
        long_lists(ctx, year),
        sorted((post, rows) for post, rows in ctx.faults.items() if post[:4] == year.name),
        ctx.site.archive.clock.as_given if summary.open else None,
    )

    def units() -> Iterator[Unit]:
        made = [*post_units(ctx, year, before, after), *year_pages(ctx, year)]
        made += (unit for g in program().pages if g.year for unit in g.year(ctx, year))
        yield from made
        yield sitemap_of(year.name, made, ctx.base, ctx.common)

    return Group(year.name, key, units, summary, len(year.volume.posts), year.release)


def _whole(ctx: RenderContext) -> Iterator[Unit]:
    made = [*erased_units(ctx), *first_pages(ctx), *fixed_units(ctx)]
    for group in program().pages:
        made += (ctx.unit(url, "", partial(make, ctx)) for url, make in group.pages.items())
        made += group.whole(ctx) if group.whole else ()
    yield from made
    yield from archive_evidence.log_units(ctx.site.log)
    yield Unit("served", "", partial(_served, ctx))
    yield sitemap_of("pages", made, ctx.base)


def _served(ctx: RenderContext) -> Iterator[File]:
    site = ctx.site
    roster = site.archive.registers.roster
    yield "evidence/allowed_signers", allowed_signers(roster, NAMESPACE).encode()
    roster_file = archive_evidence.public_roster(site)
    if roster_file is not None:
        yield "evidence/roster.yml", roster_file
    yield from archive_evidence.well_known(site, ctx.base)
    yield OWN_THEME, differing(site.theme).encode()
    yield "_headers", headers_file(ctx.shell.html, ctx.base)
    yield "robots.txt", robots(ctx.base)
    yield "newest.json", f'"{ctx.newest.isoformat()}"'.encode()
    yield from assets(ctx)


def assets(ctx: RenderContext) -> Iterator[File]:
    """Styles and scripts of the theme and of the archive."""
    yield from ctx.shell.assets.items()
    for path, data in sorted(ctx.site.theme.items()):
        if path.startswith(_ASSETS):
            yield f"assets/{path.removeprefix(_ASSETS)}", data


# sitemap.xml, an index of sitemaps: one a year and one for what shows the whole; robots.txt.
#
# Format: sitemaps.org 0.9, which allows 50,000 addresses a file; a year that has more gets several.

MOST_URLS = 50_000  # of one sitemap file (sitemaps.org)
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PART = "sitemap-"


def sitemap_of(group: str, units: Iterable[Unit], base: str, key: str = "") -> Unit:
    """The sitemaps of a group's pages; `key` names all that its key must but pages."""
    pages = sorted(page for unit in units for page in unit.pages)
    names = [f"{_PART}{group}.xml"]
    names += [f"{_PART}{group}-{n}.xml" for n in range(2, -(-len(pages) // MOST_URLS) + 1)]
    make = partial(_files, names, pages, base)
    return Unit(f"sitemap:{group}", key and digest(key, pages), make, heads=tuple(names))


def _files(
    names: Sequence[str], pages: Sequence[tuple[str, datetime]], base: str
) -> Iterator[File]:
    for number, name in enumerate(names):
        yield name, _urls(pages[number * MOST_URLS : (number + 1) * MOST_URLS], base)


def sitemap_list(ctx: RenderContext) -> FinalUnit:
    """sitemap.xml, from the names of all others, and that of the messages of warnings."""

    def make(site: UnfinishedSite) -> Iterator[File]:
        names = [name for name in site.heads if name.startswith(_PART)]
        if messages := sorted(_messages(ctx, site)):
            names.append(f"{_PART}messages.xml")
            yield names[-1], _urls(messages, ctx.base)
        urls = (escape(ctx.base + quote(name)) for name in names)
        rows = "".join(f"<sitemap><loc>{url}</loc></sitemap>\n" for url in urls)
        yield "sitemap.xml", _sitemap("sitemapindex", rows)

    return FinalUnit("sitemap", make)


def _messages(ctx: RenderContext, site: UnfinishedSite) -> Iterator[tuple[str, datetime]]:
    """(path, last change) of what parts made of the newest warnings and of their earlier versions,
    of which there is one only where history holds it."""
    years = {year: site.units(year) for year in {url.split("/")[1] for url, _ in ctx.warnings}}
    for url, changed in ctx.warnings:
        _, year, post, _ = url.split("/")
        units = (years[year].get(f"{kind}:{post}") for kind in ("post", "earlier"))
        paths = (path for unit in units if unit for path in unit.files)
        yield from ((path, changed) for path in paths if not path.startswith("posts/"))


def _urls(pages: Sequence[tuple[str, datetime]], base: str) -> bytes:
    rows = "".join(
        f"<url><loc>{escape(base + quote(url))}</loc>"
        f"<lastmod>{changed.astimezone(calendar.SHANGHAI).isoformat(timespec='seconds')}</lastmod></url>\n"
        for url, changed in pages
    )
    return _sitemap("urlset", rows)


def _sitemap(element: str, rows: str) -> bytes:
    head = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{head}\n<{element} xmlns="{_NAMESPACE}">\n{rows}</{element}>\n'.encode()


def robots(base: str) -> bytes:
    return f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n".encode()
