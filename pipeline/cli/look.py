"""status, explain, rules: what waits for whom, and what the law asks."""

import re
from typing import Any

import click

from pipeline.cli.session import Session
from pipeline.errors import Fault
from pipeline.evidence.conditions import makers
from pipeline.flow.assemble import Trusted, trust
from pipeline.flow.desk import Desk, desk
from pipeline.flow.shipped import shipped
from pipeline.model.calendar import local_date
from pipeline.model.evidence import (
    REVIEW_STEPS,
    ROLE_OF_STEP,
    Approvals,
    Missing,
    Rejected,
    Returned,
    Step,
)
from pipeline.model.findings import Message, say
from pipeline.model.law import (
    Article,
    ChangeClause,
    Clause,
    ItemClause,
    PeriodClause,
    Unchecked,
)
from pipeline.model.posts import Post
from pipeline.report.language import harmless

SHAPES: dict[type[Clause], Message] = {
    ItemClause: say("checked for every post"),
    PeriodClause: say("checked over time"),
    ChangeClause: say("checked for every change"),
    Unchecked: say("unchecked"),
}
STEPS = {
    Step.FIRST: say("first review"),
    Step.SECOND: say("second review"),
    Step.FINAL: say("final review"),
    Step.CONFIRM: say("confirmation"),
}


@click.command()
@click.option("-a", "--all", "everything", is_flag=True, help="Also posts that are published.")
@click.pass_obj
def status(session: Session, everything: bool) -> None:
    """What waits for whom, and the exact next command."""
    place = desk(session.repository(), session.now(), None)
    shown = 0
    for post_id, post in sorted(place.archive.posts.items()):
        found = place.archive.approvals[post_id]
        carried = {p.account for p in place.archive.publications_of(post_id)}
        waiting = [a for a in post.accounts if a not in carried]
        if not everything and found.complete and (not waiting or post.withdrawn):
            continue
        shown += 1
        click.echo(f"{post_id}  {harmless(post.title)}")
        for line in _waits(session, post, found, waiting, place):
            click.echo(f"    {line}")
    if not shown:
        session.remark(say("Nothing waits: every post is approved and published."))


def _waits(
    session: Session, post: Post, found: Approvals, waiting: list[str], place: Desk
) -> list[str]:
    """Lines about one post: the first thing that stands in its way."""
    for stray in found.stray:
        return [
            session.tr(stray.reason),
            session.tr(say("Next: {what}", what=stray.remedy)),
        ]
    for step in Step:
        state = found.states[step]
        name = session.tr(STEPS[step])
        if isinstance(state, Missing):
            verb = "confirm" if step is Step.CONFIRM else "approve"
            people = ", ".join(_holders(place, step, post)) or "—"
            return [
                session.tr(say("waits for {step} by {people}", step=name, people=people)),
                f"sanshen {verb} {post.id}",
            ]
        if isinstance(state, Rejected):
            return [
                f"{name}: {session.tr(state.reason)}",
                session.tr(say("Next: {what}", what=state.remedy)),
            ]
        if isinstance(state, Returned):
            return [
                session.tr(
                    say(
                        "returned at {step} by {person}",
                        step=name,
                        person=state.review.reviewer,
                    )
                ),
                session.tr(say("Change the post and raise `revision` by one.")),
            ]
    if waiting and not post.withdrawn:
        return [
            session.tr(say("approved; waits for publication on {account}", account=a))
            + f"\n    sanshen publish {post.id} --account {a} --url https://…"
            for a in waiting
        ]
    return [session.tr(say("published"))]


def _holders(place: Desk, step: Step, post: Post) -> list[str]:
    """Names of those who may take the step today: role, department, and not the post's makers."""
    registers, day = place.trusted.registers, local_date(place.archive.as_of)
    department = None if step is Step.FINAL else registers.lead_department
    made = makers(post, registers) if step in REVIEW_STEPS else frozenset()
    return sorted(
        p.name
        for p in registers.people.values()
        if p.holds(ROLE_OF_STEP[step], day, department) and p.id not in made
    )


