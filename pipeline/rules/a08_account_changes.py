"""Article 8: opening, changing and closing accounts (第八条 账号分级备案).

1. Posts and publications use only registered accounts that are active on the day; the address of a
   publication is on its account's host; a link whose words call an account on a social platform the
   bureau's own leads to a registered one, to a recorded publication or to the declared source; a
   link to anybody else's is noted; an item to be relayed names no account out of use; in the
   months that its wording sets each department declares that it knows of no unregistered account.
   | Human: whose a linked account is; whether unregistered ones exist elsewhere; QR codes.
   accepted: a post and a relay for accounts that are in use on their day.
   violated: a relay that tells an account to publish which was closed in June.
   boundary: the last day of an account; the first of the next one.
   next: name the account that took its place, or correct `accounts` of the record.
   account-not-used: Account {account} is not in use on {day}. | Name an account that is in use, or
   have it registered first.
   account-unregistered: Account {account} is not in the register. | Name an account that is in use,
   or have it registered first.
   address-host-foreign: The address recorded for account {account} is not on that account's host. |
   The operator records the address under which the platform shows the post.
   link-account-claimed: A link shows an account on {host} that is not registered as the bureau's
   own. | Link a registered account, or say whose account it is.
   link-account-foreign: A link leads to an account on {host} that is not registered. | Nothing to
   do when it is somebody else's, and the words say whose.
2. Every opening, change, suspension, closing and cancellation was applied for by the lead
   department, reviewed by the leader in charge, signed by the principal and filed with the
   municipal office, in that order, and took effect only after the signature; an end that came
   before it, as when the platform closes an account, is entered with its day and told by the audit;
   nothing follows a closing but a cancellation; an account opened since recording began has its
   opening, and one whose opening lacks a step carries no post; one of before that is filed, or
   owes it (待备案) as an opening does. A filing counts when its office is one that policy names;
   with the bureau itself or a department of it nothing is filed. A review and a signature count by
   the attestation of that very leader, from the day that account.decisions_signed_from names on.
   | Human: the leaders' decision.
   accepted: signed on Monday, filed with 市政府办公室 on Thursday; an application that waits.
   violated: filed with the bureau's own office alone for ten days; a decision that a clerk typed.
   boundary: filed on the tenth day (filing.within_days); an office that filing.offices names.
   next: the leader signs (`sanshen attest account-events ID`); file it with the municipal office
   and enter its number; a wrong one is corrected.
   account-ended-early: Account {account} ended on {day}, before its end was signed. | Report the
   cause; it cannot be mended.
   account-filing-due: Account {account} has no filing: it is due on {day}. | File it with the
   municipal office and enter the reference.
   applicant-not-lead: The event was not applied for by the lead department. |
   decision-awaited: {key} of the event on account {account} waits for the signature of {person}
   until {day}. |
   effective-before-signed: The event took effect before it was signed. |
   event-filed-late: The event on account {account} was filed after {day}. | Nothing to do; file the
   next one in time.
   event-filing-due: The filing of the event on account {account} is due on {day}. | File it with
   the municipal office, then fill in `filing`: number, office and day.
   event-out-of-sequence: The event {event} cannot follow the event {before}. |
   filing-office-unfit: The filing with {office} does not count: policy names {offices}. | File it
   there, and correct `filing`; another office of that kind is entered in filing.offices.
   opening-out-of-order: The opening of account {account} is not in order. | `sanshen audit` says
   what is missing; until then publish elsewhere.
   opening-unrecorded: No opening of account {account} is recorded for {day}. | Record it under
   content/records/account-events/.
   reviewer-not-in-office: {person} was not the leader in charge on {day}. |
   signer-not-in-office: {person} was not the principal on {day}. |
   steps-out-of-order: The step {after} lies before the step {before}. |
3. The register of accounts changes only as recorded events in order say: a new account after its
   opening, an end after its closing, another value after the latest change that names it; a closed
   account is never reopened under its old id. | Human: nothing.
   accepted: a new keeper after an event that both leaders signed.
   violated: the same after an event whose days lie before signatures were asked for, unsigned.
   boundary: a value that the register held before that day.
   next: have both leaders sign the event, then propose the register.
   account-removed: Account {account} was taken out of the register. |
   account-reopened: Account {account} is closed and stays so; enter a new one. |
   applicant-not-lead: The event was not applied for by the lead department. |
   closing-unrecorded: No closing of account {account} is recorded for that day. |
   effective-before-signed: The event took effect before it was signed. |
   field-without-event: No event gives account {account} the {field} {value}. |
   opening-unrecorded: No opening of account {account} is recorded for {day}. | Record it under
   content/records/account-events/.
   reviewer-not-in-office: {person} was not the leader in charge on {day}. |
   signer-not-in-office: {person} was not the principal on {day}. |
   steps-out-of-order: The step {after} lies before the step {before}. |
4. A closing has its public notice, its last copy in the archive and its report to the national
   system. | Human: whether the platform really closed the account.
   accepted: a closing with its notice, its last copy and its national report.
   violated: a closing without public notice, which is noted.
   boundary: a closing to come owes nothing yet; an end that the register alone shows is noted.
   next: make up what is missing and add it to the event.
   closing-without-copy: The last copy of {account} is not in the archive. | Make good what is
   missing and add it to the record of the closing.
   closing-without-event: The closing of account {account} is not recorded. | Record it under
   content/records/account-events/.
   closing-without-notice: The closing of {account} has no public notice. | Make good what is
   missing and add it to the record of the closing.
   closing-without-report: The closing of {account} was not reported nationally. | Make good what is
   missing and add it to the record of the closing.
5. Two accounts in use on one platform are noted. | Human: whether a second account is justified.
   accepted: one account in use on each platform.
   violated: two WeChat accounts in use, which is noted.
   boundary: a closed account beside the one in use does not count.
   next: merge them or close one, or say in its filing why the second is needed.
   account-not-used: Account {account} is not in use on {day}. |
   account-unregistered: Account {account} is not in the register. |
   platform-shared: There are {count} accounts in use on {platform}: {accounts}. | Merge or close
   all but one, or explain the second in its filing.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from pipeline.detect.links import under, web_host
from pipeline.model import calendar, documents, lazy
from pipeline.model.archive import Archive, Change
from pipeline.model.attestations import DECIDERS, open_decisions
from pipeline.model.duties import declaration, duty, end_of
from pipeline.model.findings import (
    Complaint,
    Effect,
    Location,
    Message,
    Reason,
    say,
    say_day,
    say_names,
)
from pipeline.model.ids import AccountId
from pipeline.model.law import ChangeClause, ItemClause, PeriodClause, note, refuse, rule
from pipeline.model.posts import Link, Post
from pipeline.model.records import Fact, Publication
from pipeline.model.registers import UNFILED, Account, Registers

# Article 8: an event in the life of an account was applied for, reviewed, signed and filed.


AGAIN = say("Have the missing step made and record the event as it then stands.")
LIFE = ("open", "change", "suspend", "close", "cancel")
"""Types of events in the order in which those of one day count."""
ENDS = ("close", "cancel")
NOT_IN_OFFICE = {
    "reviewed": ("reviewer-not-in-office", say()),
    "signed": ("signer-not-in-office", say()),
}
EVENTS = ("account-events",)
"""The kind of plain records that the clauses on them rest on."""


def events_in_order(archive: Archive) -> Iterator[Complaint]:  # 8
    """Each event's steps, and an opening for every account opened since recording began."""
    for event in archive.records("account-events"):
        yield from faults(event, archive)
        yield from _awaited(event, archive)
        yield from _filed(event, archive)
    yield from _sequence(archive)
    begun = archive.registers.policy.since
    for account in archive.registers.accounts.values():
        if _recorded_opening(account.id, archive) is not None:
            continue
        entry = archive.registers.at("accounts", account.id)
        if begun > date.min and account.opened_on > begun:
            message = say(account=account.name, day=say_day(account.opened_on))
            yield refuse("opening-unrecorded", entry, message, owes=account.id)
        elif not account.filed:
            yield _unfiled(account, entry, archive)


