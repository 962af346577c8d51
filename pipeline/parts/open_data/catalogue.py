"""The catalogue: metadata of every post by year, as JSON and CSV, with an index of the years; and
the texts of a year as one file, a post a line (JSON Lines), its digest beside it.

A year that is over is not written again. Programs read the JSON, codes as they stand in the
archive; people open the CSV in a spreadsheet, so its columns and values are in their words.
`schemas/catalogue.json` describes the JSON and, by the title of each field, the columns.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple
from urllib.parse import quote

from pipeline.model import evidence, lazy, zh_names
from pipeline.model.calendar import minute
from pipeline.model.findings import Message, say
from pipeline.model.ids import NO_DIGEST, Digest, sha256_of
from pipeline.site.pages.post_view import PostView
from pipeline.site.render_context import RenderContext
from pipeline.site.units import File, FinalUnit, UnfinishedSite, Unit
from pipeline.site.years import SiteYear

VERSION = 2
SCHEMA = "schemas/catalogue.json"
_TYPES = {"string": "文字", "integer": "整数", "array": "列表", "object": "对象"}
_MEDIA = {"json": "application/json", "csv": "text/csv"}
TEXTS = "texts/"
_JSONL = "application/jsonl"
_HEX = "http://www.w3.org/2001/XMLSchema#hexBinary"
_LINE_END = lazy.regex("[\x85\u2028\u2029]")
"""Ends of lines to many readers, though not to JSON, which escapes the others."""
_OVER = ("已失效", "已解除")  # of `validity_of`: whatever its front matter says
_FORMULA = tuple("=+-@＝＋－＠")


def catalogue_of(ctx: RenderContext, year: SiteYear) -> Iterator[Unit]:
    """catalogue/YEAR.json and .csv; texts/YEAR.jsonl of a year with posts that stand."""
    key = ctx.key(year.name, ctx.marks(year.views))
    yield Unit(f"catalogue:{year.name}", key, partial(_year, ctx, year.name, year.views))
    if path := texts_path(year):
        key = ctx.key(path, ctx.marks(year.present), repr(year.corrections))
        make = partial(_texts, ctx, path, year.present)
        yield Unit(f"texts:{year.name}", key, make, heads=(f"{path}.sha256",))


def texts_path(year: SiteYear) -> str:
    """Where the texts of a year lie; empty when none of its posts stands."""
    return f"{TEXTS}{year.name}.jsonl" if year.summary.present.posts else ""


def catalogue(ctx: RenderContext) -> Iterator[FinalUnit]:
    """catalogue.json that lists the years, newest first, and dcat.jsonld."""
    yield FinalUnit("catalogue", partial(_index, ctx))


def _year(ctx: RenderContext, year: str, views: Sequence[PostView]) -> Iterator[File]:
    yield f"catalogue/{year}.json", _lines(year, [row(view, ctx.base) for view in views])
    yield f"catalogue/{year}.csv", _table([_in_words(view, ctx.base) for view in views])


def _texts(ctx: RenderContext, path: str, views: Sequence[PostView]) -> Iterator[File]:
    ctx.ask(views)
    lines = "".join(f"{_dumped(_with_text(ctx, view))}\n" for view in views)
    raw = _LINE_END.sub(lambda end: f"\\u{ord(end[0]):04x}", lines).encode()
    yield path, raw
    yield f"{path}.sha256", f"{sha256_of(raw)}  {path.removeprefix(TEXTS)}\n".encode()


def _with_text(ctx: RenderContext, view: PostView) -> dict[str, object]:
    """What the catalogue says of a post, with all that its page lets people read of it."""
    corrections = [
        {
            "kind": change.kind,
            "changed_on": change.changed_on.isoformat(),
            "revision": change.revision,
            "reason": change.reason,
            "changes": [{"old": old, "new": new} for old, new in change.changes],
        }
        for change in view.corrections
    ]
    changed = {"updated_at": view.updated.isoformat(), "corrections": corrections}
    return row(view, ctx.base) | changed | {"text": ctx.text(view)}


def _index(ctx: RenderContext, site: UnfinishedSite) -> Iterator[File]:
    heads = (path for path in site.heads if path.startswith(TEXTS))
    digests = {
        path.removesuffix(".sha256"): Digest(site.read(path).decode()[:64]) for path in heads
    }
    listed = [_listed(year, digests) for year in reversed(ctx.years)]
    value = {"version": VERSION, "archive": ctx.name, "url": ctx.base, "years": listed}
    if ctx.site.program:
        value["program"] = ctx.site.program.value
    if earlier := ctx.value("earlier"):
        value["earlier"] = {"posts": len(earlier), "json": "catalogue/earlier.json"}
        items = {"version": VERSION, "reviewed": False, "items": earlier}
        raw = json.dumps(items, ensure_ascii=False, indent=1, default=datetime.isoformat)
        yield "catalogue/earlier.json", f"{raw}\n".encode()
    yield "catalogue.json", (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
    yield "data/catalogue.schema.json", ctx.site.theme[SCHEMA]
    raw = json.dumps(dcat(ctx, digests), ensure_ascii=False, indent=1)
    yield "data/dcat.jsonld", f"{raw}\n".encode()


def _listed(year: SiteYear, digests: Mapping[str, Digest]) -> dict[str, object]:
    files: dict[str, object] = {kind: f"catalogue/{year.name}.{kind}" for kind in _MEDIA}
    if path := texts_path(year):
        files["texts"] = {"jsonl": path, "sha256": digests[path]}
    return {"year": int(year.name), "posts": year.summary.posts} | files


class FieldRow(NamedTuple):
    """A field of a post in the dictionary."""

    name: str
    column: str
    """Of the table; empty for one that the JSON alone has."""
    kind: str
    about: str
    always: bool
    """Withdrawn posts have it, too."""


def fields(schema: bytes, gettext: Callable[[Message], str]) -> tuple[FieldRow, ...]:
    """The dictionary of the catalogue, from the schema that it is checked by."""
    shapes = json.loads(schema)["$defs"]
    post, line = shapes["post"], shapes.get("line", {"properties": {}})  # of an archive's own
    return tuple(
        FieldRow(
            name,
            row.get("title", ""),
            _TYPES[row.get("type", "string")],
            gettext(say(row["description"])),
            name in post["required"],
        )
        for name, row in (post["properties"] | line["properties"]).items()
    )


def dataset(ctx: RenderContext, about: str) -> dict[str, object]:
    """The catalogue as schema.org and the search engines for data know it."""
    policy, years = ctx.site.archive.registers.policy, [year.name for year in ctx.years]
    url, licence = f"{ctx.base}data/", policy.archive.get("data_licence") or {}
    unit = {"@type": "GovernmentOrganization", "name": policy.names[0], "url": ctx.base}
    files = [
        {
            "@type": "DataDownload",
            "name": name,
            "contentUrl": ctx.base + path,
            "encodingFormat": media,
        }
        for year in reversed(ctx.years)
        for path, name, media in _downloads(year)
        if media != _JSONL  # of which the licence does not speak
    ]
    values = {
        "@type": "Dataset",
        "@id": url,
        "url": url,
        "name": f"{ctx.name}目录数据",
        "description": f"{ctx.name}每篇内容的元数据和文件摘要：{about}。",
        "inLanguage": "zh-CN",
        "isAccessibleForFree": True,
        "creator": unit,
        "publisher": unit,
        "license": licence.get("url") or licence.get("name"),
        "dateModified": ctx.newest.isoformat(),
        "temporalCoverage": f"{years[0]}/{years[-1]}" if years else "",
        "distribution": files,
    }
    return {name: value for name, value in values.items() if value}


def dcat(ctx: RenderContext, digests: Mapping[str, Digest]) -> dict[str, object]:
    """The same for portals of open data: a catalogue of one dataset a year (W3C, DCAT 3).

    `digests`: path → sha256 (hex) of the texts of each year.
    """
    policy, newest = ctx.site.archive.registers.policy, ctx.newest.isoformat()
    licence = policy.archive.get("data_licence") or {}
    unit = {
        "@type": "foaf:Organization",
        "foaf:name": policy.names[0],
        "foaf:homepage": _at(ctx.base),
    }
    rights: dict[str, object] = {"dcterms:publisher": unit, "dcterms:language": "zh-CN"}
    if licence.get("url"):
        rights["dcterms:license"] = _at(str(licence["url"]))
    sets = [
        rights
        | {
            "@type": "dcat:Dataset",
            "@id": f"{ctx.base}data/#{year.name}",
            "dcterms:title": f"{ctx.name}{year.name}年目录数据",
            "dcterms:description": f"{year.summary.posts} 篇内容的元数据和文件摘要。",
            "dcterms:temporal": {
                "@type": "dcterms:PeriodOfTime",
                "dcat:startDate": f"{year.name}-01-01",
                "dcat:endDate": f"{year.name}-12-31",
            },
            "dcat:distribution": [
                _distribution(ctx.base, digests.get(path, NO_DIGEST), path, name, media)
                for path, name, media in _downloads(year)
            ],
        }
        for year in reversed(ctx.years)
    ]
    names = {
        "dcat": "http://www.w3.org/ns/dcat#",
        "dcterms": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "spdx": "http://spdx.org/rdf/terms#",
    }
    return rights | {
        "@context": names,
        "@type": "dcat:Catalog",
        "@id": f"{ctx.base}data/",
        "dcterms:title": f"{ctx.name}目录数据",
        "dcterms:description": "每篇公开内容的元数据和文件摘要，每年一份。",
        "dcterms:modified": newest,
        "dcat:dataset": sets,
    }


def _downloads(year: SiteYear) -> Iterator[tuple[str, str, str]]:
    """(path, name, media type) of the files of a year."""
    for kind, media in _MEDIA.items():
        yield f"catalogue/{year.name}.{kind}", f"{year.name}年目录（{kind.upper()}）", media
    if path := texts_path(year):
        yield path, f"{year.name}年全文（JSON Lines）", _JSONL


def _distribution(base: str, digest: Digest, path: str, name: str, media: str) -> dict[str, object]:
    """`digest`: sha256 (hex) of the file; empty where none is told."""
    values: dict[str, object] = {
        "@type": "dcat:Distribution",
        "dcterms:title": name,
        "dcat:accessURL": _at(f"{base}data/"),
        "dcat:downloadURL": _at(base + path),
    }
    if not digest:
        listed = f"https://www.iana.org/assignments/media-types/{media}"
        return values | {"dcat:mediaType": _at(listed)}
    checksum = {
        "@type": "spdx:Checksum",
        "spdx:algorithm": _at("spdx:checksumAlgorithm_sha256"),
        "spdx:checksumValue": {"@type": _HEX, "@value": digest},
    }
    # The form has no media type of IANA's yet, so DCAT wants its name here.
    rights = f"{zh_names.RIGHTS['text']}；{zh_names.RIGHTS['others']}。"
    form = {"dcterms:format": _at("https://jsonlines.org/"), "dcterms:rights": rights}
    return values | form | {"spdx:checksum": checksum}


def _at(address: str) -> dict[str, str]:
    return {"@id": address}


def _lines(year: str, rows: Sequence[dict[str, object]]) -> bytes:
    """A post a line, so that two catalogues can be compared by `diff`."""
    posts = ",\n".join(map(_dumped, rows))
    return f'{{"version":{VERSION},"year":{int(year)},"posts":[\n{posts}\n]}}\n'.encode()


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


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
        "witnessed": [zh_names.STEPS[evidence.Step(step)] for step in view.card.witnessed],
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
