"""Bytes that may be a statement, before anybody verified who signed them."""

from typing import Any

import pytest

from pipeline.evidence.review.statements import (
    MAX_BYTES,
    is_return,
    strict_json,
)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a": [1, "x"]}', {"a": [1, "x"]}),
        (b'{"a": 1, "b": {"a": 1}}', {"a": 1, "b": {"a": 1}}),
        (b'{"a": 1, "a": 1}', None),
        (b'[{"a": 1, "a": 2}]', None),
        (b"NaN", None),
        (b"[-Infinity]", None),
        (b"\xef\xbb\xbf{}", None),
        ("{}".encode("utf-16"), None),
        (b"\xff", None),
        (b"", None),
        (b"{} {}", None),
        (b"[0, -1, 12345678901234567890]", [0, -1, 12345678901234567890]),
        (b"1.0", None),
        (b"1e0", None),
        (b'{"a": [-1E+400]}', None),
        (b"9" * 5000, None),
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\ud83d"', None),
        (b'"\\UD83D"', None),
        (b'["\\udE00"]', None),
        (b'"' + b"x" * (MAX_BYTES - 2) + b'"', "x" * (MAX_BYTES - 2)),
        (b'"' + b"x" * (MAX_BYTES - 1) + b'"', None),
        (b"[" * 100_000, None),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_one_value_or_none(raw: bytes, value: Any) -> None:
    assert strict_json(raw) == value


@pytest.mark.parametrize(
    ("raw", "returns"),
    [
        (b'{"predicate": {"decision": "return"}}', True),
        (b'{"predicate": {"decision": "return", "x": 1}, "y": 2}', True),
        (b'{"predicate": {"decision": "approve"}}', False),
        (b'{"predicate": {"decision": "RETURN"}}', False),
        (b'{"predicate": {}}', False),
        (b'{"predicate": ["decision", "return"]}', False),
        (b'{"predicate": "return"}', False),
        (b'{"decision": "return"}', False),
        (b"{}", False),
        (b"[]", False),
        (b"null", False),
        (b"", False),
        (b"\xff", False),
    ],
)
def test_a_return_is_told_from_all_else(raw: bytes, returns: bool) -> None:
    assert is_return(raw) is returns
