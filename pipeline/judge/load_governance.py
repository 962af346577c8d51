"""Governance of one tree: law, rules, schemas, policy and registers, read together."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath

from pipeline import __version__
from pipeline.errors import BrokenRule, Fault
from pipeline.evidence.review.statements import digest
from pipeline.evidence.roster import roster_problems
from pipeline.law.engine import OUTLIVED
from pipeline.law.own_rules import own_rules
from pipeline.law.rulebook import ARTICLE_SCHEMAS, REGULATION, RULES, Replaced, load, own_articles
from pipeline.model.archive import Archive
from pipeline.model.attestations import ATTESTATION
from pipeline.model.conformance import Conformance
from pipeline.model.evidence import Approved
from pipeline.model.findings import Effect, Finding, Location, Message, say
from pipeline.model.ids import NO_COMMIT, R11_1, R11_2, R13_7, CommitId, PersonId, PostId, sha256_of
from pipeline.model.law import Rulebook, front_matter_schema, parameter_schemas
from pipeline.model.part import program
from pipeline.model.program import as_of, order
from pipeline.model.records import Expunged, Fact
from pipeline.model.registers import STOPPED, Registers, RosterKey
from pipeline.model.run import PerRun, of_run
from pipeline.source.content.paths import Files, regular
from pipeline.source.content.program_lock import CARRIED, LOCK, OWN, Lock, lock_of, other_program
from pipeline.source.content.records import paths_under, signed_files
from pipeline.source.content.registers import CALENDAR, no_schema, read_registers, schema_at
from pipeline.source.content.shipped_lists import WORDINGS, with_shipped
from pipeline.source.git.bulk_history import times
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree_listing import REGULAR, Listing
from pipeline.source.program import shipped

# The files of governance, and a digest over them.

CARRIED_RULES = "pipeline/rules/"
"""Where archives held the program's rules before 0.9 (docs/decisions/0069)."""

COVERAGE = f"{RULES}coverage.md"
"""Which clause answers for which sentence of an archive's own regulation."""
GOVERNING = ("content/registers/", "schemas/", RULES, CARRIED_RULES)
GOVERNING_FILES = ("content/policy.yml", "content/regulation.md", LOCK)


def governance(tree: Files) -> str:
    """sha256 (hex) over paths, modes and object ids of all governance files of a tree."""
    if isinstance(tree.files, Listing):  # in one question to git
        tree.files.complete(*(folder.rstrip("/") for folder in GOVERNING))
    paths = sorted(_paths(tree))
    rows = "\n".join(f"{p}:{tree.files[p].mode}:{_object(tree, p)}" for p in paths)
    return sha256_of(rows.encode("utf-8", "surrogateescape"))


def governing_files(tree: Files) -> dict[str, bytes]:
    """Path → bytes of all regular governance files of a tree: what a change of them begins with."""
    return {p: tree.read(p) for p in _paths(tree) if tree.files[p].mode == "100644"}


def _paths(tree: Files) -> list[str]:
    paths = [p for folder in GOVERNING for p in paths_under(tree, folder)]
    return paths + [p for p in GOVERNING_FILES if p in tree.files]


