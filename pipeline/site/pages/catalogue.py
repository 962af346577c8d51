"""The catalogue: metadata of every post by year, as JSON and CSV, with an index of the years.

A year that is over is not written again. Programs read the JSON, codes as they stand in the
archive; people open the CSV in a spreadsheet, so its columns and values are in their words.
`schemas/catalogue.json` describes the JSON and, by the title of each field, the columns.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from functools import partial
from urllib.parse import quote

from pipeline.model import zh_names
from pipeline.model.calendar import minute
from pipeline.model.evidence import Step
from pipeline.site.pages.post_view import PostView
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, Unit
from pipeline.site.years import SiteYear

VERSION = 2
_OVER = ("已失效", "已解除")  # of `validity_of`: whatever its front matter says
_FORMULA = tuple("=+-@＝＋－＠")


def catalogue_of(ctx: RenderContext, year: SiteYear) -> Unit:
    """catalogue/YEAR.json and .csv."""
    key = ctx.key(year.name, ctx.marks(year.views))
    return Unit(f"catalogue:{year.name}", key, partial(_year, ctx, year.name, year.views))


def catalogue(ctx: RenderContext) -> Unit:
    """catalogue.json that lists the years, newest first."""
    counted = {year.name: year.summary.posts for year in reversed(ctx.years)}
    return Unit("catalogue", "", partial(_index, ctx, counted))


def _year(ctx: RenderContext, year: str, views: Sequence[PostView]) -> Iterator[File]:
    yield f"catalogue/{year}.json", _lines(year, [row(view, ctx.base) for view in views])
    yield f"catalogue/{year}.csv", _table([_in_words(view, ctx.base) for view in views])


def _index(ctx: RenderContext, years: dict[str, int]) -> Iterator[File]:
    listed = [
        {"year": int(y), "posts": n, "json": f"catalogue/{y}.json", "csv": f"catalogue/{y}.csv"}
        for y, n in years.items()
    ]
    value = {"version": VERSION, "archive": ctx.name, "url": ctx.base, "years": listed}
    yield "catalogue.json", (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def _lines(year: str, rows: Sequence[dict[str, object]]) -> bytes:
    """A post a line, so that two catalogues can be compared by `diff`."""
    posts = ",\n".join(json.dumps(r, ensure_ascii=False, separators=(",", ":")) for r in rows)
    return f'{{"version":{VERSION},"year":{int(year)},"posts":[\n{posts}\n]}}\n'.encode()


def _table(rows: Sequence[dict[str, object]]) -> bytes:
    """CSV (RFC 4180) with a byte order mark, without which spreadsheets misread Chinese."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(zh_names.CATALOGUE_COLUMNS.values())
    for values in rows:
        writer.writerow([_cell(values.get(name, "")) for name in zh_names.CATALOGUE_COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection), full-width or after
    blanks either."""
    text = "；".join(map(str, value)) if isinstance(value, list) else str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text


def _in_words(view: PostView, base: str) -> dict[str, object]:
    """The same as `row`, as its page says it."""
    values = row(view, base) | {"published_at": minute(view.moment), "validity": view.validity}
    if view.withdrawn:
        return values
    return values | {
        "category": view.short_category,
        "witnessed": [zh_names.STEPS[Step(step)] for step in view.card.witnessed],
        "topic": zh_names.TOPICS.get(view.card.topic, ""),
        "accounts": [account.name for account in view.accounts],
        "attachments": [base + view.url + quote(name) for name, _ in view.card.attachments],
    }


def row(view: PostView, base: str) -> dict[str, object]:
    """What the catalogue says of a post; less of a withdrawn one."""
    card = view.card
    values: dict[str, object] = {
        "index_no": view.index_no,
        "id": card.id,
        "url": base + view.url,
        "title": view.title,
        "published_at": view.moment.isoformat(),
        "validity": "expired" if view.validity in _OVER else card.validity,
        "revision": card.revision,
    }
    if view.withdrawn:
        return values
    if card.attachments:
        values["attachments"] = [
            {"name": name, "url": f"{base}{view.url}{quote(name)}", "bytes": size}
            for name, size in card.attachments
        ]
    if card.witnessed:
        values["witnessed"] = list(card.witnessed)
    return values | {
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
