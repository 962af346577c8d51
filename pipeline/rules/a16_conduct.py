"""Article 16: no show, no pressure, no profit (第十六条 力戒形式主义).

1. Followers that grow or fall by leaps, between two recorded counts or over weeks, are noted; each
   account in use has a count within the months set, or owes one; every year the head of the lead
   department declares that no figures are bought or made up. | Human: where followers come from.
   accepted: 10,000 followers in September, 10,400 in October, counted each quarter.
   violated: 10,000 followers that are 19,000 three weeks later; ten months without a count.
   boundary: six tenths more within eight weeks; a count on the last day of the third month.
   next: ask the platform where they came from, and enter the count of today.
   follower-count-due: A count of the followers of account {account} is due on {day}. |
   followers-jumped: The followers of account {account} went from {before} to {after} between
   {first} and {last}. | Find out why, and report to the lead department if followers were bought.
2. A post does not press its readers to download, like or share: in the words of the lexicons, or
   in a sentence that joins such an act with a duty, a quota, a proof or a denial.
   | Human: tone that presses without naming it.
   accepted: “欢迎关注”, or a notice that forbids to make people follow.
   violated: “未入群的暂不办理”, “关注人数未达80%的说明原因”.
   boundary: a text that stands since before is noted only.
   next: invite, and name a way without it; a waiver answers for words that must stand.
3. No post says or is marked (`requires_follow`) to make following or downloading the condition of
   a service. In the months that its wording sets the head of the lead department declares that no
   service and no comment (办事服务、评论留言) depends on following, downloading, liking or sharing.
   | Human: how services elsewhere are offered.
   accepted: “窗口和网上均可办理”.
   violated: “关注后方可预约”, or a post marked `requires_follow: true`.
   boundary: a year and the days of grace after the last day that was declared.
   next: offer the service without the condition first, then set `requires_follow: false` and sign
   `sanshen declare no-forced-actions`.
   service-needs-follow: A service of the post depends on following or downloading. | Offer it
   without, and set requires_follow to false.
4. No post speaks of sponsors, payment or sale in the words of the lexicons. No account in use
   shows the platform's advertising; every year the head of the lead department declares that no
   account takes part in business. | Human: agreements outside the platform; payment codes in
   pictures.
   accepted: “培训免费，不接受打赏”, and accounts without advertising.
   violated: “喜欢请打赏”, or an account in use with `ads: true`.
   boundary: an account that was closed yesterday.
   next: switch it off on the platform, then enter `ads: false` in accounts.yml.
   advertising-on: Advertising is switched on for account {account}. | Switch it off on the platform
   and correct the register of accounts.
5. Policy sets no quota for likes, shares or followers, and no declaration demands one.
   | Human: quotas set by word of mouth.
   accepted: policy and declarations that count no followers.
   violated: a parameter named for followers, or a declaration that asks for ten shares: noted.
   boundary: a declaration that forbids such a quota.
   next: take the number out; two people sign the change with `sanshen authorise`.
   quota-declared: The declaration {name} demands a number. | Take the number out; Article 16
   forbids to chase figures.
   quota-set: The policy sets a quota: its name speaks of {word}. | Remove it; Article 16 forbids to
   chase figures.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from pipeline.detect.words import listed_words, sightings
from pipeline.model.archive import Archive
from pipeline.model.duties import declaration, duty, end_of, months_after
from pipeline.model.findings import Complaint, say, say_day
from pipeline.model.law import ItemClause, PeriodClause, note, refuse, rule, something
from pipeline.model.lazy import regex
from pipeline.model.posts import Post
from pipeline.model.records import Fact

# Article 16: what a post may not press its readers to do, nor sell them.


def no_precondition(post: Post, archive: Archive) -> Iterator[Complaint]:  # 16 前置条件
    """A service, said or marked to depend on following or downloading."""
    if post.meta.get("requires_follow"):
        yield refuse("service-needs-follow", post.at("requires_follow"))
    for sighting in sightings(post, archive, {"precondition"}):
        yield sighting.complaint()


# Article 16: figures that leap, and quotas that make people chase them.

_DEMAND = regex(
    r"(?:点赞|转发|关注|粉丝|下载|评论|阅读)[^，。；！？\n]{0,12}?"
    r"(?:不少于|不低于|至少|达到|任务|指标|排名|考核|[0-9０-９]+ *[次个条人％%])"
)
"""A number, a task or a ranking right after what readers are asked to do."""
_NEGATED = regex(r"[不未无禁][^。；！？\n]*\Z")
"""A negation earlier in the sentence."""


def steady_figures(archive: Archive) -> Iterator[Complaint]:  # 16 严禁购买粉丝
    """Followers from one recorded count to a later one: the greatest leap of those that overlap."""
    weeks = archive.parameter("stats.audit_weeks")
    earliest = archive.today - timedelta(weeks=weeks)
    for _, counts in sorted(_counts(archive).items()):
        leaps: list[tuple[Fact, Fact]] = []
        for number, after in enumerate(counts):
            pairs = [(before, after) for before in _earlier(counts, number, archive)]
            if after["on"] < earliest or not pairs:
                continue
            leap = max(pairs, key=_share)
            if leaps and leap[0]["on"] < leaps[-1][1]["on"]:
                leap = max(leaps.pop(), leap, key=_share)
            leaps.append(leap)
        for before, after in leaps:
            yield _noted(before, after, archive)


def _counts(archive: Archive) -> Mapping[str, list[Fact]]:
    """Account → its counts so far, by day."""
    by_account: dict[str, list[Fact]] = defaultdict(list)
    for count in sorted(archive.records("statistics"), key=lambda c: (c["on"], c.id)):
        if archive.clock.day_reached(count["on"]):
            by_account[count["account"]].append(count)
    return by_account


def _earlier(counts: list[Fact], number: int, archive: Archive) -> Iterator[Fact]:
    """The counts before one from which it leaps: the last one, and those of the weeks set."""
    after, parameter = counts[number], archive.registers.parameter
    weeks: int = parameter("stats.window_weeks", after["on"])
    for index in range(number - 1, -1, -1):
        before = counts[index]
        if (after["on"] - before["on"]).days > 7 * weeks and index < number - 1:
            return
        if _leaps(before, after, weeks, parameter):
            yield before


def _leaps(before: Fact, after: Fact, window: int, parameter: Callable[[str, date], Any]) -> bool:
    """Whether the change is above the number that policy names, and above its share of a week, or
    of all the weeks that it looks at together.

    Less than a week counts as one, so that two counts of one day are compared as they stand.
    """
    day, change = after["on"], int(abs(after["followers"] - before["followers"]))
    weeks = max(1.0, (day - before["on"]).days / 7)
    number: float = parameter("stats.jump_min", day)
    weekly: float = max(number, parameter("stats.jump_ratio", day) * before["followers"])
    whole: float = max(number, parameter("stats.window_ratio", day) * before["followers"])
    return change > weekly * weeks or (1 < weeks <= window and change > whole)


def _share(leap: tuple[Fact, Fact]) -> float:
    before, after = (int(count["followers"]) for count in leap)
    return abs(after - before) / max(before, 1)


def figures_recorded(archive: Archive) -> Iterator[Complaint]:  # 16 严禁数据造假
    """A count of each account in use, since policy asks for it: without one no leap is seen."""
    policy = archive.registers.policy
    setting = policy.current("stats.every_months", archive.clock)
    begun, counts = max(policy.since, setting.effective_from), _counts(archive)
    for account in archive.registers.accounts_in_use(archive.today):
        last = max(begun, account.opened_on, *(c["on"] for c in counts.get(account.id, ())))
        day = months_after(last, setting.value)
        what = say(account=account.name, day=say_day(day))
        remedy = say("Enter today's under content/records/statistics/.")
        at = archive.registers.at("accounts", account.id)
        yield duty("follower-count-due", archive, end_of(day), what, at, remedy, account.id)


def _noted(before: Fact, after: Fact, archive: Archive) -> Complaint:
    message = say(
        account=archive.registers.name_of(after["account"]),
        before=before["followers"],
        after=after["followers"],
        first=say_day(before["on"]),
        last=say_day(after["on"]),
    )
    return note("followers-jumped", after.at("followers"), message, owes=after["account"])


def no_quotas(archive: Archive) -> Iterator[Complaint]:  # 16 力戒形式主义
    """No parameter of policy names a quota, and no text to be declared demands a number."""
    registers = archive.registers
    document = registers.policy.document
    stated = document.value.get("parameters") if isinstance(document.value, dict) else None
    denied = registers.parameter("formalism.denied_names", archive.today)
    for name in stated if isinstance(stated, dict) else ():
        if denied_word := next((w for w in denied if w in re.split(r"[._]", str(name))), ""):
            message = say(word=denied_word)
            yield note("quota-set {word}", document.locate("parameters", str(name)), message)
    for wording in registers.entries.get("wordings", ()):
        if _demands(wording["text"]):
            yield note("quota-declared {name}", wording.at("text"), say(name=wording["name"]))


def _demands(text: str) -> bool:
    return any(not _NEGATED.search(text[: demand.start()]) for demand in _DEMAND.finditer(text))


def no_advertising(archive: Archive) -> Iterator[Complaint]:  # 16 不得参与盈利性经营活动
    """No account in use has the platform's advertising switched on, where that was entered."""
    accounts = tuple(archive.registers.accounts_in_use(archive.today))
    something([a for a in accounts if a.ads is not None])
    for account in accounts:
        if account.ads:
            location = archive.registers.at("accounts", account.id, "ads")
            yield refuse("advertising-on", location, say(account=account.name), owes=account.id)


RULE = rule(
    PeriodClause(1, steady_figures, rests_on=("statistics",)),
    PeriodClause(1, figures_recorded, lapse=True, rests_on=("statistics",)),
    declaration(1, "no-data-fraud"),
    ItemClause(2, listed_words("forced-sharing")),
    ItemClause(3, no_precondition),
    declaration(3, "no-forced-actions"),
    ItemClause(4, listed_words("profit")),
    PeriodClause(4, no_advertising, lapse=True),
    declaration(4, "no-profit"),
    PeriodClause(5, no_quotas),
)