def _unfiled(account: Account, entry: Location, archive: Archive) -> Complaint:
    """An unfiled account from before recording began is due within the same days as an opening."""
    due = account.opened_on + timedelta(days=archive.parameter("filing.within_days"))
    what = say(account=account.name, day=say_day(due))
    return duty("account-filing-due", archive, end_of(due), what, entry, owes=account.id)


def _opened_since(post: Post, archive: Archive) -> Iterator[tuple[int, Account, Fact | None]]:
    """(its place in the post, account, recorded opening) of those opened since recording began."""
    for index, name in enumerate(post.accounts):
        account = archive.registers.accounts.get(name)
        if account is not None and account.opened_on > archive.registers.policy.since:
            yield index, account, _recorded_opening(name, archive)


def openings_of(post: Post, archive: Archive) -> Iterator[Fact]:
    """The recorded openings that a post's accounts rest on."""
    return (opening for _, _, opening in _opened_since(post, archive) if opening)


def opened_properly(post: Post, archive: Archive) -> Iterator[Complaint]:  # 8
    """A post names no account whose opening is unrecorded or out of order."""
    for index, account, opening in _opened_since(post, archive):
        if opening is None or not in_order(opening, archive):
            message = say(account=account.name)
            owes = account.id
            yield refuse("opening-out-of-order", post.at("accounts", index), message, owes=owes)


