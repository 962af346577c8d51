"""The program's own lists: their examples hold, and an archive adds to them and switches off."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.detect.examples import failed_numbers, failed_terms, failed_words
from pipeline.detect.terms import protected
from pipeline.detect.words import lexicon
from pipeline.judge.load_governance import trust
from pipeline.model.registers import NO_REGISTERS, PUBLIC_NUMBERS, Registers
from pipeline.rules.a14_account_safety import none_in_records
from pipeline.source.content.paths import MemoryTree
from pipeline.source.content.program_lock import CARRIED
from pipeline.source.content.shipped_lists import shipped
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import governance
from tests.builders.command import ours
from tests.builders.named import shows
from tests.builders.steps import steps_of
from tests.builders.verdicts import refused_for
from tests.rules.builders import archive as archive_of

SECRETARY = {"id": "top-general-secretary", "text": "总书记", "kind": "party", "reason": "停用"}
OWN = {"id": "own", "text": "云岚市应急救援队", "kind": "unit", "reason": "队伍名称"}


def governed(*terms: dict[str, Any]) -> Registers:
    return trust(MemoryTree(governance({"terms": {"terms": list(terms)}}))).registers


def found(text: str, *terms: dict[str, Any]) -> list[str]:
    look = governed(*terms)
    slips = [miss.words for miss in protected(look).find(text)]
    hits = lexicon(look.listed("lexicons")).find(text)
    return slips + [hit.words for hit in hits if hit.entry["category"] == "wording"]


@pytest.mark.parametrize("name", ["terms", "lexicons", PUBLIC_NUMBERS])
def test_every_entry_has_examples_that_hold(name: str) -> None:
    for entry in shipped(name):
        assert {"hit", "miss"} == entry["specs"].keys(), entry.id
        assert all(entry["specs"].values()), entry.id
    everything = replace(NO_REGISTERS, entries={name: shipped(name)})
    for failed in (failed_numbers, failed_terms, failed_words):
        assert [str(f.message) for f in failed(everything)] == []
        assert list(failed(governed())) == []


@pytest.mark.parametrize("name", ["terms", "lexicons"])
def test_what_came_with_the_list_of_highest_names_has_a_source(name: str) -> None:
    assert all(entry["source"] for entry in shipped(name, CARRIED))


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("学习贯彻总书纪重要讲话精神", "总书纪"),
        ("镇党委副书纪到现场", "书纪"),
        ("李总里到会", "总里"),
        ("国务院总里作出批示", "国务院总里"),
        ("学习贯彻党的二是大精神", "党的二是大"),
        ("二是大以来", "二是大"),
        ("以习进平新时代中国特色社会主义思想为指导", "习进平新时代中国特色社会主义思想"),
    ],
)
def test_slips_in_the_highest_names_are_found(text: str, slip: str) -> None:
    assert slip in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "学习贯彻总书记重要讲话精神", "党的二十届三中全会", "二是大力推进隐患排查", "图书纪念品",
        "通车总里程达300公里", "读书计划", "市纪委书记到会", "国务院副总理到会", "一是大家都来",
        "中央政治局常委出席", "党的十一届三中全会以来",
    ],
)  # fmt: skip
def test_right_names_and_other_words_pass(text: str) -> None:
    assert found(text) == []


def test_an_archive_switches_an_entry_off_and_adds_its_own() -> None:
    assert found("总书纪", SECRETARY | {"off": True}) == ["书纪"]
    assert found("总书纪", SECRETARY) == ["总书纪", "书纪"]
    assert found("云岚市应急救缓队", OWN) == ["云岚市应急救缓队"]


@pytest.mark.parametrize(
    "text", ["云岚应急管理局发布提醒", "《云岚应急管理局政务新媒体管理实施细则》"]
)
def test_the_units_own_name_without_its_city_is_a_slip(text: str) -> None:
    """The registered short name, 云岚应急, stands within it and excuses nothing."""
    assert found(text) == ["云岚应急管理局"]
    assert found("云岚应急发布提醒") == found("云岚市应急管理局发布提醒") == []
    assert found("云岚应急管理工作") == []


def test_a_neighbour_that_the_archive_enters_excuses_it() -> None:
    near = OWN | {"near": ["云岚应急管理局"]}
    assert found("云岚应急管理局发布提醒", near) == []


SPOILED = OWN | {"specs": {"hit": ["云岚市应急救援队"], "miss": ["云岚市应急救缓队"]}}


def test_an_entry_that_fails_its_examples_is_named_with_its_line() -> None:
    failed = list(failed_terms(governed(SPOILED)))
    assert [f.location.path for f in failed] == ["content/registers/terms.yml"] * 2
    assert all("own" in str(f.message) for f in failed)


def test_a_list_that_ships_is_looked_over_once_for_all_archives() -> None:
    """Its examples, and its strings for secrets: both take longer than all else that is asked of a
    change of governance."""
    one, other = governed(), governed(OWN)
    for find in (failed_numbers, failed_words):
        assert not [*find(one)]
        assert steps_of(lambda find=find: [*find(other)]) < 50
    facts = {f"kind-{n}": one.listed("lexicons")[n : n + 1] for n in range(20)}
    archive = archive_of(registers=one, facts=facts)
    assert not [*none_in_records(archive)]
    assert steps_of(lambda: [*none_in_records(archive)]) < 1000


def test_such_an_entry_enters_no_archive(archive: ArchiveRepo) -> None:
    archive.branch("terms")
    archive.register("terms", {"terms": [SPOILED]})
    archive.commit("登记", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")
    assert refused_for(archive.verify(), ("R15-2", "entry-example-fails own"))
    told = ours(["--lang", "en", "rules"], str(archive.root))
    assert told.returncode == 1
    assert shows(told.stderr, "example-failed", id="own")
