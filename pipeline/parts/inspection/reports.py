"""The reports of a quarter by the national indicators, and of who had access in a month."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from pipeline.evidence.review.records import read_authorisations
from pipeline.history.month_report import ended, period_report
from pipeline.judge.judge_posts import judge_one
from pipeline.judge.judgements import overview, standing_of
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_periods
from pipeline.model import duties, month, records, zh_names
from pipeline.model.archive import Archive
from pipeline.model.calendar import local_date, minute
from pipeline.model.findings import Effect, Finding, Message, Outcome, say, say_names
from pipeline.model.ids import AccountId, ClauseId, CommitId, PostId
from pipeline.model.registers import Account
from pipeline.model.reports import Verdict
from pipeline.model.waivers import RECTIFICATIONS, explained, fault_in_words, unclosed
from pipeline.parts.inquiries.tables import answered_at
from pipeline.parts.inspection.access import access_tables
from pipeline.source.content.records import AUTHORISATIONS, paths_under, signed_files
from pipeline.source.git.repository import Repository

# A quarter by the indicators of the national inspection (国办秘函〔2019〕19号), as tables.
#
# First the single vetoes, account by account, then what is counted, what was put right, and the
# sheet of accounts that the national reporting system asks for. Pure, from what an archive holds.


class Indicator(NamedTuple):
    """One ground on which an account fails, and what looks at it; no clauses: no machine does."""

    name: str
    title: Message
    clauses: Mapping[str, Message]
    """Clause → what it looks at."""
    looked: Message = say("no machine can tell")
    """What these clauses do where they find nothing: no search is an inspection."""
    nothing: Message = say("nothing published")
    """Why none of it could be looked at."""
    words: bool = False
    """Only what names words of a text counts: no missing signature and no record does."""
    declared: tuple[str, ...] = ()
    """Names of the declarations that answer for what no clause can see."""
    of_account: Callable[[Account, Archive], bool] | None = None
    """Whether there is anything of one account to look at; None: the outcomes tell."""


VETOES = (
    Indicator("wording", say("Grave errors of wording"), {"R15-2": say("words")},
              say("texts searched for slips in listed terms"), words=True),
    Indicator("secrets", say("State secrets disclosed"), {"R13-3": say("marks of secrecy")},
              say("texts searched for marks of secrecy")),
    Indicator("harmful", say("Reactionary, violent or pornographic content or links"),
              {"R13-2": say("words"), "R13-4": say("links")},
              say("texts and links searched for listed words and hosts")),
    Indicator("impostors", say("Attacks and impostors not dealt with in time"),
              {"R14-6": say("impostors"), "R14-7": say("stolen accounts")},
              say("by the cases that were entered"), say("nothing entered")),
    Indicator("fraud", say("Fraud, such as false times of publication"),
              {"R05-6": say("times of publication"), "R16-1": say("counts of followers")},
              say("recorded times of publication compared"),
              say("nothing declared, entered or published"), declared=("no-data-fraud",)),
    Indicator("outcry", say("Grave public outcry over how the account is run"), {}),
    Indicator("silent", say("No update for two weeks"), {"R05-3": say("updates")},
              say("days counted by the records of publication"),
              of_account=lambda account, archive: account.id in duties.update_days(archive)),
    Indicator("unusable", say("Cannot be opened, downloaded or used"), {}),
    Indicator("interaction", say("No working way to interact"),
              {"R12-7": say("comments and messages")}, say("by the register of accounts"),
              say("nothing entered"),
              of_account=lambda account, _: account.interaction is not None),
    Indicator("forced", say("Followers bought; likes, shares or follows forced"),
              {"R16-1": say("counts of followers"), "R16-2": say("words that press readers"),
               "R16-3": say("conditions of services")},
              say("texts searched for listed words"),
              say("nothing declared, entered or published"),
              declared=("no-data-fraud", "no-forced-actions")),
)  # fmt: skip
"""The vetoes for new media, in the order of the notice."""
MOST_NAMED = 3
"""Findings of one account and indicator that the table names."""
_RECORDS = ("inquiries", "incidents", "statistics")
"""Kinds of records that may name the account they are about."""
_ATTESTED = "content/records/attestations/"


@dataclass(frozen=True)
class Inspected:
    """What the tables of a quarter are made of."""

    archive: Archive
    """At the end of the quarter, or now; it holds the posts of the quarter."""
    verdicts: Mapping[PostId, Verdict]
    """Post → its verdict, of every post that was published in the quarter."""
    periods: Verdict
    """On the duties, at the archive's time."""
    quarter: month.Quarter
    of_account: Mapping[str, str] = field(default_factory=dict)
    """Path of a record → the account that it is about."""
    own: bool = False
    """Its law is not the program's, whose clauses alone look for what the indicators name."""

    @classmethod
    def of(
        cls,
        archive: Archive,
        verdicts: Mapping[PostId, Verdict],
        periods: Verdict,
        quarter: month.Quarter,
        own: bool = False,
    ) -> "Inspected":
        facts = (fact for kind in _RECORDS for fact in archive.records(kind))
        return cls(archive, verdicts, periods, quarter,
                   {f.path: f["account"] for f in facts if f.get("account")}, own)  # fmt: skip

    @property
    def accounts(self) -> list[Account]:
        """Those in use on any day of the quarter."""
        first, last = month.first_day(self.quarter), self.last
        every = self.archive.registers.accounts.values()
        return [a for a in every if a.opened_on <= last and (a.closed_on or last) >= first]

    @property
    def last(self) -> date:
        """The last day that is looked at."""
        return min(month.last_day(self.quarter), self.archive.today)

    def holds(self, day: date) -> bool:
        return month.first_day(self.quarter) <= day <= self.last

    def posts_on(self, account: AccountId) -> list[PostId]:
        """Posts that the account first carried in the quarter, by id."""
        rows = (p for p in self.archive.publications if p.account == account)
        return sorted({p.post for p in rows if self.holds(local_date(p.published_at))})