def _sequence(archive: Archive) -> Iterator[Complaint]:
    """No event precedes an opening, and only a cancellation follows a closing."""
    lives: dict[str, list[Fact]] = defaultdict(list)
    for event in archive.records("account-events"):
        if "effective_on" in event.value:
            lives[event["account"]].append(event)
    for _, events in sorted(lives.items()):
        events.sort(key=lambda e: (e["effective_on"], LIFE.index(e["type"]), e.id))
        for before, after in pairwise(events):
            ended = before["type"] in ENDS
            follows = (before["type"], after["type"]) == ("close", "cancel")
            if after["type"] == "open" or (ended and not follows):
                message = say(event=after.id, before=before.id)
                yield _wrong("event-out-of-sequence", after, message, "effective_on")


def ended_early(archive: Archive) -> Iterator[Complaint]:  # 8
    """An account that ended before its end was signed, for example closed by its platform."""
    for event in archive.records("account-events"):
        if not event.value.keys() >= {"signed", "effective_on"}:
            continue
        signed: date = event["signed"]["on"]
        if event["type"] in ENDS and event["effective_on"] < signed:
            recent = archive.today <= _filing_due(signed, archive)
            message = say(
                account=archive.registers.name_of(event["account"]),
                day=say_day(event["effective_on"]),
            )
            effect = Effect.REFUSE if recent else Effect.NOTE
            at = event.at("effective_on")
            name = "account-ended-early"
            yield Complaint(name, effect, message, at, owes=event["account"], waivable=event.id)


def _recorded_opening(account: AccountId, archive: Archive) -> Fact | None:
    events = archive.records("account-events")
    return next((e for e in events if (e["account"], e["type"]) == (account, "open")), None)


def faults(event: Fact, archive: Archive) -> Iterator[Complaint]:
    """Faults of the steps that an event states: who took them, and in which order."""
    registers, applied = archive.registers, event["applied"]
    if applied["department"] != registers.lead_on(applied["on"]):
        yield _wrong("applicant-not-lead", event, say(), "applied", "department")
    for step in (s for s in DECIDERS if s in event.value):
        person = registers.people.get(event[step]["person"])
        if person is None or not person.holds(DECIDERS[step], event[step]["on"]):
            values = {"person": event[step]["person"], "day": say_day(event[step]["on"])}
            name, text = NOT_IN_OFFICE[step]
            yield _wrong(name, event, say(text.text, **values), step, "person")
    yield from _order(event, archive)


def in_order(event: Fact, archive: Archive, day: date | None = None) -> bool:
    """Whether an event lacks no step and has no fault, so that something may follow from it.

    `day`: of `open_decisions`.
    """
    open_steps = any(open_decisions(archive, event, day)) or "effective_on" not in event.value
    return not open_steps and not any(faults(event, archive))


def _awaited(event: Fact, archive: Archive) -> Iterator[Complaint]:
    """Decisions that are not taken, or not signed by the leader that the event names."""
    for step, person in open_decisions(archive, event):
        stated = step in event.value
        day: date = event[step if stated else "applied"]["on"]
        due = _filing_due(day, archive)
        what = say(
            key=step,
            day=say_day(due),
            account=archive.registers.name_of(event["account"]),
            person=archive.registers.name_of(person) if person else "—",
        )
        remedy = say("The leader decides and signs, on the desk or with"
                     " `sanshen attest account-events {id}`.", id=event.id)  # fmt: skip
        at, effect = event.at(step if stated else "applied"), (Effect.NOTE, Effect.REFUSE)[stated]
        name = "decision-awaited {key}"
        yield duty(name, archive, end_of(due), what, at, remedy, person, effect)


