"""The catalogue: metadata of every post by year, as JSON and CSV, with an index of the years.

A year that is over is not written again; `schemas/catalogue.json` describes both kinds of file.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from functools import partial

from pipeline.site.units import File, Unit
from pipeline.site.views import View
from pipeline.site.workshop import Workshop
from pipeline.site.years import Year

VERSION = 2
_OVER = ("已失效", "已解除")  # of `validity_of`: whatever its front matter says
COLUMNS = (
    "index_no", "id", "url", "title", "published_at", "validity", "revision", "category",
    "kind_name", "topic", "summary", "accounts", "tags", "doc_no", "created_on",
)  # fmt: skip


def catalogue_of(shop: Workshop, year: Year) -> Unit:
    """catalogue/YEAR.json and .csv."""
    key = shop.key(year.name, shop.marks(year.views))
    return Unit(f"catalogue:{year.name}", key, partial(_year, shop, year.name, year.views))


def catalogue(shop: Workshop) -> Unit:
    """catalogue.json that lists the years, newest first."""
    counted = {year.name: year.summary.posts for year in reversed(shop.years)}
    return Unit("catalogue", "", partial(_index, shop, counted))


def _year(shop: Workshop, year: str, views: Sequence[View]) -> Iterator[File]:
    rows = [row(view, shop.base) for view in views]
    yield f"catalogue/{year}.json", _lines(year, rows)
    yield f"catalogue/{year}.csv", _table(rows)


def _index(shop: Workshop, years: dict[str, int]) -> Iterator[File]:
    listed = [
        {"year": int(y), "posts": n, "json": f"catalogue/{y}.json", "csv": f"catalogue/{y}.csv"}
        for y, n in years.items()
    ]
    value = {"version": VERSION, "archive": shop.name, "url": shop.base, "years": listed}
    yield "catalogue.json", (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _lines(year: str, rows: Sequence[dict[str, object]]) -> bytes:
    """A post a line, so that two catalogues can be compared by `diff`."""
    posts = ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows)
    return f'{{"version":{VERSION},"year":{int(year)},"posts":[\n{posts}\n]}}\n'.encode()


def _table(rows: Sequence[dict[str, object]]) -> bytes:
    """CSV (RFC 4180) with a byte order mark, without which spreadsheets misread Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for found in rows:
        writer.writerow([_cell(found.get(name, "")) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    text = "；".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def row(view: View, base: str) -> dict[str, object]:
    """What the catalogue says of a post; less of a withdrawn one."""
    card = view.card
    found: dict[str, object] = {
        "index_no": view.index_no,
        "id": card.id,
        "url": base + view.url,
        "title": view.title,
        "published_at": view.moment.isoformat(),
        "validity": "expired" if view.validity in _OVER else card.validity,
        "revision": card.revision,
    }
    if view.withdrawn:
        return found
    return found | {
        "category": card.category,
        "kind": card.kind,
        "kind_name": view.kind,
        "topic": card.topic,
        "summary": view.summary,
        "accounts": list(card.accounts),
        "tags": list(view.tags),
        "doc_no": card.doc_no,
        "created_on": card.created_on,
        "manifest": dict(card.files),
    }
