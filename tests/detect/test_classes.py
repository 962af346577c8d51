"""Classes of words test themselves: each stands in its examples and not in its counter-examples."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pipeline.detect import classes as module

FOLDER = Path(module.__file__).with_name("classes")
FILES = sorted(path.stem for path in FOLDER.glob("*.txt"))
VALUES = {"app-secret", "token", "password", "private-key", "cloud-key", "app-id"}
"""Classes of secrets, whose examples are put together in test_secrets.py: none lies in a file."""


def _code(name: str) -> str:
    """What asks for the classes of a file: the module of its name, or those parts that read it."""
    own = (FOLDER.parent / f"{name}.py").read_text("utf-8")
    if f'classes("{name}"' in own:
        return own
    parts = (path.read_text("utf-8") for path in (FOLDER.parents[1] / "parts").rglob("*.py"))
    return "\n".join(text for text in parts if f'classes("{name}")' in text)


def _forms(name: str) -> Mapping[str, re.Pattern[str]]:
    asked = import_module(f"pipeline.detect.{name}")
    return asked._WORDS if hasattr(asked, "_WORDS") else module.classes(name)


def _examples(name: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """(class, examples, counter-examples) in file order."""
    text = (FOLDER / f"{name}.txt").read_text("utf-8")
    for block in f"\n{text}".split("\n= ")[1:]:
        title, *lines = block.split("\n")
        yield title, *([line[2:] for line in lines if line.startswith(s)] for s in ("+ ", "- "))


@pytest.mark.parametrize("name", FILES)
def test_each_class_stands_in_its_examples_alone(name: str) -> None:
    forms = _forms(name)
    for title, hits, misses in _examples(name):
        form = forms[title]
        assert [text for text in hits if not form.search(text.lower())] == [], title
        assert [text for text in misses if form.search(text.lower())] == [], title


@pytest.mark.parametrize("name", FILES)
def test_each_class_has_examples_unless_it_is_a_part_of_others(name: str) -> None:
    parts = set(re.findall("«([^»]+)»", (FOLDER / f"{name}.txt").read_text("utf-8")))
    without = {title for title, hits, misses in _examples(name) if not hits or not misses}
    left = {title for title in without - parts if title.partition(" ")[0] not in VALUES}
    assert left == set()


@pytest.mark.parametrize("name", FILES)
def test_each_class_is_asked_for(name: str) -> None:
    text = (FOLDER / f"{name}.txt").read_text("utf-8")
    code = _code(name)
    texts = (n.value for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Constant))
    quoted = {words for t in texts if isinstance(t, str) for words in (t, *t.split())}
    asked = {*quoted, *re.findall("«([^»]+)»", text)}
    if name == "secrets":
        from pipeline.detect.secrets import _SAYS, _WORDS

        cued = {name for name in _WORDS if f"cue {name}" in _WORDS}
        asked |= {*cued, *(f"cue {n}" for n in cued), *(f"says {kind}" for kind in _SAYS)}
    weighed = ("plain ", "+", "-")  # asked for by how they begin
    titles = {title for title, _, _ in _examples(name) if not title.startswith(weighed)}
    assert titles <= asked
    given = set(_forms(name)) - {title for title, *_ in _examples(name)}
    assert {*re.findall(r'_WORDS\["([^"]+)"\]', code)} <= titles | given


_RE: Any = re
_FORMS = _RE._constants


def _beginnings(parts: Iterable[Any]) -> Iterator[tuple[Any, Any] | None]:
    """(operation, value) of all that may stand first, and None where nothing need; what is bound to
    the beginning of a line begins anywhere."""
    for operation, value in parts:
        match operation:
            case _FORMS.AT if value is _FORMS.AT_BEGINNING:
                return
            case _FORMS.AT | _FORMS.ASSERT | _FORMS.ASSERT_NOT:
                continue
            case _FORMS.BRANCH:
                first = [one for way in value[1] for one in _beginnings(way)]
            case _FORMS.SUBPATTERN:
                first = [*_beginnings(value[3])]
            case _FORMS.MAX_REPEAT | _FORMS.MIN_REPEAT | _FORMS.POSSESSIVE_REPEAT:
                first = [*_beginnings(value[2]), *([] if value[0] else [None])]
            case _FORMS.IN:
                first = [*value]
            case _:
                first = [(operation, value)]
        yield from filter(None, first)
        if None not in first:
            return
    yield None


_GUARD = re.compile(r"(?:\(\?m\)\(\?:\^\|)?\(\?=(?P<signs>\[[^]]*\])\)\)?")
"""What a pattern asks for before it tries its forms."""


def _unasked(guard: re.Match[str]) -> Iterator[object]:
    """Of what the forms behind a guard begin with: what it does not let through."""
    signs = re.compile(guard["signs"])
    for first in _beginnings(_RE._parser.parse(guard.string[guard.end() :])):
        match first:
            case (_FORMS.LITERAL, value):
                some = [chr(value)]
            case (_FORMS.RANGE, (low, high)):
                some = [chr(sign) for sign in range(low, high + 1)]
            case (_FORMS.CATEGORY, _FORMS.CATEGORY_DIGIT):
                some = ["0", "9", "\u0663"]
            case _:
                some = [""]  # anything
        yield from (sign for sign in some if not signs.fullmatch(sign))


@pytest.mark.parametrize("name", FILES)
def test_what_is_looked_for_first_begins_every_form(name: str) -> None:
    for title, form in _forms(name).items():
        if guard := _GUARD.match(form.pattern):
            assert [*_unasked(guard)] == [], title


def test_a_form_that_its_guard_does_not_let_through_is_seen() -> None:
    for pattern, left in {
        "(?=[ab])(?:a|b+c)": [], "(?=[ab])(?:a|x?c)": ["x", "c"], r"(?=[1-9])\d": ["0", "\u0663"],
        "(?m)(?:^|(?=[a]))(?:^x|ab|(?<!c)d)": ["d"], "(?=[ab])(?:a|.)": [""], "(?=[ab])a?": [""],
        "(?=[ab])(?P<one>[a-c])": ["c"],
    }.items():  # fmt: skip
        guard = _GUARD.match(pattern)
        assert guard and [*_unasked(guard)] == left, pattern
