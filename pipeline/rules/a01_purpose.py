"""Article 1: purpose and legal basis (第一条 目的和依据).

1. The register of instruments lists what the archive rests on, each with its document number, or
   without one and with its address or with what was confirmed of it; the source of every parameter
   names an article of the regulation ([S]), a listed instrument ([V], [K]) or says that it is the
   archive's own ([D]), today and in every change of policy; every year the head of the lead
   department declares that the instruments are in force.
   | Human: whether a cited text says what it is cited for.
   accepted: a parameter whose source names 国办发〔2018〕123号, which the register lists.
   violated: a parameter whose source names a document that the register does not list.
   boundary: a text without number, entered as 无文号 with its address; one whose number was not
   read yet, entered as 文号未核对 and noted; a declaration on the last of its days of grace; an
   archive without the register, which lists them in policy.
   next: list the instrument or mark the source [D], and have two people sign with `sanshen
   authorise`; after comparing the texts: `sanshen declare basis-review`.
   basis-missing: The archive names no legal basis. | List in the register instruments what the
   parameters rest on.
   basis-number-misformed: The legal basis has no document number in the usual form. | Write it like
   国办发〔2018〕123号, 国务院令第711号 or GB/T 37668-2019; for a text without number write 无文号
   and give its url; where it was not read yet, 文号未核对.
   basis-number-unchecked: The number of a text that the archive rests on was not checked. | Read
   the text, and enter its number; where it has none, 无文号 and its url.
   source-article-unknown: The source of {name} names no article of the regulation. | Name the
   article, list the instrument in the register instruments, or mark [D].
   source-instrument-unlisted: The source of {name} names no listed instrument. | Name the article,
   list the instrument in the register instruments, or mark [D].
   source-kind-missing: The source of {name} does not say what kind of source it is. | Name the
   article, list the instrument in the register instruments, or mark [D].
2. Unchecked: openness, service and image are aims by which people judge the whole, and no figure
   of an archive can show that they are reached. | Human: all of it.
3. A parameter of the regulation states the digest of the article that it cites. When the article's
   text changes, every such parameter in force or to come is listed until it was compared with the
   new text, in the same change or later; one that states no digest is listed once its article
   changes. No parameter holds from a day before its source did. A sentence that a change of the law
   brings and no clause answers for is noted. | Human: whether the number still
   follows from the text.
   accepted: Article 5 changes, and the same change states the new digest beside each number that
   cites it.
   violated: three times a week in the text of Article 5, and the number 2 as it was.
   boundary: emendation marks that are numbered anew change no digest; a number from the very day of
   its source.
   next: compare each number with the article; set it anew, or where it stays run `sanshen policy
   confirm NAME`, and have two people sign.
   parameter-before-source: {name} holds from {day}, and its source only from {since}. | Let it
   begin with its source, or mark the time before as the archive's own ([D]).
   parameter-to-compare: The text that {name} cites ({source}) changed since the number was compared
   with it. | Compare it with the article as it reads now. A number that stays: `sanshen policy
   confirm {name}`; for another one append a setting.
   parameters-not-compared: {count} parameters of the regulation state no digest of their article:
   {names}. | Compare them with the text, then: `sanshen policy confirm NAME …`
   sentence-uncovered: No clause answers for a new sentence of {article}: {sentence} | It stays with
   people until a rule checks it, or names it unchecked.
"""

from collections.abc import Iterator
from datetime import date

from pipeline.model import duties, law, lazy, records
from pipeline.model.archive import Archive, Change, Mode
from pipeline.model.findings import Complaint, Effect, Location, Reason, say, say_day, say_names
from pipeline.model.policy import Parameter, Policy
from pipeline.model.registers import Registers

_NUMBER = lazy.regex(
    r"\S+〔[0-9]{4}〕[0-9]+号"  # 国办发〔2018〕123号
    r"|\S*令(?:第|〔[0-9]{4}〕)?[0-9]+号"  # 国务院令第711号
    r"|[A-Z]+(?:/T)? ?[0-9]+(?:\.[0-9]+)?-[0-9]{4}"  # GB/T 37668-2019
)


def basis_stated(archive: Archive) -> Iterator[Complaint]:  # 1
    """The policy in force names its basis."""
    return _faults(archive.registers)


def basis_stays_stated(change: Change, _archive: Archive) -> Iterator[Complaint]:  # 1
    """A change of policy leaves no parameter without basis."""
    if change.proposed is not None:
        yield from _faults(change.proposed)


def _faults(registers: Registers) -> Iterator[Complaint]:
    policy = registers.policy
    if not registers.basis:
        yield law.refuse("basis-missing", policy.document.locate("legal_basis"))
    for index, entry in enumerate(registers.basis):
        unnumbered = entry["number"] == law.UNNUMBERED and (
            entry.get("url") or entry.get("confirmed")
        )
        if not unnumbered and not _NUMBER.fullmatch(entry["number"]):
            at = policy.document.locate("legal_basis", index, "number")
            at = entry.at("number") if isinstance(entry, records.Fact) else at
            yield _odd_number(entry["number"], at)
    for setting, location in _settings(policy):
        if unfounded := _unfounded(setting, registers):
            name, message = unfounded
            yield law.refuse(name, location, message)


