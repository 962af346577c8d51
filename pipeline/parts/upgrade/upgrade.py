"""The one proposal that renews the program of an archive, read from a wheel as data.

It changes `program.lock`, the wheel, and what the program wrote into the archive and the archive
left as it was; what the archive changed stays, and is named.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from pipeline.errors import Fault, Misuse
from pipeline.judge.program_change import program_problem, replaced
from pipeline.law.rulebook import ARTICLE_SCHEMAS, REGULATION
from pipeline.model.findings import Message, say, say_names
from pipeline.model.part import program
from pipeline.new.archive_files import program_files, templates
from pipeline.new.new_archive import default_settings
from pipeline.new.yaml_writer import rewritten
from pipeline.source.content.own_theme import outgrown
from pipeline.source.content.paths import Files
from pipeline.source.content.program_lock import LOCK, OFFLINE, OWN, WHEELS, Lock, lock_of
from pipeline.source.content.records import paths_under
from pipeline.source.content.registers import POLICY
from pipeline.source.content.text import read_yaml
from pipeline.source.program import beside_in, packed_files, running
from pipeline.source.wheel import MOST, lock_for, news, unpacked, yanked


@dataclass(frozen=True)
class Release:
    """A wheel of the program, read whole."""

    raw: bytes
    files: Mapping[str, bytes]
    """Path in the wheel → bytes."""
    lock: Lock
    """As it is where the wheel lies in the archive."""

    @classmethod
    def read(cls, raw: bytes, name: str) -> "Release":
        """Raises Fault for bytes that are no wheel of this program, or not what their name says."""
        lock = lock_for(raw)
        if PurePath(lock.wheel).name != name:
            raise Fault(
                say(
                    "The file is called {name} and holds version {version}.",
                    name=name,
                    version=lock.program.version,
                ),
                say("Fetch it anew from where the program is published; its name stays as it is."),
            )
        return cls(raw, unpacked(raw), lock)

    @property
    def version(self) -> str:
        return self.lock.program.version

    @cached_property
    def shipped(self) -> Mapping[str, bytes]:
        """Path in an archive → bytes of what it ships beside the package."""
        return beside_in(self.files)


@dataclass(frozen=True)
class Upgrade:
    """What the proposal changes, and what people read of it before they consent."""

    old: str
    """The version in force."""
    new: str
    files: Mapping[str, bytes | None]
    """Path → bytes; None: it goes."""
    own: tuple[str, ...]
    """What the archive changed of its program's files: it stays as it is."""
    news: str = ""
    """The changelog between the two, as written."""
    remarks: tuple[Message, ...] = ()


def upgraded(tree: Files, release: Release, beside: Mapping[str, bytes] | None = None) -> Upgrade:
    """The upgrade of an archive. Raises Fault where it may not be.

    `beside`: file name → bytes of all that the new version depends on, to lie in the archive too.
    """
    lock = lock_of(tree)
    if lock is None:
        raise Fault(
            say(
                "The archive names no program: it carries one, as archives did before any release."
            ),
            say("Every program judges it as it is; a new one names its program: `sanshen init`."),
        )
    _refuse(tree, lock, release)
    program = packed(tree, lock) or {}
    forge = forge_of(tree.files)
    own_rules = lock.regulation == OWN
    old, new = (templates(files, forge, own_rules) for files in (program, release.files))
    files: dict[str, bytes | None] = dict.fromkeys(paths_under(tree, WHEELS))
    files |= _program(tree, lock, release, beside)
    stands = {p: tree.read(p) for p in {*old, *new} if p in tree.files}
    renewed = {p: raw for p, raw in new.items() if stands.get(p) == old.get(p)}
    files |= {p: raw for p, raw in renewed.items() if stands.get(p) != raw}
    files |= {p: None for p in old if p not in new and stands.get(p) == old[p]}
    own = sorted(p for p in new if p in stands and p not in renewed and stands[p] != new[p])
    copies = outgrown(tree, beside_in(program), release.shipped)
    return Upgrade(
        lock.program.version,
        release.version,
        files | with_settings(tree, release),
        tuple(p for p in own if old.get(p) != new[p]),
        news=news(release.files, lock.program.version, release.version),
        remarks=(*_remarks(lock, release), *map(_outgrown, copies)),
    )


