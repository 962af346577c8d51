"""One slip, one thing to read: a text counts the rest beneath it, and JSON names all of it."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, key, registers
from tests.builders.files import folder
from tests.builders.judging import run
from tests.builders.named import shows

PEOPLE = "content/registers/people.yml"
FIRST = f"content/reviews/2026/{POST}/r1/1-first.json"


def told(archive: ArchiveRepo, *arguments: str) -> tuple[str, list[dict[str, Any]]]:
    """The text of a report, and every refusal of the same in JSON."""
    given = (*arguments, "--as-of", AS_OF.isoformat())
    text, made = (run(archive.root, *given, "--format", form) for form in ("text", "json"))
    assert text.returncode == made.returncode == 11
    found = [f for v in json.loads(made.stdout)["verdicts"] for f in v["findings"]]
    return text.stdout, [f for f in found if f["effect"] == "refuse"]


def counted(text: str) -> int:
    """How many findings a text names or counts."""
    more = re.findall(r"^(\d+) more follow from these", text, re.MULTILINE)
    return len(re.findall(r"^  \S+  REFUSED  ", text, re.MULTILINE)) + sum(map(int, more))


@pytest.fixture
def published(approved: ArchiveRepo) -> ArchiveRepo:
    """A post on main that an account carried; a branch to change it on."""
    approved.publication(POST)
    approved.commit("登记", "gly-a")
    approved.merge("proposal")
    approved.branch("slip")
    return approved


def test_one_changed_sign_draws_one_thing_to_read(published: ArchiveRepo) -> None:
    published.change(f"{folder(POST)}/post.md", "防火三件事", "防火三件亊")
    published.commit("改一个字")
    text, refused = told(published, "verify", "--base", "main")
    assert text.startswith(f"REFUSED  {POST}\n  R11-1  REFUSED  {FIRST}\n      {folder(POST)}/post")
    assert counted(text) == len(refused) == 6
    assert [f["cause"] for f in refused] == [None, *[FIRST] * 5]


def test_a_title_that_the_operator_recorded_wrongly_stands_for_itself(
    published: ArchiveRepo,
) -> None:
    """No review is void, so nothing else explains it."""
    record = published.publication(POST, account="wb", title="另一标题")
    published.commit("登记", "gly-a")
    text, refused = told(published, "verify", "--base", "main")
    assert {f["cause"] for f in refused if f["clause"] == "F-3"} == {None}
    assert f"F-3  REFUSED  {record}" in text


def _proposed(archive: ArchiveRepo) -> tuple[str, ...]:
    return ("verify", "--base", "main")


def _standing(archive: ArchiveRepo) -> tuple[str, ...]:
    return ("verify",)


def _drafted(archive: ArchiveRepo) -> tuple[str, ...]:
    return ("check",)


@pytest.mark.parametrize("judge", [_proposed, _standing, _drafted])
def test_one_bad_entry_of_people_draws_one_thing_to_read(
    published: ArchiveRepo, judge: Callable[[ArchiveRepo], tuple[str, ...]]
) -> None:
    published.change(PEOPLE, 'name: "某ld-a"', 'nmae: "某ld-a"')
    published.commit("登记人员", "gly-a")
    text, refused = told(published, *judge(published))
    first, second, *_ = text.splitlines()
    assert first == f"REFUSED  {'change' if judge is _proposed else 'registers'}"
    assert second.startswith(f"  R03-1  REFUSED  {PEOPLE}:")
    named = re.findall(r"^  \S+  REFUSED  (\S+)", text, re.MULTILINE)
    assert {place.split(":")[0] for place in named} == {PEOPLE} and len(named) == 2
    assert counted(text) >= len(refused) > 8


def test_a_policy_that_nobody_can_read_draws_one_thing_to_read(archive: ArchiveRepo) -> None:
    """Every setting seemed removed, every limit loosened, every duty open since the regulation."""
    archive.change("content/policy.yml", "unit:\n", "unit:\n  telephone: x\n")
    archive.commit("页脚", "gly-a")
    text, refused = told(archive, "verify", "--base", "main")
    named = re.findall(r"^  \S+  REFUSED  (\S+)", text, re.MULTILINE)
    assert len(named) == 1 and "telephone" in text
    assert {f["clause"] for f in refused if not f["cause"]} == {"R13-7"}
    assert counted(text) >= len(refused) > 50
    assert "Overdue" not in text and text.count("awaits") == 2


def test_a_break_is_told_once_and_not_with_every_later_change(archive: ArchiveRepo) -> None:
    archive.switch("main")
    value = registers()["roster"]
    stolen = [key("gly-b", "ld-a") if k["person"] == "ld-a" else k for k in value["keys"]]
    archive.register("roster", value | {"keys": stolen})
    broken = archive.commit("换钥匙", "gly-a")[:12]
    later = []
    for n in range(3):
        archive.write("README.md", f"{n}\n".encode())
        later.append(archive.commit("别的事", "gly-a")[:12])
    text, refused = told(archive, "audit")
    by_break = [f for f in refused if f["cause"] == broken]
    assert len(by_break) == 3
    assert not shows(text, "judged-by-unauthorised")
    assert not any(f"REFUSED  {commit}" in text for commit in later)
    assert counted(text) == len(refused)
    assert ", 4 refused." in text
