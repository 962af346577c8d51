"""Strict YAML: never raises, never guesses a type, gives back what was written."""

import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.documents import Document
from pipeline.new.yaml_writer import dump
from pipeline.source.content.text import MAX_DEPTH, MAX_NODES, note_in, parse_yaml, read_yaml
from tests.builders.verdicts import mark

PLAIN = (type(None), bool, int, float, str)


def _parse(text: str) -> Document:
    return parse_yaml("a.yml", text, 0, "", "R11-2")


def _only_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(type(k) is str and _only_plain(v) for k, v in value.items())
    if isinstance(value, list):
        return all(map(_only_plain, value))
    return type(value) in PLAIN


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    document = read_yaml("a.yml", raw)
    assert (document.value is None) or _only_plain(document.value)
    assert document.digest


YAMLISH = st.text(
    st.sampled_from(list("ab01.-+~:?!&*<>|%@`'\"[]{},#= \n\t\u0085\u2028\ufeff年")), max_size=80
)


@given(YAMLISH)
def test_no_text_makes_it_raise(text: str) -> None:
    document = _parse(text)
    assert _only_plain(document.value)
    for finding in document.problems:
        assert finding.location.line >= 1
        assert document.value is None
    for line, column in document.marks.values():
        assert line >= 1
        assert column >= 1


@given(YAMLISH)
def test_what_it_accepts_has_the_shape_that_every_reader_sees(text: str) -> None:
    """Another builder on the same events finds the same keys and list lengths."""
    document = _parse(text)
    if document.problems:
        return
    theirs = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506
    assert _shape(document.value) == _shape(theirs if theirs is not None else {})


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _shape(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shape(v) for v in value]
    return "scalar"


TEXT = st.text("ab 防火:#-{}[]\"'&*!|>%@`,?0127.", max_size=12)
KEYS = st.text("abcde.", min_size=1, max_size=6)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6)
    | TEXT,
    lambda below: (
        st.lists(below, min_size=1, max_size=4) | st.dictionaries(KEYS, below, min_size=1)
    ),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_what_dump_writes_is_read_back(value: dict[str, Any]) -> None:
    """`dump` quotes every string, so that no reader can take it for more."""
    text = dump(value).decode()
    document = _parse(text if value else "{}\n")
    assert not document.problems, text
    assert _close(document.value, value), text


def _close(found: Any, wanted: Any) -> bool:
    """Equal, but for a float that JSON writes with an exponent, which stays text here."""
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(_close(found[k], wanted[k]) for k in wanted)
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_close, found, wanted))
    if isinstance(wanted, float) and not isinstance(found, float):
        return isinstance(found, str) and math.isclose(float(found), wanted)
    return type(found) is type(wanted) and found == wanted


@given(
    st.text(
        st.sampled_from("0123456789abcdefxXoO_+-.:eEnyNYtrufalseTRUFALSE~ "),
        min_size=1,
        max_size=12,
    )
)
def test_a_scalar_is_a_number_only_when_it_looks_like_one_to_anybody(word: str) -> None:
    document = _parse(f"key: {word}\n")
    if document.problems:
        return
    value = document.value["key"]
    plain = word.strip(" ").split(" #")[0]
    if type(value) is int:
        assert str(value) == plain or plain == "-0"
    elif type(value) is float:
        assert plain.lstrip("-").replace(".", "").isdigit()
        assert math.isclose(value, float(plain))
        assert plain.lstrip("-").split(".")[0] == "0" or plain.lstrip("-")[0] != "0"
    elif type(value) is bool:
        assert plain == ("true" if value else "false")
    elif value is None:
        assert plain in ("null", "~", "")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        *(
            (w, w)
            for w in ("no", "No", "NO", "yes", "on", "off", "y", "n", "True", "FALSE", "Null")
        ),
        *(
            (w, w)
            for w in ("22:30", "012", "0o14", "0x1F", "0b1", "1_000", "+1", "1e3", "1.", ".5")
        ),
        *(
            (w, w)
            for w in (".inf", "-.inf", ".nan", "=", "2026-11-05", "2026-11-05T09:30:00+08:00")
        ),
        *((w, w) for w in ("1" * 19, "00", "-01", "1.2.3", "0" * 40 + ".1")),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("42", 42),
        ("0.6", 0.6),
        ("-1.50", -1.5),
        ("'no'", "no"),
        ('"12"', "12"),
        ('""', ""),
        ("'true'", "true"),
    ],
)
def test_types(word: str, value: object) -> None:
    document = _parse(f"key: {word}\n")
    assert not document.problems
    found = document.value["key"]
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize("block", ["|", ">", "|-", ">-"])
def test_a_block_is_text(block: str) -> None:
    assert str(_parse(f"key: {block}\n  12\n").value["key"]).strip() == "12"


