"""Events of plain records: written once, and corrected by items of `corrected`.

A key of a record, or an item of one of its lists, is an event. What stands on main is never
rewritten; a wrong value is put right by an item that names it. So what was entered first stays
beside what holds now, and the reason and the signer of the difference with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime
from typing import Any

from pipeline.model.documents import Route

CORRECTED = "corrected"
"""Key of the corrections of a record: ``field``, ``value``, ``reason``, ``person``, ``at``."""


def dotted(route: Route) -> str:
    """``("tasks", 0, "due")`` → ``tasks.0.due``, as a correction names it."""
    return ".".join(map(str, route))


def route_of(field: str) -> Route:
    """The reverse of `dotted`."""
    return tuple(int(part) if part.isdecimal() else part for part in field.split("."))


def rewrites(old: Any, new: Any, route: Route = ()) -> Iterator[tuple[Route, Any, Any]]:
    """(route, old value, new value or None) of what is altered or gone; what is added is none.

    A list of texts, or one that became shorter, counts as one value.
    """
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key, value in old.items():
            yield from rewrites(value, new.get(key), (*route, key))
    elif isinstance(old, list) and isinstance(new, list) and new[: len(old)] != old:
        rows = len(new) >= len(old) and all(isinstance(row, Mapping) for row in old)
        for number, value in enumerate(old if rows else ()):
            yield from rewrites(value, new[number], (*route, number))
        if not rows:
            yield route, old, new
    elif type(old) is not type(new) or (old != new and not isinstance(old, list)):
        yield route, old, new


def with_correction(
    value: Mapping[str, Any], stated: Mapping[str, Any], item: Mapping[str, Any]
) -> dict[str, Any]:
    """A copy with one correction applied; a value of None takes its key away.

    `stated`: the record as it was entered. A key that is missing in an event may be given, as what
    is signed cannot grow; an event that is missing is entered, not corrected. Raises LookupError
    where there is nothing to correct.
    """
    route = route_of(item["field"])
    absent = len(route) == 1 and all(route[0] not in v for v in (stated, value))
    if route[0] == CORRECTED or absent:
        raise LookupError(item["field"])
    changed = deepcopy(dict(value))
    holder, last = value_at(changed, route[:-1]), route[-1]
    if item["value"] is None and isinstance(holder, dict):
        holder.pop(last, None)
    elif isinstance(holder, dict) or value_at(holder, (last,)) is not None:
        holder[last] = deepcopy(item["value"])
    else:
        raise LookupError(item["field"])
    return changed


def value_at(value: Any, route: Route) -> Any:
    """What stands at a route; None where nothing does, as no record states nothing."""
    for part in route:
        mapping = isinstance(part, str) and isinstance(value, Mapping) and part in value
        item = isinstance(part, int) and isinstance(value, list) and part < len(value)
        if not (mapping or item):
            return None
        value = value[part]
    return value


def leaves(value: Any, route: Route = ()) -> Iterator[Route]:
    """Routes of the texts, numbers, days and lists of texts of a record."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from leaves(below, (*route, key))
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, below in enumerate(value):
            yield from leaves(below, (*route, number))
    else:
        yield route


def people_in(value: Any) -> Iterator[str]:
    """Ids of the people whom a record names."""
    if isinstance(value, Mapping):
        yield from (str(value[key]) for key in ("person", "assigned_by") if key in value)
    parts = value.values() if isinstance(value, Mapping) else value
    for part in parts if isinstance(value, Mapping | list) else ():
        yield from people_in(part)


def moments(value: Any, route: Route = ()) -> Iterator[tuple[Route, datetime | date]]:
    """Every time in a typed record, and the days called ``on``, each with its route."""
    parts: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, Mapping):
        parts = value.items()
    elif isinstance(value, (list, tuple)):
        parts = enumerate(value)
    elif isinstance(value, datetime) or (isinstance(value, date) and route[-1:] == ("on",)):
        yield route, value
    for part, below in parts:
        yield from moments(below, (*route, part))