def _order(event: Fact, archive: Archive) -> Iterator[Complaint]:
    """Apply ≤ review ≤ sign ≤ filing, and no effect but an end before the signature."""
    stated = [s for s in ("applied", *DECIDERS, "filing") if s in event.value]
    steps: list[tuple[str, date]] = [(s, event[s]["on"]) for s in stated]
    for (before, first), (after, second) in pairwise(steps):
        if second < first:
            message = say(after=after, before=before)
            yield _wrong("steps-out-of-order {after} {before}", event, message, after, "on")
    signed = event["signed"]["on"] if "signed" in event.value else date.max
    effective = event.get("effective_on", date.max)
    early = effective < signed and effective <= archive.today
    if early and event["type"] not in ENDS:
        yield _wrong("effective-before-signed", event, say(), "effective_on")


def _filed(event: Fact, archive: Archive) -> Iterator[Complaint]:
    """Filed with the municipal office in time (备案)."""
    if "signed" not in event.value:
        return
    due = _filing_due(event["signed"]["on"], archive)
    values = {"account": archive.registers.name_of(event["account"]), "day": say_day(due)}
    filing = event.get("filing")
    if filing is None or not _with_superior(filing, archive.registers):
        if filing:
            message = say(
                office=filing["to"], offices=say_names(archive.parameter("filing.offices"))
            )
            yield note("filing-office-unfit", event.at("filing", "to"), message)
        at, owes = event.at("signed"), event["applied"]["person"]
        yield duty("event-filing-due", archive, end_of(due), say(**values), at, owes=owes)
    elif filing["on"] > due:
        yield note("event-filed-late", event.at("filing", "on"), say(**values))


def _with_superior(filing: Mapping[str, Any], registers: Registers) -> bool:
    """Whether an event was filed with an office that policy names, and not with the bureau itself.

    Filings of before the day from which policy names any count as they stand.
    """
    setting = registers.policy.setting("filing.offices", filing["on"])
    unit, office = registers.policy.unit, str(filing["to"]).strip()
    own = {*registers.policy.names, str(unit.get("short_name", "")), *_OURSELVES}
    own |= {n for d in registers.departments.values() for n in (d.name, *d.aliases)}
    listed = office.endswith(tuple(setting.value)) and office not in own
    return listed or filing["on"] < setting.effective_from


def _filing_due(signed: date, archive: Archive) -> date:
    return signed + timedelta(archive.parameter("filing.within_days", signed))


def _wrong(name: str, event: Fact, message: Message, *route: str) -> Complaint:
    return refuse(name, event.at(*route), message, AGAIN, owes=event["account"])


# Article 8: the register of accounts follows recorded events; closings and doubles.


REGISTER = "content/registers/accounts.yml"
FREE = ("verified", "verified_until", "content_mode", "interaction", "ads")
"""Facts the platform sets or the bureau sees there; they change without a leader's decision."""


def changes_follow_events(change: Change, archive: Archive) -> Iterator[Complaint]:  # 8
    """Every difference of the register against an event that stands recorded."""
    if (proposed := change.proposed) is None:
        return
    before, after = archive.registers.accounts, proposed.accounts
    for name in sorted(before.keys() | after.keys()):
        events = _events_of(name, archive)
        for fault, message in _unrecorded(before.get(name), after.get(name), events):
            remedy = say(
                "Record the event first, as a change of its own, under"
                " content/records/account-events/."
            )
            yield refuse(fault, Location(REGISTER), message, remedy, owes=name)


def _events_of(account: AccountId, archive: Archive) -> list[Fact]:
    """The events of an account that are in order; others change nothing.

    Whatever days an event states, from the day that policy names on its decisions are signed.
    """
    events = archive.records("account-events")
    return [
        e for e in events if e["account"] == account and in_order(e, archive, archive.entry_day)
    ]


def _unrecorded(old: Account | None, new: Account | None, events: list[Fact]) -> Iterator[Reason]:
    if new is None:
        assert old is not None
        yield "account-removed", say(account=old.name)
        return
    if old is None:
        opened = any(e["type"] == "open" and e["effective_on"] == new.opened_on for e in events)
        if not opened:
            yield "opening-unrecorded", say(account=new.name, day=say_day(new.opened_on))
        return
    yield from _ended(old, new, events)
    was, now = _facts(old), _facts(new)
    opened = any(e["type"] == "open" for e in events)
    if old.filing == UNFILED and not (opened or _latest("filing", events)):
        was = {**was, "filing": now["filing"]}  # of the founding account no event gives it
    for field in sorted(f for f in was if was[f] != now[f]):
        if now[field] not in _latest(field, events):
            message = say(account=old.name, field=field, value=str(now[field]))
            yield "field-without-event {account} {field}", message