def _odd_number(number: str, location: Location) -> Complaint:
    if number == law.UNCHECKED:
        return law.note("basis-number-unchecked", location)
    return law.refuse("basis-number-misformed", location)


def _settings(policy: Policy) -> Iterator[tuple[Parameter, Location]]:
    """Every setting, and where its source stands."""
    for settings in policy.parameters.values():
        for position, setting in enumerate(settings):
            route = ("parameters", setting.name, position, "source")
            yield setting, policy.document.locate(*route)


def _unfounded(setting: Parameter, registers: Registers) -> Reason | None:
    """What the source of a setting lacks; None when it names a basis."""
    name, mark = setting.name, law.mark_of(setting.source)
    if mark == "S" and not law.article_digest(setting.source, registers.articles):
        return "source-article-unknown {name}", say(name=name)
    if mark in ("V", "K") and not any(law.cited(setting.source, registers.basis)):
        return "source-instrument-unlisted {name}", say(name=name)
    if not mark:
        return "source-kind-missing {name}", say(name=name)
    return None


# Article 1: the texts change, and the numbers that rest on them are to follow.


def compared(archive: Archive) -> Iterator[Complaint]:  # 1 根据……文件精神
    """Numbers in force whose article reads otherwise than when they were compared with it, numbers
    older than their source, and how many were never compared."""
    registers, never = archive.registers, []
    for setting, location in _in_force(registers.policy, archive.today):
        if not setting.article_digest:
            never += [setting.name]
        elif _changed(setting, registers):
            yield _to_compare(setting, location, Effect.REFUSE)
    for setting, location in _settings(registers.policy):
        if since := _older_than(setting, registers, archive):
            yield _too_early(setting, location, since, Effect.NOTE)
    if never:
        message = say(count=len(never), names=say_names(never))
        where = registers.policy.document.locate("parameters")
        yield law.note("parameters-not-compared", where, message)


def compared_with(change: Change, archive: Archive) -> Iterator[Complaint]:  # 1
    """A change of the text, or of policy, leaves no number behind that was not compared.

    Before a digest was stated, nothing says what a number was compared with: a change of then is
    noted when it is looked back at.
    """
    base, head = archive.registers, change.proposed
    if head is None:
        return
    proposed = archive.mode is Mode.CHANGE
    for setting, location in _in_force(head.policy, archive.today):
        text = law.article_digest(setting.source, head.articles)
        if setting.article_digest and setting.article_digest != text:
            yield _to_compare(setting, location, Effect.HOLD if proposed else Effect.REFUSE)
        elif not setting.article_digest and text != law.article_digest(
            setting.source, base.articles
        ):
            yield _to_compare(setting, location, Effect.HOLD if proposed else Effect.NOTE)
    for setting, location in _settings(head.policy):
        new = setting not in base.policy.parameters.get(setting.name, ())
        if new and (since := _older_than(setting, head, archive)):
            effect = Effect.REFUSE if proposed else Effect.NOTE
            yield _too_early(setting, location, since, effect)


def answered_for(change: Change, _archive: Archive) -> Iterator[Complaint]:  # 1
    """The sentences that a change of the law brings and no clause answers for are noted."""
    for article, sentence in change.facts.unanswered:
        message = say(article=article, sentence=sentence)
        at = Location("content/regulation.md")
        yield law.note("sentence-uncovered {article} {sentence}", at, message)


def _in_force(policy: Policy, today: date) -> Iterator[tuple[Parameter, Location]]:
    """The settings of the regulation's own numbers that hold today or later."""
    for setting, location in _settings(policy):
        current = policy.setting(setting.name, today).effective_from
        if law.mark_of(setting.source) == "S" and setting.effective_from >= current:
            yield setting, location


def _changed(setting: Parameter, registers: Registers) -> bool:
    return setting.article_digest != law.article_digest(setting.source, registers.articles)


def _older_than(setting: Parameter, registers: Registers, archive: Archive) -> date | None:
    """The first day of a source that is younger than its number; None: it is not, or unknown."""
    if law.mark_of(setting.source) == "S":
        since = law.in_force_from(archive)
    elif law.mark_of(setting.source) in ("V", "K"):
        rows = law.cited(setting.source, registers.basis)
        days = [entry.get("in_force") or entry.get("issued") for entry in rows]
        since = min(days) if days and all(days) else date.min
    else:
        return None
    return since if setting.effective_from < since else None


def _to_compare(setting: Parameter, location: Location, effect: Effect) -> Complaint:
    message = say(name=setting.name, source=setting.source)
    return Complaint("parameter-to-compare {name}", effect, message, location)


def _too_early(setting: Parameter, location: Location, since: date, effect: Effect) -> Complaint:
    message = say(name=setting.name, day=say_day(setting.effective_from), since=say_day(since))
    return Complaint("parameter-before-source {name}", effect, message, location)


RULE = law.rule(
    law.PeriodClause(1, basis_stated),
    law.ChangeClause(1, basis_stays_stated),
    duties.declaration(1, "basis-review"),
    law.Unchecked(2),
    law.PeriodClause(3, compared, lapse=True),
    law.ChangeClause(3, compared_with),
    law.ChangeClause(3, answered_for, always=True),
)