def test_lines_and_columns_point_into_the_file() -> None:
    document = parse_yaml(
        "post.md", "title: 防火\nsource:\n  id: a\ntags: [x, y]\n", 1, "", "R11-2"
    )
    assert document.locate("title").line == 2
    assert (document.locate("source", "id").line, document.locate("source", "id").column) == (4, 3)
    assert (document.locate("tags", 1).line, document.locate("tags", 1).column) == (5, 11)
    assert document.locate("source", "url") == document.locate("source")
    assert document.locate("nothing").line in (1, 2)


@pytest.mark.parametrize("depth", [MAX_DEPTH, MAX_DEPTH + 1, MAX_DEPTH + 2, 5_000, 200_000])
def test_depth_is_bounded(depth: int) -> None:
    """The outermost value lies at depth zero."""
    document = _parse("[" * depth + "]" * depth)
    assert bool(document.problems) is (depth > MAX_DEPTH + 1)


@pytest.mark.parametrize("value", [[], {}, [[]], [{}], {"a": []}, {"a": {}}, [[], "a"]], ids=str)
def test_dump_writes_empty_values_too(value: object) -> None:
    assert _parse(dump({"key": value}).decode()).value == {"key": value}


@pytest.mark.parametrize("count", [MAX_NODES - 2, MAX_NODES + 1])
def test_width_is_bounded(count: int) -> None:
    document = _parse("[" + ",".join("0" * count) + "]")
    assert bool(document.problems) is (count > MAX_NODES)


def test_a_bomb_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{c}: &{c} [*{p}, *{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    (found,) = _parse(bomb).problems
    assert (found.location.line, "Anchors" in str(found.message)) == (1, True)


@pytest.mark.parametrize("text", ["", "# only a remark\n", "\n\n"])
def test_nothing_is_an_empty_document(text: str) -> None:
    assert _parse(text).value in ({}, None)
    assert not _parse(text).problems


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('a: "e\\u0301"', "character-decomposed"),
        ('a: ["x", "\\u212B"]', "character-decomposed"),
        ('"e\\u0301": 1', "character-decomposed"),
        ('a: "x\\u202ey"', "character-invisible U+202E"),
        ('"a\\u200b": 1', "character-invisible U+200B"),
        ('a: {"\\e[2J": 1}', "character-invisible U+001B"),
    ],
)
def test_an_escape_hides_nothing_in_values_or_keys(text: str, said: str) -> None:
    document = read_yaml("a.yml", f"# 注\n{text}\n".encode())
    assert document.value is None
    assert [mark(f) for f in document.problems] == [said]
    assert document.problems[0].location.line == 2


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# a\nk: 1\n", (1, 1)),
        ("k: 1 # a\n", (1, 6)),
        ('k: "#a" # b\n', (1, 9)),
        ('k: "\\x23" # b\n', (1, 11)),
        ("k: 'a' # 注\nm: 2\n", (1, 8)),
        ("k:\n  - a\n  # 注\n  - b\n", (3, 3)),
        ("k: [a, # 注\n  b]\n", (1, 8)),
        ("k: 1\n# 尾", (2, 1)),
        ("年: 防火 # 注\n", (1, 7)),
        ("k: | # 注\n  a#b\n", (1, 4)),
        ("k: |\n  a # b\n# 注\n", (3, 1)),
        ("k: >-\n  a # b\n\n  c\n", None),
        ("k: a#b\n", None),
        ('k: "a # b"\n', None),
        ("k: 'a # b'\n'#': 1\n", None),
        ("k: a\n", None),
    ],
)
def test_a_note_is_found_and_a_sign_in_a_value_is_none(
    text: str, place: tuple[int, int] | None
) -> None:
    assert not _parse(text).problems
    assert note_in(text) == place


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_nothing_that_dump_writes_is_a_note(value: dict[str, Any]) -> None:
    assert note_in(dump(value).decode()) is None