def _latest(field: str, events: list[Fact]) -> list[Any]:
    """The values that the latest events naming a field give it."""
    giving = [(e["effective_on"], _given(e)[field]) for e in events if field in _given(e)]
    last = max((on for on, _ in giving), default=None)
    return [value for on, value in giving if on == last]


def _given(event: Fact) -> dict[str, Any]:
    """What the register may hold after an event; an opening gives the number it was filed under."""
    changes: Mapping[str, Any] = event.get("changes", {})
    opened = event.get("filing") if event["type"] == "open" else None
    return {"filing": opened["ref"], **changes} if opened else dict(changes)


def _ended(old: Account, new: Account, events: list[Fact]) -> Iterator[Reason]:
    if old.closed_on == new.closed_on:
        return
    if old.closed_on is not None:
        yield "account-reopened", say(account=new.name)
    elif not any(e["type"] in ENDS and e["effective_on"] == new.closed_on for e in events):
        yield "closing-unrecorded", say(account=new.name)


def _facts(account: Account) -> Mapping[str, Any]:
    """The fields that only a leader's decision changes, as the register writes them."""
    plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(account).items()}
    return {k: v for k, v in plain.items() if k not in (*FREE, "id", "closed_on")}


def closings_complete(archive: Archive) -> Iterator[Complaint]:  # 8, practice of the inspection
    """Notice, last copy and national report of every closing; and a closing of every end."""
    events = [e for e in archive.records("account-events") if e["type"] in ENDS]
    for event in events:
        if event.get("effective_on", date.max) <= archive.today:
            yield from _incomplete(event, archive)
    closed = {e["account"] for e in events}
    for account in archive.registers.accounts.values():
        if account.closed_on and account.id not in closed:
            message = say(account=account.name)
            yield note("closing-without-event", Location(REGISTER), message, owes=account.id)


def _incomplete(event: Fact, archive: Archive) -> Iterator[Complaint]:
    notice, name = event.get("notice_post", ""), archive.registers.name_of(event["account"])
    at, message, owes = event.at(), say(account=name), event["account"]
    if notice not in archive.post_ids:
        yield note("closing-without-notice", at, message, owes=owes)
    if event.get("archived_on") is None:
        yield note("closing-without-copy", at, message, owes=owes)
    if not event.get("national_report"):
        yield note("closing-without-report", at, message, owes=owes)


def one_per_platform(archive: Archive) -> Iterator[Complaint]:  # 8, 国办发〔2018〕123号
    """Two accounts in use on one platform."""
    in_use: dict[str, list[str]] = defaultdict(list)
    for account in archive.registers.accounts_in_use(archive.today):
        in_use[account.platform].append(account.name)
    for platform, names in sorted(in_use.items()):
        if len(names) > 1 and platform != "other":
            message = say(count=len(names), platform=platform, accounts=say_names(sorted(names)))
            yield note("platform-shared {platform}", Location(REGISTER), message)


# Article 8: only registered accounts carry posts, and no other is shown as the bureau's own.


_OURSELVES = ("我局", "本局", "我们", "本单位", "本号", "本公众号")
_ACCOUNT = r"(?:官方|政务|新浪|腾讯)*(?:微信|微博|公众号|视频号|抖音|头条号|快手|账号|新媒体)"
_OFFICIAL = lazy.regex(r"官方(?:微信|微博|公众号|视频号|抖音|账号)")
"""A link whose words begin like this speaks of the author's own account."""


def registered_accounts(post: Post, archive: Archive) -> Iterator[Complaint]:  # 8(1)
    """Accounts named, accounts used and links to platforms."""
    for index, name in enumerate(post.accounts):
        for fault, message in _not_usable(name, archive.day_of(post), archive):
            cause = archive.registers.unread_path("accounts")
            yield refuse(fault, post.at("accounts", index), message, cause=cause)
    for publication in archive.publications_of(post.id):
        yield from _published_where(publication, archive)
    yield from _platform_links(post, archive)