def _outgrown(path: str) -> Message:
    return say("{path} is your own copy, and the program changes its file: bring what is new there"
               " into yours.", path=path)  # fmt: skip


def _refuse(tree: Files, lock: Lock, release: Release) -> None:
    if release.lock.program == lock.program:
        raise Misuse(
            say("The archive names this program already: {version}.", version=release.version),
            say("Nothing is to be done."),
        )
    if fault := replaced(lock, release.lock):
        raise Fault(
            fault[1],
            say("Fetch a newer version from where the program is published."),
            name=fault[0],
        )
    if problem := program_problem(tree, lock):
        both = f"{LOCK} {WHEELS}"
        remedy = say("Restore it as it stood: `git log -- {path}` names the change.", path=both)
        raise Fault(problem, remedy)
    withdrawn = yanked(release.files) | yanked(dict(packed_files()))
    if release.version in withdrawn:
        raise Fault(
            say(
                "Version {version} was withdrawn: {reason}",
                version=release.version,
                reason=withdrawn[release.version],
            ),
            say("Take a later one."),
        )


def _remarks(lock: Lock, release: Release) -> tuple[Message, ...]:
    reason = yanked(release.files).get(lock.program.version)
    if reason is None:
        return ()
    return (say("The version in force, {version}, was withdrawn: {reason}",
                version=lock.program.version, reason=reason),)  # fmt: skip


def news_between(before: Files, after: Files) -> str:
    """The changelog that a change of the program brings, out of the wheel in the archive; nothing
    where no wheel lies there, or one that cannot be read, which the judge refuses."""
    old, new = lock_of(before), lock_of(after)
    if new is None or new.wheel not in after.files:
        return ""
    version = old.program.version if old else new.program.version
    if after.files[new.wheel].size > MOST:
        return ""
    try:
        return news(unpacked(after.read(new.wheel)), version, new.program.version)
    except Fault:
        return ""


def packed(tree: Files, lock: Lock) -> Mapping[str, bytes] | None:
    """Path in the wheel → bytes of the program in force: its wheel lies in the archive, or it is
    the one that runs; None where it is neither."""
    if lock.wheel:
        return unpacked(tree.read(lock.wheel))
    return dict(packed_files()) if lock.program == running() else None


def _program(
    tree: Files, lock: Lock, release: Release, beside: Mapping[str, bytes] | None
) -> dict[str, bytes]:
    """Lock and wheel, as the archive has them: from an index, or with all that it depends on."""
    held = {PurePath(p).name: tree.read(p) for p in paths_under(tree, WHEELS) if p != lock.wheel}
    if beside is None and held and lock.requirements != OFFLINE + release.lock.requirements:
        raise Fault(
            say(
                "The archive holds all that is installed, and the new version depends on other"
                " files."
            ),
            say("Run it with `--offline` where pip reaches an index."),
        )
    more = held if beside is None else beside
    return program_files(bool(lock.wheel), more, release.raw, lock.regulation)


def forge_of(paths: Iterable[str]) -> str:
    """Where an archive stands, by the files that its forge reads."""
    held = set(paths)
    forges = program().forges.values()
    return next((f.kind for f in forges if f.files and f.files[-1] in held), "")


def with_settings(tree: Files, release: Release) -> dict[str, bytes | None]:
    """The policy with the parameters that a new version asks for and it lacks, at their defaults;
    nothing where it lacks none.

    Stated ahead, because the program that judges the proposal does not know them yet.
    """
    lock = lock_of(tree)
    law = {p: raw for p, raw in release.shipped.items() if p.startswith(ARTICLE_SCHEMAS)}
    raw = tree.read(POLICY)
    policy = read_yaml(POLICY, raw).value
    wanted = {**policy, "parameters": dict(policy["parameters"])}
    if not (lock and lock.regulation == OWN):
        for name, settings in default_settings({**law, REGULATION: tree.read(REGULATION)}, {}):
            if name not in policy["parameters"]:
                wanted["parameters"][name] = [{**row, "ahead": True} for row in settings]
    return {} if wanted == policy else {POLICY: rewritten(POLICY, raw, wanted)}


def sentences(upgrade: Upgrade) -> tuple[Message, ...]:
    """What the proposal says besides the changelog, a sentence each."""
    own = say_names(upgrade.own)
    left = [say("Changed here, and left as they are: {paths}", paths=own)] if upgrade.own else []
    return (*upgrade.remarks, *left)
