"""What stands refused right after a change was merged is refused by the verdict on that change.

One change of records and one of registers hold a fault of every kind; each is judged before it is
merged and, at the same time, after. What the audit alone refuses is listed here and nowhere else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.judge.load_governance import trust
from pipeline.model import part as put_together
from pipeline.model.findings import Effect, Finding
from pipeline.model.law import PeriodClause
from pipeline.new.yaml_writer import dump
from pipeline.source import program
from pipeline.source.content.records import record_kinds
from pipeline.source.content.shipped_lists import shipped
from pipeline.source.content.text import read_yaml
from pipeline.source.git.worktree import work_tree
from tests.builders.archive import BODY, POST, ArchiveRepo
from tests.builders.cast import SINCE, contractor, key, registers
from tests.builders.samples import RECORDS
from tests.builders.verdicts import bears, marks, passes, places, refused_for
from tests.judge.faults import FAULTS, SECRET, TOLD, Fault, record

LAPSES = {
    "text_cadence", "av_cadence", "red_line", "relayed_in_time", "general", "handled", "reports",
    "public_opinion", "emergencies_rare", "responsible_tiers", "lead_headed", "officers_named",
    "operator_appointed", "keepers_in_office", "certified_today", "led_by_principal", "tasks_given",
    "interaction_open", "careful_words", "devices_safe", "no_advertising", "replied_by_staff",
    "ended_early", "filled_late", "figures_recorded",
    "open_rectifications", "decided_in_time", "covered_nights", "compared", "pressed_by_another",
    "unconfirmed", "corrections_carried",
}  # fmt: skip
"""Checks of what the bureau let pass, of what is not as it should be, or of an office that is
empty: no change is refused for telling so. What falls or fell due is never a fault of the change
that tells it either."""


def _contractors(value: dict[str, Any]) -> None:
    value["contractors"][0]["contract"]["responsibilities"] = " "


def _devices(value: dict[str, Any]) -> None:
    value["devices"][0] |= {"hardened": False, "kind": SECRET}


def _departments(value: dict[str, Any]) -> None:
    value["departments"][1]["lead"] = True


def _accounts(value: dict[str, Any]) -> None:
    value["accounts"][1] |= {"ads": True, "interaction": False, "verified": False}


def _people(value: dict[str, Any]) -> None:
    role = {"role": "operator", "department": "xjk", "from": SINCE}
    value["people"][-1]["roles"].append(role)  # of the contractor


STILL_OWED = {"filed-late", "relayed-late", "not-relayed", "pursued-late"}
"""What has a time at which it fell due is told by `due` and `audit` alone."""

CHANGED = {
    "contractors": _contractors,
    "devices": _devices,
    "departments": _departments,
    "accounts": _accounts,
    "people": _people,
}
ENTERED = {
    ("R06-2", "contract-without-duties"),
    ("R14-5", "secret-written"),
    ("R06-1", "lead-not-one"),
    ("R02-1", "verified-in-future"),
    ("R06-2", "role-of-contractor"),
    ("R17-1", "counted-before-regulation"),
    ("R01-1", "wording-missing"),
}
NOTED = {
    ("R14-4", "device-unprotected"),
    ("R16-4", "advertising-on"),
    ("R12-7", "interaction-closed"),
}
"""What a register tells truly of what is not as it should be."""


def _authorised(archive: ArchiveRepo) -> None:
    archive.commit("治理", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")


@dataclass(frozen=True)
class Outcome:
    """What is said of a change before it is merged, and of what stands right after."""

    archive: ArchiveRepo
    before: tuple[Finding, ...]
    after: tuple[Finding, ...]

    @property
    def refused(self) -> set[tuple[str, str, str, str]]:
        return {f.mark for f in self.before if f.effect is Effect.REFUSE}


def judged(archive: ArchiveRepo) -> Outcome:
    """Judge the change on ``proposal``, merge it, and judge what stands then."""
    old = {f.mark for f in _standing(archive)}
    before = archive.verify("main", "proposal").findings
    archive.merge("proposal")
    after = tuple(f for f in _standing(archive) if f.mark not in old)
    return Outcome(archive, tuple(before), after)


def _standing(archive: ArchiveRepo) -> list[Finding]:
    """What the audit refuses of the duties of the day, and a build of what stands."""
    duties = archive.audit("main").verdicts[-1]
    assert duties.subject == "archive"
    found = (*duties.findings, *archive.standing("main").findings)
    return [f for f in found if f.effect is Effect.REFUSE]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, proposal_template: ArchiveRepo) -> ArchiveRepo:
    """One post, which links the item it relays, published; both accounts opened as they should."""
    made = proposal_template.copy(tmp_path_factory.mktemp("brought") / "archive")
    made.draft(body=f"{BODY}\n[通知原文]({RECORDS['relays']['source']['url']})\n")
    made.approve_all()
    made.publication(POST)
    made.commit("登记", "gly-a")
    made.merge("proposal")
    made.git("branch", "--delete", "--force", "proposal")
    return made


def _branch(begun: ArchiveRepo, folder: Path) -> ArchiveRepo:
    made = begun.copy(folder / "archive")
    made.branch("proposal")
    return made


@pytest.fixture(scope="module")
def records(begun: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Every faulty record, and every true one of what was late, in one change."""
    made = _branch(begun, tmp_path_factory.mktemp("records"))
    for name, fault in {**FAULTS, **TOLD}.items():
        record(made, name, fault)
    made.commit("登记", "gly-a")
    return judged(made)


