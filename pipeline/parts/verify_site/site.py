"""Check a whole published site without its repository: files, signatures, log (threats A23)."""

import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby

from pipeline.errors import Fault
from pipeline.evidence.log import tiles
from pipeline.evidence.log.checkpoint import Checkpoint
from pipeline.evidence.log.leaves import builds_text, record_digest
from pipeline.evidence.log.merkle import BUILD, Log
from pipeline.evidence.review.bundle_checks import (
    Trusted,
    bundle_problems,
    check_times,
    correction_mismatches,
    counted_records,
    proof_problems,
)
from pipeline.evidence.review.expunge import erasure_problems
from pipeline.evidence.review.site_bundle import SiteBundle, read_site_bundle
from pipeline.evidence.review.statements import NAMESPACE, moment_of, predicate_of
from pipeline.evidence.ssh.allowed_signers import Signer, read_signers
from pipeline.model.brings import POST_ID
from pipeline.model.documents import Document
from pipeline.model.evidence import record_stem
from pipeline.model.findings import Message, say
from pipeline.model.ids import NO_PERSON, Digest, PostId, sha256_of
from pipeline.model.records import Correction, Publication
from pipeline.parts.verify_site import page
from pipeline.parts.verify_site.identity import check_identity, compare_theme
from pipeline.parts.verify_site.log import (
    ReportBuilder,
    Site,
    SiteReport,
    build_of,
    growing,
    unchecked,
)
from pipeline.site.fragments import NAMES
from pipeline.source.content.text import read_yaml

# Records that a site publishes of a post, compared with its reviews and with the log: publications
# (threats A23, A24), changes after publication (A15), and the rosters that reviews name (A2).

ROSTER = "evidence/roster.yml"


def carried_problems(
    folder: page.Folder,
    bundle: SiteBundle,
    standing: Sequence[Publication],
    logged: Collection[str] | None,
) -> Iterator[Message | page.Remark]:
    """What is wrong with a post's publication records: their times, and whether the log has them.

    `standing`: the records that count; `logged`: digests of the post's records in the log, or None
    without a log.
    """
    ordered_at = _ordered(folder, bundle)
    problems, remarks = check_times(bundle, standing, ordered_at)
    yield from problems
    yield from map(page.Remark, remarks)
    if logged is not None:
        yield from _unlogged(bundle, logged, folder.withdrawn and page.MAIN not in folder.digests)


def _unlogged(bundle: SiteBundle, logged: Collection[str], gone: bool) -> Iterator[Message]:
    """Records that only the log or only the evidence holds; a withdrawn post may hold fewer."""
    held = [record_digest(*record) for record in bundle.records]
    for number, digest in enumerate(held, 1):
        if digest not in logged:
            yield say("{name} is not in the log.", name=f"{record_stem(number)}.json")
    missing = len(set(logged) - set(held))
    if missing and not gone:
        yield say(
            "The log knows of {n} records of publication that the evidence does not hold.",
            n=missing,
        )


def _ordered(folder: page.Folder, bundle: SiteBundle) -> datetime | None:
    """When a leader ordered the post out before its reviews, as the reviewed text says (A27)."""
    if page.MAIN not in folder.held:
        return None
    post = page.post_of(folder, bundle)
    order = post.meta.get("emergency")
    try:
        return moment_of(order["ordered_at"]) if order and post.may_go_first else None
    except (ValueError, TypeError, KeyError):
        return None


def corrections_of(bundle: SiteBundle) -> Iterator[Correction]:
    """The records of changes after publication.

    Raises ValueError, TypeError or KeyError for a record of another shape or post.
    """
    for raw in bundle.corrections or ():
        value = read_yaml("", raw).value
        if value["post"] != bundle.post:
            raise ValueError("the record of another post")
        changes = tuple((str(c["old"]), str(c["new"])) for c in value["changes"])
        day, revision = date.fromisoformat(value["changed_on"]), int(value["revision"])
        yield Correction(
            "", f"{bundle.post}.r{revision}", bundle.post, revision, str(value["kind"]),
            str(value["reason"]), day, NO_PERSON, changes, Document(""),
        )  # fmt: skip


