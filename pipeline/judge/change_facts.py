"""What git and files say of a change beside its entries, read when a clause asks for it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath

from pipeline.errors import Fault
from pipeline.evidence.review.statements import NAMESPACE, digest, moment_of, predicate_of
from pipeline.evidence.ssh.keys import PublicKey
from pipeline.evidence.ssh.sshsig import fingerprint_of, verify
from pipeline.judge.load_governance import SIGNED, Trusted, governs, last_before, pinned, trust
from pipeline.judge.program_change import program_faults
from pipeline.law.coverage import uncovered
from pipeline.law.engine import judge_change
from pipeline.model.archive import Archive, Change, ChangeFacts, CommitMessage, Entry, OnBranch
from pipeline.model.calendar import CLOCKS_DIFFER, Clock, local_date
from pipeline.model.evidence import LostSignature, OwnSignature, SignedFile, Step
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.ids import NO_COMMIT, NO_DIGEST, CommitId, Digest, PersonId, PostId, sha256_of
from pipeline.model.law import Rulebook
from pipeline.model.lazy import Later
from pipeline.model.registers import Registers, Roster, RosterKey
from pipeline.source.content.paths import Files, area_of, regular
from pipeline.source.content.records import AUTHORISATIONS, REVIEWS, paths_under, signed_files
from pipeline.source.content.text import read_yaml
from pipeline.source.git.bulk_history import appearances, times
from pipeline.source.git.history import Proposed, committed
from pipeline.source.git.repository import RawChange, Repository
from pipeline.source.git.tree import Tree
from pipeline.source.program import shipped


def facts_of(
    repository: Repository,
    proposal: Proposed,
    change: Change,
    trusted: Trusted,
    proposed: Trusted | Fault | None,
    commits: Sequence[CommitMessage],
    *,
    dated_back: bool,
    broken: Sequence[str],
) -> ChangeFacts:
    """The facts of a change; `proposed`: as of `governance_after`."""
    base, after = proposal.base, proposal.after
    left = proposed if isinstance(proposed, Trusted) else None
    return ChangeFacts(
        commits=commits,
        undated=proposal.undated,
        broken_base=broken,
        files=after.files,
        program=Later(lambda: tuple(program_faults(trusted, repository.tree(base), after, change))),
        ungoverned=((proposed.message, proposed.remedy),) if isinstance(proposed, Fault) else (),
        unanswered=Later(lambda: unanswered(trusted.rulebook, left.rulebook)) if left else (),
        themes=Later(lambda: [theme_or_none(tree) for tree in (after, repository.tree(base))]),
        signatures=Later(lambda: _signatures(after, change.entries, trusted.registers)),
        rosters=Later(lambda: _versions(repository, base)),
        lost=Later(lambda: lost_signatures(repository, base, trusted, left)) if left else (),
        dated_back=dated_back,
    )


def ahead_on_main(
    repository: Repository, head: CommitId, entered: datetime | None, clock: Clock
) -> tuple[CommitMessage, ...]:
    """A commit of main, if it claims a time to come; `entered`: the latest claim on main so far."""
    if entered is None or clock.reached(entered, CLOCKS_DIFFER):
        return ()
    return (CommitMessage(head, committed(repository, head), ""),)


def unanswered(law: Rulebook, next_law: Rulebook) -> tuple[tuple[str, str], ...]:
    """(article, sentence) of what a change of the law brings and no clause answers for."""
    if law.digest == next_law.digest:
        return ()
    before = {sentence for article in law.articles for sentence in uncovered(article)}
    rows = ((article.heading, s) for article in next_law.articles for s in uncovered(article))
    return tuple(row for row in rows if row[1] not in before)


THEME = ("site", "mkdocs.yml", "schemas/catalogue.json", "schemas/well-known.json")


def theme_of(tree: Tree) -> dict[str, bytes]:
    """Path → bytes of the theme: ``site/``, mkdocs.yml, and the schema that the site serves; the
    tree's own files lie over the program's.

    Raises Fault for a link or a module: no change may bring one, but a first commit may hold it.
    """
    files = dict(shipped(*THEME))
    for path in (*tree.files.under("site/"), *THEME[1:]):
        if path in tree.files:
            files[path] = regular(tree, path)
    return files


def theme_or_none(tree: Tree) -> Mapping[str, bytes]:
    """As `theme_of`; empty for one with a link or a module, which the change is refused for."""
    try:
        return theme_of(tree)
    except Fault:
        return {}


def _signatures(
    after: Tree, entries: Iterable[Entry], registers: Registers
) -> tuple[OwnSignature, ...]:
    stems = {e.path.removesuffix(".sig") for e in entries if e.status != "D"}
    paths = {s for s in stems if s.startswith(SIGNED) and s.endswith(".json")}
    files = signed_files(after, [p for s in paths for p in (s, f"{s}.sig") if p in after.files])
    return tuple(filter(None, (_signature(file, registers) for file in files)))


def _signature(file: SignedFile, registers: Registers) -> OwnSignature | None:
    """Who signed a file; None: no key of the roster did."""
    if file.statement is None or file.signature is None:
        return None
    key = verify(file.signature, file.statement, NAMESPACE)
    held = registers.roster.key(key.fingerprint) if isinstance(key, PublicKey) else None
    if held is None:
        return None
    predicate = predicate_of(file.statement)
    try:
        moment = moment_of(predicate.get("signed_at") or predicate["recorded_at"])
        local_date(moment)  # overflows for the last hours that a calendar has
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        moment = None
    fallback = "" if "signed_at" in predicate else "operator"  # an attestation names no office
    return OwnSignature(
        file.path,
        held.fingerprint,
        PersonId(str(predicate.get("reviewer"))) if "witness" in predicate else held.person,
        moment,
        str(predicate.get("role", fallback)),
        PersonId(str(predicate.get("acting_for", ""))),
    )


ROSTER = "content/registers/roster.yml"


def _versions(repository: Repository, head: CommitId) -> tuple[tuple[object, str], ...]:
    versions = appearances(repository, head, ROSTER)
    return tuple(_version(repository.blob(a.oid)) for a in versions if a.oid)


def _version(raw: bytes) -> tuple[object, str]:
    value = read_yaml(ROSTER, raw).value
    return value.get("serial") if isinstance(value, dict) else None, sha256_of(raw)


# What a change of the roster takes from posts that stand (threats A55).


def lost_signatures(
    repository: Repository, head: CommitId, old: Trusted, new: Trusted
) -> tuple[LostSignature, ...]:
    """The steps of present revisions on main that count under one roster and not under the next.

    Only what came since a key ends is read.
    """
    before, after = (pinned(t, repository, head).registers.roster for t in (old, new))
    ended = {k.fingerprint: k for k in after.keys if _ends_anew(before.key(k.fingerprint), k)}
    if not ended:
        return ()
    tree, line = repository.tree(head), times(repository, head)
    paths: set[str] = set()
    for key in ended.values():
        point = key.revoked_from if key.stopped or not key.end else key.end.isoformat()
        start = last_before(line, point) if point else NO_COMMIT
        came = (c.path for c in repository.changes(start, head)) if start else tree.files
        paths.update(p for p in came if p.startswith(REVIEWS) and p.endswith((".json", ".sig")))
    stems = {p.removesuffix(".sig") for p in paths} & {p for p in paths if p in tree.files}
    files = signed_files(tree, [p for s in stems for p in (s, f"{s}.sig") if p in tree.files])
    lost = (_lost(file, before, ended) for file in sorted(files, key=lambda f: f.path))
    return tuple(row for row in lost if row and _is_present(row, tree))


def _ends_anew(old: RosterKey | None, key: RosterKey) -> bool:
    ends = ("valid_until", "revoked_at", "revocation", "revoked_from")
    return old is not None and any(getattr(old, n) != getattr(key, n) for n in ends)


def _lost(file: SignedFile, before: Roster, ended: Mapping[str, RosterKey]) -> LostSignature | None:
    if file.statement is None or file.signature is None:
        return None
    key = ended.get(fingerprint_of(file.signature, NAMESPACE))
    try:
        predicate = predicate_of(file.statement)
        moment, step = moment_of(predicate["signed_at"]), Step(predicate["step"])
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    record = digest(file.statement, file.signature)
    old = before.key(key.fingerprint) if key else None
    if key is None or old is None or not old.usable(moment, record) or key.usable(moment, record):
        return None
    return LostSignature(PostId(file.path.split("/")[3]), step, key.person, file.path)


def _is_present(row: LostSignature, tree: Tree) -> bool:
    """Whether no later revision of the post was reviewed."""
    folder, number = row.path.split("/")[:4], int(row.path.split("/")[4][1:])
    later = {p.split("/")[4] for p in tree.files.under(f"{'/'.join(folder)}/")}
    return number == max(int(name[1:]) for name in later)


# What of a change needs the consent of two, and who consented to it as it stands (R13-7).


def governed(
    repository: Repository,
    base: str,
    registers: Registers,
    now: datetime,
    acknowledges: Collection[str] = (),
    head: str = "HEAD",
) -> tuple[Tree, list[RawChange]]:
    """(what main would hold, the files in it that need consent): as `verify` will see them.

    Main may have gone on since the branch began; that is no part of the change. Raises Fault when
    nothing needs a consent.
    """
    line = repository.base(base)
    after = repository.tree(repository.merged(line, repository.commit(head)))
    areas = registers.parameter("change.signed_areas", local_date(now))
    changes = repository.changes(line, after.oid)
    changed = [c for c in changes if area_of(c.path) in areas]
    if not changed and not acknowledges:
        raise Fault(
            say("Nothing between {base} and HEAD needs an authorisation.", base=base),
            say("Commit the change to a branch first, and name its base with --base."),
        )
    return after, changed


def consents(after: Tree, changed: Iterable[RawChange]) -> list[PersonId]:
    """Ids of the people whose consent to exactly this change lies in the tree that it makes."""
    mark = consented(after, changed, ())[2]
    paths = (PurePath(p) for p in paths_under(after, AUTHORISATIONS))
    return sorted(
        {PersonId(p.stem) for p in paths if p.suffix == ".json" and p.parent.name[11:] == mark}
    )


def consented(
    after: Files, changed: Iterable[RawChange], acknowledges: tuple[str, ...]
) -> tuple[dict[str, Digest], list[str], str]:
    """(path → sha256 of what stays, paths that go, a short digest of it all)."""
    subject = {c.path: sha256_of(after.read(c.path)) for c in changed if c.status != "D"}
    removed = sorted(c.path for c in changed if c.status == "D")
    consented = repr((sorted(subject.items()), removed, acknowledges)).encode()
    return subject, removed, sha256_of(consented)[:8]


def registers_left(after: Tree, changed: Iterable[RawChange]) -> Registers | None:
    """The registers that a change leaves; None: it touches none, or they cannot be read."""
    if not any(governs(c.path) for c in changed):
        return None
    try:
        return trust(after, to_come=True).registers
    except Fault:
        return None


def objections(old: Trusted, new: Trusted, path: str, now: datetime) -> Iterator[Finding]:
    """What clauses refuse of a register as a proposal would leave it, before anyone signs."""
    change = Change(
        NO_COMMIT, NO_COMMIT, (Entry(path, "M", "governance", NO_DIGEST),), proposed=new.registers
    )
    clock, none = Clock(now), frozenset[PostId]()
    archive = Archive(OnBranch(change), clock, old.registers, {}, none, {}, (), ())
    return (f for f in judge_change(archive, old.rulebook).findings if f.effect is Effect.REFUSE)
