"""A bureau whose people sign on the pages of a desk, each by passkey."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.builders.archive import ArchiveRepo
from tests.builders.cast import PASSKEY, SIGNERS, public_line, registers

_TWINS = {public_line(name): public_line(f"{name}{PASSKEY}") for name in SIGNERS}


class ByPasskey(ArchiveRepo):
    """An archive whose roster holds a passkey beside each key, and whose people sign with it."""

    @classmethod
    def begin(cls, root: Path, **more: Any) -> "ArchiveRepo":
        changed = {"roster": registers()["roster"]} | (more.pop("changed", None) or {})
        return super().begin(
            root, changed=changed | {"roster": with_passkeys(changed["roster"])}, **more
        )

    def register(self, name: str, value: Any) -> None:
        super().register(name, with_passkeys(value) if name == "roster" else value)

    def sign(self, path: str, statement: bytes, key: str) -> None:
        super().sign(path, statement, f"{key}{PASSKEY}" if key in SIGNERS else key)


def with_passkeys(roster: Mapping[str, Any]) -> dict[str, Any]:
    """A roster with the twin of each key, in the same window; once."""
    rows: Iterable[dict[str, Any]] = roster["keys"]
    lines = {row["key"] for row in rows}
    twins = [row | {"key": _TWINS[row["key"]]} for row in rows if row["key"] in _TWINS]
    return {**roster, "keys": [*rows, *(twin for twin in twins if twin["key"] not in lines)]}
