"""What is counted: of each account for the head of its page, and of all."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import NamedTuple

from pipeline.model import zh_names
from pipeline.model.records import filed_under
from pipeline.model.registers import Account
from pipeline.parts.cadence.pages import Week
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, Page, Unit
from pipeline.site.view import ACCOUNT, CATEGORY, DEPARTMENT, KIND, TOPIC

URL = "statistics/"
_WEB = ("https://", "http://")
_YEARS = 10  # columns of a table; older years stand in its sum
_MONTHS = 36  # columns of the chart
_RECENT = 12  # weeks on an account's own page


class Panel(NamedTuple):
    """An account as the head of its page shows it."""

    account: Account
    department: str
    """Where it is run: that of who keeps its password; empty when the registers do not tell."""
    replies: int
    """Letters that came by it this year and were answered."""
    followers: tuple[int, date] | None
    """The last figure recorded, and of which day."""
    weeks: tuple[Week, ...]
    latest: date | None


def panels(ctx: RenderContext) -> Mapping[str, Panel]:
    """By account."""
    archive, registers = ctx.site.archive, ctx.site.archive.registers
    letters = filed_under(archive.records("inquiries"), f"{archive.today.year}")
    replies = Counter(str(fact["account"]) for fact in letters if fact.get("reply"))
    years = (archive.today.year - 1, archive.today.year)
    figures = [f for y in years for f in filed_under(archive.records("statistics"), f"{y}")]
    counted = [f for f in figures if f.get("followers") is not None]
    newest = {str(f["account"]): f for f in sorted(counted, key=lambda f: (f["on"], f.id))}
    made = {}
    for row in ctx.value("cadences"):
        a, figure = row.account, newest.get(row.account.id)
        keeper = registers.people.get(a.custodian)
        tenures = [t for t in keeper.tenures if t.covers(archive.today)] if keeper else []
        departments = (registers.departments.get(t.department or "") for t in tenures)
        made[a.id] = Panel(
            a,
            next((d.name for d in departments if d), ""),
            replies[a.id],
            (int(figure["followers"]), figure["on"]) if figure else None,
            row.weeks[-_RECENT:],
            row.latest,
        )
    return made


def figure_units(ctx: RenderContext) -> Iterator[Unit]:
    """Of every account its QR code; and the page on all."""
    for account in ctx.site.archive.registers.accounts.values():
        if account.url.startswith(_WEB):
            key = ctx.key("code", account.url)
            yield Unit(f"code:{account.id}", key, partial(_code, account))
    shown = [y.summary.mark for y in ctx.years], [c.id for c in ctx.site.archive.corrections]
    key = ctx.key(URL, *shown, [row.latest for row in ctx.value("cadences")])
    yield ctx.unit(URL, key, partial(_statistics, ctx))


def _code(account: Account) -> Iterator[File]:
    from pipeline.parts.form.words import qr_svg  # segno: few builds draw a code

    yield f"accounts/{account.id}/code.svg", qr_svg(account.url).encode()


def _statistics(ctx: RenderContext) -> Page:
    years = [year.name for year in reversed(ctx.years)]
    accounts = {str(a.id): a.name for a in ctx.site.archive.registers.accounts.values()}
    departments = {d.id: d.name for d in ctx.site.archive.registers.departments.values()}
    categories = {str(n): name for n, name in zh_names.SHORT_CATEGORIES.items()}
    tables = (
        ("按内容类型", "kinds/", _rows(ctx, KIND, zh_names.KINDS, years)),
        ("按主题", "topics/", _rows(ctx, TOPIC, zh_names.TOPICS, years)),
        ("按供稿科室", "departments/", _rows(ctx, DEPARTMENT, departments, years)),
        ("按栏目", "categories/", _rows(ctx, CATEGORY, categories, years)),
        ("按账号", "accounts/", _rows(ctx, ACCOUNT, accounts, years)),
    )
    months = _months(ctx)
    return ctx.simple(
        URL,
        "统计",
        "自建档以来按年月、类型、主题、科室和账号统计的内容篇数",
        "statistics.html.j2",
        years=years[:_YEARS],
        months=months[-_MONTHS:],
        most=max((m.posts for m in months[-_MONTHS:]), default=0),
        tables=tables,
        changes=sorted(Counter(c.kind for c in ctx.site.archive.corrections).items()),
        latest=[(row.account, row.latest) for row in ctx.value("cadences")],
        count=sum(m.posts for m in months),
    )


class MonthPosts(NamedTuple):
    """Posts of one month."""

    year: str
    month: int
    posts: int


def _months(ctx: RenderContext) -> list[MonthPosts]:
    """Every month from the first with posts to the last."""
    rows = [
        MonthPosts(year.name, n, dict(year.summary.months).get(n, 0))
        for year in ctx.years
        for n in range(1, 13)
    ]
    held = [index for index, row in enumerate(rows) if row.posts]
    return rows[held[0] : held[-1] + 1] if held else []


def _rows(
    ctx: RenderContext, kind: str, names: Mapping[str, str], years: Sequence[str]
) -> list[tuple[str, str, list[int], int]]:
    """(value, name, posts of each year shown, of all), most first."""
    rows = []
    for value, name in names.items():
        if held := ctx.held.get((kind, value)):
            counts = [held[y].posts if y in held else 0 for y in years[:_YEARS]]
            rows.append((value, name, counts, ctx.counts[kind, value]))
    return sorted(rows, key=lambda row: -row[3])
