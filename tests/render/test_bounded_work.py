"""Bodies made to cost: work and output grow with their length, not with their malice (A33, A48)."""

from collections.abc import Callable

import pytest

from pipeline.detect.html_tree import tree_of
from pipeline.model.channels import render_channel
from pipeline.model.findings import Effect, Reason
from pipeline.model.part import program
from pipeline.render.tokens import MOST_EXPANDED, MOST_SIGNS, TOO_DEEP, TOO_LONG, TOO_MANY
from tests.builders.steps import assert_linear, steps_of
from tests.render.conftest import FIRST_BODY_LINE, make_post, make_registers

ADDRESS = "https://x.example/" + "a" * 12_000
BODIES: dict[str, Callable[[int], str]] = {
    "[": lambda n: "[" * n,
    "![": lambda n: "![" * n,
    "![[": lambda n: "![[" * n + "a",
    ">": lambda n: ">" * n,
    "> ": lambda n: "> " * n,
    "- ": lambda n: "- " * n + "a",
    "lazy": lambda n: "> " * 9 + "a\n" * n,
    "*": lambda n: "*" * n + "a",
    "*a*": lambda n: "*" * n + "a" + "*" * n,
    "*a_": lambda n: "*a_ " * n,
    "*a b*": lambda n: "*a " * n + "b* " * n,
    "*a _b": lambda n: "*a _b " * n + "c_ d* " * n,
    "a**b": lambda n: "a**b" * n,
    "_*": lambda n: "_*" * n + "a" + "*_" * n,
    "~": lambda n: "~~a" * n,
    "~~a~~": lambda n: "~~a" * n + "b~~ " * n,
    "`": lambda n: "".join("`" * k + " " for k in range(int((2 * n) ** 0.5))),
    "[a](": lambda n: "[a](" * n,
    "[](": lambda n: "[" * n + "a" + "](https://x.example)" * n,
    "<": lambda n: "<" * n,
    "<a": lambda n: "<a@" * n,
    "autolinks": lambda n: "<https://x.example/>" * n,
    "&": lambda n: "&#" * n,
    "definitions": lambda n: "".join(f"[a{k}]: x\n" for k in range(n)) + "\n甲",
    "references": lambda n: f"[a]: {ADDRESS[: 16 * n]}\n\n" + "[a]" * n,
    "titles": lambda n: f'[a]: a.png "{ADDRESS[: 16 * n]}"\n\n' + "![甲][a]" * n,
    "fragments": lambda n: "[a](#a)" * n + "\n\n" + "## a\n" * n,
    "headings": lambda n: "# a\n" * n,
    "images": lambda n: "![a](a.png)" * n,
    "missing": lambda n: "![a](x.png)" * n,
    "lines": lambda n: "甲\n" * n,
    "indents": lambda n: "　　甲\n" * n,
    "hard": lambda n: "甲\\\n" * n,
    "rows": lambda n: "|a|\n|-|\n" + "|a|\n" * n,
    "filled rows": lambda n: "|a" * 9 + "\n" + "|-" * 9 + "\n" + "|\n" * n,
    "wide": lambda n: "|a" * n + "\n" + "|-" * n + "\n",
    "fences": lambda n: "```\na\n```\n" * n,
    "sentences": lambda n: "句。" * n,
    "words": lambda n: "甲" * n,
}
"""Name → a body of so many repetitions."""
REGISTERS = make_registers()


def _shown(body: str) -> str:
    """All that the four channels write of a body."""
    post = make_post(body, ["a.png"])
    made = [render_channel(channel, post, REGISTERS) for channel in program().channels]
    return "".join(rendition.html + rendition.text + rendition.short for rendition in made)


@pytest.mark.parametrize("name", BODIES)
def test_twice_the_body_takes_twice_the_work(name: str) -> None:
    body = BODIES[name]
    assert_linear(lambda n: _shown(body(n)), 200)


@pytest.mark.parametrize("name", BODIES)
def test_what_is_shown_is_bounded_by_what_was_typed(name: str) -> None:
    body = BODIES[name](1_500)
    shown = _shown(body)
    assert len(shown) <= 600 * len(body) + 20 * MOST_EXPANDED
    assert shown


@pytest.mark.parametrize(
    ("body", "why", "line"),
    [
        (f"甲\n\n[a]: {ADDRESS}\n\n" + "[a]\n\n" * 4_000, TOO_LONG, 4 + 2 * 9),
        (f'[a]: a.png "{ADDRESS}"\n\n' + "![甲][a]\n" * 50, TOO_LONG, 2),
        ("甲\n\n" + "*a " * 40 + "b* " * 40, TOO_DEEP, 2),
        ("甲\n" * (MOST_SIGNS + 1), TOO_MANY, MOST_SIGNS),
        ("甲" + "[" * (MOST_SIGNS + 1), TOO_MANY, 0),
        ("|a" * 300 + "\n" + "|-" * 300 + "\n" + "|\n" * 3_000, TOO_MANY, 0),
    ],
    ids=["addresses", "titles", "stress", "lines", "brackets", "a table"],
)
def test_what_is_out_of_proportion_is_shown_as_typed_and_refused(
    body: str, why: Reason, line: int
) -> None:
    post = make_post(body)
    (problem,) = render_channel("archive", post, REGISTERS).problems
    assert (problem.effect, problem.name, problem.message) == (Effect.REFUSE, *why)
    assert problem.location.path == post.path
    assert problem.location.line >= FIRST_BODY_LINE + line
    assert problem.remedy
    for channel in program().channels:
        assert "<pre" in render_channel(channel, post, REGISTERS).html or channel != "archive"


@pytest.mark.parametrize("depth", [1, 10])
def test_what_people_write_is_not_refused(depth: int) -> None:
    link = "https://x.example/" + "a" * 80
    body = f"[a]: {link}\n\n" + "[a]\n\n" * 900 + "*" * depth + "甲" + "*" * depth
    assert render_channel("archive", make_post(body), REGISTERS).problems == ()


def test_a_deep_tree_is_read_in_one_pass() -> None:
    """No body of ours makes one any more."""

    def depths(depth: int) -> list[int]:
        return [element.depth for element in tree_of("<em>" * depth + "甲").walk()]

    assert depths(50)[-1] == 50
    assert_linear(depths, 400)
    assert steps_of(lambda: depths(400)) < 40_000
