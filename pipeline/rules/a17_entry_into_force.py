"""Article 17: entry into force and adjustment (第十七条 施行、解释和调整).

1. A post that stands and is dated before the regulation took effect is noted and not judged; one
   that a change brings in or alters is judged whatever its date; no archive begins to count duties
   before that day. What accounts carried before the archive was begun is listed in records that the
   head of the lead department signs, shown as not reviewed here, and counts for nothing.
   | Human: whether an old post should still be shown.
   accepted: a post of the first day of the regulation, which is judged.
   violated: an archive that counts duties from the day before.
   boundary: a post of the minute before midnight of that day: noted and not judged, unless a change
   brings it.
   next: leave an old post as it was; set `since` to the day on which the archive began; list what
   was published before it with `sanshen import`, and have the head sign it.
   before-regulation: The post is dated before the regulation took effect on {day}, and is not
   judged. | Nothing to do; a change of the post will be judged like any other.
   counted-before-regulation: The archive counts duties from before the regulation took effect on
   {day}. | Set `since` to the day the archive began, not before the regulation.
   earlier-unsigned: {count} earlier publications of {account} are not shown: the head of the lead
   department has not signed them. |
   not-earlier: “{title}” was published on {day}, when the archive had begun. | What an account
   carries since then is reviewed, or recorded as it happened: `sanshen publish` with --unconfirmed.
2. A change of policy keeps every setting that has taken effect and adds new ones from its own day
   on; no parameter has two settings from one day.
   | Human: whether the change is wise.
   accepted: a setting added from a day to come.
   violated: a setting in force that is changed or removed, or a new one from yesterday.
   boundary: a setting from today; one to come may still be withdrawn.
   next: restore it and append another, from today or later.
   setting-altered: The setting of {name} from {day} is changed or removed, though it has taken
   effect. |
   setting-backdated: The new setting of {name} takes effect on {day}, before the change itself. |
   setting-twice: {name} has two settings from {day}. | Keep one of them.
3. Every year the head of the lead department declares that policy was compared with the documents
   of nation, province and city. | Human: the comparison.
   accepted: policy compared with the documents within the year, and declared.
   violated: no declaration for two years, which is noted.
   boundary: twelve months and the days of grace after the last day that was declared.
   next: compare first, change what differs; then the head of the lead department signs `sanshen
   declare policy-review`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from pipeline.model import duties, law, posts
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.calendar import local_date
from pipeline.model.earlier import EARLIER, accepted_events
from pipeline.model.findings import Complaint, Effect, say, say_day
from pipeline.model.policy import Parameter, Policy

LONGEST_WAIT = timedelta(days=7)
"""From the last signature of a change until it comes to main."""


def not_judged(post: posts.Post, archive: Archive) -> Iterator[Complaint]:  # 17 自印发之日起施行
    """What is older than the regulation is shown as it was, with a note that says so."""
    message = say(day=say_day(law.in_force_from(archive)))
    yield law.note("before-regulation", post.at("publish_at"), message)


def counted_from(archive: Archive) -> Iterator[Complaint]:  # 17 自印发之日起施行
    """Duties begin with the regulation, not before."""
    day, policy = law.in_force_from(archive), archive.registers.policy
    if "since" in policy.archive and policy.since < day:
        location = policy.document.locate("archive", "since")
        yield law.refuse("counted-before-regulation", location, say(day=say_day(day)))


def before_the_archive(archive: Archive) -> Iterator[Complaint]:  # 17 自印发之日起施行
    """What is listed as earlier came before the archive, and the head signed the list."""
    since = archive.registers.policy.since
    for record in archive.records(EARLIER):
        accepted = accepted_events(record, archive)
        for number, item in enumerate(record["posts"]):
            if local_date(item["published_at"]) >= since:
                message = say(title=item["title"], day=say_day(local_date(item["published_at"])))
                where = record.at("posts", number, "published_at")
                yield law.refuse("not-earlier {title}", where, message)
        if waiting := len(record["posts"]) - sum(e.startswith("posts.") for e in accepted):
            message = say(count=waiting, account=archive.registers.name_of(record["account"]))
            remedy = say(
                "The head signs the list: `sanshen attest {kind} {id}`.", kind=EARLIER, id=record.id
            )
            yield law.note("earlier-unsigned {account}", record.at("posts"), message, remedy)


def settings_stay(change: Change, archive: Archive) -> Iterator[Complaint]:  # 17 适时调整
    """Settings that have taken effect stay in policy; new ones begin with the change or later."""
    if change.proposed is None:
        return
    base, head = archive.registers.policy, change.proposed.policy
    decided = _decided(change, archive)
    for name, settings in base.parameters.items():
        after = {(s.effective_from, repr(s.value)) for s in head.parameters.get(name, ())}
        for setting in settings:
            fixed = setting.effective_from <= decided
            if fixed and (setting.effective_from, repr(setting.value)) not in after:
                yield _lost(setting, head)
    for name, settings in head.parameters.items():
        before = {s.effective_from for s in base.parameters.get(name, ())}
        for index, setting in enumerate(settings):
            if before and setting.effective_from not in before and setting.effective_from < decided:
                yield _backdated(index, setting, decided, head)
    yield from _ambiguous(head)


def settings_clear(archive: Archive) -> Iterator[Complaint]:  # 17 适时调整
    """One setting of a parameter from one day."""
    return _ambiguous(archive.registers.policy)


def _decided(change: Change, archive: Archive) -> date:
    """The day of a change: today, or in a look back the day of its last signature, which is a claim
    and lies no longer before the change came than a week."""
    if archive.mode is Mode.CHANGE:
        return archive.today
    days = [
        local_date(a.signed_at) for a in change.authorisations if archive.clock.reached(a.signed_at)
    ]
    return max(max(days, default=archive.entry_day), archive.entry_day - LONGEST_WAIT)


def _lost(setting: Parameter, head: Policy) -> Complaint:
    message = say(name=setting.name, day=say_day(setting.effective_from))
    remedy = say("Restore it and add another setting with a day of its own.")
    if setting.name not in head.parameters:  # no article owns it any more
        remedy = say("Restore it, and the schema of the article that owned it. An article that is"
                     " repealed keeps its heading, rule and schema, with `Unchecked` for its"
                     " clauses.")  # fmt: skip
    location = head.document.locate("parameters", setting.name)
    return law.refuse("setting-altered {name} {day}", location, message, remedy)


def _backdated(index: int, setting: Parameter, decided: date, head: Policy) -> Complaint:
    message = say(name=setting.name, day=say_day(setting.effective_from))
    remedy = say("Let it take effect on {day} or later.", day=say_day(decided))
    location = head.document.locate("parameters", setting.name, index, "effective_from")
    return law.refuse("setting-backdated {name} {day}", location, message, remedy)


def _ambiguous(policy: Policy) -> Iterator[Complaint]:
    for name, settings in policy.parameters.items():
        for index, (before, after) in enumerate(pairwise(settings), 1):
            if before.effective_from == after.effective_from:
                message = say(name=name, day=say_day(after.effective_from))
                where = policy.document.locate("parameters", name, index)
                yield law.refuse("setting-twice {name} {day}", where, message)


def _old(post: posts.Post, archive: Archive) -> bool:
    return not law.bound(post, archive)


RULE = law.rule(
    law.ItemClause(1, not_judged, applies=_old),
    law.PeriodClause(1, counted_from),
    law.PeriodClause(1, before_the_archive, rests_on=(EARLIER,)),
    law.ChangeClause(2, settings_stay),
    law.PeriodClause(2, settings_clear),
    duties.declaration(3, "policy-review", Effect.NOTE),
)
