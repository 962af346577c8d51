"""explain, rules: what the law asks, and what of it is checked."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files

import click

from pipeline.cli.session import Session
from pipeline.detect.examples import failed_numbers, failed_terms, failed_words
from pipeline.errors import Fault
from pipeline.judge.load_governance import Trusted, trust
from pipeline.law.coverage import from_elsewhere, led, uncovered
from pipeline.law.rulebook import REGULATION
from pipeline.model.findings import Message, say, say_names
from pipeline.model.law import Article, manners
from pipeline.new.new_archive import empty_archive
from pipeline.report.governed_change import amount
from pipeline.source.content.paths import Files

MANNERS: Mapping[str, Message] = {
    "item": say("checked for every post"),
    "period": say("checked over time"),
    "change": say("checked for every change"),
    "declared": say("by signed declarations"),
    "entered": say("by records"),
    "unchecked": say("unchecked"),
}


def _trusted(session: Session) -> Trusted:
    """The archive's own law where there is one, else what the program ships."""
    try:
        repository = session.repository()
        tree: Files = repository.tree(repository.commit("HEAD"))
    except Fault:
        tree = empty_archive()
    return trust(tree if REGULATION in tree.files else empty_archive())


@click.command()
@click.argument("clause")
@click.pass_obj
def explain(session: Session, clause: str) -> None:
    """What one clause asks, what is checked, what stays human: R05-1, F-2, or all of R05."""
    trusted = _trusted(session)
    wanted = _spelled(clause)
    if clauses := _clause(wanted, trusted):
        click.echo(_explanation(session, *clauses, trusted))
        return
    if trusted.rulebook.own and _clause(wanted, trust(empty_archive())):
        words = say(
            "{clause} is a clause of the program's own regulation, and the archive has another one."
            " Under this name the program still refuses what is written, signed or entered wrongly,"
            " and asks nothing else.",
            clause=wanted,
        )
        click.echo(session.tr(words))
        return
    raise Fault(
        say("There is no clause {clause}.", clause=clause), say("`sanshen rules` lists them all.")
    )


def _clause(wanted: str, trusted: Trusted) -> tuple[Article, list[int]] | None:
    """The article that has a clause of this name, and the numbers that are meant."""
    for article in trusted.rulebook.articles:
        if numbers := [n for n in manners(article) if wanted in _names(article, n)]:
            return article, numbers
    return None


def _spelled(clause: str) -> str:
    """``r5-1`` and ``5-1`` as ``R05-1``, ``f2`` as ``F-2``."""
    match = re.fullmatch(r"R?(\d{1,2})(-\d+)?", clause.strip().upper())
    if match:
        return f"R{int(match[1]):02d}{match[2] or ''}"
    return re.sub(r"^F(\d)", r"F-\1", clause.strip().upper())


def _names(article: Article, number: int) -> tuple[str, str]:
    clause = article.clause_id(number)
    return clause, clause.rpartition("-")[0]


def _explanation(
    session: Session, article: Article, numbers: Iterable[int], trusted: Trusted
) -> str:
    lines: list[str] = []
    for number in numbers:
        text, how = article.texts[number], _manner(session, article, number)
        lines += [
            f"{article.clause_id(number)}  {article.heading}  [{how}]",
            "",
            session.tr(Message(text.checked)),
        ]
        if text.human:
            lines.append(session.tr(say("Human: {what}", what=Message(text.human))))
        own = article.clause_id(number)
        lines += [session.tr(say("In the law: {part}", part=t)) for t in led(article, own)]
        if law := from_elsewhere(article.coverage).get(own):
            lines.append(session.tr(say("Asked for by {instrument}, not by a sentence of the law.",
                                        instrument=law)))  # fmt: skip
        lines += [session.tr(say("{label}: {case}", label=a, case=b)) for a, b in text.cases]
        if names := [] if trusted.rulebook.own else finding_names(own):
            lines.append(session.tr(say("Names of its findings: {names}", names=say_names(names))))
        lines.append("")
    lines += [session.tr(say("No clause answers for: {part}", part=t)) for t in uncovered(article)]
    lines += [f"  {line}" for line in _article_lines(article.text) if line.strip()]
    return "\n".join([*lines, "", *_parameters(session, article, trusted)])


def finding_names(clause: str) -> list[str]:
    """The names of findings that the program's rule of a clause gives."""
    rows = (files("pipeline.law") / "finding_names.txt").read_text("utf-8").splitlines()
    return [name for of, _, name in (row.partition(" ") for row in rows) if of == clause]


def _manner(session: Session, article: Article, number: int) -> str:
    words = (session.tr(MANNERS[m]) for m in manners(article)[number])
    return ("、" if session.language == "zh" else ", ").join(words)


def _article_lines(text: str) -> list[str]:
    """The article's lines with the links of its emendation marks reduced to their words."""
    return re.sub(r"\[(校\d+)\]\(#校勘记\)", r"[\1]", text).splitlines()


def _parameters(session: Session, article: Article, trusted: Trusted) -> list[str]:
    stated = trusted.registers.policy.parameters
    lines = []
    for name, schema in article.parameters.items():
        lines += [
            f"  {name} = {session.tr(amount(s.value, s.unit))}  ({s.effective_from}, {s.source})"
            for s in stated.get(name, ())
        ]
        if name not in stated:
            value = amount(schema.get("default"), schema.get("unit", ""))
            default = f"  {name} = {session.tr(value)}"
            lines.append(f"{default}  ({session.tr(say('default'))}, {schema.get('source', '')})")
    return lines


@click.command()
@click.option("--parameters", is_flag=True, help="Also every parameter with value and source.")
@click.pass_obj
def rules(session: Session, parameters: bool) -> None:
    """Every clause of the law and how it is checked; articles without a rule are named."""
    trusted = _trusted(session)
    for find in (failed_terms, failed_words, failed_numbers):
        for failed in find(trusted.registers):
            raise Fault(failed.message, failed.remedy)
    for article in trusted.rulebook.articles:
        if article.rule is None:
            click.echo(f"{article.heading}  {session.tr(say('no rule yet: unchecked'))}")
            continue
        click.echo(article.heading)
        for number in manners(article):
            click.echo(
                f"  {article.clause_id(number):7}{_manner(session, article, number)}  "
                f"{session.tr(Message(article.texts[number].checked))}"
            )
        if parameters:
            click.echo("\n".join(_parameters(session, article, trusted)))