def _trusted(session: Session) -> Trusted:
    """The archive's own law where there is one, else what the program ships."""
    try:
        repository = session.repository()
        return trust(repository.tree(repository.commit("HEAD")))
    except Fault:
        return trust(shipped())


@click.command()
@click.argument("clause")
@click.pass_obj
def explain(session: Session, clause: str) -> None:
    """What one clause asks, what is checked, what stays human: R05-1, F-2."""
    trusted = _trusted(session)
    wanted = clause.upper()
    for article in trusted.rulebook.articles:
        for part in article.rule.clauses if article.rule else ():
            if article.clause_id(part.number) == wanted:
                click.echo(_explanation(session, article, part, trusted))
                return
    raise Fault(
        say("There is no clause {clause}.", clause=clause),
        say("`sanshen rules` lists them all."),
    )


def _explanation(session: Session, article: Article, clause: Clause, trusted: Trusted) -> str:
    tr, text = session.tr, article.texts[clause.number]
    lines = [
        f"{article.clause_id(clause.number)}  {article.heading}  [{tr(SHAPES[type(clause)])}]",
        "",
        tr(Message(text.checked)),
        *([tr(say("Human: {what}", what=Message(text.human)))] if text.human else []),
        "",
        *(f"  {line}" for line in _plain(article.text) if line.strip()),
        "",
        *_parameters(session, article, trusted),
    ]
    return "\n".join(lines)


def _plain(text: str) -> list[str]:
    """The article's lines with the links of its emendation marks reduced to their words."""
    return re.sub(r"\[(校\d+)\]\(#校勘记\)", r"[\1]", text).splitlines()


def _parameters(session: Session, article: Article, trusted: Trusted) -> list[str]:
    stated = trusted.registers.policy.parameters
    lines = []
    for name, schema in article.parameters.items():
        lines += [
            f"  {name} = {s.value} {s.unit}  ({s.effective_from}, {s.source})"
            for s in stated.get(name, ())
        ]
        if name not in stated:
            default = f"  {name} = {schema.get('default')} {schema.get('unit', '')}"
            lines.append(f"{default}  ({session.tr(say('default'))}, {schema.get('source', '')})")
    return lines


@click.command()
@click.option("--parameters", is_flag=True, help="Also every parameter with value and source.")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    help="Form of the list.",
)
@click.pass_obj
def rules(session: Session, parameters: bool, form: str) -> None:
    """Every clause of the law and how it is checked; articles without a rule are named."""
    trusted = _trusted(session)
    if form == "json":
        session.write(_rules_json(session, trusted), None)
        return
    for article in trusted.rulebook.articles:
        if article.rule is None:
            click.echo(f"{article.heading}  {session.tr(say('no rule yet: unchecked'))}")
            continue
        click.echo(article.heading)
        for clause in article.rule.clauses:
            click.echo(
                f"  {article.clause_id(clause.number):7}"
                f"{session.tr(SHAPES[type(clause)])}  "
                f"{session.tr(Message(article.texts[clause.number].checked))}"
            )
        if parameters:
            click.echo("\n".join(_parameters(session, article, trusted)))


def _rules_json(session: Session, trusted: Trusted) -> str:
    import json

    rows: list[dict[str, Any]] = [
        {
            "clause": article.clause_id(clause.number),
            "article": article.heading,
            "shape": type(clause).__name__.removesuffix("Clause").lower(),
            "checked": session.tr(Message(article.texts[clause.number].checked)),
            "human": session.tr(Message(article.texts[clause.number].human)),
        }
        for article in trusted.rulebook.articles
        if article.rule
        for clause in article.rule.clauses
    ]
    value = {"version": 1, "clauses": rows, "gaps": list(trusted.rulebook.gaps)}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
