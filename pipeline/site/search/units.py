"""The search index as units: a part is made again only when one of its posts changed."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from pipeline.model import zh_labels
from pipeline.model.records import Expunged
from pipeline.site.pages.erased_posts import erased
from pipeline.site.pages.post_view import View, index_number, url_of
from pipeline.site.render_context import Workshop
from pipeline.site.search.folding import sentences
from pipeline.site.search.index import SearchDoc, build_manifest, build_part, split_year
from pipeline.site.units import File, Late, Standing, Unit
from pipeline.site.years import Year

FOLDER, HEAD = "search/", "part.json"


class Listed(NamedTuple):
    """A post as the parts are cut by: its text is read when its part is made."""

    date: str
    url: str
    view: View


def search_units(shop: Workshop, year: Year, *, closed: bool) -> Iterator[Unit]:
    """A unit for every part of a year's index; `closed`: a later year has posts."""
    listed = [Listed(view.day.isoformat(), view.url, view) for view in reversed(year.views)]
    for part, chosen in split_year(int(year.name), listed, closed=closed).items():
        views = tuple(each.view for each in chosen)
        key = shop.key(part, shop.marks(views))
        make = partial(_part, shop, part, views)
        yield Unit(f"search:{part}", key, make, heads=(f"{FOLDER}{part}/{HEAD}",))


def _part(shop: Workshop, part: str, views: tuple[View, ...]) -> Iterator[File]:
    shop.ask(view for view in views if not view.withdrawn)
    yield from build_part(part, [_doc(shop, view) for view in views]).items()


def _doc(shop: Workshop, view: View) -> SearchDoc:
    """What is public of a post: of a withdrawn one, its title and its index number."""
    day = view.day.isoformat()
    if view.withdrawn:
        gone = zh_labels.VALIDITY["withdrawn"]
        return SearchDoc(view.url, view.title, "", day, "", (), "", view.index_no, gone)
    text, category = sentences(shop.text(view.id)), str(view.category)
    accounts = view.card.accounts
    alert = (view.alert.words, " ".join(view.alert.turns)) if view.alert else ()
    return SearchDoc(
        view.url, view.title, text, day, category, accounts, view.kind, view.index_no, alert=alert
    )


def erased_search(shop: Workshop) -> Iterator[Unit]:
    """A part for every year with erased posts: title, number and the day their ids begin with."""
    found = sorted(erased(shop), key=lambda e: e.post)
    for year, gone in groupby(found, key=lambda e: e.post[:4]):
        part, docs = f"{year}-erased", [_erased_doc(shop, each) for each in gone]
        key = shop.key(part, repr(docs))
        make = partial(_files, part, docs)
        yield Unit(f"search:{part}", key, make, heads=(f"{FOLDER}{part}/{HEAD}",))


def _files(part: str, docs: Sequence[SearchDoc]) -> Iterator[File]:
    yield from build_part(part, docs).items()


def _erased_doc(shop: Workshop, each: Expunged) -> SearchDoc:
    number = index_number(each.post, shop.site.archive.registers)
    url, day = url_of(each.post), each.post[:10]
    return SearchDoc(url, each.title, "", day, "", (), "", number, zh_labels.ERASED)


def search_list() -> Late:
    """search/index.json, from the heads of all parts."""

    def make(site: Standing) -> Iterator[File]:
        heads = [site.read(path) for path in site.heads if path.startswith(FOLDER)]
        yield f"{FOLDER}index.json", build_manifest(heads)

    return Late("search", make)
