"""The search index as units: a part is made again only when one of its posts changed."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import groupby
from typing import NamedTuple

from pipeline.site.search import SearchDoc, build_manifest, build_part, split_year
from pipeline.site.units import File, Late, Made, Unit
from pipeline.site.views import View
from pipeline.site.workshop import Workshop

_PART = "search:"


class Listed(NamedTuple):
    """A post as the parts are cut by: its text is read when its part is made."""

    date: str
    url: str
    view: View


def search_units(shop: Workshop) -> Iterator[Unit]:
    """A unit for every part of the index."""
    listed = [Listed(view.day.isoformat(), view.url, view) for view in reversed(shop.present)]
    newest = int(listed[-1].date[:4]) if listed else 0
    for year, some in groupby(listed, key=lambda each: int(each.date[:4])):
        for part, chosen in split_year(year, some, closed=year < newest).items():
            views = tuple(each.view for each in chosen)
            key = shop.key(part, [view.mark for view in views])
            yield Unit(f"{_PART}{part}", key, partial(_part, shop, part, views))


def _part(shop: Workshop, part: str, views: tuple[View, ...]) -> Iterator[File]:
    shop.ask(views)
    yield from build_part(part, [_doc(shop, view) for view in views]).items()


def _doc(shop: Workshop, view: View) -> SearchDoc:
    text, day, category = shop.text(view.id), view.day.isoformat(), str(view.category)
    return SearchDoc(view.url, view.title, text, day, category, view.card.accounts, view.kind)


def search_list() -> Late:
    """search/index.json, from the heads of all parts."""

    def make(units: Mapping[str, Made], read: Callable[[str], bytes]) -> Iterator[File]:
        parts = [i.removeprefix(_PART) for i in units if i.startswith(_PART)]
        heads = [read(f"search/{part}/part.json") for part in parts]
        yield "search/index.json", build_manifest(heads)

    return Late("search", make)
