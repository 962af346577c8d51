"""witness: record what a forge's reviews support, without a network and without moving a branch."""

import json
from datetime import datetime
from pathlib import Path

import click

from pipeline.cli.session import Session
from pipeline.cli.signing_options import fingerprint_of, signer_of
from pipeline.cli.terminal import Moment
from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.model.evidence import STEP_NAMES, Step
from pipeline.model.findings import EXIT_NOTHING, EXIT_REFUSE, say
from pipeline.model.ids import NO_COMMIT
from pipeline.parts.witness.payload import read_payload
from pipeline.parts.witness.proposals import awaited
from pipeline.parts.witness.witness import Witnessed, compare
from pipeline.parts.witness.witness import witness as record
from pipeline.report.language import harmless


@click.command()
@click.option("--base", metavar="COMMIT", default="main", help="Trusted commit; default: main.")
@click.option("--head", metavar="COMMIT", required=True, help="Head of the proposal.")
@click.option("--reviews", metavar="FILE", required=True, help="What the forge answered, as JSON.")
@click.option("-k", "--key", metavar="FILE", help="Private key of the witness.")
@click.option("--pull", type=int, help="Number of the proposal, to hold the file to.")
@click.option("--check", is_flag=True, help="Compare what is recorded with what the forge shows.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="Form of the answer.",
)
@click.option("--as-of", type=Moment(), help="Judge as at this time.")
@click.pass_obj
def witness(
    session: Session,
    /,
    base: str,
    head: str,
    reviews: str,
    key: str | None,
    pull: int | None,
    check: bool,
    form: str,
    as_of: datetime | None,
) -> None:
    """Record reviews given on a forge: payload in, one commit out; nothing is pushed.

    Exit 0: recorded; 3: nothing to record; 1: a fault. With --check, 11: the forge shows otherwise.
    """
    try:
        payload = read_payload(Path(reviews).read_bytes())
    except Fault as fault:  # of the proposal, and its people must hear it
        _tell(session, Witnessed(NO_COMMIT, (), (), (), fault.message), form)
        raise
    if pull not in (None, payload.number):
        message = say("The answer is of proposal {number}.", number=payload.number)
        remedy = say("Give the answer for the proposal that --pull names.")
        raise Fault(message, remedy)
    repository = session.repository()
    commit = repository.commit(head)
    if check:
        made = compare(repository, commit, payload)
        _tell(session, made, form)
        nothing = 0 if made.reviews else EXIT_NOTHING
        raise SystemExit(EXIT_REFUSE if made.records else nothing)
    if not key:
        raise Misuse(say("Name the key of the witness with --key."))
    trunk, path = repository.base(base), Path(key)
    session.judging(repository, trunk)
    now = session.when(as_of)(trust(repository.tree(trunk)).registers)
    signer, fingerprint = signer_of(session, path), fingerprint_of(session, path)
    made = record(repository, trunk, commit, payload, fingerprint, now, signer)
    _tell(session, made, form)
    raise SystemExit(0 if made.commit else EXIT_NOTHING)


def _tell(session: Session, made: Witnessed, form: str) -> None:
    tr = session.tr
    notice = tr(made.notice) if made.notice else ""
    if form == "json":
        rows = [
            row._asdict() | {"login": harmless(row.login), "message": tr(row.message)}
            for row in made.reviews
        ]
        answer = {"version": 1, **made._asdict(), "reviews": rows, "notice": notice}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for line in filter(None, (*made.records, made.commit)):
        click.echo(line)
    if notice:
        click.echo(notice, err=True)
    for row in made.reviews:
        step = tr(STEP_NAMES[Step(row.step)]) if row.step else ""
        who = row.person or harmless(row.login)
        click.echo(f"{row.id}  {who}  {row.post}  {step}  {tr(row.message)}", err=True)
    for waits in made.awaited:
        session.remark(awaited(waits))
