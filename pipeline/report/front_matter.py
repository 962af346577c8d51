"""A post's front matter as a reviewer reads it: labels and words for keys and codes.

Codes that the public site shows too have its words; in English they speak for themselves. The other
words stand in `front_matter.json`, English and Chinese.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pipeline.detect.private import PRIVATE_KINDS
from pipeline.model import calendar, posts, zh_names
from pipeline.model.findings import say, say_day
from pipeline.model.registers import Registers
from pipeline.report.language import Translate, whole

_WORDS = json.loads(Path(__file__).with_suffix(".json").read_bytes())
Names = tuple[str, str]
"""What a thing is called in English and in Chinese."""
LABELS: Mapping[str, Names] = _WORDS["labels"]
"""Key of the front matter, at any depth → its label."""
CODES: Mapping[str, Mapping[Any, Names]] = _WORDS["codes"]
"""Key → code → its word."""

SHOWN: Mapping[str, Mapping[Any, str]] = {
    "kind": zh_names.KINDS,
    "topic": zh_names.TOPICS,
    "category": zh_names.CATEGORIES,
    "origin": zh_names.ORIGINS,
    "validity": zh_names.VALIDITY,
    "level": zh_names.LEVELS,
    "color": zh_names.COLOURS,
}
"""Key → code → the word that readers of the site know; Chinese alone."""

ID_KEYS = frozenset(
    ("accounts", "author", "co_authors", "origin_dept", "person", "approved_by", "ordered_by")
)
"""Keys whose values are ids of accounts, people or departments."""


@dataclass(frozen=True)
class Wording:
    """How a reader is told keys and values: in which language, with the names of which registers.

    Keys that do not fit their schema are shown as they are written.
    """

    tr: Translate
    chinese: bool
    registers: Registers

    def lines(self, post: posts.Post) -> Iterator[str]:
        """A line for each key but the title, one more for each entry of a numbered list."""
        written = post.document.value
        for key in written if isinstance(written, dict) else ():
            if key != "title":
                yield from self._lines(str(key), post.meta.get(key, written[key]))

    def _lines(self, key: str, value: Any) -> Iterator[str]:
        if isinstance(value, list) and any(isinstance(row, Mapping) for row in value):
            yield f"  {self._pair(key, '')}"
            for number, row in enumerate(value, 1):
                yield f"    {number}. {self.value(key, row)}"
        else:
            yield f"  {self._pair(key, self.value(key, value))}"

    def label(self, key: str) -> str:
        """What a key is called."""
        return LABELS[key][self.chinese] if key in LABELS else whole(key)

    def _pair(self, key: str, value: str) -> str:
        label = self.label(key)
        return f"{label}：{value}" if self.chinese else f"{label}: {value}".rstrip()

    def value(self, key: str, value: Any) -> str:
        """One value in words; a mapping as its pairs, a list as its members."""
        if isinstance(value, Mapping):
            pairs = (self._pair(k, self.value(k, v)) for k, v in value.items())
            return ("；" if self.chinese else "; ").join(pairs)
        if isinstance(value, list):
            members = (self.value(key, member) for member in value)
            return ("、" if self.chinese else ", ").join(members)
        if isinstance(value, bool):
            return self.tr(say("yes") if value else say("no"))
        if isinstance(value, datetime):
            return calendar.minute(value)
        if isinstance(value, date):
            return self.tr(say_day(value))
        if key == "fields" and value in PRIVATE_KINDS:
            return self.tr(PRIVATE_KINDS[value])
        if key in CODES and value in CODES[key]:
            return CODES[key][value][self.chinese]
        if self.chinese and key in SHOWN:
            return SHOWN[key].get(value, whole(str(value)))
        registers = self.registers
        name = registers.called(str(value)) if key in ID_KEYS else str(value)
        return whole(registers.source_name({"id": value, "name": value}) if key == "id" else name)


@dataclass(frozen=True)
class RecordWording(Wording):
    """As `Wording`, by the names that records have for their fields and choices."""

    titles: Mapping[str, str] = field(default_factory=dict)
    """Post → its title, where that is shown."""

    def label(self, key: str) -> str:
        return (zh_names.field_word(key) or key) if self.chinese else key

    def value(self, key: str, value: Any) -> str:
        word = zh_names.choice_word(str(value)) if self.chinese else ""
        if word or not isinstance(value, str):
            return word or super().value(key, value)
        return whole(self.titles.get(value, "")) or self.registers.name_of(value)
