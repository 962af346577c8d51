"""One list of what waits for whom: every kind of act in status, calendar and notice."""

from datetime import datetime
from pathlib import Path

import pytest

from pipeline.cli.declare import attest
from pipeline.cli.publish import authorise
from pipeline.cli.status import status
from pipeline.history.agenda import ActKind, Agenda, agenda
from pipeline.history.duties import SOON
from pipeline.new.yaml_writer import dump
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import AS_OF, at, email, registers
from tests.builders.git import Git
from tests.builders.named import worded
from tests.builders.records import erase
from tests.cli.at_the_desk import run
from tests.hostile.test_a55_lost_keys import stop
from tests.judge.test_rectifications import bureau as rectified

SOURCES = [*registers()["sources"]["sources"]]
OPERATORS = ["gly-a", "gly-b"]
LATER = at("2027-02-12 10:00")


def propose(archive: ArchiveRepo, *consents: str, branch: str = "sources") -> None:
    """A branch that changes a register, to which these people consented."""
    archive.switch("main")
    archive.branch(branch)
    more = {**SOURCES[0], "id": "water", "name": "水利局"}
    archive.register("sources", {"sources": [*SOURCES, more]})
    archive.commit("新稿源", "gly-a")
    for person in consents:
        assert run(authorise, archive, "-r", "新增", by=person).exit_code == 0
        archive.commit("授权", person)
    archive.switch("main")


def plan(archive: ArchiveRepo, now: datetime = AS_OF) -> Agenda:
    return agenda(archive.open(), now)


def waits(archive: ArchiveRepo, kind: ActKind) -> list[tuple[str, list[str]]]:
    """(what it is about, ids of those for whom it waits)."""
    acts = (act for act in plan(archive).acts if act.kind is kind)
    return [(act.about, [person.id for person in act.takers]) for act in acts]


def mine(archive: ArchiveRepo, person: str, *options: str, now: datetime = AS_OF) -> str:
    archive.git("config", "user.email", email(person))
    return run(status, archive, "--mine", *options, now=now).stdout


HEAD, LEADER, OTHER = "kz-a", "ld-a", "ld-b"


def test_a_change_waits_for_the_consents_that_it_lacks_then_for_who_enters_it(
    archive: ArchiveRepo,
) -> None:
    propose(archive)
    assert waits(archive, ActKind.CONSENT) == [("sources", ["kz-a", "ld-a", "ld-b"])]
    propose(archive, HEAD, branch="by-the-head")
    propose(archive, LEADER, branch="by-a-leader")
    propose(archive, LEADER, OTHER, branch="by-leaders-alone")
    propose(archive, HEAD, LEADER, branch="by-both")
    assert dict(waits(archive, ActKind.CONSENT)) == {
        "sources": ["kz-a", "ld-a", "ld-b"],
        "by-the-head": ["ld-a", "ld-b"],
        "by-a-leader": ["kz-a"],
        "by-leaders-alone": ["kz-a"],
    }
    assert waits(archive, ActKind.ENTRY) == [("by-both", OPERATORS)]


def test_the_second_signer_finds_the_change_in_status(archive: ArchiveRepo) -> None:
    propose(archive, HEAD)
    text = mine(archive, "ld-a")
    assert text.startswith(worded("consent-to-change") + "  ") and "水利局" in text
    assert "Signed by 某kz-a." in text and "on the branch sources" in text
    assert "git switch sources" in text
    assert "    sanshen authorise --reason … --commit\n" in text
    assert mine(archive, "kz-a") == "" == mine(archive, "zz-a")


