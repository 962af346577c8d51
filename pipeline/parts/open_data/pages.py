"""开放数据 and 订阅: what the catalogue holds, how to follow the unit, and files for machines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from pipeline.law.engine import judge_periods
from pipeline.model.calendar import chinese_day, local_date
from pipeline.model.records import filed_under
from pipeline.parts.open_data.catalogue import SCHEMA, dataset, fields, texts_path
from pipeline.parts.open_data.feeds import feed_units
from pipeline.parts.open_data.linked_data import web_manifest
from pipeline.report.calendar_file import calendar_file
from pipeline.site.pages.post_view import grouped
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, Page, Unit

REPLIES = "subscribe/replies.ics"
_LETTERS, _ANSWERS = "inquiries", {"answer-due", "settlement-due"}


def open_data_units(ctx: RenderContext) -> Iterator[Unit]:
    """Feeds, web manifest, and by when letters are to be answered."""
    yield from feed_units(ctx)
    days = answer_days(ctx)
    yield Unit(REPLIES, ctx.key(REPLIES, repr(days)), lambda: [replies(ctx, days)])
    yield Unit("site.webmanifest", "", lambda: [web_manifest(ctx)])


def answer_days(ctx: RenderContext) -> dict[date, list[datetime]]:
    """The days by which letters of this year and the last are to be answered, as the law counts
    them, with the times at which these came."""
    archive, rulebook = ctx.site.archive, ctx.site.rulebook
    years = f"{archive.today.year - 1}", f"{archive.today.year}"
    recent = [f for year in years for f in filed_under(archive.records(_LETTERS), year)]
    came: dict[str, datetime] = {fact.path: fact["received_at"] for fact in recent}
    alone = replace(archive, facts={**archive.facts, _LETTERS: recent})
    texts = ((a.clause_id(n), text) for a in rulebook.articles for n, text in a.texts.items())
    clauses = [clause for clause, text in texts if _ANSWERS & text.findings.keys()]
    judged = judge_periods(alone, rulebook, clauses).findings
    owed = (f for f in judged if f.name in _ANSWERS and f.location.path in came)
    days = grouped(owed, lambda f: [local_date(f.due)] if f.due else ())
    return {day: [came[f.location.path] for f in days[day]] for day in sorted(days)}


def replies(ctx: RenderContext, days: Mapping[date, Sequence[datetime]]) -> File:
    """`answer_days` for calendars of phones. What letters ask, and who, is not public."""
    events = [
        {
            "uid": f"{ctx.base}{REPLIES}#{day}",
            "dtstamp": max(times).astimezone(UTC),
            "dtstart": day,
            "summary": f"来信答复期限（{len(times)} 件）",
            "description": "收到于"
            + "、".join(map(chinese_day, sorted({*map(local_date, times)}))),
        }
        for day, times in days.items()
    ]
    return REPLIES, calendar_file("-//sanshen//zh-CN", f"来信答复期限 - {ctx.name}", events)


def data_page(ctx: RenderContext) -> Page:
    about = "目录数据和全文下载、字段说明、代码表和使用许可"
    page = ctx.simple(
        "data/",
        "开放数据",
        about,
        "data.html.j2",
        years={y.name: y.summary.posts for y in reversed(ctx.years)},
        texts={y.name: texts_path(y) for y in ctx.years},
        program=ctx.site.program,
        fields=fields(ctx.site.theme[SCHEMA], ctx.site.gettext),
        accounts=list(ctx.site.archive.registers.accounts.values()),
    )
    return replace(page, data=dataset(ctx, about))


def subscribe_page(ctx: RenderContext) -> Page:
    """Codes of the accounts in use, the calendar of warnings, and feeds."""
    accounts = [*ctx.site.archive.registers.accounts_in_use(ctx.site.archive.today)]
    about = "关注账号、订阅预警日历、用软件接收更新"
    values = {"base": ctx.base, "accounts": accounts, "feeds": [(w.title, w.url) for w in ctx.ways]}
    return ctx.simple("subscribe/", "订阅", about, "subscribe.html.j2", **values)
