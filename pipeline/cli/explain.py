"""explain, rules: what the law asks, and what of it is checked."""

import re
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

import click

from pipeline.cli.options import Session
from pipeline.detect.examples import failed_numbers, failed_terms, failed_words
from pipeline.errors import Fault
from pipeline.judge.load_governance import Trusted, trust
from pipeline.law.coverage import from_elsewhere, led, uncovered
from pipeline.law.rulebook import REGULATION
from pipeline.law.side_checks import BESIDE
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
    """What a clause asks and how it is checked: R05-1, F-2, all of R05, or a finding's name."""
    trusted = _trusted(session)
    owners = [of for of, name in finding_names() if name == clause.strip().lower()]
    wanted = owners or [_spelled(clause)]
    every = (each for of in wanted if (each := _clause(of, trusted)))
    shown = [each for each in every if not owners or each[0].coverage is None]
    if shown:
        rows = [_line(session, article, numbers[0]) for article, numbers in shown]
        click.echo("\n".join(rows) if shown[1:] else _explanation(session, *shown[0], trusted))
        return
    if trusted.rulebook.own and _clause(wanted[0], trust(empty_archive())):
        words = say(
            "{clause} is a clause of the program's own regulation, and the archive has another one."
            " Under this name the program still refuses what is written, signed or entered wrongly,"
            " and asks nothing else.",
            clause=wanted[0],
        )
        click.echo(session.tr(words))
        return
    raise Fault(
        say("There is neither a clause nor a finding of the name {clause}.", clause=clause),
        say("`sanshen rules` lists them all."),
    )


_BLANK = re.compile(r"{\w+}")
"""Where a sentence names what was found."""


def _clause(wanted: str, trusted: Trusted) -> tuple[Article, list[int]] | None:
    """The article that has a clause of this name, and the numbers that are meant."""
    for article in (*trusted.rulebook.articles, BESIDE):
        ids = {n: article.clause_id(n) for n in _manners(article)}
        if numbers := [n for n, of in ids.items() if wanted in (of, of.rpartition("-")[0])]:
            return article, numbers
    return None


def _spelled(clause: str) -> str:
    """``r5-1`` and ``5-1`` as ``R05-1``, ``f2`` as ``F-2``."""
    match = re.fullmatch(r"R?(\d{1,2})(-\d+)?", clause.strip().upper())
    if match:
        return f"R{int(match[1]):02d}{match[2] or ''}"
    return re.sub(r"^([FS])(\d)", r"\1-\2", clause.strip().upper())


def _explanation(
    session: Session, article: Article, numbers: Iterable[int], trusted: Trusted
) -> str:
    lines: list[str] = []
    every = finding_names() if article.coverage is None else []
    for number in numbers:
        text, own = article.texts[number], article.clause_id(number)
        lines += [
            f"{own}  {article.heading}  [{_manner(session, article, number)}]",
            "",
            session.tr(Message(text.checked)),
        ]
        if text.human:
            lines.append(session.tr(say("Human: {what}", what=Message(text.human))))
        lines += [session.tr(say("In the law: {part}", part=t)) for t in led(article, own)]
        if other := from_elsewhere(article.coverage).get(own):
            lines.append(session.tr(say("Asked for by {instrument}, not by a sentence of the law.",
                                        instrument=other)))  # fmt: skip
        cases = [*text.cases, *((Message(a), _both(session, b)) for a, b in text.findings.items())]
        lines += [session.tr(say("{label}: {case}", label=a, case=b)) for a, b in cases]
        if names := [name for of, name in every if of == own]:
            lines.append(session.tr(say("Names of its findings: {names}", names=say_names(names))))
        lines.append("")
    lines += [session.tr(say("No clause answers for: {part}", part=t)) for t in uncovered(article)]
    law = re.sub(r"\[(校\d+)\]\(#校勘记\)", r"[\1]", article.text)  # marks without their links
    lines += [f"  {line}" for line in law.splitlines() if line.strip()]
    return "\n".join([*lines, "", *_parameters(session, article, trusted)])


def _both(session: Session, halves: tuple[str, str]) -> Message:
    """What a finding says, and what to do about it, as far as its clause tells both."""
    parts = (_BLANK.sub("…", session.tr(Message(half))) for half in halves if half)
    return Message(" → ".join(parts))


def finding_names() -> list[list[str]]:
    """(clause, name) of every finding of the program."""
    rows = (files("pipeline.law") / "finding_names.txt").read_text("utf-8").splitlines()
    return [row.split(" ") for row in rows]


def _manners(article: Article) -> Mapping[int, tuple[str, ...]]:
    return manners(article) or dict.fromkeys(article.texts, ("change",))


def _line(session: Session, article: Article, number: int) -> str:
    """A clause in one line: id, how it is checked, what is."""
    clause, checked = article.clause_id(number), session.tr(Message(article.texts[number].checked))
    return f"  {clause:7}{_manner(session, article, number)}  {checked}"


def _manner(session: Session, article: Article, number: int) -> str:
    words = (session.tr(MANNERS[m]) for m in _manners(article)[number])
    return ("、" if session.language == "zh" else ", ").join(words)


def _parameters(session: Session, article: Article, trusted: Trusted) -> list[str]:
    stated, lines = trusted.registers.policy.parameters, []
    for name, schema in article.parameters.items():
        default = schema.get("default"), schema.get("unit", ""), session.tr(say("default"))
        rows: list[tuple[Any, ...]] = [
            (s.value, s.unit, s.effective_from, s.source) for s in stated.get(name, ())
        ]
        lines += [
            f"  {name} = {session.tr(amount(value, unit))}  ({since}, {source})"
            for value, unit, since, source in rows or [(*default, schema.get("source", ""))]
        ]
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
        gap = "" if article.rule else f"  {session.tr(say('no rule yet: unchecked'))}"
        click.echo(f"{article.heading}{gap}")
        for number in manners(article):
            click.echo(_line(session, article, number))
        if parameters and article.rule:
            click.echo("\n".join(_parameters(session, article, trusted)))