def _not_usable(name: AccountId, day: date, archive: Archive) -> Iterator[Reason]:
    account = archive.registers.accounts.get(name)
    if account is None:
        yield "account-unregistered {account}", say(account=name)
    elif not account.active(day):
        yield "account-not-used {account}", say(account=name, day=say_day(day))


def accounts_in_use(archive: Archive) -> Iterator[Complaint]:  # 8(1)
    """No item to be relayed, and no inquiry, names an account that was out of use that day."""
    rows: list[tuple[Fact, datetime, documents.Route, AccountId]] = [
        (
            relay,
            relay.get("notice_received_at", relay["source_published_at"]),
            ("accounts", n),
            name,
        )
        for relay in archive.records("relays")
        for n, name in enumerate(relay.get("accounts", ()))
    ]
    rows += [
        (i, i["received_at"], ("account",), i["account"]) for i in archive.records("inquiries")
    ]
    days = archive.parameter("reply.audit_days")
    for fact, moment, route, name in rows:
        for fault, message in _not_usable(name, calendar.local_date(moment), archive):
            relayed = len(route) > 1 and archive.clock.recent(moment, days)
            effect = Effect.REFUSE if relayed else Effect.NOTE
            yield Complaint(fault, effect, message, fact.at(*route), owes=fact["person"])


def _published_where(publication: Publication, archive: Archive) -> Iterator[Complaint]:
    record = Location(publication.path)
    day = calendar.local_date(publication.published_at)
    for fault, message in _not_usable(publication.account, day, archive):
        remedy = say("Remove the post from that account and report it to the lead department.")
        cause = archive.registers.unread_path("accounts")
        yield refuse(fault, record, message, remedy, cause=cause)
    account = archive.registers.accounts.get(publication.account)
    if account is None:
        return
    host = web_host(publication.url)
    if not host or host != web_host(account.url):
        yield refuse("address-host-foreign {account}", record, say(account=account.name))


def _platform_links(post: Post, archive: Archive) -> Iterator[Complaint]:
    hosts = archive.parameter("account.platform_hosts", archive.day_of(post))
    for link in archive.renditions[(post.id, "archive")].links:
        host = web_host(link.url)
        if not under(host, hosts) or _ours(link.url, post, archive):
            continue
        location = Location(post.path, link.line)
        if _claimed(link, post, archive):
            yield refuse("link-account-claimed {host}", location, say(host=host))
        else:
            yield note("link-account-foreign {host}", location, say(host=host))


def _claimed(link: Link, post: Post, archive: Archive) -> bool:
    """Whether the words of a link, or the line that it stands on, call the account our own."""
    unit = archive.registers.policy.unit_of(post.id)
    names = [str(unit[key]) for key in ("full_name", "short_name") if unit.get(key)]
    own = "|".join(map(re.escape, [*_OURSELVES, *names]))
    line = "".join(post.body.split("\n")[max(0, link.line - post.body_line) :][:1])
    claim = re.compile(rf"(?:{own})的?{_ACCOUNT}|关注(?:{own})")
    return bool(claim.search(line) or claim.search(link.text) or _OFFICIAL.match(link.text))


def _ours(url: str, post: Post, archive: Archive) -> bool:
    if url == post.meta.get("source", {}).get("url"):
        return True
    if any(_under(url, account.url) for account in archive.registers.accounts.values()):
        return True
    return url in archive.addresses


def _under(url: str, base: str) -> bool:
    """Whether an address is a base or lies below it: weibo.com/ab is not below weibo.com/a."""
    if not base or not url.startswith(base):
        return False
    rest = url[len(base) :]
    return not rest or base[-1] in "/?#&" or rest[0] in "/?#&"


RULE = rule(
    ItemClause(1, registered_accounts, ("accounts",)),
    PeriodClause(1, accounts_in_use, rests_on=("relays", "inquiries")),
    declaration(1, "no-unregistered-accounts"),
    ItemClause(2, opened_properly, ("accounts",), rests_on=openings_of),
    PeriodClause(2, events_in_order, rests_on=EVENTS),
    PeriodClause(2, ended_early, lapse=True, rests_on=EVENTS),
    ChangeClause(3, changes_follow_events, EVENTS),
    PeriodClause(4, closings_complete, rests_on=EVENTS),
    PeriodClause(5, one_per_platform),
)
