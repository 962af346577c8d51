"""A report of a period: on a page, as a Word document, as a PDF."""

import io
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.cli.due import REPORTS, period_of
from pipeline.errors import Fault
from pipeline.model.brings import load
from pipeline.model.findings import say
from pipeline.model.month import PeriodReport, first_day
from pipeline.parts.desk.desk import Desk, desk_of
from pipeline.parts.desk.frame import DeskPages, page
from pipeline.parts.form.pdf import FormCompiler
from pipeline.report.summary import DISCLAIMER
from pipeline.report.tables import cell_text
from pipeline.source.git.branches import MAIN

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def show(request: Request) -> Response:
    """The report that the address names, else of this month; as a file where it says so."""
    desk, given = desk_of(request), request.query_params
    name = given.get("of", "month") if given.get("of") in REPORTS else "month"
    text = given.get("period") or f"{desk.now():%Y-%m}"
    period, kind = period_of(REPORTS[name], text), request.path_params.get("kind", "")
    if desk.now().date() < (first_day(period) if isinstance(period, tuple) else period.first):
        raise Fault(say("{period} has not begun.", period=text), say("Choose one that has begun."))
    with desk.archive() as (repository, _):
        asked = repository, repository.base(MAIN), period, lambda _: desk.now()
        made: PeriodReport = load(REPORTS[name].where)(*asked)
    words = _words(desk, made)
    if kind not in TYPES:
        return page(request, "report", of=name, period=text, names=REPORTS, **words)
    raw = _pdf(words, made.as_of) if kind == "pdf" else _docx(desk, words)
    saved = {"content-disposition": f'attachment; filename="{name}-{text}.{kind}"'}
    return Response(raw, media_type=TYPES[kind], headers=saved)


def _words(desk: Desk, made: PeriodReport) -> dict[str, Any]:
    tables = [
        {"title": desk.tr(table.title), "heads": [desk.tr(words) for words in table.columns],
         "rows": [[cell_text(cell, desk.tr) for cell in row] for row in table.rows]}
        for table in made.tables
    ]  # fmt: skip
    closing, nothing = desk.tr(DISCLAIMER), desk.tr(say("None."))
    return {"title": desk.tr(made.title), "tables": tables, "closing": closing, "nothing": nothing}


def _pdf(words: dict[str, Any], as_of: datetime) -> bytes:
    template = (files("pipeline.parts.reports") / "report.typ").read_bytes()
    return replace(FormCompiler.open(), template=template).typeset(words, as_of, words["title"])


def _docx(desk: Desk, words: dict[str, Any]) -> bytes:
    """ISO/IEC 29500: three parts in a zip, the same to the byte for the same report."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for part in ("[Content_Types].xml", "_rels/.rels", "word/document.xml"):
            text = desk.templates.get_template(f"docx/{part}.j2").render(words)
            packed.writestr(ZipInfo(part, (1980, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def pages() -> DeskPages:
    routes = [Route("/reports", show), Route("/reports/file.{kind}", show)]
    return DeskPages(Path(__file__).parent, routes, (("/reports", say("Reports")),))
