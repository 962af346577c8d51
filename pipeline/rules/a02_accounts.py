"""Article 2: accounts (第二条 政务新媒体的范围).

1. Every account a post names, and every account in use today, is verified on its platform in the
   bureau's full name, and its certificate has not run out; the end of a certificate is noted in
   time, and a missing end too; what a platform took away is entered with its day, and what
   was published until then stays right; every year the operator declares that the platforms show
   the certificates. | Human: whether the platform shows what the register says.
   accepted: an account verified in the bureau's full name, with a certificate until next year.
   violated: a post for an account whose certificate ended on the day before.
   boundary: the last day of the certificate; from thirty days before it (account.verify_warn_days)
   it is noted.
   next: renew it on the platform and enter the day: `verified_until` in accounts.yml; until then
   name another account.
   account-of-another: Account {account} is not verified in the name of {unit}. | Renew the
   certificate on the platform and correct the accounts register.
   account-unverified: Account {account} is not verified on its platform. | Renew the certificate on
   the platform and correct the accounts register.
   certificate-end-missing: The register does not say when the certificate of account {account}
   ends. | Enter the day the platform shows as `verified_until`.
   certificate-ended: The certificate of account {account} ended on {day}. | Renew the certificate
   on the platform and correct the accounts register.
   certificate-ending: The certificate of account {account} ends on {day}. | Renew it on the
   platform before that day.
   verified-in-future: Account {account} is entered as not verified, and as verified until {day}. |
   Enter as `verified_until` the last day on which the platform showed it verified; leave it out for
   an account that never was.
2. A platform the article does not list is noted, and refused unless the account is filed.
   | Human: whether the bureau needs an account there.
   accepted: an account on WeChat, on Weibo or an app of the bureau.
   violated: a post for a Douyin account that is filed nowhere.
   boundary: a Douyin account that is filed: the audit notes it.
   next: file it with the municipal office and enter the number by an event of the account, or close
   it; until then name another account.
   account-unfiled: Account {account} is on {platform}, which the regulation does not list, and it
   has no filing. | File the account with the municipal office and enter the reference, or close it.
   platform-unlisted: Account {account} is on {platform}, a platform the regulation does not list. |
   Nothing to do while the account stays registered and filed.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.model.archive import Archive
from pipeline.model.calendar import Clock
from pipeline.model.duties import declaration, end_of
from pipeline.model.findings import Complaint, Location, Reason, say, say_day
from pipeline.model.law import ItemClause, PeriodClause, note, refuse, rule
from pipeline.model.posts import Post
from pipeline.model.registers import Account


def certified_for_post(post: Post, archive: Archive) -> Iterator[Complaint]:  # 2, gate
    """The post's accounts are certified on its publication day."""
    day = archive.day_of(post)
    for index, account in _accounts_of(post, archive):
        for name, message in _faults(account, day, archive):
            remedy = say(
                "Renew the certificate and the accounts register, or name another account."
            )
            yield refuse(name, post.at("accounts", index), message, remedy)


def certified_today(archive: Archive) -> Iterator[Complaint]:  # 2, duty
    """Every account in use today is certified; a certificate about to end is noted."""
    warn = timedelta(archive.parameter("account.verify_warn_days"))
    for account in archive.registers.accounts_in_use(archive.today):
        entry = archive.registers.at("accounts", account.id)
        faults = list(_faults(account, archive.today, archive))
        if not faults and not account.verified:  # as of today
            faults = [_unverified(account)]
        for name, message in faults:
            yield refuse(name, entry, message, owes=account.id)
        if not faults:
            yield from _ending(account, entry, archive, warn)


def ends_passed(archive: Archive) -> Iterator[Complaint]:  # 2, duty
    """An account entered as not verified has its last verified day, which has passed."""
    for account in archive.registers.accounts_in_use(archive.today):
        end = account.verified_until
        if not account.verified and end is not None and end > archive.today:
            message = say(account=account.name, day=say_day(end))
            entry = archive.registers.at("accounts", account.id)
            yield refuse("verified-in-future", entry, message, owes=account.id)


def _ending(
    account: Account, entry: Location, archive: Archive, warn: timedelta
) -> Iterator[Complaint]:
    """The end of a certificate that still holds."""
    end = account.verified_until
    if end is None:
        yield note("certificate-end-missing", entry, say(account=account.name), owes=account.id)
    elif end - archive.today <= warn:
        message = say(account=account.name, day=say_day(end))
        yield note("certificate-ending", entry, message, owes=account.id, due=end_of(end))


def filed_for_post(post: Post, archive: Archive) -> Iterator[Complaint]:  # 2, gate
    """An account on a platform that is not listed carries posts only when it is filed."""
    listed = archive.parameter("account.allowed_platforms", archive.day_of(post))
    for index, account in _accounts_of(post, archive):
        if account.platform not in listed and not account.filed:
            yield _unfiled(account, post.at("accounts", index))


def listed_platforms(archive: Archive) -> Iterator[Complaint]:  # 2, duty
    """Accounts in use on platforms that the article does not list."""
    listed = archive.parameter("account.allowed_platforms")
    for account in archive.registers.accounts_in_use(archive.today):
        if account.platform in listed:
            continue
        entry = archive.registers.at("accounts", account.id)
        if not account.filed:
            yield _unfiled(account, entry)
            continue
        message = say(account=account.name, platform=account.platform)
        yield note("platform-unlisted", entry, message, owes=account.id)


def _unfiled(account: Account, location: Location) -> Complaint:
    message = say(account=account.name, platform=account.platform)
    return refuse("account-unfiled", location, message, owes=account.id)


def _faults(account: Account, day: date, archive: Archive) -> Iterator[Reason]:
    """What is wrong with an account on a day."""
    unit, end = archive.registers.policy.unit["full_name"], account.verified_until
    if not (account.verified or _was_verified(account, day, archive.clock)):
        yield _unverified(account)
    if account.subject != unit:
        yield "account-of-another {account}", say(account=account.name, unit=unit)
    if account.verified and end is not None and end < day:
        yield "certificate-ended {account}", say(account=account.name, day=say_day(end))


def _was_verified(account: Account, day: date, clock: Clock) -> bool:
    """Whether an account that is no longer verified was so on a day; past days stay right."""
    end = account.verified_until
    return end is not None and day <= end and (clock.day_reached(end) or clock.day_passed(day))


def _unverified(account: Account) -> Reason:
    return "account-unverified {account}", say(account=account.name)


def _accounts_of(post: Post, archive: Archive) -> Iterator[tuple[int, Account]]:
    """The post's registered accounts with their positions; Article 8 judges unknown ones."""
    for index, name in enumerate(post.accounts):
        account = archive.registers.accounts.get(name)
        if account is not None:
            yield index, account


RULE = rule(
    ItemClause(1, certified_for_post, ("accounts",)),
    PeriodClause(1, certified_today, lapse=True),
    PeriodClause(1, ends_passed),
    declaration(1, "certification-shown"),
    ItemClause(2, filed_for_post, ("accounts",)),
    PeriodClause(2, listed_platforms),
)
