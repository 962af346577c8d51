"""Article 1: purpose and legal basis (第一条 目的和依据).

1. Policy lists the instruments it rests on, each with its document number, or without one and with
   its address; the source of every parameter names an article of the regulation ([S]), a listed
   instrument ([V], [K]) or says that it is the archive's own ([D]), today and in every change of
   policy; every year the head of the lead department declares that the instruments are in force.
   | Human: whether a cited text says what it is cited for.
   accepted: a parameter whose source names 国办发〔2018〕123号, which `legal_basis` lists.
   violated: a parameter whose source names a document that `legal_basis` does not list.
   boundary: a text without number, entered as 无文号 with its address; a declaration on the last of
   its days of grace.
   next: list the instrument or mark the source [D], and have two people sign with `sanshen
   authorise`; after comparing the texts: `sanshen declare basis-review`.
2. Unchecked: openness, service and image are aims by which people judge the whole, and no figure
   of an archive can show that they are reached. | Human: all of it.
"""

from collections.abc import Iterator

from pipeline.model.archive import Archive, Change
from pipeline.model.duties import declaration
from pipeline.model.findings import Complaint, Effect, Message, say
from pipeline.model.law import (
    UNNUMBERED,
    ChangeClause,
    PeriodClause,
    Unchecked,
    cited,
    mark_of,
    names_article,
    rule,
)
from pipeline.model.lazy import regex
from pipeline.model.policy import Parameter, Policy

_NUMBER = regex(
    r"\S+〔[0-9]{4}〕[0-9]+号"  # 国办发〔2018〕123号
    r"|\S*令(?:第|〔[0-9]{4}〕)?[0-9]+号"  # 国务院令第711号
    r"|[A-Z]+(?:/T)? ?[0-9]+(?:\.[0-9]+)?-[0-9]{4}"  # GB/T 37668-2019
)


def basis_stated(archive: Archive) -> Iterator[Complaint]:  # 1
    """The policy in force names its basis."""
    return _faults(archive.registers.policy)


def basis_stays_stated(change: Change, _archive: Archive) -> Iterator[Complaint]:  # 1
    """A change of policy leaves no parameter without basis."""
    if change.proposed is not None:
        yield from _faults(change.proposed.policy)


def _faults(policy: Policy) -> Iterator[Complaint]:
    if not policy.legal_basis:
        yield Complaint(
            Effect.REFUSE,
            say("The policy names no legal basis."),
            policy.document.locate("legal_basis"),
            say("List under `legal_basis` the instruments the parameters rest on."),
        )
    for index, entry in enumerate(policy.legal_basis):
        unnumbered = entry["number"] == UNNUMBERED and "url" in entry
        if not unnumbered and not _NUMBER.fullmatch(entry["number"]):
            yield Complaint(
                Effect.REFUSE,
                say("The legal basis has no document number in the usual form."),
                policy.document.locate("legal_basis", index, "number"),
                say(
                    "Write it like 国办发〔2018〕123号, 国务院令第711号 or GB/T 37668-2019; "
                    "for a text without number write 无文号 and give its url."
                ),
            )
    for settings in policy.parameters.values():
        for position, setting in enumerate(settings):
            if message := _unfounded(setting, policy):
                yield Complaint(
                    Effect.REFUSE,
                    message,
                    policy.document.locate("parameters", setting.name, position, "source"),
                    say("Name the article, list the instrument under `legal_basis`, or mark [D]."),
                )


def _unfounded(setting: Parameter, policy: Policy) -> Message | None:
    """What the source of a setting lacks; None when it names a basis."""
    name, mark = setting.name, mark_of(setting.source)
    if mark == "S" and not names_article(setting.source):
        return say("The source of {name} names no article of the regulation.", name=name)
    if mark in ("V", "K") and not any(cited(setting.source, policy.legal_basis)):
        return say("The source of {name} names no instrument of the legal basis.", name=name)
    if not mark:
        return say("The source of {name} does not say what kind of source it is.", name=name)
    return None


RULE = rule(
    PeriodClause(1, basis_stated),
    ChangeClause(1, basis_stays_stated),
    declaration(1, "basis-review"),
    Unchecked(2),
)
