"""`dataclasses.dataclass`, where frozen classes are made in a fraction of its time.

The standard library compiles six methods of each class when its module is imported, and a command
imports two hundred classes: a seventh of its processor time. Here nothing is compiled until a class
is first called, and then its `__init__` alone; the rest is closures. Fields, `replace` and `asdict`
are the library's, and so are classes with slots or an order, and those that are not frozen.

Where a class made here is not what the library makes:
- It is hashed by the fields that are compared: a field's own `hash=` says nothing.
- It takes no `InitVar`.
- `__dataclass_params__` calls it neither frozen nor equal by its fields. That cannot be mended
  there: the library lets none that is not frozen, as it takes each of these for, inherit from one
  that is. So a frozen class with slots or an order inherits from none of these, nor they from it.
- In a plain subclass no attribute may be set either, not even one that is no field.
- One compared field stands for itself, not for a tuple of one: a value that is not equal to itself
  makes two unequal.
- Until its first call `inspect.signature` shows `*given, **by_name`; after it, no annotations.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, asdict, field, fields, replace
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, **options):
        """As `dataclasses.dataclass`, but for what the module says."""
        if cls is None:
            return partial(dataclass, **options)
        eq = options.get("eq", True)
        if not options.get("frozen") or options.keys() - {"frozen", "eq", "kw_only"}:
            return dataclasses.dataclass(cls, **options)
        plain = {"init": False, "repr": False, "eq": False, "frozen": False}
        dataclasses.dataclass(cls, **(options | plain))
        for name, method in _methods(cls, eq).items():
            if cls.__dict__.get(name) is None:  # a class with __eq__ has None for __hash__
                setattr(cls, name, method)
        return cls


__all__ = ["asdict", "dataclass", "field", "fields", "replace"]


def _methods(cls: type[Any], eq: bool) -> dict[str, Any]:
    """Name → method of a frozen class whose fields are declared."""
    compared = [field.name for field in fields(cls) if field.compare]
    key: Callable[[Any], Any] = attrgetter(*compared) if compared else lambda _: ()

    def begin(self: Any, *given: Any, **by_name: Any) -> None:
        cls.__init__ = _init(cls)  # the next call finds it
        cls.__init__(self, *given, **by_name)

    def same(self: Any, other: Any) -> Any:
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    values = {"__eq__": same, "__hash__": lambda self: hash(key(self))} if eq else {}
    refused = dict.fromkeys(("__setattr__", "__delattr__"), _set)
    return {"__init__": begin, "__repr__": _repr, **refused, **values}


def _repr(self: Any) -> str:
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in fields(self) if f.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _set(self: Any, name: str, value: object = None) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot change field {name!r}")


def _init(cls: type[Any]) -> Any:
    """`__init__`, compiled: names of fields alone are written into its text."""
    space: dict[str, Any] = {"_set": object.__setattr__, "_unset": MISSING}
    asked: dict[bool, list[str]] = {False: ["self"], True: []}
    lines = ["pass"]
    for each in fields(cls):
        name, make = each.name, each.default_factory is not MISSING
        space |= {f"_default_{name}": each.default, f"_make_{name}": each.default_factory}
        if each.init:
            default = f"=_default_{name}" if make or each.default is not MISSING else ""
            asked[bool(each.kw_only)].append(f"{name}{default}")
        if each.init or make:
            made, unset = f"_make_{name}()", f" if {name} is _unset else {name}"
            value = name if not make else f"{made}{unset}" if each.init else made
            lines.append(f"_set(self, {name!r}, {value})")
    lines += ["self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    parameters = [*asked[False], *(["*", *asked[True]] if asked[True] else ())]
    exec(f"def __init__({', '.join(parameters)}):\n " + "\n ".join(lines), space)  # noqa: S102
    return space["__init__"]
