"""Regular expressions that are compiled late are those that would have been compiled at once."""

import gc
import importlib
import pkgutil
import re

import pytest

import pipeline
from pipeline.model.lazy import _LazyPattern, regex


def test_it_is_the_pattern() -> None:
    late, soon = regex(r"(?P<sign>[a-c])\d", re.IGNORECASE), re.compile(r"(?P<sign>[a-c])\d", re.I)
    text = "xA1 b2 c33"
    assert [m.span("sign") for m in late.finditer(text, 2)] == [(4, 5), (7, 8)]
    assert late.sub("-", text) == soon.sub("-", text)
    assert (late.pattern, late.flags, late.groupindex) == (
        soon.pattern,
        soon.flags,
        soon.groupindex,
    )
    assert late.match(text) is None


def test_nothing_is_compiled_before_it_is_asked() -> None:
    late = regex("(")
    with pytest.raises(re.error):
        late.search("")


def test_every_pattern_of_the_program_compiles() -> None:
    for found in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if found.name != "pipeline.__main__":
            importlib.import_module(found.name)
    gc.unfreeze()  # or what the session froze is not among the objects
    every = [value for value in gc.get_objects() if isinstance(value, _LazyPattern)]
    wanted = [late._wanted for late in every if late._wanted[0] != "("]
    assert len(wanted) > 100
    for pattern, flags in wanted:
        re.compile(pattern, flags)
