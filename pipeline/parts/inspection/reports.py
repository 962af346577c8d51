"""The reports of a quarter by the national indicators, and of who had access in a month."""

from pipeline.evidence.review.records import read_authorisations
from pipeline.history.month_report import ended, period_report
from pipeline.judge.judge_posts import judge_one
from pipeline.judge.judgements import overview, standing_of
from pipeline.judge.load_governance import When
from pipeline.law.engine import judge_periods
from pipeline.model.duties import end_of
from pipeline.model.findings import say
from pipeline.model.ids import CommitId
from pipeline.model.month import Month, PeriodReport, Quarter, last_day, say_quarter
from pipeline.parts.inspection.access import access_tables
from pipeline.parts.inspection.inspection import Inspected, inspection_tables
from pipeline.source.content.records import AUTHORISATIONS, paths_under, signed_files
from pipeline.source.git.repository import Repository


def inspection(repository: Repository, head: CommitId, wanted: Quarter, when: When) -> PeriodReport:
    """A quarter by the indicators of the national inspection, as it ended or as it stands."""
    at = ended(when, end_of(last_day(wanted)))
    months = [f"{wanted[0]}-{number:02}-" for number in range(wanted[1] * 3 + 1, wanted[1] * 3 + 4)]
    archive, trusted = standing_of(repository, head, at, *months)
    whole, _ = overview(repository, head, at)
    periods = judge_periods(whole, trusted.rulebook)
    verdicts = {post: judge_one(post, archive, trusted.rulebook) for post in archive.posts}
    given = Inspected.of(archive, verdicts, periods, wanted, trusted.rulebook.own)
    title = say("{unit}: inspection of {period} (as of {as_of})")
    return period_report(archive, title, say_quarter(wanted), inspection_tables(given))


def access(repository: Repository, head: CommitId, wanted: Month, when: When) -> PeriodReport:
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
