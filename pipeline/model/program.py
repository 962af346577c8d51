"""The program as a value: what judges, and how versions compare."""

import json
import re
from typing import Any, NamedTuple

VERSION = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")


class Program(NamedTuple):
    """A program that judges and builds."""

    version: str
    """As 0.9.0."""
    digest: str
    """sha256 (hex) over the names and bytes of its files."""

    @property
    def name(self) -> str:
        """How reports call it: ``sanshen 0.9.0 sha256:…``."""
        return f"sanshen {self.version} {self.short}"

    @property
    def short(self) -> str:
        """The digest by its first 16 digits."""
        return f"sha256:{self.digest[:16]}"


def order(version: str) -> tuple[int, ...]:
    """A version as numbers that compare."""
    return tuple(map(int, version.split(".")))


def asked_of(since: str, version: str) -> bool:
    """Whether what came with the version `since` is asked of a tree made for `version`."""
    return not since or order(since) <= order(version)


def schema_of(raw: bytes, version: str) -> bytes:
    """A shipped schema (JSON) without the keys that came after a version, by their ``since``."""
    if b'"since"' not in raw:
        return raw
    return json.dumps(_without_later(json.loads(raw), version), ensure_ascii=False).encode()


def _without_later(value: Any, version: str) -> Any:
    if isinstance(value, list):
        return [_without_later(item, version) for item in value]
    if not isinstance(value, dict):
        return value
    parts = value.get("properties") or {}
    later = {key for key, part in parts.items() if _later(part, version)}
    if later:
        asked = [key for key in value.get("required", ()) if key not in later]
        older = {key: part for key, part in parts.items() if key not in later}
        value = {**value, "properties": older, "required": asked}
    return {key: _without_later(part, version) for key, part in value.items()}


def _later(part: Any, version: str) -> bool:
    since = part.get("since") if isinstance(part, dict) else None
    return isinstance(since, str) and not asked_of(since, version)
