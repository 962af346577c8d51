"""The fixed pages: home, indexes, cadence, regulation, corrections, search and the rest."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from pipeline.law.rulebook import REGULATION
from pipeline.model import zh_names
from pipeline.model.findings import Effect, say
from pipeline.model.part import program
from pipeline.parts.cadence.pages import owed_today
from pipeline.parts.open_data.catalogue import SCHEMA, dataset, fields
from pipeline.parts.regulation_pages import pages as regulation
from pipeline.render.html_tree import tree_of
from pipeline.site.evidence.archive_evidence import key_rows, public_roster
from pipeline.site.evidence.bundle import SIGNERS
from pipeline.site.fragments import advice_of, source_and_body
from pipeline.site.frame.page_frame import Crumb, Page, stamp
from pipeline.site.pages.former_addresses import erased
from pipeline.site.pages.lists import GROUPINGS, names_in, numbered, pager
from pipeline.site.pages.post_view import PostView, index_number, leaves, url_of
from pipeline.site.render_context import TEMPLATES, RenderContext
from pipeline.site.units import File, Unit
from pipeline.site.years import ACCOUNT, CATEGORY, KIND

_ACCOUNT_LATEST = 3  # posts of each account on the home page
_HOME_LATEST, _HOME_GUIDES, _HOME_STEPS = 8, 8, 4
OVERSIGHT, EARLIER = "oversight/", "earlier/"
_GUIDES = 24  # newest guides among which those on a warning are looked for
_CHANGES = 20  # corrections on a page
_SUGGESTED = 12  # keywords, where a search finds nothing
_IN_FORCE = "regulation.in_force_from"


def fixed_units(ctx: RenderContext) -> Iterator[Unit]:
    """Pages that are made at every build, for they are few and show the whole or the time; and two
    that take longer and follow from little."""
    for url, make in {**_PAGES, **LATER}.items():
        drawn = f"{TEMPLATES}{url[:-1]}.html.j2" in ctx.site.theme
        if url in _PAGES or (drawn and ctx.has(url) and (url != EARLIER or ctx.earlier)):
            yield ctx.unit(url, "", partial(make, ctx))
    for g in (g for g in GROUPINGS if ctx.has(g.url)):
        names = names_in(ctx, g.kind)
        rows = [(name, f"{g.url}{v}/", ctx.counts[g.kind, v]) for v, name in names.items()]
        make = partial(ctx.simple, g.url, g.title, g.about, "grouping.html.j2", rows=rows)
        yield ctx.unit(g.url, ctx.key(g, rows), make)
    if ctx.has(OVERSIGHT):
        about = "更新、更正、统计、账号和核验：怎样监督本站和本单位的账号"
        make = partial(ctx.simple, OVERSIGHT, "监督核验", about, "oversight.html.j2")
        yield ctx.unit(OVERSIGHT, ctx.key(OVERSIGHT), make)
    registers = ctx.site.archive.registers
    law = ctx.key(registers.policy.parameters, _texts(ctx))
    yield ctx.unit("regulation/", law, partial(_regulation, ctx))
    yield from _corrections(ctx)
    yield Unit("page:404.html", "", lambda: [_not_found(ctx)])


def _texts(ctx: RenderContext) -> list[str]:
    """The clauses in words, which translations change."""
    articles = ctx.site.rulebook.articles
    texts = (text for article in articles for text in article.texts.values())
    return [ctx.site.gettext(say(words)) for text in texts for words in filter(None, text)]


def _home(ctx: RenderContext) -> Page:
    registers, alerts = ctx.site.archive.registers, list(_not_over(ctx))
    content = ctx.draw(
        "home.html.j2",
        "",
        name=ctx.name,
        alerts=alerts,
        latest=ctx.newest_of(_HOME_LATEST),
        accounts=[
            (a, ctx.newest_of(_ACCOUNT_LATEST, ACCOUNT, a.id)) for a in registers.accounts.values()
        ],
        counts=_categories_counted(ctx),
        count=sum(y.summary.present.posts for y in ctx.years),
        steps={v.id: first_steps(source_and_body(ctx.html(v.id))[1]) for v in alerts},
        guides=_needed(ctx, alerts),
        ways=ctx.ways,
        cadences=[c for c in ctx.cadences if c.account.active(ctx.site.archive.today)],
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
    """Guides: first those that share a keyword with a warning, then the newest."""
    warned = {tag for view in alerts for tag in view.tags}
    guides = ctx.newest_of(_GUIDES, KIND, "tip")
    return sorted(guides, key=lambda view: warned.isdisjoint(view.tags))[:_HOME_GUIDES]


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
        earlier=len(ctx.earlier) if ctx.has(EARLIER) else 0,
        latest=ctx.newest_of(20),
    )


def _earlier(ctx: RenderContext) -> Page:
    rows = ctx.earlier
    about = "本库建立前各账号已发布的内容，未在此审核"
    names = {r["account"]: ctx.site.archive.registers.name_of(r["account"]) for r in rows}
    return ctx.simple(EARLIER, "建库前的发布", about, "earlier.html.j2", rows=rows, names=names)


def _cadence(ctx: RenderContext) -> Page:
    site = ctx.site
    cadences = ctx.cadences
    article, clauses = site.rulebook.updates or (None, ())
    findings = [
        (f, site.gettext(f.message), f.effect > Effect.NOTE)
        for f in site.duties.findings
        if f.clause in clauses
    ]
    content = ctx.draw(
        "cadence.html.j2",
        "cadence/",
        accounts=cadences,
        findings=findings,
        article=article,
        owed=owed_today(site.archive),
    )
    toc = tuple((2, f"account-{c.account.id}", c.account.name) for c in cadences)
    summary = "各账号每周更新次数与规定的要求"
    return Page("cadence/", "更新情况", summary, content, (), toc)


def _regulation(ctx: RenderContext) -> Page:
    site, policy = ctx.site, ctx.site.archive.registers.policy
    raw = site.media(REGULATION)
    articles, headings = regulation.parts(raw, site.rulebook, policy, site.gettext)
    title = raw.decode().split("\n", 1)[0].removeprefix("# ").strip()
    content = ctx.draw(
        "regulation.html.j2",
        "regulation/",
        title=title,
        parts=articles,
        gaps=site.rulebook.gaps,
        figures=not site.rulebook.own,  # of the program's detectors, which its own rules ask
        in_force=next((s.value for s in policy.parameters.get(_IN_FORCE, ())), ""),
    )
    toc = tuple(h for h in headings if h[0] in (2, 3))
    summary = f"{title}全文，每一条后列出如何检查"
    return Page("regulation/", ctx.law_name, summary, content, (), toc)


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


def _search(ctx: RenderContext) -> Page:
    return ctx.simple(
        "search/",
        "检索",
        "在全部内容中检索",
        "search.html.j2",
        years=[y.name for y in reversed(ctx.years) if y.summary.present.posts],
        accounts=list(ctx.site.archive.registers.accounts.values()),
        tags=sorted(sorted(ctx.tags, key=ctx.tags.__getitem__, reverse=True)[:_SUGGESTED]),
    )


def _corrections(ctx: RenderContext) -> Iterator[Unit]:
    """Each made when what it tells is another: the sentences it quotes are parsed for it."""
    top, name = "corrections/", "更正与撤回"
    number = partial(index_number, registers=ctx.site.archive.registers)
    titles = {post: title for y in ctx.years for post, title in y.summary.corrected.items()}
    rows = [c for c in ctx.site.archive.corrections if c.post in titles]
    rows.sort(key=lambda c: (c.changed_on, c.id), reverse=True)
    paged = b"pager(" in ctx.site.theme[f"{TEMPLATES}corrections.html.j2"]  # not in one of before
    pages, gone = leaves(rows, _CHANGES if paged else 1 + len(rows)), erased(ctx)
    kinds = Counter(zh_names.CORRECTIONS.get(c.kind, c.kind) for c in rows)
    erasures = [(e.post, e.title, e.reason, e.on.isoformat()) for e in gone]
    urls = [top, *numbered(f"{top}page/", len(pages))[1:]]
    for index, (url, leaf) in enumerate(zip(urls, pages, strict=True)):
        turn = pager(urls, index)
        entries = [(c, titles[c.post], url_of(c.post), number(c.post)) for c in leaf]
        make = partial(
            ctx.simple,
            url,
            f"{name}（第{index + 1}页）" if index else name,
            "更正、更新、撤回和失效的全部记录",
            "corrections.html.j2",
            crumbs=(Crumb(name, top),) if index else (),
            rows=entries,
            erased=() if index else gone,
            tally={} if index else kinds,
            leaf=turn,
        )
        yield ctx.unit(url, ctx.key(entries, turn, *(() if index else (kinds, erasures))), make)


def _inspector(ctx: RenderContext) -> Page:
    return ctx.simple(
        "inspector/",
        "独立核验",
        "怎样不依靠本站独立核验每一篇内容",
        "inspector.html.j2",
        roster=ctx.site.archive.registers.roster,
        roster_file=public_roster(ctx.site) is not None,
        signers=SIGNERS,
        keys=list(key_rows(ctx.site.archive)),
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
        roster_file=public_roster(ctx.site) is not None,
        example=next(iter(ctx.newest_of(1)), None),
        program=ctx.site.program,
    )


def _data(ctx: RenderContext) -> Page:
    years = {y.name: y.summary.posts for y in reversed(ctx.years)}
    about = "目录数据下载、字段说明、代码表和使用许可"
    schema = ctx.site.theme.get(SCHEMA)
    page = ctx.simple(
        "data/",
        "开放数据",
        about,
        "data.html.j2",
        years=years,
        program=ctx.site.program,
        fields=fields(schema, ctx.site.gettext) if schema else (),
        accounts=list(ctx.site.archive.registers.accounts.values()),
    )
    return replace(page, data=dataset(ctx, about))


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
        groupings=[(g, names_in(ctx, g.kind)) for g in GROUPINGS if ctx.has(g.url)],
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
    "cadence/": _cadence,
    "search/": _search,
    "inspector/": _inspector,
    "about/": _about,
    "accessibility/": _accessibility,
    "map/": _map,
}
LATER = {"data/": _data, "verify/": _verify, EARLIER: _earlier}
"""Pages of their own templates that a theme of before lacks."""
URLS = (*_PAGES, "regulation/", "corrections/")
"""The pages that each have a frame of their own."""
