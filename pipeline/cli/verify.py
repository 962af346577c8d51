"""check, verify, audit: verdicts and their exit codes."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from pipeline.cli.post_names import named_post
from pipeline.cli.session import Moment, Session
from pipeline.model.findings import say
from pipeline.model.reports import Report
from pipeline.report import formats
from pipeline.report.text import render_text

FORMATS = ("text", "json", "github", "markdown", "sarif")


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options every verdict has."""
    options: tuple[Decorator, ...] = (
        click.option("--as-of", type=Moment(), help="Judge as at this time."),
        click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout."),
        click.option(
            "-f",
            "--format",
            "form",
            type=click.Choice(FORMATS),
            default="text",
            help="Form of the report.",
        ),
    )
    for option in options:
        command = option(command)
    return command


@click.command()
@click.argument("posts", nargs=-1)
@_options
@click.pass_obj
def check(
    session: Session,
    /,
    posts: tuple[str, ...],
    form: str,
    output: str | None,
    as_of: datetime | None,
) -> None:
    """Judge drafts in the working tree: all, or the named ones."""
    from pipeline.judge.judgements import check as judge

    repository = session.repository()
    only = frozenset(named_post(repository, post) for post in posts) or None
    report = judge(repository, only, session.when(as_of))
    _tell(session, report, form, output)


@click.command()
@click.option("--base", metavar="COMMIT", help="Trusted commit; without it, all that stands.")
@click.option(
    "--head", metavar="COMMIT", default="HEAD", show_default=True, help="Proposed commit."
)
@_options
@click.pass_obj
def verify(
    session: Session,
    /,
    base: str | None,
    head: str,
    form: str,
    output: str | None,
    as_of: datetime | None,
) -> None:
    """Judge a change by its base's registers, or everything that stands."""
    from pipeline.source.git.proposed import proposed

    repository, when = session.repository(), session.when(as_of)
    commit = repository.commit(head)
    proposal = proposed(repository, repository.base(base), commit) if base else None

    from pipeline.judge.judgements import verify_change, verify_standing  # git looks meanwhile

    report = (
        verify_change(repository, proposal, when)
        if proposal
        else verify_standing(repository, commit, when, session.processes)
    )
    _tell(session, report, form, output)


@click.command()
@click.option(
    "--head", metavar="COMMIT", default="HEAD", show_default=True, help="Last commit of main."
)
@click.option("--root", metavar="SHA256", default="", help="Digest of the first roster.")
@click.option("--cache", metavar="DIR", help="Keep passing verdicts here instead of in .git.")
@click.option("--no-cache", is_flag=True, help="Judge every change anew, and keep nothing.")
@_options
@click.pass_obj
def audit(
    session: Session,
    /,
    head: str,
    root: str,
    cache: str | None,
    no_cache: bool,
    form: str,
    output: str | None,
    as_of: datetime | None,
) -> None:
    """Replay main from its first commit, and judge the duties of the day."""
    from pipeline.history.audit import audit as replay
    from pipeline.history.judge_commits import Means

    repository = session.repository()
    store = session.store(repository, cache, not no_cache)
    with click.progressbar(length=1000, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        report = replay(
            repository,
            repository.commit(head),
            session.when(as_of),
            root,
            Means(
                store,
                session.processes,
                lambda done, total: bar.update(1000 * done // total - bar.pos),
            ),
        )
    _tell(session, report, form, output)


def _tell(session: Session, report: Report, form: str, output: str | None) -> None:
    if form == "text":
        text = render_text(report, session.tr, session.paint)
    else:
        text = getattr(formats, f"render_{form}")(report, session.tr)
    session.write(text, output)
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
