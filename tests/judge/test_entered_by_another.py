"""A record that git says another entered than it names: it says so, and counts for no one."""

from typing import Any

import pytest

from pipeline.cli.declare import attest
from pipeline.judge.judgements import overview
from pipeline.model.attestations import resting
from pipeline.model.findings import Outcome, say
from pipeline.model.reports import Report
from pipeline.new.yaml_writer import dump
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF
from tests.builders.named import SENTENCES
from tests.builders.verdicts import passes
from tests.cli.at_the_desk import run

PATH = "content/records/inquiries/2026/one.yml"
INQUIRY: dict[str, Any] = {
    "person": "xxy-a",
    "account": "wx",
    "type": "general",
    "summary": "询问报警器去哪里领",
    "received_at": "2026-11-05T09:00:00+08:00",
}
NO_ONE = str(say(SENTENCES["address-in-no-register"]))
FORGE = "noreply@forge.example.org"


def enter(archive: ArchiveRepo, author: str, committer: str = "", message: str = "登记") -> None:
    archive.write(PATH, dump(INQUIRY))
    archive.commit(message, author, committer)


def told(archive: ArchiveRepo, base: str = "main") -> list[str]:
    return entered_by(archive.verify(base))


def entered_by(report: Report) -> list[str]:
    """Who entered what others are named for, as the notes say."""
    notes = [f for f in report.findings if f.name == "entered-by-another"]
    return [str(dict(f.message.values)["who"]) for f in notes]


def worth(archive: ArchiveRepo) -> Outcome:
    seen, _ = overview(archive.open(), archive.head(), lambda _: AS_OF)
    return resting(seen.records("inquiries"), seen)[0]


@pytest.mark.parametrize(
    ("author", "who"),
    [("zz-a", "某zz-a"), ("stranger@elsewhere.example", NO_ONE)],
)
def test_a_stranger_enters_it_in_anothers_name(archive: ArchiveRepo, author: str, who: str) -> None:
    enter(archive, author)
    assert told(archive) == [who]
    assert passes(archive.verify())  # it happened all the same, and nobody is accused of more
    assert worth(archive) is Outcome.NOT_APPLICABLE
    archive.merge("proposal")
    assert who in entered_by(archive.audit())


@pytest.mark.parametrize(
    ("author", "committer", "message"),
    [
        ("xxy-a", "", "登记"),
        ("xxy-a", "gly-a", "登记"),  # a colleague applies it, or a forge merges it
        ("xxy-a@localhost", "", "登记"),  # the desk, for one who has no address
        ("gly-a", "", "登记\n\nCo-authored-by: 某 <xxy-a@yunlan.example.org>"),
        ("gly-a", "", "登记\n\nSigned-off-by: 某 <XXY-A@yunlan.example.org>"),
    ],
)
def test_the_person_it_names_entered_it(
    archive: ArchiveRepo, author: str, committer: str, message: str
) -> None:
    enter(archive, author, committer, message)
    assert told(archive) == []
    assert worth(archive) is Outcome.ENTERED
    archive.merge("proposal")
    assert worth(archive) is Outcome.ENTERED


def test_a_squash_names_who_opened_the_proposal_and_who_wrote_in_it(archive: ArchiveRepo) -> None:
    archive.draft()
    archive.commit("起草", "zz-a")
    enter(archive, "xxy-a")
    archive.switch("main")
    archive.git("merge", "--quiet", "--squash", "proposal")
    archive.commit("一起 (#1)\n\nCo-authored-by: 某 <xxy-a@yunlan.example.org>", "zz-a", FORGE)
    assert worth(archive) is Outcome.ENTERED


def test_who_amends_it_is_one_of_those_it_names(archive: ArchiveRepo) -> None:
    enter(archive, "xxy-a")
    archive.merge("proposal")
    archive.branch("reply")
    reply = {"person": "gly-a", "at": "2026-11-05T10:00:00+08:00", "text": "您好，请到社区领取。"}
    archive.write(PATH, dump(INQUIRY | {"reply": reply}))
    archive.commit("答复", "gly-a")
    assert told(archive) == []
    archive.git("reset", "--quiet", "--soft", "HEAD~1")
    archive.commit("答复", "x@elsewhere.example")
    assert told(archive) == [NO_ONE]


def test_a_signature_makes_it_somebodys(archive: ArchiveRepo) -> None:
    enter(archive, "zz-a")
    assert run(attest, archive, "inquiries", "one", by="xxy-a", now=AS_OF).exit_code == 0
    archive.commit("签名", "zz-a")
    assert told(archive) == []
    assert worth(archive) is Outcome.DECLARED


def test_a_neutral_address_says_nothing_of_who_entered_it(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Two people put it into policy: it commits for people."""
    made = ArchiveRepo.begin(
        tmp_path_factory.mktemp("a") / "archive",
        parameters={"review.neutral_committers": [FORGE]},
    )
    made.branch("proposal")
    enter(made, FORGE)
    assert told(made) == []
    assert worth(made) is Outcome.ENTERED
