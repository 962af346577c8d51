"""The parts of a draft that only some have: a warning, the original of a reprint, its files."""

from codecs import BOM_UTF8
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.prompts import ask, choose, plain, several
from pipeline.cli.session import Moment, Session
from pipeline.errors import Fault
from pipeline.model.findings import say
from pipeline.model.zh_labels import LEVELS
from pipeline.source.content.posts import UNWRITTEN
from pipeline.source.content.text import decode

SNAPSHOT = "source.txt"
"""Name of the copy of a reprint's original."""


COLOURS = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
"""Alert levels and their colours (突发事件应对法: 一级红、二级橙、三级黄、四级蓝)."""


def alert(session: Session, given: dict[str, Any], moment: datetime) -> dict[str, Any]:
    levels = list(COLOURS)
    level = int(choose(session, "level", given["level"], say("Alert level"), levels, LEVELS))
    areas = list(given["areas"]) or several(
        ask(session, "area", None, say("Areas, separated by commas"))
    )
    context = click.get_current_context()
    ends = given["ends"] or ask(
        session, "ends", None, say("Ends at (like 2026-11-03T20:00)"),
        lambda answer: Moment().convert(plain(answer), None, context),
    )  # fmt: skip
    return {
        "issuer": ask(session, "issuer", given["issuer"], say("Issuer")),
        "issued_at": moment,
        "starts_at": given["starts"] or moment,
        "ends_at": ends,
        "level": level,
        "color": COLOURS[level],
        "areas": areas,
    }


def reprint(session: Session, given: dict[str, Any], title: str, now: datetime) -> dict[str, Any]:
    return {
        "source": {
            "id": given["source"],
            "url": ask(
                session,
                "source-url",
                given["source_url"],
                say("Address of the original"),
            ),
            "title": title,
            "published_at": given["source_published"] or now,
            "snapshot": SNAPSHOT,
            "fetched_at": now,
        },
        "license": {
            "basis": ask(session, "basis", given["basis"], say("What permits the reprint")),
            "evidence": given["source_url"] or "",
        },
    }


def contents(given: dict[str, Any], keys: dict[str, Any]) -> tuple[str, dict[str, bytes]]:
    """(body, files beside post.md): the text given, its images, the snapshot of a reprint."""
    text = _text_of(given["body"]) if given["body"] else UNWRITTEN
    files: dict[str, bytes] = {}
    for entry in given["images"]:
        path, _, alt = entry.partition("=")
        name = Path(path).name
        files[name] = Path(path).read_bytes()
        if f"]({name})" not in text:  # else the writer has placed it already
            text += f"\n\n![{alt}]({name})"
    if given["images"]:
        keys["media"] = [
            {
                "file": Path(e.partition("=")[0]).name,
                "alt": e.partition("=")[2],
                "author": keys["author"],
                "licence": "本单位原创",
            }
            for e in given["images"]
        ]
    if given["snapshot"]:  # never made of the body: it would bear out any change of the text
        files[SNAPSHOT] = _text_of(given["snapshot"]).encode()
    return text, files


def _text_of(file: Path) -> str:
    """The words of a text file, from Windows too: byte order mark and line ends are its own."""
    raw = file.read_bytes().removeprefix(BOM_UTF8).replace(b"\r\n", b"\n")
    text, problems = decode(str(file), raw)
    if text is None or problems:
        wrong = say("{path}: {what}", path=str(file), what=problems[0].message)
        raise Fault(wrong, problems[0].remedy)
    return text
