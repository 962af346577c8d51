"""Ways through the archive by what a reader needs: which posts stand in which, by one table.

`site/ways.json` maps the address of each way to its title, a sentence, and the posts it holds:
those of one of its `kinds`, of one of its `categories`, with a file of one of its `files`
(endings), or for an account that mainly carries what one of its `modes` says. A bureau changes the
table with the theme. A theme without one has no such pages.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from pipeline.errors import Fault
from pipeline.model import cards, zh_names
from pipeline.model.findings import say
from pipeline.model.ids import AccountId

TABLE = "site/ways.json"


class Way(NamedTuple):
    """One entry of the navigation that lists posts."""

    url: str
    title: str
    about: str
    kinds: tuple[str, ...]
    categories: tuple[int, ...]
    files: tuple[str, ...]
    modes: tuple[str, ...] = ()
    accounts: tuple[AccountId, ...] = ()
    """Those of `modes`, by id; the archive's registers say which."""

    def holds(self, card: cards.Card) -> bool:
        return (
            card.kind in self.kinds
            or card.category in self.categories
            or not {*self.accounts}.isdisjoint(card.accounts)
            or any(path.rpartition(".")[2].lower() in self.files for path, _ in card.files)
        )


def ways_of(theme: Mapping[str, bytes]) -> tuple[Way, ...]:
    """The ways of a theme, in the order of its table. Raises Fault for a table that none can be."""
    try:
        table = json.loads(theme.get(TABLE, b"{}"))
        return tuple(_way(url, row) for url, row in table.items())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Fault(
            say("{path} cannot be read: {detail}.", path=TABLE, detail=str(error)),
            say(
                'Write each way as `"guides/": {"title": "…", "about": "…", "kinds": ["tip"]}`,'
                " with kinds, categories (1 to 7), files (endings) or modes (text, av)."
            ),
        ) from error


def _way(url: str, row: Mapping[str, Any]) -> Way:
    kinds, categories, files, modes = (
        tuple(row.get(k, ())) for k in ("kinds", "categories", "files", "modes")
    )
    if not url.removesuffix("/").isalnum() or not url.isascii() or not url.endswith("/"):
        raise ValueError(url)
    tables = ((kinds, zh_names.KINDS), (categories, zh_names.CATEGORIES), (modes, zh_names.MODES))
    if unknown := [each for given, names in tables for each in given if each not in names]:
        raise ValueError(f"{url} {sorted(map(str, unknown))}")
    return Way(url, str(row["title"]), str(row["about"]), kinds, categories, files, modes)
