"""The shipped demo as search sees it, read from the disk as it lies."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from pipeline.judge.load_governance import trust
from pipeline.model.calendar import Clock
from pipeline.model.cards import card_of
from pipeline.parts.search.index import SearchDoc, doc_of
from pipeline.render.archive import render_archive
from pipeline.site.years import view_of
from pipeline.source.content.paths import post_folders
from pipeline.source.content.posts import read_post
from tests.golden.renditions import demo

NOW = Clock(datetime.fromisoformat("2026-11-22T20:00:00+08:00"))


def demo_docs() -> list[SearchDoc]:
    """One for every post, corrections apart: they change no word that is searched."""
    tree = demo()
    trusted = trust(tree)
    registers = trusted.registers
    archive: Any = SimpleNamespace(
        registers=registers, as_of=NOW.as_given, clock=NOW, today=NOW.as_given.date(), posts={}
    )
    docs = []
    for folder, names in sorted(post_folders(tree).items()):
        post = read_post(tree, folder, names, trusted.front_matter, ())
        view = view_of(card_of(post), archive, ())
        docs.append(doc_of(view, render_archive(post, registers).text, registers))
    return docs