def correction_problems(bundle: SiteBundle, logged: Set[str] | None) -> Iterator[page.Item]:
    """Records of changes that neither log nor review names, or that the evidence leaves out.

    `logged`: digests of the records in the log. None: there is no log, and only a review names the
    record of its own revision.
    """
    held = {sha256_of(raw) for raw in bundle.corrections or ()}
    reviewed = {predicate_of(step.statement).get("correction") for step in bundle.steps}
    unknown, missing = held - reviewed - (logged or set()), (logged or set()) - held
    if unknown and logged is not None:
        yield say("The evidence holds a record of a correction that is not in the log.")
    elif unknown or (missing and bundle.corrections is None):
        yield page.NotCompared(NAMES["corrections"])
    if missing and bundle.corrections is not None:
        yield say(
            "The log knows of {n} records of corrections that the evidence does not hold.",
            n=len(missing),
        )


class Rosters:
    """The rosters that reviews name: one digest for each serial, and none later than the site's.

    A person who was shown a forged roster signed its digest, and the other reviews disagree. A site
    publishes the digests of its last two rosters (`published`: the file, if it shows one). For an
    earlier one, the first review decides the digest, and the others must agree.
    """

    def __init__(self, published: bytes | None) -> None:
        self._digests: dict[object, object] = {}
        """Serial → digest, as far as it was read."""
        self._last: int | None = None
        value = read_yaml(ROSTER, published or b"").value
        if published is not None and isinstance(value, dict) and type(value.get("serial")) is int:
            self._last = value["serial"]
            self._digests = {self._last: sha256_of(published)}
            self._digests[self._last - 1] = value.get("previous")

    def problems(self, bundle: SiteBundle) -> Iterator[Message]:
        """What is wrong with the rosters that a post's reviews name."""
        for step in bundle.steps:
            try:
                roster = predicate_of(step.statement)["roster"]
                serial, digest = roster["serial"], roster["digest"]
                later = self._last is not None and serial > self._last
                other = self._digests.setdefault(serial, digest) != digest
            except (ValueError, TypeError, KeyError):
                continue  # `bundle_problems` reports a statement that cannot be read
            if later or other:
                yield say(
                    "The step {step} names a roster that is not the site's.", step=step.step_name
                )


_LINE = re.compile(rb"([0-9a-f]{64})  ([^\x00-\x1f\\]+)\n?")
_POST = re.compile(rf"posts/(\d{{4}})/(?=\1-)({POST_ID})(?:\.r([1-9]\d{{0,3}}))?/")
_CHANGE = re.compile(r".*\.r([1-9]\d{0,3})\.yml", re.DOTALL)
_CHANGES = frozenset({"correction", "update", "withdrawal", "expiry"})
_FREE = frozenset({tiles.MANIFEST, tiles.CHECKPOINT, tiles.MARKER})
KEYS = "evidence/allowed_signers"
MAX_FILES = 5_000_000
"""Many times what a hundred thousand posts have."""


@dataclass
class LogIndex:
    """What the leaves of the log say of posts, by post."""

    revision: dict[str, int] = field(default_factory=dict)
    """Post → revision of its newest correction."""
    published: dict[PostId, dict[str, str]] = field(default_factory=dict)
    """Post → path of each record of a publication → its digest."""
    changes: dict[str, dict[int, str]] = field(default_factory=dict)
    """Post → revision → digest of its record; the last one counts."""
    withdrawn: set[str] = field(default_factory=set)
    erased: dict[PostId, set[str]] = field(default_factory=dict)
    """Post → digests of the records that erase it."""


