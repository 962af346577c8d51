"""The publication records that a run looks at again, since something of their posts changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import chain

from pipeline.evidence.review.records import read_publications
from pipeline.judge.load_governance import Trusted
from pipeline.memo.judged_tree import Stood
from pipeline.model.findings import Finding
from pipeline.model.records import Publication
from pipeline.source.content.publication_names import PUBLICATIONS, publication_name
from pipeline.source.content.records import paths_under, signed_files
from pipeline.source.git.repository import RawChange
from pipeline.source.git.tree import Tree

_BESIDE = (".sig", ".tsr")


@dataclass(frozen=True)
class Carried:
    """The records that were read, and what came of them."""

    paths: tuple[str, ...] = ()
    publications: tuple[Publication, ...] = ()
    problems: tuple[Finding, ...] = ()


NONE = Carried()


def read_carried(
    trusted: Trusted, tree: Tree, past: Stood, touched: Set[str], changes: Iterable[RawChange]
) -> Carried:
    """The records of these posts, and of all posts of years of which what was kept is lost."""
    lost = {year for year in past.years if past.lost(year)}
    changed = (c.path for c in changes if c.path.startswith(PUBLICATIONS))
    stems = statements(chain(_recorded(past, touched), changed))
    found = {p for s in stems for p in (s, *(s + end for end in _BESIDE)) if p in tree.files}
    if lost:
        found.update(paths_under(tree, PUBLICATIONS))
    named = ((path, publication_name(path)[1]) for path in sorted(found))
    paths = tuple(path for path, post in named if post in touched or post[:4] in lost)
    read = read_publications(
        signed_files(tree, paths), trusted.registers, trusted.statements["publication"]
    )
    return Carried(paths, *read)


def _recorded(past: Stood, touched: Set[str]) -> Iterator[str]:
    """Paths of the records that these posts had."""
    for year in {post[:4] for post in touched}:
        if block := past.block(year):
            paths = chain((p.path for p in block.publications), block.others)
            yield from (path for path in paths if publication_name(path)[1] in touched)


def uncounted(
    tree: Tree, paths: Iterable[str], publications: Iterable[Publication]
) -> Mapping[str, dict[str, str]]:
    """Year of a post → `Block.others` out of all records that were read."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for path in statements(paths) - {p.path for p in publications}:
        blobs = (tree.files.get(p) for p in (path, f"{path}.sig"))
        objects = " ".join(blob.oid for blob in blobs if blob)
        found[publication_name(path)[1][:4]][path] = objects
    return found


def statements(paths: Iterable[str]) -> set[str]:
    """The paths of records without those of signatures and time stamps."""
    return {path.removesuffix(".sig").removesuffix(".tsr") for path in paths}
