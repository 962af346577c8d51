"""The one table of Chinese names for ids and codes, in sentences and on the site.

English sentences show the ids themselves, which are English words. The names stand in
`zh_names.json`, read once as a part of the program.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.model.evidence import Step
from pipeline.model.part import program
from pipeline.model.run import per_run

Names = Mapping[str, str]
_TABLES: Mapping[str, Names] = json.loads(Path(__file__).with_suffix(".json").read_bytes())


def _numbered(table: str) -> Mapping[int, str]:
    return {int(number): name for number, name in _TABLES[table].items()}


ROLES = _TABLES["roles"]
PLATFORMS = _TABLES["platforms"]
REMOVERS = _TABLES["removers"]
CHANNELS: Names = {**PLATFORMS, "archive": "公开档案"}
KINDS = _TABLES["kinds"]
DRILL = "预警演练"
"""What a post of kind alert is called whose warning is an exercise."""
DECLARATIONS = _TABLES["declarations"]
FIELDS = _TABLES["fields"]
CATEGORIES = _numbered("categories")
"""The seven kinds of content of Article 9, paragraph 1."""
SHORT_CATEGORIES = _numbered("short categories")
TOPICS = _TABLES["topics"]
VALIDITY = _TABLES["validity"]
ERASED = "已依规清除"
MODES = _TABLES["modes"]
RIGHTS = _TABLES["rights"]
"""Under what the words of posts may be used, and what is another's."""
STEPS: Mapping[Step, str] = {Step(step): name for step, name in _TABLES["steps"].items()}
ORIGINS = _TABLES["origins"]
CORRECTIONS = _TABLES["corrections"]
EVIDENCE = _TABLES["evidence"]
KEY_KINDS = _TABLES["key kinds"]
"""What a person signs with, by the name that OpenSSH gives to its public key."""
LEVELS = _numbered("levels")
COLOURS = _TABLES["colours"]
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
COLUMN_TYPES = _TABLES["column types"]
"""First part of an address → 栏目类别 of the guideline (国办发〔2017〕47号)."""
CATEGORY_COLUMN_TYPES = _TABLES["category column types"]
"""The same of a category's page, by its number."""
POST_SECTIONS = _TABLES["post sections"]
"""Id of a section of a post's page → its heading."""
MANNERS = _TABLES["manners"]
"""How a clause is checked (`law.manners`)."""
CATALOGUE_COLUMNS = _TABLES["catalogue columns"]
"""Field of the catalogue → head of its column; new ones come last, for readers that count."""
CHOICES: Names = {
    **KINDS,
    **{topic: name for topic, name in TOPICS.items() if topic != "other"},
    **ROLES,
    **{platform: name for platform, name in PLATFORMS.items() if platform != "other"},
    **_TABLES["choices"],
}
"""What a value is called that one chooses from a list: kind, role, level, who was told."""

_SENTENCE = re.compile(r"\{(\w+)\}")
_TYPED = re.compile(r"(?:[A-Za-z0-9_./=<-]|[A-Za-z0-9_-] )$")
"""What precedes an id that is to be typed: ``sanshen declare ``, ``--member ``."""


def field_word(key: str) -> str:
    """What a key of an entry or record is called; empty where it has no name."""
    return FIELDS.get(key) or program().words.get(key, "")


def choice_word(value: str) -> str:
    """What a value is called that one chooses from a list; empty where it has no name."""
    return CHOICES.get(value) or program().words.get(value, "")


def _field(route: str) -> str:
    """``contractors.0.contract.scope.1`` → 外包单位第1项的合同的范围第2项（scope）."""
    names: list[str] = []
    leaf = ""
    for part in route.split("."):
        if part.isdecimal() and names:
            names[-1] += f"第{int(part) + 1}项"
        elif word := field_word(part):
            names.append(word)
            leaf = part
        else:
            return ""
    return f"{'的'.join(names)}（{leaf}）" if names else ""


def called_fields(keys: str) -> str:
    """Keys between commas by their names alone, for who types none of them."""
    return "、".join(_NAMES["field"](key) or key for key in keys.split(", "))


def _fields(keys: str) -> str:
    """Keys between commas, each with its name."""
    return "、".join(_field(key) or key for key in keys.split(", "))


def _choices(ids: str) -> str:
    """Ids between commas, one of which is to be typed, each with its name."""
    return "、".join(f"{word}（{i}）" if (word := choice_word(i)) else i for i in ids.split(", "))


_NAMES: Mapping[str, Callable[[str], str]] = {
    "allowed": _choices,
    "channel": lambda value: CHANNELS.get(value, ""),
    "field": lambda value: _field(value).rpartition("（")[0],
    "key": _field,
    "kind": lambda value: KINDS.get(value) or program().kind(value).label,
    "known": _fields,
    "name": lambda value: DECLARATIONS.get(value, ""),
    "platform": lambda value: PLATFORMS.get(value, ""),
    "right": lambda value: KINDS.get(value, ""),
    "role": lambda value: ROLES.get(value, ""),
    "roles": _choices,
}
"""Name of a value in a sentence → what to call an id of that sort; empty: it is none."""
REGISTERED = frozenset({
    "account", "contractor", "delegate", "delegator", "department", "keeper", "name", "other",
    "others", "person", "who", "witness",
})  # fmt: skip
"""Values that may be an id of a register: where one is at hand, it says what to call it."""
KEYS = frozenset({"key", "known"})
"""Values that are keys of a file."""
TRANSLATED = REGISTERED | _NAMES.keys()


def in_chinese(name: str, value: str) -> str:
    """What a value of a sentence is called; the value itself when it is no id."""
    return (_NAMES[name](value) if name in _NAMES else "") or value


@per_run(2048)
def naming(text: str) -> str:
    """A sentence whose ids are to be called by their names, ``{role:zh}``, but for those in
    commands and paths, which are typed as they are."""

    def called(match: re.Match[str]) -> str:
        before, after = text[: match.start()], text[match.end() :]
        typed = before.count("`") % 2 or _TYPED.search(before) or after[:1] in ("=", ".", "/")
        return match[0] if typed or match[1] not in TRANSLATED else f"{{{match[1]}:zh}}"

    return _SENTENCE.sub(called, text)
