"""The whole search index in one go; a build makes it by years (`site/search/units.py`)."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pipeline.parts.search.index import SearchDoc, build_manifest, build_part, split_year


def build_segment(year: int, docs: Iterable[SearchDoc], *, closed: bool) -> dict[str, bytes]:
    """Index one year: path from the site's root → bytes. Every other year stays as it is.

    `closed` says that a later year has posts: the year then becomes one part, for good.
    """
    parts = split_year(year, docs, closed=closed)
    return {path: data for part in parts for path, data in build_part(part, parts[part]).items()}


def build_index(docs: Iterable[SearchDoc]) -> Iterator[tuple[str, bytes]]:
    """The whole index: (path from the site's root, bytes); the order of `docs` does not matter."""
    ordered = sorted(docs, key=lambda doc: doc.date)
    newest = int(ordered[-1].date[:4]) if ordered else 0
    heads: list[bytes] = []
    for year, posts in groupby(ordered, key=lambda doc: int(doc.date[:4])):
        files = build_segment(year, posts, closed=year < newest)
        heads += [data for path, data in files.items() if path.endswith("/part.json")]
        yield from files.items()
    yield "search/index.json", build_manifest(heads)