def test_a_program_change_and_one_that_cannot_be_read_wait_too(archive: ArchiveRepo) -> None:
    archive.branch("page")
    archive.write("site/assets/own.css", "p { color: red }\n")
    archive.commit("样式", "gly-a")
    archive.switch("main")
    archive.branch("spoiled")
    archive.write("content/policy.yml", ": : :\n")
    archive.commit("改坏", "gly-a")
    archive.switch("main")
    found = dict(waits(archive, ActKind.CONSENT))
    assert found.keys() == {"page", "spoiled"}
    assert all(people == ["kz-a", "ld-a", "ld-b"] for people in found.values())
    shown = run(status, archive).stdout
    assert worded("program-files-change", count="1") in shown


def test_an_erasure_waits_for_the_other_signer_then_for_its_entry(carried: ArchiveRepo) -> None:
    carried.branch("away")
    erase(carried, "kz-a")
    carried.switch("main")
    assert waits(carried, ActKind.ERASURE) == [(POST, ["ld-a", "ld-b"])]
    assert f"sanshen expunge {POST} --reason … --commit" in mine(carried, "ld-a")
    carried.switch("away")
    erase(carried, "ld-a")
    carried.switch("main")
    assert waits(carried, ActKind.ERASURE) == []
    assert waits(carried, ActKind.ENTRY) == [(POST, OPERATORS)]


@pytest.fixture
def carried(archive: ArchiveRepo) -> ArchiveRepo:
    """A post on main."""
    archive.draft()
    archive.commit("起草", "zz-a")
    archive.approve_all()
    archive.commit("审核", "kz-a")
    archive.merge("proposal")
    return archive


def test_records_wait_for_who_enters_them(archive: ArchiveRepo) -> None:
    archive.switch("main")
    archive.branch("records/2026-11-05-gly-a")
    archive.write("content/records/supervisions/2026/a.yml", dump({"on": "2026-11-05"}))
    archive.write("content/records/shifts/2026/b.yml", dump({"days": []}))
    archive.commit("登记", "gly-a")
    archive.switch("main")
    assert waits(archive, ActKind.ENTRY) == [("records/2026-11-05-gly-a", OPERATORS)]
    text = mine(archive, "gly-a")
    assert (worded("enter-in-archive") + "  2 records: ") in text and "sanshen desk" in text


def test_records_that_a_forge_squashed_wait_no_more(archive: ArchiveRepo) -> None:
    """Until the last of them stands on main, by whichever commit."""
    shift, other = (f"content/records/shifts/2026/{name}.yml" for name in "ab")
    archive.switch("main")
    archive.branch("records/2026-11-05-gly-a")
    for path in (shift, other):
        archive.write(path, dump({"days": []}))
    archive.commit("登记", "gly-a")
    archive.switch("main")
    for path, left in ((shift, 1), (other, 0)):
        archive.write(path, dump({"days": []}))
        archive.commit("并入", "gly-b")
        entries = [act for act in plan(archive).acts if act.kind is ActKind.ENTRY]
        assert [dict(act.words.values)["count"] for act in entries] == [left] * bool(left)


def test_what_is_merged_or_brings_a_post_is_listed_once(archive: ArchiveRepo) -> None:
    propose(archive, HEAD, LEADER)
    archive.merge("sources")
    archive.switch("proposal")
    archive.draft()
    archive.write("content/records/shifts/2026/b.yml", dump({"days": []}))
    archive.commit("起草", "zz-a")
    assert [act for act in plan(archive).acts if act.branch] == []


def test_of_a_branch_and_what_was_fetched_of_it_the_newer_is_listed(
    archive: ArchiveRepo, tmp_path: Path
) -> None:
    propose(archive)
    Git(tmp_path)("clone", "--quiet", str(archive.root), str(tmp_path / "clone"))
    clone = ArchiveRepo.at(tmp_path / "clone")
    clone.git("switch", "--quiet", "sources")
    assert run(authorise, clone, "-r", "新增", by=HEAD).exit_code == 0
    clone.commit("授权", "kz-a")
    clone.switch("main")
    (shown,) = [b for b in run(status, clone).stdout.split("\n\n") if "水利局" in b]
    assert shown.count("水利局") == 1
    assert "Signed by 某kz-a." in shown and "Waits for 某ld-a, 某ld-b." in shown
    assert "sanshen authorise --reason … --commit --push" in shown