def inspection_tables(given: Inspected) -> tuple[month.Table, ...]:
    """Every table of a quarter's report."""
    return (
        month.table_of(say("Single vetoes"), _VETOES, _vetoes(given)),
        month.table_of(say("Updates, relays and replies"), _FIGURES, _figures(given)),
        month.table_of(say("Corrected and withdrawn"), _CORRECTED, _corrected(given)),
        month.table_of(say("Rectifications"), _LEDGER, _ledger(given)),
        month.table_of(say("Accounts, for the national reporting system"), _SHEET, _sheet(given)),
    )


_VETOES = (
    say("indicator"),
    say("account"),
    say("result"),
    say("clauses"),
    say("number of posts"),
    say("what was found"),
    say("corrected posts"),
)


def _vetoes(given: Inspected) -> Iterator[tuple[month.Cell, ...]]:
    corrected = {c.post for c in given.archive.corrections if given.holds(c.changed_on)}
    for indicator in map(_of_no_clause, VETOES) if given.own else VETOES:
        for account in given.accounts:
            verdicts = [
                verdict
                for post in given.posts_on(account.id)
                if (verdict := given.verdicts.get(post)) and _looked_at(verdict, indicator.clauses)
            ]
            findings = list(_findings(indicator, account.id, verdicts, given))
            shown = _result(indicator, account, findings, verdicts, given)
            yield (
                indicator.title,
                given.archive.registers.called(account.id),
                shown,
                ", ".join(indicator.clauses) or None,
                len(verdicts) if verdicts else None,
                say_names([f.message for f in findings[:MOST_NAMED]]) if findings else None,
                len({v.subject for v in verdicts} & corrected) if verdicts else None,
            )


def _of_no_clause(indicator: Indicator) -> Indicator:
    """An indicator under a law that has no clause for it."""
    nothing = say("not checked ({why})", why=say("no clause of the regulation looks for it"))
    return indicator._replace(clauses={}, looked=nothing) if indicator.clauses else indicator


def _looked_at(verdict: Verdict, clauses: Iterable[str]) -> bool:
    unseen = (None, Outcome.NOT_APPLICABLE, Outcome.NOT_EVALUATED)
    return any(verdict.outcomes.get(ClauseId(clause)) not in unseen for clause in clauses)


def _findings(
    indicator: Indicator, account: AccountId, verdicts: Iterable[Verdict], given: Inspected
) -> Iterator[Finding]:
    """What refuses a post of the account, or the account itself; the archive's own on all."""
    for verdict in verdicts:
        yield from (f for f in verdict.findings if _counts(f, indicator))
    for finding in () if indicator.words else given.periods.findings:
        about = given.of_account.get(finding.location.path, finding.owes)
        others = given.archive.registers.accounts.keys() - {account}
        if _counts(finding, indicator) and about not in others:
            yield finding


def _counts(finding: Finding, indicator: Indicator) -> bool:
    """Whether a finding is what the veto is about; what was explained later happened too."""
    owed = finding.due and indicator.declared  # what is not entered or declared is no fraud
    about = not owed and bool(finding.waivable or not indicator.words)
    happened = finding.effect is Effect.REFUSE or explained(finding)
    return finding.clause in indicator.clauses and about and happened


