"""How a command starts in less time: while its modules are imported, and as long as it runs.

The library compiles what it is given as text: each pattern, and six methods of each of two hundred
data classes. What an imported module has it compile is at hand from before (`prepared`). Nothing
else is left to the next process: it may hold words of an archive, as may a module that an archive
brings; such a one has no bytecode.
"""

import dataclasses
import gc
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from inspect import CO_OPTIMIZED
from types import SimpleNamespace
from typing import Any

from pipeline.patterns import compiled
from pipeline.prepared import Prepared

_METHODS = Prepared("methods", __file__)


@contextmanager
def short() -> Iterator[None]:
    """Meanwhile the library takes what is at hand, and does not look for cycles: among 10,000 posts
    that took half of a build's time. An interpreter of other parts never asks here."""
    running, compiler = gc.isenabled(), vars(getattr(re, "_compiler", SimpleNamespace()))
    before: Any = compiler.get("compile")
    gc.disable()
    vars(dataclasses)["exec"], compiler["compile"] = _exec, partial(_compile, before)
    try:
        yield
    finally:
        vars(dataclasses).pop("exec", None)
        compiler["compile"] = before
        if running:
            gc.enable()


def _compile(before: Callable[..., Any], pattern: Any, flags: int = 0) -> Any:
    """As `re._compiler.compile`: it is asked by `re._compile`, and that by a function of `re`."""
    asks = sys._getframe(3)
    # The body of a module or of a class is not optimised.
    if asks.f_code.co_flags & CO_OPTIMIZED or type(pattern) not in (str, bytes):
        return before(pattern, flags)
    return (compiled if asks.f_globals.get("__cached__") else before)(pattern, flags)


def _exec(text: str, space: dict[str, Any], names: dict[str, Any]) -> None:
    """As the builtin, of the text of a method, in the space of the module that has its class."""
    make = partial(compile, text, "<string>", "exec", dont_inherit=True)
    code = _METHODS.of(text, b"", make) if space.get("__cached__") else make()
    exec(code, space, names)  # noqa: S102
