"""The publication log on the site: tiles, key, list of all files, checkpoint over both.

The list names every file of the site but itself and the checkpoint, so that a whole downloaded
site can be checked against one signature.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.site.inputs import SiteLog
from pipeline.site.state import Units
from pipeline.site.units import File, FinalUnit, UnfinishedSite, Unit, digest, sha256

CHECKPOINT = "log/checkpoint"
KEY = "log/key"
MANIFEST = "site-manifest.sha256"
_LIST, _NOTE = "manifest", "checkpoint"


def log_units(log: SiteLog | None) -> Iterator[Unit]:
    """Tiles and entries, each full block by itself; the rest with the log's public key."""
    if log is None:
        return
    for number, block in enumerate(log.blocks):
        yield Unit(f"log:{number}", block.hex(), partial(log.block, number))

    def make() -> Iterator[File]:
        yield from log.others()
        if log.verifier:
            yield KEY, f"{log.verifier}\n".encode()

    yield Unit("log:rest", digest(log.size, log.root, log.verifier), make)


def closing(log: SiteLog | None) -> Iterator[FinalUnit]:
    """The list of all files, then the checkpoint that names the list."""

    def listed(site: UnfinishedSite) -> Iterator[File]:
        yield MANIFEST, site.listing()

    yield FinalUnit(_LIST, listed)
    if log is None:
        return

    def noted(site: UnfinishedSite) -> Iterator[File]:
        yield CHECKPOINT, log.note(sha256(site.read(MANIFEST)))

    yield FinalUnit(_NOTE, noted)


def refuse_unless_extended(out: Path, whole: Units, log: SiteLog | None) -> None:
    """Raise Fault when the new log does not begin with the one that `out` shows (threats A23).

    `whole`: the units of the whole in the present site, as far as its state is known.
    """
    try:
        published = (out / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        published = None
    stored = whole[_NOTE].files[CHECKPOINT] if _NOTE in whole else None
    if stored and (published is None or sha256(published) != stored):
        raise Fault(
            say("The checkpoint published in {path} was changed after the build.", path=str(out)),
            say("Restore {file} from a copy of the site.", file=CHECKPOINT),
        )
    if published is None:
        return
    objection = log.objection(published) if log else say("The published site has a log, this none.")
    if objection:
        raise Fault(
            objection, say("The old site stands. Compare main with a clone that others hold.")
        )
