"""check, verify, audit: verdicts and their exit codes."""

from collections.abc import Mapping
from typing import Any

import click

from pipeline.cli import options
from pipeline.cli.options import ANY_PROGRAM, HISTORY, ROOT, Session, head_option, named_post
from pipeline.model.findings import say
from pipeline.model.ids import PostId
from pipeline.model.reports import Report
from pipeline.report import formats
from pipeline.report.formats import render_text

FORMATS = ("text", "json", "markdown")


VERDICT = options.together(options.form_option(FORMATS), options.OUTPUT, options.AS_OF)
"""The options of every verdict."""


@click.command()
@click.argument("posts", nargs=-1)
@VERDICT
@click.pass_obj
def check(session: Session, /, posts: tuple[PostId, ...], **given: Any) -> None:
    """Judge drafts in the working tree: all, or the named ones."""
    from pipeline.judge.judgements import check as judge

    repository = session.repository()
    only = frozenset(named_post(repository, post) for post in posts) or None
    # Git looks at every record for it: who names a post does not pay for all others.
    unseen = ("content/records", "content/registers", "content/policy.yml")
    if only is None and repository.uncommitted(*unseen):
        session.remark(say("Records and registers are not looked at here: commit them, and run"
                           " `sanshen verify --base main`."))  # fmt: skip
    _tell(session, judge(repository, only, session.when(given["as_of"])), given)


@click.command()
@click.option("--base", metavar="COMMIT", help="Trusted commit; without it, all that stands.")
@head_option("Proposed commit.")
@ANY_PROGRAM
@VERDICT
@click.pass_obj
def verify(session: Session, /, base: str | None, head: str, **given: Any) -> None:
    """Judge a change by its base's registers, or everything that stands."""
    from pipeline.judge.judgements import verify_change, verify_standing
    from pipeline.source.git.history import proposed

    repository, when = session.repository(), session.when(given["as_of"])
    session.name_mains_apart(repository)
    commit = repository.commit(head)
    proposal = proposed(repository, repository.base(base), commit) if base else None
    session.judging(repository, proposal.base if proposal else commit, given["any_program"])

    report = (
        verify_change(repository, proposal, when)
        if proposal
        else verify_standing(repository, commit, when, session.processes)
    )
    _tell(session, report, given)


@click.command()
@head_option("Last commit of main.")
@ROOT
@HISTORY
@VERDICT
@click.pass_obj
def audit(session: Session, /, head: str, root: str, **given: Any) -> None:
    """Replay main from its first commit, and judge the duties of the day."""
    from pipeline.history.judge_commits import Means
    from pipeline.history.replay import audit as replay

    repository = session.repository()
    session.name_mains_apart(repository)
    commit = repository.commit(head)
    session.judging(repository, commit, given["any_program"])
    store = session.store(repository, given["cache"], not given["no_cache"])
    means = Means(store, session.processes)
    _tell(session, replay(repository, commit, session.when(given["as_of"]), root, means), given)


def _tell(session: Session, report: Report, given: Mapping[str, Any]) -> None:
    """Print a report as the options of `VERDICT` ask, and end with its exit code."""
    if given["form"] == "text":
        text = render_text(report, session.tr, session.paint)
    else:
        text = getattr(formats, f"render_{given['form']}")(report, session.tr)
    session.write(text, given["output"])
    if not report.verdicts:
        session.remark(say("There is nothing to judge."))
        if report.command == "check":
            session.remark(
                say(
                    "`check` reads drafts; commit records and registers:"
                    " `sanshen verify --base main`."
                )
            )
    raise SystemExit(report.exit_code)
