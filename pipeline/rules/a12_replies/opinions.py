"""Article 12: events of public opinion, and issues of high attention."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import Complaint, Effect, Message, say
from pipeline.model.records import Fact
from pipeline.rules.a12_replies.inquiries import answer, effect_of_past_fault

OFFICES: Mapping[str, Message] = {
    "publicity": say("The event was not reported to the publicity department."),
    "cyberspace": say("The event was not reported to the cyberspace office."),
}
BOTH: Mapping[str, Message] = {"wechat": say("WeChat"), "weibo": say("Weibo")}


def public_opinion(archive: Archive) -> Iterator[Complaint]:  # 12(4)
    """Reports, departments, actions, and the time limits of the first statement."""
    for event in archive.records("opinions"):
        yield from _begun(event, archive)
        yield from _clocks(event, archive)


def led_by_principal(archive: Archive) -> Iterator[Complaint]:  # 12(4)
    """The leader of the event was the principal when it was found."""
    for event in archive.records("opinions"):
        leader = archive.registers.people.get(event["lead"]["person"])
        if leader is None or not leader.holds("principal", local_date(event["found_at"])):
            weight = effect_of_past_fault(archive, event["found_at"])
            yield _missing(event, say("The event is not led by the principal."), weight)


def _begun(event: Fact, archive: Archive) -> Iterator[Complaint]:
    informed = {r["to"] for r in event.get("reports", ()) if archive.clock.reached(r["at"])}
    missing = [message for office, message in OFFICES.items() if office not in informed]
    if not event.get("departments"):
        missing.append(say("No department is named for the event."))
    if not event.get("actions"):
        missing.append(say("No action is recorded for the event."))
    return (_missing(event, message) for message in missing)


def _missing(event: Fact, message: Message, effect: Effect = Effect.REFUSE) -> Complaint:
    remedy = say("Do it and add it to the record of the event (Article 12 (4)).")
    return Complaint(effect, message, event.at(), remedy, event["lead"]["person"])


def _clocks(event: Fact, archive: Archive) -> Iterator[Complaint]:
    """Natural hours from the finding: 5 and 24 for a major event, 48 for another."""
    start: datetime = event["found_at"]
    major, title = event["level"] == "major", event["title"]

    def hours(name: str) -> datetime:
        return start + timedelta(hours=archive.parameter(name, local_date(start)))

    first = hours("opinion.major_first_hours" if major else "opinion.other_hours")
    clocks = [(
        "first_statement_at",
        first,
        say("The first statement on {event} is due at {at}.", event=title, at=minute(first)),
        say("The first statement on {event} was due at {at}.", event=title, at=minute(first)),
    )]  # fmt: skip
    if major:
        end = hours("opinion.major_press_hours")
        clocks.append((
            "press_at",
            end,
            say("The press conference on {event} is due at {at}.", event=title, at=minute(end)),
            say("The press conference on {event} was due at {at}.", event=title, at=minute(end)),
        ))  # fmt: skip
    for key, due, coming, late in clocks:
        remedy = say("Make it public, and record `{key}`.", key=key)
        yield from answer(
            archive, event, event.get(key), due, coming, late, remedy, event["lead"]["person"]
        )


def high_attention(archive: Archive) -> Iterator[Complaint]:  # 12(5) 双微
    """A hot issue has posts on WeChat and on Weibo."""
    accounts = archive.registers.accounts
    for event in archive.records("opinions"):
        if not event.get("hot"):
            continue
        days = archive.parameter("opinion.hot_post_days", local_date(event["found_at"]))
        due = event["found_at"] + timedelta(days=days)
        for platform in BOTH:
            done = min(
                (
                    p.published_at
                    for post in event.get("posts", ())
                    for p in archive.publications_of(post)
                    if p.account in accounts and accounts[p.account].platform == platform
                ),
                default=None,
            )
            values = {"event": event["title"], "platform": BOTH[platform], "at": minute(due)}
            yield from answer(
                archive, event, done, due,
                say("A post on {event} is due on {platform} by {at}.", **values),
                say("A post on {event} was due on {platform} by {at}.", **values),
                say("Publish on both platforms and name the posts in the record."),
                event["lead"]["person"], Effect.NOTE,
            )  # fmt: skip
