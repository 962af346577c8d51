"""Registers and policy of the fictional bureau, for the tests of rules."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.law.rulebook import articles_of
from pipeline.model.calendar import SHANGHAI, Calendar
from pipeline.model.documents import Document, Route
from pipeline.model.policy import Parameter, Policy
from pipeline.model.registers import (
    Account,
    Delegation,
    Department,
    Person,
    Registers,
    Roster,
    Source,
    Tenure,
)

SCHEMAS = Path(__file__).parents[2] / "schemas" / "articles"
REGULATION = SCHEMAS.parents[1] / "content" / "regulation.md"
ARTICLES = dict(dict(articles_of(REGULATION.read_bytes())).values())
"""Heading → text of the shipped law."""
FORCE = date(2023, 3, 21)
UNIT = "云岚市应急管理局"


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    """A moment in Asia/Shanghai: ``2026-11-03 09:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


AS_OF = at("2026-11-22 20:00")


@cache
def _shipped() -> Mapping[str, tuple[Parameter, ...]]:
    schemas = [json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))]
    named = [schema["properties"]["parameters"]["properties"] for schema in schemas]
    values = {name: row["default"] for rows in named for name, row in rows.items()}
    values["account.decisions_signed_from"] = "2027-01-01"  # most events here bear no signature
    return {name: _setting(name, value) for name, value in values.items()}


def _setting(name: str, value: object) -> tuple[Parameter, ...]:
    return (Parameter(name, value, "", "[D]", FORCE),)


def defaults(**changes: object) -> dict[str, tuple[Parameter, ...]]:
    """Every parameter at its schema's default, changed by name (dots written as ``__``)."""
    changed = {name.replace("__", "."): value for name, value in changes.items()}
    return {**_shipped(), **{name: _setting(name, value) for name, value in changed.items()}}


def person(id: str, *roles: str, contractor: bool = False, until: str = "") -> Person:
    """Roles are written ``operator@xjk``; all begin with the regulation."""
    end = day(until) if until else None
    tenures = tuple(
        Tenure(role, department, FORCE, end) for role, department in (r.split("@") for r in roles)
    )
    return Person(id, f"某{id}", contractor, (f"{id}@example.org",), tenures)


PEOPLE = (
    person("xxy-a", "information-officer@xjk"),
    person("kz-a", "section-head@xjk"),
    person("ld-a", "leader-in-charge@office"),
    person("ld-b", "principal@office"),
    person("gly-a", "operator@xjk"),
    person("gly-b", "operator@xjk"),
    person("zz-a", "writer@jzk"),
    person("wb-a", "editor@xjk", contractor=True),
)


def account(id: str = "wx", platform: str = "wechat", mode: str = "text", **more: Any) -> Account:
    url = {"wechat": f"https://mp.weixin.qq.com/a/{id}", "weibo": f"https://weibo.com/{id}"}
    made = Account(
        id,
        f"云岚{id}",
        platform,
        mode,
        UNIT,
        True,
        day("2027-11-30"),
        url.get(platform, f"https://{platform}.example.org/{id}"),
        day("2026-01-01"),
        None,
        "云政办备1号",
    )
    return replace(made, **more)


def registers(
    accounts: Sequence[Account] = (account(),),
    people: Iterable[Person] = PEOPLE,
    delegations: Sequence[Delegation] = (),
    sources: Sequence[Source] = (),
    years: Iterable[int] = (2026,),
    **parameters: object,
) -> Registers:
    policy = Policy(Document("content/policy.yml"), {"id": "yunlan-yjj"}, {"full_name": UNIT}, {})
    marks: dict[Route, tuple[int, int]] = {("accounts",): (1, 1)}
    marks |= {("accounts", i): (2 + 10 * i, 5) for i in range(len(accounts))}
    holidays: Mapping[str, list[date]] = {
        "off_days": [date(2026, 10, d) for d in range(1, 8)],
        "work_weekends": [day("2026-10-10")],
    }
    departments = (Department("xjk", "宣教科", True, ()), Department("jzk", "救助科", False, ()))
    return Registers(
        replace(policy, parameters=defaults(**parameters)),
        {p.id: p for p in people},
        {d.id: d for d in departments},
        {a.id: a for a in accounts},
        {s.id: s for s in sources},
        Roster(7, None, "r" * 64, (), tuple(delegations)),
        Calendar.of(dict.fromkeys(years, holidays)),
        "l" * 64,
        {
            "accounts": Document("content/registers/accounts.yml", None, marks),
            "people": Document("content/registers/people.yml", None, {("people",): (1, 1)}),
        },
        articles=ARTICLES,
    )