def verify_site(
    site: Site, key: str | None = None, trusted: Trusted = None, after: bytes | None = None
) -> SiteReport:
    """Check every file against the lists, lists and log against the checkpoint, every post's page
    and evidence by itself and against the log, and the log as `verify_log` does.

    `trusted`: who may sign, see `bundle_problems`; `key`, `after`: see `verify_log`.
    """
    report = ReportBuilder()
    listed = _manifest(site, report)
    checkpoint, log = growing(site, key, after, report)
    if checkpoint is not None and log is not None:
        if _named_list(checkpoint, log, report) != sha256_of(site.read(tiles.MANIFEST) or b""):
            report.add(
                tiles.MANIFEST, say("The list of files is not the one the checkpoint names.")
            )
        if (build := build_of(log)) and build.kind == BUILD:
            check_identity(site, listed, log.origin, build.program, report)
            compare_theme(site, listed, build.program, report)
        listed |= _own_files(log)
    for path in sorted(set(site.listing() if site.listing else ()) - listed.keys() - _FREE):
        report.add(path, say("This file is not in the list of files."))
    posts = _files(site, listed, log, trusted, report)
    for path in (tiles.MANIFEST, tiles.CHECKPOINT):
        _same_everywhere(site, path, sha256_of(site.read(path) or b""), report)
    remarks = (*unchecked(key, after), *_not_looked_at(site, trusted), *report.remarks)
    counted = len(listed), len(posts), log.size if log else 0
    uncompared = {name: tuple(pages) for name, pages in sorted(report.uncompared.items())}
    return SiteReport(tuple(report.problems), remarks, *counted, uncompared)


def _named_list(checkpoint: Checkpoint, log: Log, report: ReportBuilder) -> str:
    """The digest of the list of files by the log; by the checkpoint where the log has no build."""
    build = build_of(log)
    if build is None:
        report.remarks.append(
            say(
                "The checkpoint alone names the list of files, as older versions of the program"
                " have it: no witness of the log vouches for lists and search."
            )
        )
        return checkpoint.extension(tiles.MANIFEST_LINE)
    if build.kind != BUILD:
        return ""
    report.remarks.append(
        say(
            "Built of commit {commit}, for {as_of}: entry {n} of the log.",
            commit=build.path,
            as_of=build.post,
            n=log.size,
        )
    )
    return build.record


def _own_files(log: Log) -> dict[str, Digest]:
    """Path → sha256 of the files that the log itself determines; no list names them."""
    if build_of(log) is None:
        return {}
    builds = (leaf._replace(since=n) for n, leaf in enumerate(log.leaves, 1))
    text = builds_text(leaf for leaf in builds if leaf.kind == BUILD)
    return {tiles.FOLDER + p: sha256_of(data) for p, data in tiles.tiles(log)} | {
        tiles.BUILDS: sha256_of(text)
    }


def compare(site: Site, made: Site, report: ReportBuilder) -> int:
    """Report each address at which a site shows other bytes than one made again; how many files
    were compared. `made`: a folder.
    """
    wanted = set(made.listing() if made.listing else ()) - {tiles.MARKER}
    for path in sorted(wanted):
        digest, raw = sha256_of(made.read(path) or b""), site.read(path)
        if raw is None:
            report.add(path, say("The site lacks this file."))
        elif sha256_of(raw) != digest:
            report.add(path, say("The site shows other bytes than were made again."))
        else:
            _same_everywhere(site, path, digest, report)
    present = set(site.listing() if site.listing else _manifest(site, ReportBuilder()))
    for path in sorted(present - wanted - {tiles.MARKER}):
        report.add(path, say("The site has this file, and none was made again."))
    return len(wanted)


