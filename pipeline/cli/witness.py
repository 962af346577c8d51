"""witness: record what a forge's reviews support, without a network and without moving a branch."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.session import Moment, Session
from pipeline.cli.signing_options import fingerprint_of, signer_of
from pipeline.errors import Fault, Misuse
from pipeline.forge.payload import Pull, read_payload
from pipeline.forge.witness import Witnessed, compare
from pipeline.forge.witness import witness as record
from pipeline.judge.load_governance import trust
from pipeline.model.evidence import STEP_NAMES
from pipeline.model.findings import EXIT_NOTHING, EXIT_REFUSE, Message, say
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
    payload = read_payload(Path(reviews).read_bytes())
    if pull not in (None, payload.number):
        raise Fault(
            say("The answer is of proposal {number}.", number=payload.number),
            say("Give the answer for the proposal that --pull names."),
        )
    repository = session.repository()
    commit = repository.commit(head)
    if check:
        return _compare(session, payload, compare(repository, commit, payload), form)
    if not key:
        raise Misuse(say("Name the key of the witness with --key."))
    trunk = repository.base(base)
    now = session.when(as_of)(trust(repository.tree(trunk)).registers)
    path = Path(key)
    made = record(
        repository,
        trunk,
        commit,
        payload,
        fingerprint_of(session, path),
        now,
        signer_of(session, path),
    )
    _tell(session, _answer(session, made), form)
    raise SystemExit(0 if made.commit else EXIT_NOTHING)


def _compare(session: Session, payload: Pull, rows: Any, form: str) -> None:
    same = say("As the forge shows it.")
    reviews = [
        _row(session, id, "", "", path.split("/")[-3], step.value,
             "differs" if wrong else "same", wrong or same)
        for path, step, id, wrong in rows
    ]  # fmt: skip
    differing = [path for path, _, _, wrong in rows if wrong]
    _tell(session, _shape("", differing, reviews, []), form)
    raise SystemExit(EXIT_REFUSE if differing else 0 if rows else EXIT_NOTHING)


def _row(
    session: Session,
    id: int,
    login: str,
    person: str,
    post: str,
    step: str,
    outcome: str,
    message: Message,
) -> dict[str, Any]:
    return {"id": id, "login": harmless(login), "person": person, "post": post, "step": step,
            "outcome": outcome, "message": session.tr(message)}  # fmt: skip


def _shape(commit: str, records: Any, reviews: Any, awaited: Any) -> dict[str, Any]:
    """As `schemas/witness.json` has it."""
    return {"version": 1, "commit": commit, "records": list(records), "reviews": reviews,
            "awaited": awaited}  # fmt: skip


def _answer(session: Session, made: Witnessed) -> dict[str, Any]:
    reviews = [
        _row(session, fate.click.id, fate.click.login, fate.person, post,
             fate.step.value if fate.step else "", fate.outcome, fate.message)
        for post, fate in made.fates
    ]  # fmt: skip
    awaited = [
        {
            "post": post,
            "step": step.value,
            "people": [
                {
                    "person": p.id,
                    "name": p.name,
                    "accounts": [a.id for a in made.accounts if a.person == p.id and not a.end],
                }
                for p in people
            ],
        }
        for post, step, people in made.awaited
    ]
    return _shape(made.commit, made.records, reviews, awaited)


def _tell(session: Session, answer: dict[str, Any], form: str) -> None:
    if form == "json":
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    for path in answer["records"]:
        click.echo(path)
    if answer["commit"]:
        click.echo(answer["commit"])
    names = {step.value: name for step, name in STEP_NAMES.items()}
    for row in answer["reviews"]:
        who = row["person"] or row["login"]
        step = session.tr(names[row["step"]]) if row["step"] else ""
        click.echo(f"{row['id']}  {who}  {row['post']}  {step}  {row['message']}", err=True)
    for row in answer["awaited"]:
        people = ", ".join(f"{p['name']} {p['person']}" for p in row["people"])
        session.remark(say("{post} waits for the {step}: {people}.", post=row["post"],
                           step=names[row["step"]], people=people))  # fmt: skip
