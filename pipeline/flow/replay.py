"""Replay main from its first commit: every change judged by the registers of its parent.

A change that nobody with the right signed breaks the line: it refuses, and so does everything
that was judged by governance it brought in (threats A1, A20). A break can be acknowledged by the
two people who authorise changes, with keys that held before it; it then stays visible as a note
(docs/decisions/0010). Nothing else heals it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from pipeline.evidence.records import read_authorisations
from pipeline.flow.assemble import Trusted, When, trust
from pipeline.flow.expunged import read_expunged
from pipeline.flow.judge import change_report, judge_all, standing
from pipeline.flow.revocation import pinned
from pipeline.model.archive import Mode
from pipeline.model.calendar import local_date
from pipeline.model.findings import Effect, Finding, Location, Verdict, say
from pipeline.model.records import Authorisation, Expunged
from pipeline.source.appearances import times
from pipeline.source.history import first_parents
from pipeline.source.records import AUTHORISATIONS, paths_under, signed_files
from pipeline.source.repository import Repository, Tree

_GOVERNING = (
    "content/policy.yml", "content/registers/", "content/regulation.md", "schemas/",
)  # fmt: skip
ROSTER = "content/registers/roster.yml"

Progress = Callable[[int, int], None]


def replay(
    repository: Repository,
    head: str,
    when: When,
    root: str = "",
    progress: Progress = lambda _done, _all: None,
) -> tuple[Verdict, ...]:
    """Verdicts of every change up to `head`, named by commit.

    `root`: sha256 of the first roster, given from outside; empty when nobody gave one.
    """
    commits = first_parents(repository, head)
    moments = times(repository, head)
    gone = _erased(repository, head)
    genesis, lawful = standing(repository, commits[0], when, gone)
    verdicts = list(_named(commits[0], judge_all(genesis, lawful.rulebook)))
    verdicts += _root_verdict(lawful.registers.roster.digest, root, verdicts)
    key = _governance(repository.tree(commits[0]))
    known = {key: lawful}
    for number, (parent, commit) in enumerate(pairwise(commits), 2):
        progress(number, len(commits))
        here = _governance(repository.tree(parent))
        if here not in known:
            known[here] = _judge(repository, parent, gone)
        report = change_report(
            repository, parent, commit, when, known[here], Mode.STANDING, moments[commit]
        )
        found = _named(commit, report.verdicts)
        if here != key:
            found = _usurped(found, commit)
        if any(v.decision is Effect.REFUSE for v in found):
            found = _acknowledged(found, commit, lawful, repository.tree(head))
        elif (after := _governance(repository.tree(commit))) != key:
            key, lawful = after, _judge(repository, commit, gone)
        verdicts += found
        repository.forget(parent)
    return tuple(verdicts)


def _judge(repository: Repository, commit: str, gone: Mapping[str, Expunged]) -> Trusted:
    return replace(pinned(trust(repository.tree(commit)), repository, commit), expunged=gone)


def _erased(repository: Repository, head: str) -> dict[str, Expunged]:
    """Posts that signatures on main erase: history may have been rewritten without them (A36)."""
    tree = repository.tree(head)
    if not any("/expunge-" in p for p in tree.files if p.startswith(AUTHORISATIONS)):
        return {}
    trusted = pinned(trust(tree), repository, head)
    found, _ = read_expunged(tree, trusted.registers, trusted.statements["authorisation"])
    return {post: e for post, e in found.items() if not e.awaits}


def _governance(tree: Tree) -> tuple[str, ...]:
    """What judges in a tree: paths and blobs of its law, policy, registers and schemas."""
    return tuple(f"{p}:{b.oid}" for p, b in sorted(tree.files.items()) if p.startswith(_GOVERNING))


def _named(commit: str, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Verdicts that name the commit; a hold of its day is past, and is judged anew at the end."""
    return [
        replace(
            v,
            subject=f"{commit[:12]} {v.subject}",
            extra=tuple(f for f in v.extra if f.effect is not Effect.HOLD),
        )
        for v in verdicts
    ]


def _usurped(verdicts: list[Verdict], commit: str) -> list[Verdict]:
    """A change judged by governance that no lawful change brought in."""
    finding = Finding(
        "R13-7", Effect.REFUSE,
        say("Commit {commit} was judged by registers that nobody with the right authorised.",
            commit=commit[:12]),
        Location(ROSTER),
        say("Restore the registers as they last stood lawfully, and have the break acknowledged."),
    )  # fmt: skip
    return [replace(v, extra=(*v.extra, finding)) for v in verdicts]


def _acknowledged(
    verdicts: list[Verdict], commit: str, lawful: Trusted, tree: Tree
) -> list[Verdict]:
    """The verdicts as notes when two people of the lawful registers acknowledged the commit."""
    signed, _ = read_authorisations(
        signed_files(tree, paths_under(tree, AUTHORISATIONS)),
        lawful.registers,
        lawful.statements["authorisation"],
    )
    answering = [a for a in signed if commit in a.acknowledges]
    offices = list(_consenting(answering, lawful))
    if not {"head", "leader"} <= {office for office, _ in offices}:
        return verdicts
    day = local_date(max(a.signed_at for a in answering))
    if len({person for _, person in offices}) < lawful.registers.parameter("change.people", day):
        return verdicts
    return [_softened(v) for v in verdicts]


def _consenting(signed: Iterable[Authorisation], lawful: Trusted) -> Iterator[tuple[str, str]]:
    """(head or leader, person) of those who held the role on the day they signed."""
    registers = lawful.registers
    for a in signed:
        person, day = registers.people.get(a.person), local_date(a.signed_at)
        if person is None:
            continue
        if person.holds("section-head", day, registers.lead_department):
            yield "head", person.id
        elif person.holds("leader-in-charge", day) or person.holds("principal", day):
            yield "leader", person.id


def _softened(verdict: Verdict) -> Verdict:
    """Every finding of a verdict as a note; the outcomes stay what they were."""
    kept = tuple(replace(f, effect=Effect.NOTE) for f in verdict.findings)
    return Verdict(f"{verdict.subject} ✓", {}, kept, acknowledged=True)


def _root_verdict(found: str, root: str, verdicts: list[Verdict]) -> list[Verdict]:
    if not root or root == found:
        return []
    finding = Finding(
        "R13-7", Effect.REFUSE,
        say("The archive does not begin with the roster that was given as its root."),
        Location(ROSTER),
        say("Ask the bureau for the digest it published, and compare the first commit."),
    )  # fmt: skip
    return [replace(verdicts[-1], subject="root", extra=(finding,))]