def _not_looked_at(site: Site, trusted: Trusted) -> Iterator[Message]:
    if trusted is None:
        yield say("The reviewers' keys were taken as the site presents them.")
    if site.again is None:
        yield say("A folder was read, nothing was fetched: what a server sends was not looked at.")
    if site.listing is None:
        yield say(
            "A server lists no files: what neither a list nor a page names was not looked for."
        )
    yield say(
        "Compared with what was signed: title, text, facts and files of every post, who signed it, "
        "its corrections, and where and when it was carried. Names of offices and accounts, lists, "
        "feeds, search and smaller pictures are only what the checkpoint names."
    )
    yield say(
        "Which office a reviewer or operator held, and the rosters before the last two, are not "
        "published: `sanshen audit` of a clone checks them."
    )


def _manifest(site: Site, report: ReportBuilder) -> dict[str, Digest]:
    """Path → sha256, of all lists of files; each list is read up to its first unusable line."""
    listed: dict[str, Digest] = {}
    _list(site, tiles.MANIFEST, listed, report)
    for path in [path for path in listed if path.startswith(tiles.LISTS)]:
        _list(site, path, listed, report)
    return listed


def _list(site: Site, path: str, listed: dict[str, Digest], report: ReportBuilder) -> None:
    """Read one list: that of the whole site, or that of a year, which the first one names."""
    raw = site.read(path)
    if raw is None:
        report.add(path, say("The list of files is missing."))
        return
    for line in io.BytesIO(raw):
        match = _LINE.fullmatch(line)
        name = match[2].decode("utf-8", "replace") if match else ""
        if not match or not _inside(name) or name in listed or len(listed) >= MAX_FILES:
            report.add(path, say("The list of files has a line that cannot be used."))
            return
        listed[name] = Digest(match[1].decode())


def _inside(path: str) -> bool:
    return not path.startswith("/") and not {"", ".", ".."} & set(path.split("/"))


def _files(
    site: Site,
    listed: Mapping[str, Digest],
    log: Log | None,
    trusted: Trusted,
    report: ReportBuilder,
) -> set[str]:
    """The posts that are shown; each file is checked against its digest and its post's evidence."""
    index, shown, gone, linked = index_log(log), set[str](), set[str](), set[str]()
    rosters = Rosters(site.read(ROSTER) if ROSTER in listed else None)
    signers = _claimed(site) if trusted is None else trusted
    for folder, paths in groupby(sorted(listed), key=_folder):
        digests, held = {}, {}
        for path in paths:
            name = path[len(folder) :]
            digests[name] = listed[path]
            raw = _held(site, path, listed[path], report)
            if raw is not None and site.listing is None:
                linked.update(a for a in page.addresses(path, raw) if a not in listed)
            if raw is not None and folder and (name in page.READ or name.startswith(page.ERASED)):
                held[name] = raw
            elif not folder and path.rpartition("/")[2] == page.EVIDENCE:
                report.add(path, say("There is evidence where no post has its page."))
        if folder:
            id, _, version = folder.split("/")[2].partition(".r")
            post = PostId(id)
            number = int(version or 0)
            newest, withdrawn = index.revision.get(post, 0), post in index.withdrawn
            changes = index.changes.get(post, {})
            if number:
                changes = {n: digest for n, digest in changes.items() if n <= number}
                if withdrawn or post in index.erased or (log and number >= newest):
                    report.add(folder, say("There is no earlier version that may be shown here."))
            files = page.Folder(post, digests, held, newest, withdrawn, changes, number)
            if page.EVIDENCE in digests:
                if not number:
                    shown.add(post)
                published = {} if number else index.published.get(post, {})
                carried = published.values() if log else None
                for item in _evidence(files, log, trusted, carried, rosters):
                    if isinstance(item, page.NotCompared):
                        report.uncompared.setdefault(item.name, []).append(folder)
                    elif isinstance(item, page.Remark):
                        report.remarks.append(item.message)
                    else:
                        report.add(folder + page.EVIDENCE, item)
            elif number or post not in index.erased:
                report.add(folder, say("A post is shown without evidence."))
            else:
                gone.add(post)
                report.add(folder, *_erased(files, index.erased[post], signers))
    for path in sorted(linked - _FREE):
        if _inside(path) and site.read(path) is not None:
            report.add(path, say("A page or style sheet names this file, and no list does."))
    for post in sorted((index.published.keys() | index.erased.keys()) - shown - gone):
        report.add(
            tiles.CHECKPOINT, say("{post} was published, but the site does not show it.", post=post)
        )
    return shown


