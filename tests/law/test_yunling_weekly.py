"""The three articles of a fictional county, clause by clause, in an archive under them alone."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.history.duties import duties
from pipeline.judge.judgements import verify_standing
from pipeline.law import own_rules
from pipeline.model.findings import Effect, Finding
from pipeline.new.new_archive import running_lock, starter, stated
from pipeline.new.regulation import read_regulation
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import account, at, registers
from tests.builders.named import shows
from tests.builders.regulations import YUNLING

ARCHIVE = {
    "id": "yunlan-yjj", "name": "云岭", "url": "https://archive.yunlan.example/", "demo": False,
    "show_names": False, "since": "2026-11-04",
}  # fmt: skip
UNIT = {
    "full_name": "云岚市应急管理局", "short_name": "云岚应急", "organisation_code": "MB0000000",
    "footer": {},
}  # fmt: skip
ABSENT = ("origin_dept", "created_on", "topic", "category", "tags", "ai", "secrecy_review")
"""Keys of the program's articles that this law has not."""


@pytest.fixture(scope="module", autouse=True)
def allowed() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_rules, "_allowed", [True])
        yield


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    law, begun = read_regulation(YUNLING), registers()
    begun["accounts"] = {"accounts": [account("wx", "wechat")]}
    files = {**starter(law, ARCHIVE, UNIT, begun), **stated(law, running_lock())}
    made = ArchiveRepo(tmp_path_factory.mktemp("yunling"))
    made.git("init", "--quiet", "--initial-branch=main")
    for path, raw in files.items():
        made.write(path, raw)
    made.commit("建库", "gly-a")
    return made


@pytest.fixture
def archive(founded: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    made = founded.copy(tmp_path / "archive")
    made.branch("post")
    return made


def drafted(archive: ArchiveRepo, **more: object) -> str:
    return archive.draft(POST, **{**dict.fromkeys(ABSENT), **more})


def findings(archive: ArchiveRepo, clause: str) -> list[Finding]:
    archive.commit()
    report = archive.verify()
    return [f for verdict in report.verdicts for f in verdict.findings if f.clause == clause]


def refused(archive: ArchiveRepo, clause: str) -> bool:
    return any(f.effect is Effect.REFUSE for f in findings(archive, clause))


@pytest.mark.parametrize(("days", "late"), [(3, False), (7, False), (8, True), (30, True)])
def test_1_1_accepted_within_seven_days_violated_after(
    archive: ArchiveRepo, days: int, late: bool
) -> None:
    with archive.open() as repository:
        as_of = at("2026-11-04 18:00") + timedelta(days=days)  # the account opened that day
        report = verify_standing(repository, archive.head("main"), lambda _: as_of)
        found = duties(repository, archive.head("main"), lambda _: as_of).findings
    assert not any(f.clause == "R01-1" for v in report.verdicts for f in v.findings)
    (duty,) = (f for f in found if f.clause == "R01-1")
    assert (duty.effect is Effect.REFUSE) is late and duty.owes == "wx"


def test_2_1_accepted_three_reviews_of_these_bytes(archive: ArchiveRepo) -> None:
    drafted(archive)
    archive.approve_all()
    assert not findings(archive, "R02-1")


def test_2_1_violated_a_word_changed_after_the_reviews(archive: ArchiveRepo) -> None:
    drafted(archive)
    archive.approve_all()
    drafted(archive, body="关好火源再出门，也关好窗。\n")
    assert refused(archive, "R02-1")


def test_2_1_boundary_a_review_is_awaited_in_a_proposal(archive: ArchiveRepo) -> None:
    drafted(archive)
    archive.review(POST, "first")
    found = findings(archive, "R02-1")
    assert {f.effect for f in found} == {Effect.HOLD} and len(found) == 2


def test_2_1_violated_the_second_reviewer_wrote_it(archive: ArchiveRepo) -> None:
    drafted(archive, author="kz-a")
    archive.approve_all()
    assert refused(archive, "R02-1")


def test_2_1_boundary_the_first_reviewer_may_have_written_it(archive: ArchiveRepo) -> None:
    drafted(archive, author="xxy-a")
    archive.approve_all()
    assert not refused(archive, "R02-1")


def _source(name: str) -> dict[str, object]:
    return {
        "id": name, "url": "https://qxj.yunlan.gov.cn.example/a", "title": "冬季防火三件事",
        "published_at": "2026-11-04T08:00:00+08:00", "snapshot": "source.txt",
        "fetched_at": "2026-11-04T09:00:00+08:00",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "listed"), [("yunlan-weather", True), ("somebody", False)])
def test_3_1_accepted_from_the_list_violated_otherwise(
    archive: ArchiveRepo, name: str, listed: bool
) -> None:
    files = {"source.txt": "关好火源再出门。\n".encode()}
    drafted(archive, origin="reprint", source=_source(name), files=files)
    assert refused(archive, "R03-1") is not listed


@pytest.mark.parametrize(("until", "listed"), [("2026-11-05", True), ("2026-11-04", False)])
def test_3_1_boundary_the_last_day_of_a_source(
    archive: ArchiveRepo, until: str, listed: bool
) -> None:
    archive.switch("main")
    path = "content/registers/sources.yml"
    archive.write(path, archive.read(path).rstrip() + f'\n    until: "{until}"\n'.encode())
    archive.commit("来源到期", "gly-a")
    archive.branch("another")
    files = {"source.txt": "关好火源再出门。\n".encode()}
    drafted(archive, origin="forward", source=_source("yunlan-weather"), files=files)
    assert refused(archive, "R03-1") is not listed


def test_a_key_of_the_programs_articles_is_none_of_this_law(archive: ArchiveRepo) -> None:
    drafted(archive, topic="education")
    assert refused(archive, "R11-2")


@pytest.mark.parametrize("path", ["content/policy.yml", "rules/a03_reposts.py", "program.lock"])
def test_what_is_governed_changes_by_two_consents_and_alone(
    archive: ArchiveRepo, path: str
) -> None:
    """R13-7 is the program's own: no law switches it off."""
    archive.write(path, archive.read(path) + b"\n# \xe6\x94\xb9\n")
    assert findings(archive, "R13-7")
    drafted(archive)
    assert refused(archive, "R13-7")


def test_the_chain_of_rosters_is_held_under_any_law(archive: ArchiveRepo) -> None:
    """Article 11 is none of this law; what it asks of a change is asked all the same."""
    path = "content/registers/roster.yml"
    archive.change(path, "serial: 1", "serial: 5")
    archive.commit()
    report = archive.verify()
    (found,) = [f for f in report.findings if shows(str(f.message), "roster-not-following")]
    assert (found.clause, found.effect, found.location.path) == ("R11-1", Effect.REFUSE, path)
    assert "11" not in [a.key for a in report.rulebook.articles]