@pytest.fixture(scope="module")
def governed(begun: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A fault in every register that a rule looks into, in one change."""
    made = _branch(begun, tmp_path_factory.mktemp("governed"))
    for name, change in CHANGED.items():
        value = registers()[name]
        change(value)
        made.register(name, value)
    made.change("content/policy.yml", '"2026-11-04"', '"2020-01-01"')
    wording = next(w for w in shipped("wordings") if w.id == "basis-review-1")
    other = {**wording.value, "name": "basis-other", "from": "2023-03-21"}
    made.register("wordings", {"wordings": [other]})
    _authorised(made)
    return judged(made)


def test_every_kind_of_record_has_its_fault() -> None:
    kinds = put_together.program().records.keys()
    assert {f.kind for f in FAULTS.values()} == kinds - {"authorisations"}
    schemas = {*record_kinds(program.shipped("schemas")), "corrections"}
    assert schemas == {n for n, k in put_together.program().records.items() if not k.predicate}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_record_is_refused_before_it_is_merged(records: Outcome, name: str) -> None:
    fault = FAULTS[name]
    near = [
        f
        for f in records.before
        if f.effect is Effect.REFUSE and bears(f, fault.clause, fault.name)
    ]
    assert near, [f for f in records.before if f.clause == fault.clause]
    assert all(f.remedy and f.location.path.split("/")[2] == fault.kind for f in near)


@pytest.mark.parametrize("name", TOLD)
def test_what_was_late_or_is_owed_is_recorded_all_the_same(records: Outcome, name: str) -> None:
    fault = TOLD[name]
    assert not [m for m in records.refused if f"/{name}.yml" in m[3]]
    found = [f for f in records.after if bears(f, fault.clause, fault.name)]
    assert any(f"/{name}.yml" in f.location.path for f in found)


def test_a_faulty_register_is_refused_before_it_is_merged(governed: Outcome) -> None:
    assert {mark[:2] for mark in governed.refused} >= ENTERED


def test_what_is_not_as_it_should_be_is_entered_with_a_note(governed: Outcome) -> None:
    """As a switch that a platform turned: no leader decided it, so no event is asked for."""
    assert not NOTED & {mark[:2] for mark in governed.refused}
    assert "R08-3" not in {mark[0] for mark in governed.refused}
    assert {f.mark[:2] for f in governed.before if f.effect is Effect.NOTE} >= NOTED
    assert {f.mark[:2] for f in governed.after} >= NOTED


@pytest.mark.parametrize("name", [n for n in TOLD if n not in STILL_OWED])
def test_what_was_not_done_rightly_is_noted_on_the_change(records: Outcome, name: str) -> None:
    fault = TOLD[name]
    noted = [
        f for f in records.before if f.effect is Effect.NOTE and bears(f, fault.clause, fault.name)
    ]
    assert any(f"/{name}.yml" in f.location.path for f in noted)


@pytest.mark.parametrize("outcome", ["records", "governed"])
def test_nothing_is_refused_after_that_was_not_before(
    request: pytest.FixtureRequest, outcome: str
) -> None:
    """The same clause in the same file; but what fell due in time, and what is told late."""
    made: Outcome = request.getfixturevalue(outcome)
    refused = {(clause, path) for clause, *_, path in made.refused}
    late = {(f.clause, f"content/records/{f.kind}/2026/{n}.yml") for n, f in TOLD.items()}
    late |= {(f.clause, f.location.path) for f in made.after if f.mark[:2] in NOTED}
    after = {(f.clause, f.location.path) for f in made.after if f.due is None}
    assert after and after <= refused | late


def test_what_the_audit_alone_refuses_is_listed(archive: ArchiveRepo) -> None:
    clauses = trust(work_tree(archive.open())).rulebook.of_shape(PeriodClause)
    assert {c.check.__name__ for _, c in clauses if c.lapse} == LAPSES


def test_an_empty_office_is_noted_and_entered(archive: ArchiveRepo) -> None:
    """Whoever leaves loses the office at once, whether or not somebody follows."""
    value = registers()["people"]
    for one in value["people"][:-1]:
        for held in one["roles"]:
            if held["role"] not in ("principal", "leader-in-charge"):
                held["until"] = "2026-11-04"
    archive.register("people", value)
    _authorised(archive)
    outcome = judged(archive)
    assert not outcome.refused
    vacant = {"R03-2", "R06-1", "R07-1", "R15-1"}
    assert vacant <= {f.clause for f in outcome.after}
    noted = {f.mark for f in outcome.before if f.effect is Effect.NOTE}
    assert {f.mark for f in outcome.after} <= noted


def test_a_lost_certificate_is_entered_and_nothing_more_is_published_there(
    begun: ArchiveRepo, tmp_path: Path
) -> None:
    """What the account carried that very morning stands; the next post names another one."""
    archive = _branch(begun, tmp_path)
    value = registers()["accounts"]
    value["accounts"][0] |= {"verified": False, "verified_until": "2026-11-05"}
    archive.register("accounts", value)
    _authorised(archive)
    lost = ("R02-1", "account-unverified")
    outcome = judged(archive)
    assert not outcome.refused
    assert lost in {f.mark[:2] for f in outcome.before if f.effect is Effect.NOTE}
    assert {f.mark[:2] for f in outcome.after} == {lost}
    archive.branch("next")
    archive.draft("2026-11-06-gale")
    archive.commit("起草")
    refused = {
        f.mark[:2] for f in archive.verify("main", "next").findings if f.effect > Effect.NOTE
    }
    assert lost in refused


def _sound(archive: ArchiveRepo) -> None:
    record(archive, "sound", Fault("inquiries", {}, "", ""))


def _again(archive: ArchiveRepo) -> None:
    """A faulty record goes on: it is given more, and no other fault comes."""
    path = "content/records/inquiries/2026/no-operator.yml"
    value = read_yaml(path, archive.read(path)).value
    archive.write(path, dump(value | {"tasks": [*value["tasks"], value["tasks"][0]]}))


def _warning(archive: ArchiveRepo) -> None:
    archive.draft("2026-11-05-gale", kind="tip", publish_at="2026-11-05T19:00:00+08:00")


def _key(archive: ArchiveRepo) -> None:
    archive.next_roster(key("gly-b"))
    _authorised(archive)


@pytest.mark.parametrize("later", [_sound, _again, _warning, _key])
def test_no_later_change_answers_for_what_stood_before(
    records: Outcome, tmp_path: Path, later: Callable[[ArchiveRepo], None]
) -> None:
    archive = records.archive.copy(tmp_path / "archive")
    archive.branch("later")
    later(archive)
    archive.commit("又一处", "gly-a")
    report = archive.verify("main", "later")
    assert report.verdicts and not marks(report)


@pytest.mark.parametrize("mended", [True, False])
def test_a_broken_register_is_mended_by_a_change(archive: ArchiveRepo, mended: bool) -> None:
    """It refuses every post, and would refuse for ever what puts it right."""
    path = "content/registers/sources.yml"
    sound = archive.read(path)
    archive.switch("main")
    archive.change(path, "yunlan-weather", "yunlan weather")
    archive.commit("直接推送", "gly-a")
    archive.branch("mend")
    if mended:
        archive.write(path, sound)
    else:
        archive.next_roster(key("gly-b"))
    archive.commit("治理", "gly-a")
    archive.authorise("kz-a", "section-head")
    archive.authorise("ld-a", "leader-in-charge")
    archive.commit("授权", "gly-a")
    report = archive.verify("main", "mend")
    assert passes(report) if mended else report.exit_code == 11


def test_an_old_fault_hides_no_other_of_its_kind(tmp_path: Path) -> None:
    """The sentence is the same for every contractor; the second is refused, and it alone."""
    vague = contractor("lanyun", "wb-a")
    vague["contract"]["responsibilities"] = " "
    archive = ArchiveRepo.begin(tmp_path / "a", changed={"contractors": {"contractors": [vague]}})
    archive.branch("proposal")
    rows = [contractor("other", "wb-a") | {"contract": vague["contract"]}, vague]
    archive.register("contractors", {"contractors": rows})
    _authorised(archive)
    report = archive.verify()
    assert refused_for(report, ("R06-2", "contract-without-duties"))
    assert len(places(report, "R06-2")) == 1
