"""Updates per account as a reader sees them: weeks, gaps, and what the law asks for.

An update is a publication, or several of one batch, on one account (R05-1). What counts as a
breach is the verdict's business and is shown beside; this page only counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from pipeline.model.archive import Archive
from pipeline.model.calendar import ONE_DAY, chinese_day, weeks_between
from pipeline.model.duties import COUNTED, NONE, Updates, owed_weeks, update_days
from pipeline.model.findings import Effect
from pipeline.model.registers import Account
from pipeline.site.render_context import RenderContext
from pipeline.site.units import Page

WEEKS_SHOWN = 52


@dataclass(frozen=True)
class Week:
    """One week from Monday to Sunday."""

    monday: date
    count: int
    needed: int | None
    """Updates the week owes; None when the duty is not counted by weeks."""
    running: bool

    @property
    def label(self) -> str:
        sunday = self.monday + 6 * ONE_DAY
        return f"{self.monday.month}月{self.monday.day}日—{sunday.month}月{sunday.day}日"

    @property
    def words(self) -> str:
        if self.running:
            return "统计时未结束"
        if self.needed is None:
            return "有更新" if self.count else "无更新"
        if self.count == 0:
            return "没有更新"
        return "达标" if self.count >= self.needed else "不足"

    @property
    def state(self) -> str:
        """``good``, ``short``, ``quiet`` or ``plain``: the look of the words."""
        names = {"达标": "good", "有更新": "good", "不足": "short", "没有更新": "quiet"}
        return names.get(self.words, "plain")


@dataclass(frozen=True)
class AccountCadence:
    """One account's recent weeks, oldest first, with a summary in words."""

    account: Account
    weeks: tuple[Week, ...]
    figure: tuple[str, str] | None
    """What decides, and what it counts; None while nothing can be told."""
    sentences: tuple[str, ...]
    limit: int | None
    """Longest gap in days that an audio or video account may have."""
    latest: date | None
    """The day of its last update; how long ago that is, the reader's clock says."""


def cadences(archive: Archive) -> tuple[AccountCadence, ...]:
    """Every account of the register, in its order."""
    days = update_days(archive)
    begun = archive.registers.policy.since  # R05-1 counts from here, silent weeks too
    stated = [begun] if begun > date.min else []
    start = min((*stated, *(each.first for each in days.values())), default=archive.today)
    return tuple(
        _account(account, days.get(account.id, NONE), start, archive)
        for account in archive.registers.accounts.values()
    )


def cadences_of(ctx: RenderContext) -> tuple[AccountCadence, ...]:
    """Of the archive that a site shows."""
    return cadences(ctx.site.archive)


def cadence_page(ctx: RenderContext) -> Page:
    site = ctx.site
    accounts = ctx.value("cadences")
    article, clauses = site.rulebook.updates or (None, ())
    findings = [
        (f, site.gettext(f.message), f.effect > Effect.NOTE)
        for f in site.duties.findings
        if f.clause in clauses
    ]
    content = ctx.draw(
        "cadence.html.j2",
        "cadence/",
        accounts=accounts,
        findings=findings,
        article=article,
        owed=owed_today(site.archive),
    )
    toc = tuple((2, f"account-{c.account.id}", c.account.name) for c in accounts)
    summary = "各账号每周更新次数与规定的要求"
    return Page("cadence/", "更新情况", summary, content, (), toc)


def _account(account: Account, days: Updates, start: date, archive: Archive) -> AccountCadence:
    first = max(account.opened_on, start)
    last = min(archive.today, account.closed_on or archive.today)
    mondays = list(weeks_between(first, last))[-WEEKS_SHOWN:]
    weeks = tuple(_week(m, days, first, last, account, archive) for m in mondays)
    limit = _limit(account, archive)
    figure, sentences = (
        _weekly(weeks) if limit is None else _gaps([first, *days.days(), last], limit)
    )
    return AccountCadence(account, weeks, figure, tuple(sentences), limit, days.last)


def _week(
    monday: date, updates: Updates, first: date, last: date, account: Account, archive: Archive
) -> Week:
    sunday = monday + 6 * ONE_DAY
    count = updates.within(max(monday, first), min(sunday, last))
    return Week(monday, count, needed_in(account, archive, monday), sunday >= archive.today)


def needed_in(account: Account, archive: Archive, monday: date) -> int | None:
    """Updates that an account owes in a week (R05-1); None where it owes none: its duty is not
    counted by weeks, the week is not a whole one of its time, or policy leaves it out."""
    text = account.content_mode == "text"
    count = _parameter(archive, COUNTED, monday) or None if text else None
    stated = archive.registers.parameter_if_stated("cadence.exempt_weeks", archive.today)
    if count is None or stated is None:
        return count
    return count if any(owed_weeks(account, archive, monday, monday)) else None


def _limit(account: Account, archive: Archive) -> int | None:
    """Days that may lie between two updates, where a week owes no number of them."""
    if account.content_mode == "av":
        limit = _parameter(archive, "cadence.av.max_gap_days")
        return limit or _parameter(archive, "cadence.redline_days")
    counted = _parameter(archive, COUNTED)
    return None if counted else _parameter(archive, "cadence.redline_days")


def owed_today(archive: Archive) -> list[str]:
    """What the law asks of accounts today, in words."""
    count, gap, red = (
        _parameter(archive, name)
        for name in (COUNTED, "cadence.av.max_gap_days", "cadence.redline_days")
    )
    words = []
    if count:
        words.append(f"以文字图片类信息内容为主的账号至少每周更新 {count} 次")
    if gap:
        words.append(f"以音视频类为主的至少每 {gap} 天更新 1 次")
    return words or ([f"每个账号至少每 {red} 天更新 1 次"] if red else [])


def _parameter(archive: Archive, name: str, on: date | None = None) -> int | None:
    value = archive.registers.parameter_if_stated(name, on or archive.today)
    return None if value is None else int(value)


_Figure = tuple[tuple[str, str] | None, list[str]]


def _weekly(weeks: Sequence[Week]) -> _Figure:
    """The figure and the sentences of an account whose weeks are counted."""
    done = [week for week in weeks if not week.running]
    if not done:
        return None, []
    good = sum(week.state == "good" for week in done)
    labels = {
        words: [week.label for week in done if week.state == state]
        for state, words in (("short", "更新不足"), ("quiet", "没有更新"))
    }
    sentences = [f"{words}的周：{'、'.join(of)}。" for words, of in labels.items() if of]
    return (f"{good}/{len(done)}", "周达到规定的次数（只算已结束的周）"), sentences


def _gaps(turns: Sequence[date], limit: int) -> _Figure:
    """The same of an account that may not be silent for more than `limit` days."""
    longest, start, end = max((b - a, a, b) for a, b in pairwise(turns))
    if not longest:
        return None, [f"从{chinese_day(start)}起统计，为时尚短。"]
    verdict = "没有超过" if longest.days <= limit else "超过"
    when = f"这一次是{chinese_day(start)}至{chinese_day(end)}，{verdict}规定的 {limit} 天。"
    return (f"{longest.days}", "天没有更新，是统计期内最长的一次"), [when]
