"""A register is altered where its value differs, and nowhere else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Fault
from pipeline.new.yaml_writer import dump, rewritten
from pipeline.source.content.text import read_yaml

PEOPLE = """# 人员
people:
  # 科室
  - id: a
    roles:
      - {role: x, from: "2024-03-01"} # 顶岗
  # 领导
  - id: b
    emails: [a@b, c@d]
    notes: |
      第一行
      第二行
    roles: []

# 末尾
"""


def _altered(change: Any) -> str:
    wanted = read_yaml("x", PEOPLE.encode()).value
    change(wanted["people"])
    return rewritten("x", PEOPLE.encode(), wanted).decode()


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (
            lambda rows: rows[0]["roles"][0].update(until="2026-01-01"),
            '"2024-03-01"} # 顶岗',
            '"2024-03-01", "until": "2026-01-01"} # 顶岗',
        ),
        (
            lambda rows: rows[0]["roles"].append({"role": "y", "of": ["z"]}),
            "# 顶岗\n",
            '# 顶岗\n      - role: "y"\n        of:\n          - "z"\n',
        ),
        (
            lambda rows: rows[1]["roles"].append({"role": "y"}),
            "roles: []\n",
            'roles:\n      - role: "y"\n',
        ),
        (lambda rows: rows[0].update(id="c"), "- id: a\n", '- id: "c"\n'),
        (lambda rows: rows[1]["emails"].append("e@f"), "c@d]", 'c@d, "e@f"]'),
        (lambda rows: rows[1].update(emails=["e@f"]), "[a@b, c@d]", '["e@f"]'),
        (
            lambda rows: rows[1].update(notes="短"),
            "notes: |\n      第一行\n      第二行\n",
            'notes: "短"\n',
        ),
        (lambda rows: rows.append({"id": "c"}), "roles: []\n", 'roles: []\n  - id: "c"\n'),
    ],
)
def test_remarks_and_order_stay(change: Any, before: str, after: str) -> None:
    assert _altered(change) == PEOPLE.replace(before, after)


def test_a_text_without_a_last_break_is_altered_too() -> None:
    raw = rewritten("x", b"a: {b: {}}", {"a": {"b": {"c": 1}}, "d": ["e"]})
    assert raw == b'a: {b: {"c": 1}}\nd:\n  - "e"'


def test_what_cannot_be_read_is_left_alone() -> None:
    with pytest.raises(Fault, match="x cannot be altered"):
        rewritten("x", b"a: &b 1\n", {"a": 2})


VALUES = st.recursive(
    st.integers(-9, 9) | st.text("ab: #[]{}-\"'\n火", max_size=6) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    ),
    max_leaves=6,
)
WHOLE = st.dictionaries(st.sampled_from("abcd"), VALUES, min_size=1, max_size=4)


@given(WHOLE, WHOLE)
def test_whatever_was_written_reads_as_wanted(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert read_yaml("x", rewritten("x", dump(old), new)).value == new