def _folder(path: str) -> str:
    """The folder of a post that a path lies in; empty for any other."""
    match = _POST.match(path)
    return match[0] if match else ""


def _held(site: Site, path: str, digest: Digest, report: ReportBuilder) -> bytes | None:
    """The bytes of a file; None when they are not what the list says."""
    raw = site.read(path)
    if raw is None:
        report.add(path, say("This file is missing, or larger than any of a site."))
        return None
    _same_everywhere(site, path, digest, report)
    if sha256_of(raw) != digest:
        report.add(path, say("This file was changed."))
    else:
        return raw
    return None


def _same_everywhere(site: Site, path: str, digest: Digest, report: ReportBuilder) -> None:
    """Check a file's digest in all other ways in which people open it (threats A46)."""
    for other, raw in site.again(path) if site.again else ():
        if sha256_of(raw or b"") != digest:
            report.add(path, other)


def _evidence(
    folder: page.Folder,
    log: Log | None,
    trusted: Trusted,
    carried: Collection[str] | None,
    rosters: Rosters,
) -> Iterator[page.Item]:
    """What is wrong with one post; `carried`: `logged` of `carried_problems`."""
    raw = folder.held.get(page.EVIDENCE)
    bundle = read_site_bundle(raw) if raw is not None else None
    if bundle is None:
        if raw is not None:
            yield say("The evidence cannot be read.")
        return
    yield from bundle_problems(bundle, trusted)
    yield from rosters.problems(bundle)
    standing, problems = counted_records(bundle, trusted)
    yield from problems
    yield from page.page_problems(folder, bundle, standing, corrections_of(bundle))
    yield from carried_problems(folder, bundle, standing, carried)
    yield from correction_problems(bundle, set(folder.changes.values()) if log else None)
    if log is not None:
        yield from proof_problems(bundle, log)
        yield from correction_mismatches(bundle, folder.changes.get(bundle.revision, ""))


def _erased(
    folder: page.Folder, records: Collection[str], signers: Collection[Signer]
) -> Iterator[Message]:
    """What is wrong with the page of an erased post."""
    signed = {name: raw for name, raw in folder.held.items() if name.startswith(page.ERASED)}
    if folder.digests.keys() != {page.PAGE, *signed}:
        yield say("A post that was erased has other files than its page and what was signed.")
    yield from erasure_problems(folder.post, signed, records, signers)


def _claimed(site: Site) -> Collection[Signer]:
    """The keys that the site itself presents; empty when the file cannot be used."""
    try:
        return read_signers((site.read(KEYS) or b"").decode("utf-8", "replace"), NAMESPACE)
    except Fault:
        return ()


def index_log(log: Log | None) -> LogIndex:
    """Index a log by post. Its leaves are claims of the site."""
    index = LogIndex()
    for leaf in log.leaves if log else ():
        post = PostId(leaf.post)
        if leaf.kind == "expunge":
            index.erased.setdefault(post, set()).add(leaf.record)
        elif leaf.kind == "publication" and leaf.post:
            index.published.setdefault(post, {})[leaf.path] = leaf.record
        elif leaf.kind in _CHANGES and (match := _CHANGE.fullmatch(leaf.path)):
            revision = int(match[1])
            index.changes.setdefault(leaf.post, {})[revision] = leaf.record
            if revision >= index.revision.get(leaf.post, 0):  # a later revision may bring it back
                index.revision[leaf.post] = revision
                index.withdrawn.discard(leaf.post)
                if leaf.kind == "withdrawal":
                    index.withdrawn.add(leaf.post)
    return index
