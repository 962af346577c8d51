from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain

from pipeline.detect.post_words import words_of
from pipeline.detect.secrets import secrets, speaks_of_secrets
from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.documents import Route
from pipeline.model.duties import duty
from pipeline.model.findings import Complaint, Effect, Location, Message, say
from pipeline.model.posts import Post
from pipeline.model.records import Fact

# Article 14: no password, key or token in what is written down.


_APART = "\n" * 4
"""A gap wide enough that two joined texts never make a secret together."""


def none_in_post(post: Post, _archive: Archive) -> Iterator[Complaint]:  # 14(1)
    """Front matter, body and the texts beside the post."""
    if not speaks_of_secrets(words_of(post).text):
        return
    strings = tuple(_strings(post.document.value))
    # All texts are searched together first: there is nearly always nothing in any.
    if not secrets(_APART.join((*(t for _, t in strings), post.body, *post.texts.values()))):
        return
    for route, text in strings:
        yield from _secrets(text, post.at(*route))
    for path, first, text in (
        (post.path, post.body_line, post.body),
        *((path, 1, text) for path, text in sorted(post.texts.items())),
    ):
        yield from _secrets(text, Location(path, first), lines=True)


def none_in_records(archive: Archive) -> Iterator[Complaint]:  # 14(1)
    """Plain and signed records, and registers that hold entries."""
    facts = chain(*archive.facts.values(), *archive.registers.entries.values())
    for fact in facts:
        for route, text in _strings(fact.value):
            yield from _secrets(text, fact.at(*route))
    for record in chain(*archive.signed.values()):
        for _, text in _strings(record.value):
            yield from _secrets(text, record.at())


def _secrets(text: str, start: Location, *, lines: bool = False) -> Iterator[Complaint]:
    """A complaint for each secret of a text; it never holds the secret.

    `lines`: the text begins at `start` and goes on line by line, as it stands in its file.
    """
    for match in secrets(text):
        message = say("Something that looks like a secret stands here: {kind}.", kind=match.kind)
        remedy = say(
            "Remove it, and change the secret at once: history keeps what was once written."
        )
        effect = Effect.REFUSE if match.certain else Effect.NOTE
        down = text.count("\n", 0, match.start) if lines else 0
        yield Complaint(effect, message, Location(start.path, start.line + down), remedy)


def _strings(value: object, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """Every string of a value with its route."""
    if isinstance(value, str):
        yield route, value
    elif isinstance(value, Mapping):
        for key, below in value.items():
            yield from _strings(below, (*route, key))
    elif isinstance(value, list | tuple):
        for index, below in enumerate(value):
            yield from _strings(below, (*route, index))


# Article 14: accounts that pretend to be the bureau's.


AUTHORITIES = ("cyberspace", "police", "telecom")
STEPS: tuple[tuple[str, Message, Message], ...] = (
    (
        "verified_at",
        say("The fake account is to be verified (立即排查核实)."),
        say("The fake account was not verified in time (立即排查核实)."),
    ),
    (
        "notified",
        say("The authorities are to be told of the fake account (网信、公安、电信)."),
        say("The authorities were not told of the fake account in time (网信、公安、电信)."),
    ),
    (
        "platform_letter_at",
        say("The platform of the fake account is to be written to (致函平台)."),
        say("The platform of the fake account was not written to in time (致函平台)."),
    ),
    (
        "filed_at",
        say("The fake account is to be filed with the superior body (备案)."),
        say("The fake account was not filed with the superior body in time (备案)."),
    ),
)
"""(step, message while there is time, message when it is late)."""


def fakes_pursued(archive: Archive) -> Iterator[Complaint]:  # 14(2)
    """The steps of every case found since recording began, and cases open for long."""
    for incident in archive.records("incidents"):
        if local_date(incident["found_at"]) < archive.registers.policy.since:
            continue
        for step, coming, late in STEPS:
            yield from _step(incident, step, coming, late, archive)
        yield from _open(incident, archive)


def _step(
    incident: Fact, step: str, coming: Message, late: Message, archive: Archive
) -> Iterator[Complaint]:
    start: datetime = incident["found_at"]
    due = start + _allowed(step, start, archive)
    done = _moment(incident, step)
    if done is not None and done < start:
        message = say("A step of the case lies before the fake account was found.")
        remedy = say("Correct the times of the record.")
        yield Complaint(Effect.REFUSE, message, incident.at(step), remedy, incident["person"])
    elif done is None or not archive.clock.reached(done):
        option = "notified body=…,at=" if step == "notified" else step.replace("_", "-") + " "
        remedy = say("Take the step and enter its time: sanshen amend incidents {incident}"
                     " --{option}…", incident=incident.id, option=option)  # fmt: skip
        yield duty(archive, due, coming, late, incident.at(step), remedy, incident["person"])
    elif done > due:
        remedy = say("Nothing to do; be quicker next time.")
        yield Complaint(Effect.NOTE, late, incident.at(step), remedy, incident["person"])


def _allowed(step: str, start: datetime, archive: Archive) -> timedelta:
    day = local_date(start)
    if step == "verified_at":
        return timedelta(hours=archive.parameter("impersonation.verify_hours", day))
    return timedelta(days=archive.parameter("impersonation.file_days", day))


def _moment(incident: Fact, step: str) -> datetime | None:
    """When a step was first taken."""
    bodies = {"notified": AUTHORITIES, "platform_letter_at": ("platform",)}.get(step, ())
    moments = [n["at"] for n in incident["notified"] if n["body"] in bodies]
    if step in incident.value and step != "notified":
        moments.append(incident[step])
    return min(moments, default=None)


def _open(incident: Fact, archive: Archive) -> Iterator[Complaint]:
    """A case open for long is pressed again and again; each step begins the days anew."""
    closed, days = incident.get("closed_at"), archive.parameter("impersonation.max_open_days")
    ended = closed is not None and archive.clock.reached(closed)
    if ended or not archive.clock.passed(incident["found_at"] + timedelta(days=days)):
        return
    steps = [incident["found_at"], *(n["at"] for n in incident["notified"])]
    steps += [incident[s] for s in ("platform_letter_at", "filed_at") if s in incident.value]
    last = max(filter(archive.clock.reached, steps))
    due = last + timedelta(days=archive.parameter("impersonation.press_days"))
    values = {"days": days, "at": minute(due)}
    yield duty(
        archive,
        due,
        say("The case of the fake account has been open for more than {days} days: press it again "
            "by {at}.", **values),
        say("The case of the fake account is open, and was to be pressed again by {at}.", **values),
        incident.at("found_at"),
        say("Write to the platform again, and enter it: sanshen amend incidents {incident}"
            " --notified body=platform,at=…; a case that is closed: --closed-at …",
            incident=incident.id),
        incident["person"],
    )  # fmt: skip