def _object(tree: Files, path: str) -> str:
    """Git's id of a file, computed for one that git lacks; empty for a link in the working tree."""
    blob = tree.files[path]
    if blob.oid or blob.mode not in REGULAR:
        return blob.oid
    raw = tree.read(path)
    return hashlib.sha1(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()


def governs(path: str) -> bool:
    """Whether a path is part of governance."""
    return path.startswith(GOVERNING) or path in GOVERNING_FILES


When = Callable[[Registers], datetime]
"""Gives the one time of a run once the policy is known (a demo archive has a fixed one)."""


@dataclass(frozen=True)
class Trusted:
    """The governance of one tree: law, rules, schemas, policy and registers."""

    rulebook: Rulebook
    registers: Registers
    front_matter: Conformance
    statements: Mapping[str, Conformance]
    """Predicate kind → its schema; an older tree has none of attestations."""
    schemas: Mapping[str, bytes]
    expunged: Mapping[PostId, Expunged] = field(default_factory=dict)
    """Posts whose bytes later signatures erase: a replay reads these ahead."""
    lock: Lock | None = None
    """Which program judges; None of a tree that carries its own, as archives did before 0.9."""


_MOST_TRUSTED = 16
"""Parsed governance that a run keeps: a replay meets the same one again and again."""


def trust(tree: Files, *, to_come: bool = False) -> Trusted:
    """Read the governance of a tree. Raises Fault when there is none.

    `to_come`: the tree is proposed, and may bring rules that this program lacks.
    """
    key, cached = (governance(tree), to_come), of_run(trust, dict[tuple[str, bool], Trusted])
    trusted = cached.get(key)
    if trusted is None and to_come and not paths_under(tree, RULES):  # nothing of it would run
        trusted = cached.get((key[0], False))
    if trusted is None:
        trusted = _trust(tree, to_come)
        if len(cached) >= _MOST_TRUSTED:
            cached.clear()
        cached[key] = trusted
    return trusted


def _trust(tree: Files, to_come: bool) -> Trusted:
    try:
        regulation = tree.read(REGULATION)
    except KeyError as error:
        raise Fault(
            say("There is no regulation here ({path}).", path=REGULATION),
            say("Go to an archive's folder, or start one with `sanshen init`."),
        ) from error
    lock = lock_of(tree)
    made_for = lock.program.version if lock else CARRIED
    if lock and order(made_for) > order(__version__):
        if not to_come:
            raise other_program(lock.program)
        made_for = __version__
    replaced = bool(lock and lock.regulation == OWN)
    schemas = _schemas(tree, made_for, lock)
    brought = {p: regular(tree, p) for p in paths_under(tree, RULES) if p.endswith(".py")}
    if lock is None:
        brought = {now: regular(tree, path) for path, now in carried_rules(tree).items()}
    table = regular(tree, COVERAGE).decode("utf-8", "replace") if COVERAGE in tree.files else ""
    beside = Replaced(as_of(shipped(ARTICLE_SCHEMAS), made_for), table) if replaced else None

    def law(run: bool) -> Rulebook:
        return load(regulation, schemas, made_for, own_rules(brought, run=run), beside)

    broken: tuple[Finding, ...] = ()
    try:
        rulebook = law(not to_come)
    except BrokenRule as fault:  # or nothing could ever mend it
        rulebook, broken = law(False), (_broken(fault, elder=made_for != __version__),)
    rulebook = replace(rulebook, locked=lock.program if lock else None)
    registers = read_registers(
        tree,
        schemas,
        parameter_schemas(rulebook),
        rulebook.digest,
        shipped(CALENDAR) if lock else {},
        lambda name, own: (_general if replaced else with_shipped)(name, own, made_for),
    )
    return Trusted(
        rulebook,
        replace(
            registers,
            problems=(*broken, *registers.problems, *roster_problems(registers)),
            articles={article.heading: article.text for article in rulebook.articles},
        ),
        Conformance(front_matter_schema(rulebook), R11_2),
        {
            kind: schema_at(schemas, f"schemas/statements/{kind}.json", R11_1)
            for kind in ("review", *filter(None, (k.predicate for k in program().kinds.values())))
            if kind != ATTESTATION or f"schemas/statements/{kind}.json" in schemas
        },
        schemas,
        lock=lock,
    )


def _broken(fault: BrokenRule, *, elder: bool) -> Finding:
    """`elder`: the tree names an older program, under which the rule was loaded; it stands as it is
    for ever."""
    remedy = say(
        "Propose it corrected: until then it asks nothing, and nothing else comes to main."
    )
    effect, next_step = (Effect.NOTE, OUTLIVED) if elder else (Effect.REFUSE, remedy)
    where = Location(RULES.rstrip("/"))
    return Finding(R13_7, "own-rule-broken", effect, fault.message, where, next_step)


def _general(name: str, own: tuple[Fact, ...], made_for: str) -> tuple[Fact, ...]:
    """As `with_shipped`, under another regulation: its people declare nothing in our words, and the
    program's regulation is no instrument of theirs."""
    if name == WORDINGS:
        return own
    return tuple(e for e in with_shipped(name, own, made_for) if e.id != "regulation" or e in own)


def carried_rules(tree: Files) -> dict[str, str]:
    """Path → where it lies now, of the archive's own rules among those that a tree carried with its
    program."""
    paths = [path for path in paths_under(tree, CARRIED_RULES) if path.endswith(".py")]
    own = {PurePath(path).parts[2] for path in own_articles(paths, CARRIED_RULES).values()}
    return {
        path: f"{RULES}{path.removeprefix(CARRIED_RULES)}"
        for path in paths
        if PurePath(path).parts[2] in own
    }


def _schemas(tree: Files, made_for: str, lock: Lock | None) -> dict[str, bytes]:
    """Path → bytes: the program's schemas as a version had them, and the tree's own over them; of
    a tree without a lock, its own alone."""
    own = [path for path in paths_under(tree, "schemas/") if path.endswith(".json")]
    if lock is None:
        return {path: tree.read(path) for path in own if tree.files[path].mode in REGULAR}
    left_out = ARTICLE_SCHEMAS if lock.regulation == OWN else "/"
    ships = {p: raw for p, raw in shipped("schemas").items() if not p.startswith(left_out)}
    return as_of(ships, made_for) | {p: _own_schema(tree, p) for p in own if p.count("/") > 1}


def _own_schema(tree: Files, path: str) -> bytes:
    """The bytes of a schema of the tree's own, which can judge."""
    raw = regular(tree, path)
    if not schema_at({path: raw}, path).usable:
        raise no_schema(path)
    return raw


# From where a compromised key is void (threats A11).
#
# A claimed time proves nothing; the commit that brought a record to main does.

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
SIGNED = ("content/reviews/", "content/records/")


def pinned(trusted: Trusted, repository: Repository, head: CommitId) -> Trusted:
    """The same, each compromised key with the records that stood before it became void.

    `head`: the tip of main. History is read only when a key names such a point.
    """
    registers = trusted.registers
    if not any(k.revoked_from for k in registers.roster.keys):
        return trusted
    line = times(repository, head)
    keys = tuple(
        replace(k, prior_records=_prior_records(repository, line, k)) if k.revoked_from else k
        for k in registers.roster.keys
    )
    roster = replace(registers.roster, keys=keys)
    return replace(trusted, registers=replace(registers, roster=roster))


_stood: PerRun[Repository, dict[str, frozenset[str]]] = PerRun(lambda _: {})
"""Commit → digests of the signed records that stand there: a page and a replay ask again."""


def _prior_records(
    repository: Repository, line: Mapping[CommitId, datetime], key: RosterKey
) -> frozenset[str]:
    before, cached = last_before(line, key.revoked_from), _stood(repository)
    if before and before not in cached:
        tree = repository.tree(before)
        paths = [p for p in tree.files if p.startswith(SIGNED) and p.endswith((".json", ".sig"))]
        cached[before] = frozenset(
            digest(f.statement, f.signature)
            for f in signed_files(tree, paths)
            if f.statement is not None and f.signature is not None
        )
    return cached.get(before, frozenset())


def last_before(line: Mapping[CommitId, datetime], point: str) -> CommitId:
    """The last commit of main before a point (commit or time); empty when there is none."""
    commits = list(line)
    if _COMMIT.fullmatch(point):
        at = commits.index(CommitId(point)) if point in line else 0
        return commits[at - 1] if at else NO_COMMIT
    moment = datetime.fromisoformat(point)
    return next((c for c in reversed(commits) if line[c] < moment), NO_COMMIT)


def is_stable(trusted: Trusted) -> bool:
    """Whether evidence counts alike in a change and in what stands: no key is void from some point
    on."""
    keys = trusted.registers.roster.keys
    return not any(k.revoked_from for k in keys) and not _compromised(keys)


def without_stopped(findings: Iterable[Finding], effect: Effect) -> tuple[Finding, ...]:
    """The findings, those that follow from a stopped key with another effect.

    Only of what stands: it came lawfully, or the replay refuses it. No thief can keep a key in
    force by what the key signed meanwhile, and the site goes on without it (threats A55).
    """
    every = tuple(findings)
    lost = {f.location.path for f in every if f.name == STOPPED}
    return tuple(
        replace(f, effect=min(f.effect, effect)) if {f.location.path, f.cause} & lost else f
        for f in every
    )


def compromise_notes(archive: Archive, post: PostId) -> tuple[Finding, ...]:
    """Notes on the counted steps of a post whose key was compromised later."""
    states = archive.approvals[post].states.values()
    keys = archive.registers.roster.keys
    reviews = [s.review for s in states if isinstance(s, Approved)] if _compromised(keys) else []
    name = "key-compromised-later"
    remedy = say("Look at the post again, and review it anew if in doubt.")
    return tuple(
        Finding(
            R11_1, name, Effect.NOTE, _stood_before(review.signer), Location(review.path), remedy
        )
        for review in reviews
        if (key := archive.registers.roster.key(review.fingerprint)) is not None and key.stopped
    )


def _stood_before(signer: PersonId) -> Message:
    return say("{person} signed this with a key that was compromised later; it stood on main"
               " before.", person=signer)  # fmt: skip


def _compromised(keys: Iterable[RosterKey]) -> bool:
    return any(k.stopped for k in keys)