def _result(
    indicator: Indicator,
    account: Account,
    findings: Collection[Finding],
    verdicts: Collection[Verdict],
    given: Inspected,
) -> Message:
    if findings:
        return say("found: {count}", count=len(findings))
    if not indicator.clauses:
        return indicator.looked
    ways: dict[str | Message, None] = {}
    unseen: list[str | Message] = []
    for clause, matter in indicator.clauses.items():
        own = list(_ways(ClauseId(clause), indicator, account, verdicts, given))
        ways |= dict.fromkeys(own)
        unseen += [] if own else [matter]
    unsigned = [
        say("{name}", name=n) for n in indicator.declared if not duties.in_force(given.archive, n)
    ]
    if len(unsigned) < len(indicator.declared):
        ways[say("declared")] = None
    if not ways:
        return say("not checked ({why})", why=indicator.nothing)
    parts = [say("not declared: {names}", names=say_names(unsigned))] if unsigned else []
    parts += [say("nothing to look at: {names}", names=say_names(unseen))] if unseen else []
    if parts:
        return say("partly not checked ({parts}); none found of the rest ({ways})",
                   parts=say_names(parts), ways=say_names(list(ways)))  # fmt: skip
    return say("none found ({ways})", ways=say_names(list(ways)))


def _ways(
    clause: ClauseId,
    indicator: Indicator,
    account: Account,
    verdicts: Collection[Verdict],
    given: Inspected,
) -> Iterator[Message]:
    """How a clause without a finding on an account knows; nothing where it does not."""
    if indicator.of_account:
        if indicator.of_account(account, given.archive):
            yield indicator.looked
        return
    read = {Outcome.SATISFIED} | ({Outcome.VIOLATED} if indicator.words else set())
    for verdict in verdicts if indicator.words else (*verdicts, given.periods):
        outcome = verdict.outcomes.get(clause)
        if outcome in read:  # violated by a signature: words were read
            yield indicator.looked
        elif outcome is Outcome.ENTERED:
            yield say("entered")
        if any(path.startswith(_ATTESTED) for path in verdict.records(clause)):
            yield say("entered and signed for")


_FIGURES = (
    say("account"),
    say("updates"),
    say("longest silence in days"),
    say("relays owed"),
    say("relayed in time"),
    say("inquiries"),
    say("answered within a working day"),
    say("answered in time"),
    say("not answered"),
)


def _figures(given: Inspected) -> Iterator[tuple[month.Cell, ...]]:
    days = duties.update_days(given.archive)
    for account in given.accounts:
        first = max(month.first_day(given.quarter), account.opened_on)
        last = min(given.last, account.closed_on or given.last)
        own = days.get(account.id, duties.NONE)
        marks = (first, *(d for d in own.days() if first <= d <= last), last)
        silence = max((after - before).days for before, after in pairwise(marks))
        yield (given.archive.registers.called(account.id), own.within(first, last), silence,
               *_relayed(account.id, given), *_answers(account.id, given))  # fmt: skip


def _relayed(account: AccountId, given: Inspected) -> tuple[int, int]:
    """Relays that the account owed in the quarter, and those it carried in time."""
    owed = in_time = 0
    for relay in given.archive.records("relays"):
        start = duties.relay_start(relay)
        if given.holds(local_date(start)) and account in duties.owing(relay, given.archive):
            owed += 1
            hours = given.archive.parameter("relay.hours", local_date(start))
            at = duties.relay_carried(relay, given.archive).get(account)
            in_time += bool(at and at - start <= timedelta(hours=hours))
    return owed, in_time


def _answers(account: AccountId, given: Inspected) -> tuple[int, int, int, int]:
    """Inquiries, those answered by the next working day, in time, and not at all."""
    rows = [
        (fact, _workdays(fact, given.archive))
        for fact in given.archive.records("inquiries")
        if fact["account"] == account and given.holds(local_date(fact["received_at"]))
    ]
    limit = given.archive.parameter("reply.general_workdays", given.last)
    return (
        len(rows),
        sum(days is not None and days <= 1 for _, days in rows),
        sum(
            days is not None and (fact["type"] != "general" or days <= limit) for fact, days in rows
        ),
        sum(days is None for _, days in rows),
    )


def _workdays(inquiry: records.Fact, archive: Archive) -> int | None:
    at = answered_at(inquiry)
    if at is None or not archive.clock.reached(at):
        return None
    received = local_date(inquiry["received_at"])
    return archive.registers.calendar.workdays_between(received, local_date(at))