def test_declarations_wait_for_all_who_may_sign_them(archive: ArchiveRepo) -> None:
    acts = [a for a in plan(archive, LATER).acts if a.kind is ActKind.DECLARATION]
    assert acts and all(act.takers and act.due for act in acts)
    text = mine(archive, "gly-a", now=LATER)
    assert "declaration  " in text and "sanshen declare " in text
    (first, *_) = [a for a in acts if a.waits_for("gly-a")]
    assert first.due and first.due <= LATER + SOON


@pytest.mark.parametrize(
    ("branch", "behind"),
    [("main", False), ("records/2026-11-18-xxy-a", False), ("ledger", True)],
)
def test_an_explanation_and_its_closing_wait_for_who_gives_them(
    archive: ArchiveRepo, branch: str, behind: bool
) -> None:
    """Wherever the record lies and whatever is checked out, the list is the same."""
    archive.switch("main")
    if branch != "main":
        archive.branch(branch)
    rectified(archive)
    if behind:
        archive.switch("main")
    assert waits(archive, ActKind.DECISION) == [
        ("rectifications/one", ["xxy-a"]),
        ("rectifications/one", ["kz-a"]),
    ]
    command = "sanshen attest rectifications one --commit"
    for person, turn in (("xxy-a", "explained"), ("kz-a", "closed")):
        archive.switch("main" if behind else branch)
        shown = mine(archive, person)
        assert f"    {command}\n" in shown
        if behind and branch != "main":
            assert f"    git switch {branch}\n" in shown
        archive.switch(branch)
        signed = run(attest, archive, *command.split()[2:], by=person)
        assert signed.exit_code == 0 and f"{turn}: " in signed.stderr
        assert mine(archive, person) == ""
    assert waits(archive, ActKind.DECISION) == []


def test_a_draft_that_was_not_handed_in_is_shown_to_its_makers_alone(archive: ArchiveRepo) -> None:
    archive.switch("main")
    archive.branch(f"draft/{POST}")
    archive.draft()
    archive.commit("起草", "zz-a")
    archive.switch("main")

    def shown(person: str) -> str:
        archive.git("config", "user.email", email(person))
        return run(status, archive).stdout

    assert POST in shown("zz-a") and "not submitted yet" in shown("zz-a")
    assert POST not in shown("xxy-a")
    archive.git("config", "user.email", "x@example.org")
    assert POST not in run(status, archive).stdout


def test_the_list_is_read_again_only_where_it_changed(
    archive: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(archive)
    propose(archive, HEAD, branch="other")
    repository, asked = archive.open(), []
    first = agenda(repository, AS_OF)
    reading = type(repository).changes

    def counted(self: object, base: str, after: str) -> object:
        asked.append(after)
        return reading(self, base, after)  # type: ignore[arg-type]

    monkeypatch.setattr(type(repository), "changes", counted)
    assert agenda(repository, AS_OF).acts == first.acts and asked == []
    propose(archive, HEAD, LEADER, branch="third")
    assert len(agenda(repository, AS_OF).acts) == len(first.acts) + 1
    assert archive.head("third") in asked and archive.head("other") not in asked


@pytest.mark.parametrize("name", ["x", "refs/heads/x"])
def test_a_hostile_branch_name_is_quoted(archive: ArchiveRepo, name: str) -> None:
    propose(archive, branch=f"{name};touch$IFS/tmp/x")
    assert f"git switch '{name};touch" in run(status, archive).stdout


def test_who_lost_a_key_is_not_asked_to_consent_to_its_end(archive: ArchiveRepo) -> None:
    archive.switch("main")
    stop(archive, "ld-a")
    archive.switch("main")
    (asked,) = waits(archive, ActKind.CONSENT)
    assert "ld-a" not in asked[1] and "ld-b" in asked[1]
