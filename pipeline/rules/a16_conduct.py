"""Article 16: no show, no pressure, no profit (第十六条 力戒形式主义).

1. Followers that grow or fall by leaps between two recorded counts are noted; every year the head
   of the lead department declares that no figures are bought or made up.
   | Human: where followers come from.
2. A post does not press its readers to download, like or share, in the words of the lexicons.
   | Human: tone that presses without naming it.
3. No post says or is marked (`requires_follow`) to make following or downloading the condition of
   a service. Every half year the head of the lead department declares that no service, no
   comment and no message depends on following, downloading, liking or sharing.
   | Human: how services elsewhere are offered.
4. No post speaks of sponsors, payment or sale in the words of the lexicons. No account in use
   shows the platform's advertising; every year the head of the lead department declares that no
   account takes part in business. | Human: agreements outside the platform; payment codes in
   pictures.
5. Policy sets no quota for likes, shares or followers, and no declaration demands one.
   | Human: quotas set by word of mouth.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from pipeline.detect.words import listed_words, sightings
from pipeline.model.archive import Archive
from pipeline.model.duties import declaration
from pipeline.model.findings import Complaint, Effect, say, say_day
from pipeline.model.law import ItemClause, PeriodClause, rule
from pipeline.model.posts import Post
from pipeline.model.records import Fact
from pipeline.model.regex import regex

# Article 16: what a post may not press its readers to do, nor sell them.


def no_precondition(post: Post, archive: Archive) -> Iterator[Complaint]:  # 16 前置条件
    """A service, said or marked to depend on following or downloading."""
    if post.meta.get("requires_follow"):
        message = say("A service of the post depends on following or downloading.")
        remedy = say("Offer it without, and set requires_follow to false.")
        yield Complaint(Effect.REFUSE, message, post.at("requires_follow"), remedy)
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
    """Followers between one recorded count and the next, reckoned per week."""
    weeks = archive.parameter("stats.audit_weeks")
    earliest = archive.today - timedelta(weeks=weeks)
    by_account: dict[str, list[Fact]] = defaultdict(list)
    for count in archive.records("statistics"):
        if count["on"] <= archive.today:
            by_account[count["account"]].append(count)
    for _, counts in sorted(by_account.items()):
        for before, after in pairwise(sorted(counts, key=lambda c: (c["on"], c.id))):
            if after["on"] >= earliest and _leaps(before, after, archive):
                yield _noted(before, after, archive)


def _leaps(before: Fact, after: Fact, archive: Archive) -> bool:
    """Whether the change of a week is above both the share and the number that policy names.

    Less than a week counts as one, so that two counts of one day are compared as they stand.
    """
    registers, day = archive.registers, after["on"]
    weeks = max(1.0, (day - before["on"]).days / 7)
    change: float = abs(after["followers"] - before["followers"]) / weeks
    share: float = registers.parameter("stats.jump_ratio", day) * before["followers"]
    number: float = registers.parameter("stats.jump_min", day)
    return change > share and change > number


def _noted(before: Fact, after: Fact, archive: Archive) -> Complaint:
    return Complaint(
        Effect.NOTE,
        say(
            "The followers of account {account} went from {before} to {after} between {first} "
            "and {last}.",
            account=archive.registers.name_of(after["account"]),
            before=before["followers"],
            after=after["followers"],
            first=say_day(before["on"]),
            last=say_day(after["on"]),
        ),
        after.at("followers"),
        say("Find out why, and report to the lead department if followers were bought."),
        after["account"],
    )


def no_quotas(archive: Archive) -> Iterator[Complaint]:  # 16 力戒形式主义
    """No parameter of policy names a quota, and no text to be declared demands a number."""
    registers = archive.registers
    document = registers.policy.document
    stated = document.value.get("parameters") if isinstance(document.value, dict) else None
    denied = registers.parameter("formalism.denied_names", archive.today)
    for name in stated if isinstance(stated, dict) else ():
        if denied_word := next((w for w in denied if w in re.split(r"[._]", str(name))), ""):
            message = say("The policy sets a quota: its name speaks of {word}.", word=denied_word)
            remedy = say("Remove it; Article 16 forbids to chase figures.")
            location = document.locate("parameters", str(name))
            yield Complaint(Effect.NOTE, message, location, remedy)
    for wording in registers.entries.get("wordings", ()):
        if _demands(wording["text"]):
            message = say("The declaration {name} demands a number.", name=wording["name"])
            remedy = say("Take the number out; Article 16 forbids to chase figures.")
            yield Complaint(Effect.NOTE, message, wording.at("text"), remedy)


def _demands(text: str) -> bool:
    return any(not _NEGATED.search(text[: demand.start()]) for demand in _DEMAND.finditer(text))


def no_advertising(archive: Archive) -> Iterator[Complaint]:  # 16 不得参与盈利性经营活动
    """No account in use has the platform's advertising switched on."""
    for account in archive.registers.accounts_in_use(archive.today):
        if account.ads:
            message = say("Advertising is switched on for account {account}.", account=account.name)
            remedy = say("Switch it off on the platform and correct the register of accounts.")
            location = archive.registers.at("accounts", account.id, "ads")
            yield Complaint(Effect.REFUSE, message, location, remedy, account.id)


RULE = rule(
    PeriodClause(1, steady_figures),
    declaration(1, "no-data-fraud"),
    ItemClause(2, listed_words("forced-sharing")),
    ItemClause(3, no_precondition),
    declaration(3, "no-forced-actions"),
    ItemClause(4, listed_words("profit")),
    PeriodClause(4, no_advertising, lapse=True),
    declaration(4, "no-profit"),
    PeriodClause(5, no_quotas),
)
