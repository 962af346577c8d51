"""Profiles of law: numbers of other places, with their sources, chosen at `init` or tried."""

from datetime import date

import pytest

from pipeline.errors import Fault, Misuse
from pipeline.judge.load_governance import trust
from pipeline.model.findings import Effect
from pipeline.model.law import cited
from pipeline.new.new_archive import running_lock, starter, stated
from pipeline.new.profiles import profile_named, read_profile
from pipeline.new.regulation import shipped_regulation
from pipeline.parts.people.offices import with_profile
from pipeline.parts.simulate.verb import simulated
from pipeline.rules.a01_purpose import basis_stated
from pipeline.source.content.paths import Files, MemoryTree
from pipeline.source.git.repository import Repository
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import at, registers
from tests.rules.builders import archive

ARCHIVE = {
    "id": "yunling", "name": "云岭", "url": "https://archive.example/", "demo": False,
    "show_names": False, "since": "2026-01-01",
}  # fmt: skip
UNIT = {"full_name": "云岭县应急管理局", "short_name": "云岭应急", "organisation_code": "0" * 9}
NAMES = ("gansu", "luan", "minhou", "national")


def founded(name: str) -> MemoryTree:
    law = shipped_regulation()._replace(profile=profile_named(name))
    begun = starter(law, ARCHIVE, {**UNIT, "footer": {}}, registers())
    return MemoryTree({**begun, **stated(law, running_lock())})


@pytest.mark.parametrize("name", NAMES)
def test_each_founds_a_sound_archive_whose_sources_are_listed(name: str) -> None:
    read = trust(founded(name)).registers
    assert not read.problems
    for parameter, settings in profile_named(name).parameters.items():
        assert [s.value for s in read.policy.parameters[parameter]] == [
            s["value"] for s in settings
        ]
        for setting in settings:
            entries = list(cited(setting["source"], read.basis))
            assert entries, setting["source"]
            for entry in entries:  # none is older than what it follows
                began = str(entry.get("in_force") or entry.get("issued") or "")
                assert setting["effective_from"] >= began


@pytest.mark.parametrize(
    ("name", "count", "gap", "red"),
    [("luan", 2, 10, 14), ("national", 0, 14, 14), ("gansu", 1, 7, 14), ("minhou", 0, 10, 10)],
)
def test_the_numbers_are_those_of_the_place(name: str, count: int, gap: int, red: int) -> None:
    read, day = trust(founded(name)).registers, date(2026, 11, 1)
    names = ("cadence.text.count", "cadence.av.max_gap_days", "cadence.redline_days")
    assert tuple(read.parameter(n, day) for n in names) == (count, gap, red)


@pytest.mark.parametrize("name", NAMES)
def test_an_archive_of_it_begins_with_a_basis_that_no_audit_refuses(name: str) -> None:
    read = trust(founded(name))
    found = [*basis_stated(archive(registers=read.registers))]
    assert all(complaint.effect is Effect.NOTE for complaint in found), found


def test_a_higher_layer_bounds_what_may_be_set_later() -> None:
    limits = {(x["parameter"], x["layer"]) for x in trust(founded("gansu")).registers.policy.limits}
    assert ("cadence.text.count", "provincial") in limits
    assert ("cadence.redline_days", "national") in limits


def test_an_unknown_one_lists_those_there_are() -> None:
    with pytest.raises(Misuse) as refused:
        profile_named("../../secrets")
    assert all(name in str(refused.value.remedy) for name in NAMES)


@pytest.mark.parametrize(
    "raw",
    [
        b"- 1\n", b"title: x\n", b"title: x\nparameters: {a.b: 3}\n", b"\xff\xfe", b"{",
        b"title: x\nparameters: {}\nrules: {}\n",
        b"title: x\nparameters:\n  a.b:\n    - {value: 1, unit: '', source: mine,"
        b" effective_from: '2026-01-01'}\n",
    ],
)  # fmt: skip
def test_what_is_no_profile_is_refused_by_name(raw: bytes) -> None:
    with pytest.raises(Fault) as refused:
        read_profile("profile.yml", raw)
    assert "profile.yml" in str(refused.value)


# Another place's numbers tried on an archive: which accounts and weeks are judged otherwise.


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """Two accounts with one update of one in three weeks."""
    return ArchiveRepo.begin(tmp_path_factory.mktemp("profiles"), since="2026-11-04")


def _tried(silent: ArchiveRepo, name: str) -> list[tuple[str, str, bool]]:
    def trial(tree: Files) -> MemoryTree:
        changed = with_profile(tree, profile_named(name), date(2099, 1, 1))
        return MemoryTree({**{p: tree.read(p) for p in tree.files}, **changed})

    with Repository.open(silent.root) as repository:
        made = simulated(
            repository, silent.head(), trial, date(2026, 11, 4), lambda _: at("2026-11-25 09:00")
        )
    return [(d.finding.clause, d.subject, d.tried) for d in made.differences] if made else []


def test_one_that_changes_nothing_is_no_trial(silent: ArchiveRepo) -> None:
    assert _tried(silent, "luan") == []


def test_ten_days_find_silence_that_fourteen_do_not(silent: ArchiveRepo) -> None:
    rows = _tried(silent, "minhou")
    assert ("R05-3", "wx", True) in rows  # ten days are over before fourteen
    assert ("R05-1", "wx", False) in rows  # no number a week is owed there


def test_a_laxer_place_owes_no_count_of_weeks(silent: ArchiveRepo) -> None:
    rows = _tried(silent, "national")
    assert rows and all(not tried for clause, _, tried in rows if clause == "R05-1")


def test_a_profile_that_sets_what_no_article_owns_is_refused(silent: ArchiveRepo) -> None:
    raw = (
        "title: x\nparameters:\n  odd.number:\n"
        "    - {value: 1, unit: '', source: '[D] x', effective_from: '2026-01-01'}\n"
    )
    mine = read_profile("mine.yml", raw.encode())
    with Repository.open(silent.root) as repository, pytest.raises(Misuse) as refused:
        with_profile(repository.tree(silent.head()), mine, date(2099, 1, 1))
    assert "odd.number" in str(refused.value)


def test_what_stands_is_appended_to_and_tried_twice_is_tried_once(silent: ArchiveRepo) -> None:
    with Repository.open(silent.root) as repository:
        tree = repository.tree(silent.head())
        once = with_profile(tree, profile_named("gansu"), date(2098, 1, 1))
        files = {p: tree.read(p) for p in tree.files} | once
        twice = with_profile(MemoryTree(files), profile_named("gansu"), date(2099, 1, 1))
    policy = trust(MemoryTree(files | twice)).registers.policy
    assert [s.value for s in policy.parameters["cadence.text.count"]] == [2, 1, 1]
    assert len({repr(limit) for limit in policy.limits}) == len(policy.limits)
