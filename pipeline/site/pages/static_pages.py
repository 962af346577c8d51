"""The fixed pages: home, indexes, cadence, regulation, corrections, search and the rest."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

from pipeline.law.rulebook import REGULATION
from pipeline.model import zh_names
from pipeline.model.findings import Effect, say
from pipeline.site.evidence.commands import SIGNERS
from pipeline.site.evidence.keys import key_rows
from pipeline.site.evidence.roster_file import public_roster
from pipeline.site.frame.page_frame import Page, stamp
from pipeline.site.pages import cadence, regulation
from pipeline.site.pages.erased_posts import erased
from pipeline.site.pages.feeds import app_accounts
from pipeline.site.pages.post_view import View, index_number, url_of
from pipeline.site.render_context import Workshop
from pipeline.site.units import File, Unit
from pipeline.site.years import ACCOUNT, CATEGORY

_ACCOUNT_LATEST = 3  # posts of each account on the home page
_HOME_LATEST = 10
_UPDATES = "R05-"  # clauses on updates; other duties of an account are not this page's


def fixed_units(shop: Workshop) -> Iterator[Unit]:
    """Pages that are made at every build, for they are few and show the whole or the time; and two
    that take longer and follow from little."""
    for url, make in _PAGES.items():
        yield shop.unit(url, "", partial(make, shop))
    registers = shop.site.archive.registers
    law = shop.key(registers.policy.parameters, _texts(shop))
    yield shop.unit("regulation/", law, partial(_regulation, shop))
    yield _corrections(shop)
    yield Unit("page:404.html", "", lambda: [_not_found(shop)])


def _texts(shop: Workshop) -> list[str]:
    """The clauses in words, which translations change."""
    articles = shop.site.rulebook.articles
    return [shop.site.gettext(say(t.checked)) for a in articles for t in a.texts.values()]


def _home(shop: Workshop) -> Page:
    registers = shop.site.archive.registers
    content = shop.draw(
        "home.html.j2",
        "",
        name=shop.name,
        alerts=list(_not_over(shop)),
        latest=shop.newest_of(_HOME_LATEST),
        accounts=[
            (a, shop.newest_of(_ACCOUNT_LATEST, ACCOUNT, a.id)) for a in registers.accounts.values()
        ],
        counts=_categories_counted(shop),
        count=sum(y.summary.present.posts for y in shop.years),
    )
    summary = f"{registers.policy.unit.get('full_name', '')}政务新媒体已审核、可核验的公开档案"
    return Page("", "首页", summary, content)


def _not_over(shop: Workshop) -> Iterator[View]:
    """Posts with an alert that is not over, newest first; only years with one are opened."""
    years = (year for year in reversed(shop.years) if year.summary.open)
    return (v for year in years for v in year.present if v.alert and not v.alert.over)


def _categories_counted(shop: Workshop) -> dict[int, int]:
    return {n: shop.counts.get((CATEGORY, str(n)), 0) for n in zh_names.CATEGORIES}


def _archive_index(shop: Workshop) -> Page:
    return shop.simple(
        "posts/",
        "全部内容",
        "按年份和月份查阅全部内容",
        "posts.html.j2",
        years={y.name: dict(y.summary.months) for y in reversed(shop.years)},
        latest=shop.newest_of(20),
    )


def _cadence(shop: Workshop) -> Page:
    site = shop.site
    found = cadence.cadences(site.archive)
    findings = [
        (f, site.gettext(f.message), f.effect > Effect.NOTE)
        for f in site.duties.findings
        if f.clause.startswith(_UPDATES)
    ]
    content = shop.draw("cadence.html.j2", "cadence/", accounts=found, findings=findings)
    toc = tuple((2, f"account-{c.account.id}", c.account.name) for c in found)
    summary = "各账号每周更新次数与《细则》第五条的要求"
    return Page("cadence/", "更新情况", summary, content, (), toc)


def _regulation(shop: Workshop) -> Page:
    site, policy = shop.site, shop.site.archive.registers.policy
    raw = site.media(REGULATION)
    found, headings = regulation.parts(raw, site.rulebook, policy, site.gettext)
    title = raw.decode().split("\n", 1)[0].removeprefix("# ").strip()
    content = shop.draw(
        "regulation.html.j2", "regulation/", title=title, parts=found, gaps=site.rulebook.gaps
    )
    toc = tuple(h for h in headings if h[0] in (2, 3))
    summary = f"{title}全文，每一条后列出如何检查"
    return Page("regulation/", "实施细则", summary, content, (), toc)


def _categories(shop: Workshop) -> Page:
    about = "按《细则》第九条的七类信息分栏目查阅"
    counts = _categories_counted(shop)
    return shop.simple("categories/", "栏目", about, "categories.html.j2", counts=counts)


def _accounts(shop: Workshop) -> Page:
    accounts = [
        (a, shop.newest_of(1, ACCOUNT, a.id), shop.counts.get((ACCOUNT, a.id), 0))
        for a in shop.site.archive.registers.accounts.values()
    ]
    about = "本单位开设的全部账号、备案文号和更新情况"
    return shop.simple("accounts/", "政务新媒体账号", about, "accounts.html.j2", accounts=accounts)


def _tags(shop: Workshop) -> Page:
    tags = sorted(shop.tags.items(), key=lambda pair: (-pair[1], pair[0]))
    return shop.simple("tags/", "关键词", "按关键词查阅", "tags.html.j2", tags=tags)


def _search(shop: Workshop) -> Page:
    return shop.simple(
        "search/",
        "检索",
        "在全部内容中检索",
        "search.html.j2",
        years=[y.name for y in reversed(shop.years) if y.summary.present.posts],
        accounts=list(shop.site.archive.registers.accounts.values()),
    )


def _corrections(shop: Workshop) -> Unit:
    """Made when what it tells is another: the sentences it quotes are parsed for it."""
    titles = {post: title for y in shop.years for post, title in y.summary.corrected.items()}
    rows = [c for c in shop.site.archive.corrections if c.post in titles]
    rows.sort(key=lambda c: (c.changed_on, c.id), reverse=True)
    gone = erased(shop)
    told = [(e.post, e.title, e.reason, e.on.isoformat()) for e in gone]
    key = shop.key([(repr(c), titles[c.post]) for c in rows], told)
    about = "更正、更新、撤回和失效的全部记录"
    number = partial(index_number, registers=shop.site.archive.registers)
    make = partial(
        shop.simple,
        "corrections/",
        "更正与撤回",
        about,
        "corrections.html.j2",
        rows=[(c, titles[c.post], url_of(c.post), number(c.post)) for c in rows],
        erased=gone,
        tally=Counter(zh_names.CORRECTIONS.get(c.kind, c.kind) for c in rows),
    )
    return shop.unit("corrections/", key, make)


def _inspector(shop: Workshop) -> Page:
    years = {y.name: y.summary.posts for y in reversed(shop.years)}
    return shop.simple(
        "inspector/",
        "核验",
        "怎样不依靠本站独立核验每一篇内容",
        "inspector.html.j2",
        roster=shop.site.archive.registers.roster,
        roster_file=public_roster(shop.site) is not None,
        signers=SIGNERS,
        keys=list(key_rows(shop.site.archive)),
        rulebook=shop.site.rulebook,
        count=sum(years.values()),
        years=years,
        example=next(iter(shop.newest_of(1)), None),
        log=shop.site.log,
        size=len,
    )


def _about(shop: Workshop) -> Page:
    about = "本站的性质、内容来源和使用方法"
    return shop.simple("about/", "关于本站", about, "about.html.j2", apps=app_accounts(shop))


def _map(shop: Workshop) -> Page:
    accounts = shop.site.archive.registers.accounts.values()
    return shop.simple(
        "map/",
        "网站地图",
        "本站各类页面的入口",
        "map.html.j2",
        years={y.name: y.summary.posts for y in reversed(shop.years)},
        counts=_categories_counted(shop),
        accounts=[(a, shop.counts.get((ACCOUNT, a.id), 0)) for a in accounts],
    )


def _accessibility(shop: Workshop) -> Page:
    return shop.simple("accessibility/", "无障碍说明", "本站的无障碍设计", "accessibility.html.j2")


def _not_found(shop: Workshop) -> File:
    content = shop.templates.draw("404.html.j2", root=shop.base_path)
    page = Page("404.html", "页面不存在", "没有这个页面", content)
    return "404.html", stamp(shop.shell.frames["404.html"], page, shop.name, shop.base)


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
URLS = (*_PAGES, "regulation/", "corrections/")
"""The pages that each have a frame of their own."""
