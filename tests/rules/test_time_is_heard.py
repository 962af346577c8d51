"""No rule reads the hour of the run past the time that listens (docs/decisions/0035)."""

import ast
from pathlib import Path

import pipeline

PARSERS = {"combine", "fromisoformat", "fromisocalendar", "fromordinal", "min", "max"}
"""What rules may call on the classes themselves: it makes a day or a time."""
FOLDERS = ("rules", "detect", "model")
FILES = sorted(
    path for name in FOLDERS for path in Path(pipeline.__file__).with_name(name).rglob("*.py")
)


def unbound(source: str) -> list[str]:
    """Methods of `date` and `datetime` that are named on the class."""
    return [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("date", "datetime")
        and node.attr not in PARSERS
    ]


def test_an_unbound_method_is_seen() -> None:
    assert unbound("x = datetime.isoformat(archive.as_of)") == ["datetime.isoformat"]
    assert unbound("x = archive.as_of.isoformat()") == []


def test_rules_ask_the_time_itself() -> None:
    asked = {path.name: unbound(path.read_text("utf-8")) for path in FILES}
    assert len(asked) > 60
    assert not {name: calls for name, calls in asked.items() if calls}
