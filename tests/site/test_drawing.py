"""Templates escape to the bytes Jinja itself gives, share no state, and leave no cycles."""

import gc
from datetime import date

import pytest
from jinja2 import Environment
from markupsafe import Markup, escape

from pipeline.errors import Fault
from pipeline.site.frame.jinja_env import Drawing, escaped
from tests.site.conftest import Built

HARD = "<a href='x'>\"&amp;\" & more</a>"


@pytest.mark.parametrize(
    "value",
    ["", "防汛", HARD, Markup(HARD), 7, None, True, date(2026, 11, 3), [HARD], escape(HARD)],
)
def test_what_is_shown_is_escaped_as_markupsafe_does(value: object) -> None:
    assert escaped(value) == str(escape(value))
    assert isinstance(escaped(value), str)


@pytest.mark.parametrize(
    "text",
    [
        "{{ x }}", "{{ x | safe }}", "{{ [x, x] | join('<') }}", "{{ x ~ '<' ~ x }}",
        "{% macro m(a) %}<b>{{ a }}</b>{% endmacro %}{{ m(x) }}{{ m(m(x)) }}",
        "{% set y %}<i>{{ x }}</i>{% endset %}{{ y }}{{ y | upper }}",
        "{% filter upper %}{{ x }}{% endfilter %}",
        "{% autoescape false %}{{ x }}{% endautoescape %}",
        "{% for c in x %}{{ c }}{{ loop.index }}{% endfor %}", "{{ '<' }}{{ 1 + 1 }}{{ none }}",
    ],
)  # fmt: skip
def test_every_construct_gives_what_plain_jinja_gives(text: str) -> None:
    plain = Environment(autoescape=True).from_string(text)  # noqa: S701 — it is on
    for value in (HARD, Markup(HARD), "防汛"):
        drawn = Drawing({"t": text}.get).get_template("t").render(x=value)
        assert drawn == plain.render(x=value)


def test_what_is_undefined_is_a_fault() -> None:
    with pytest.raises(Fault, match=r"template t .*'x' is undefined"):
        Drawing({"t": "{{ x }}"}.get).draw("t")
    with pytest.raises(Fault, match="template u cannot be filled: u"):
        Drawing({"t": ""}.get).draw("u")


def test_shared_names_reach_an_imported_template_and_functions_are_filters() -> None:
    texts = {
        "t": '{% import "p" as p %}{{ p.m(2) }}',
        "p": "{% macro m(a) %}{{ a | f }}{{ k }}{% endmacro %}",
    }
    drawing = Drawing(texts.get, f=lambda n: n + 1, k="<")
    assert drawing.get_template("t").render() == "3&lt;"


def test_a_page_leaves_nothing_to_the_collector(built: Built) -> None:
    """A build of 100,000 posts runs without it: 50 objects a post were three gigabytes."""
    for name, data in built.site.theme.items():
        if name.startswith("site/templates/"):
            assert b"with context" not in data, name
    macros = "{% macro k(a) %}{{ a }}{% endmacro %}{% macro m(a) %}{{ k(a) }}{% endmacro %}"
    texts = {"t": '{% import "p" as p %}{{ p.m(2) }}', "p": macros}
    template = Drawing(texts.get).get_template("t")
    template.render()
    gc.collect()
    gc.disable()
    try:
        for _ in range(1000):
            template.render()
    finally:
        gc.enable()
    assert gc.collect() < 1000  # threads of other tests may leave some
