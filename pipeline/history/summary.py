"""What a run tells of the posts that stand: volumes to the site, and years to the next run."""

from collections.abc import Set
from dataclasses import replace
from datetime import datetime
from functools import reduce
from operator import attrgetter

from pipeline.history.delta import Since
from pipeline.history.standing import Standing
from pipeline.memo.year_blocks import Row, Year, name_of, told_block
from pipeline.memo.year_parts import Part, Parts, Rows
from pipeline.model.cards import Card
from pipeline.model.clock import FIRST, Span
from pipeline.model.log import Log
from pipeline.model.year_volumes import Volume


def shown(standing: Standing) -> Parts:
    """The parts with those posts alone whose time has come: of a closed one, all."""
    now, parts = standing.archive.clock.as_given, {}
    for year, part in standing.parts.items():
        if part.closed:
            parts[year] = part
            continue
        rows = part.block.rows.items()
        due = {i: row for i, row in rows if datetime.fromisoformat(row.card.moment) <= now}
        parts[year] = part.holding(replace(part.block, rows=due), due.keys())
    return parts


def volumes(due: Parts) -> tuple[Volume, ...]:
    """The volumes of the posts that are `shown`."""
    return tuple(
        Volume(year, part.mark, Rows({year: part}, attrgetter("shown")))
        for year, part in due.items()
        if part.rows
    )


def placed(standing: Standing, log: Log) -> Standing:
    """The same, each post that has none yet with its place in the log."""
    parts = dict(standing.parts)
    for year, part in parts.items():
        if not part.closed:
            block = part.block
            rows = {i: _placed(row, log) for i, row in block.rows.items()}
            parts[year] = part.holding(replace(block, rows=rows))
    return replace(standing, parts=parts)


def _placed(row: Row, log: Log) -> Row:
    place = None if row.place else place_of(log, row.card)
    return replace(row, place=place, rest="") if place else row


def place_of(log: Log, card: Card) -> tuple[int, int] | None:
    """Where a post's confirmation is in the log: index, and size of the earliest tree with it."""
    index = log.places.get(card.confirmed)
    return None if index is None else (index, log.leaves[index].since)


def years(standing: Standing, due: Parts) -> dict[str, Year]:
    """What is to be kept of the posts: of closed years what was kept, of the others anew.

    `due`: the posts that are `shown`.
    """
    known, told = standing.since, {}
    relayed = {relay.get("post", "") for relay in standing.archive.facts.get("relays", ())}
    for year, of in due.items():
        part = standing.parts[year]
        if part.closed:
            told[year] = part.closed
        elif part.block.rows or part.publications:
            told[year] = _year(part, of, known, standing.archive.clock.as_given, relayed)
    return told


def _year(part: Part, due: Part, known: Since, now: datetime, relayed: Set[str]) -> Year:
    """What is kept of an open part; `due`: what is shown of it; `relayed`: posts of relays."""
    block, year, carried = part.block, part.year, part.publications
    content, written = told_block(block)
    name, names, reviews = name_of(content), known.posts.names(year), known.reviews.names(year)
    whole = part.ids == names == written == due.ids and all(i[:4] == year for i in reviews)
    rows = block.rows.values()
    moments = [datetime.fromisoformat(row.card.moment) for row in rows]
    moments += [p.published_at for p in carried]
    return Year(
        name,
        len(written),
        whole and all(p.published_at <= now for p in carried),
        reduce(Span.within, (row.span for row in rows), Span(max([FIRST, *moments]))),
        frozenset(block.queries.kinds),
        frozenset(block.queries.missing),
        frozenset(p.post for p in carried if p.post not in part.ids),
        frozenset(key for row in rows for key in row.card.rare),
        known.folders(year),
        {post: part.carrying(post) for post in sorted(part.ids & relayed)},
        part.updates,
        due.mark,
        "" if name == part.name else content,
    )