_CORRECTED = (say("post"), say("kind"), say("published"), say("changed"), say("reason"))
_KINDS = {
    "correction": say("correction"),
    "update": say("update"),
    "withdrawal": say("withdrawal"),
    "expiry": say("expiry"),
}


def _corrected(given: Inspected) -> Iterator[tuple[month.Cell, ...]]:
    for row in sorted(given.archive.corrections, key=lambda c: (c.changed_on, c.id)):
        if given.holds(row.changed_on):
            first = min(
                (p.published_at for p in given.archive.publications_of(row.post)), default=None
            )
            yield (row.post, _KINDS.get(row.kind, row.kind), minute(first) if first else None,
                   row.changed_on.isoformat(), row.reason)  # fmt: skip


_LEDGER = (
    say("clause"),
    say("what was found"),
    say("person"),
    say("due"),
    say("cause"),
    say("measures"),
    say("state"),
)


def _ledger(given: Inspected) -> Iterator[tuple[month.Cell, ...]]:
    """Rectifications that were to be done, or were closed, in the quarter."""
    for record in given.archive.records(RECTIFICATIONS):
        closed, due = record.get("closed", {}), record["assigned"]["due"]
        if given.holds(local_date(closed["at"]) if closed else due):
            yield (
                record["clause"],
                fault_in_words(record["finding"], given.archive),
                given.archive.registers.called(record["assigned"]["person"]),
                due.isoformat(),
                record.get("explained", {}).get("cause"),
                closed.get("measures"),
                unclosed(record, given.archive) or say("closed by signatures"),
            )


_SHEET = (
    say("account"),
    say("platform"),
    say("verified subject"),
    say("verified until"),
    say("address"),
    say("opened"),
    say("closed"),
    say("filing"),
    say("comments and messages"),
    say("followers"),
    say("counted on"),
)


_INTERACTION = {
    True: say("open"), False: say("closed to the public"), None: say("not entered"),
}  # fmt: skip


def _sheet(given: Inspected) -> Iterator[tuple[month.Cell, ...]]:
    for account in given.accounts:
        counted = [s for s in given.archive.records("statistics")
                   if s["account"] == account.id and s["on"] <= given.last]  # fmt: skip
        latest = max(counted, key=lambda s: s["on"], default=None)
        yield (
            given.archive.registers.called(account.id),
            zh_names.PLATFORMS.get(account.platform, account.platform),
            account.subject,
            account.verified_until.isoformat() if account.verified_until else None,
            account.url,
            account.opened_on.isoformat(),
            account.closed_on.isoformat() if account.closed_on else None,
            account.filing,
            _INTERACTION[account.interaction],
            latest["followers"] if latest else None,
            latest["on"].isoformat() if latest else None,
        )


def inspection(
    repository: Repository, head: CommitId, wanted: month.Quarter, when: When
) -> month.PeriodReport:
    """A quarter by the indicators of the national inspection, as it ended or as it stands."""
    at = ended(when, duties.end_of(month.last_day(wanted)))
    months = [f"{wanted[0]}-{number:02}-" for number in range(wanted[1] * 3 + 1, wanted[1] * 3 + 4)]
    archive, trusted = standing_of(repository, head, at, *months)
    whole, _ = overview(repository, head, at)
    periods = judge_periods(whole, trusted.rulebook)
    verdicts = {post: judge_one(post, archive, trusted.rulebook) for post in archive.posts}
    given = Inspected.of(archive, verdicts, periods, wanted, trusted.rulebook.own)
    title = say("{unit}: inspection of {period} (as of {as_of})")
    return period_report(archive, title, month.say_quarter(wanted), inspection_tables(given))


def access(
    repository: Repository, head: CommitId, wanted: month.Month, when: When
) -> month.PeriodReport:
    """Who could do what at the end of a month, and what they did in it.

    Reviews are looked for on the posts of the month, and of the one before and after.
    """
    about = (wanted.before, wanted, wanted.after)
    archive, trusted = standing_of(
        repository, head, ended(when, wanted.end), *(f"{m}-" for m in about)
    )
    tree = repository.tree(head)
    files = signed_files(tree, paths_under(tree, AUTHORISATIONS))
    signed, _ = read_authorisations(files, trusted.registers, trusted.statements["authorisation"])
    title = say("{unit}: access in {period} (as of {as_of})")
    return period_report(archive, title, str(wanted), access_tables(archive, signed, wanted))
