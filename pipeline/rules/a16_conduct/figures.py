"""Article 16: figures that leap, and quotas that make people chase them."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from pipeline.model.archive import Archive
from pipeline.model.findings import Complaint, Effect, say, say_day
from pipeline.model.records import Fact
from pipeline.model.regex import regex

_DEMAND = regex(
    r"(?:点赞|转发|关注|粉丝|下载|评论|阅读)[^，。；！？\n]{0,12}?"
    r"(?:不少于|不低于|至少|达到|任务|指标|排名|考核|[0-9０-９]+ *[次个条人％%])"
)
"""A number, a task or a ranking right behind what the public is to do."""
_NEGATED = regex(r"[不未无禁][^。；！？\n]*\Z")
"""A sentence that has said no before."""


def steady_figures(archive: Archive) -> Iterator[Complaint]:  # 16 严禁购买粉丝
    """Followers between one recorded count and the next, reckoned per week."""
    weeks = archive.registers.parameter("stats.audit_weeks", archive.today)
    earliest = archive.today - timedelta(weeks=weeks)
    by_account: dict[str, list[Fact]] = defaultdict(list)
    for count in archive.facts.get("statistics", ()):
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
    """Names of policy's parameters, owned by an article or not, and texts to be declared."""
    registers = archive.registers
    document = registers.policy.document
    stated = document.value.get("parameters") if isinstance(document.value, dict) else None
    denied = registers.parameter("formalism.denied_names", archive.today)
    for name in stated if isinstance(stated, dict) else ():
        if denied_word := next((w for w in denied if w in re.split(r"[._]", str(name))), ""):
            message = say("The policy sets a quota: its name speaks of {word}.", word=denied_word)
            remedy = say("Remove it; Article 16 forbids to chase figures.")
            place = document.locate("parameters", str(name))
            yield Complaint(Effect.NOTE, message, place, remedy)
    for wording in registers.entries.get("wordings", ()):
        if _demands(wording["text"]):
            message = say("The declaration {name} demands a number.", name=wording["name"])
            remedy = say("Take the number out; Article 16 forbids to chase figures.")
            yield Complaint(Effect.NOTE, message, wording.at("text"), remedy)


def _demands(text: str) -> bool:
    return any(not _NEGATED.search(text[: found.start()]) for found in _DEMAND.finditer(text))
