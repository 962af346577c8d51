"""`sanshen simulate`: other policy and registers, tried on what happened."""

import re
from typing import Any

import pytest
import yaml
from click.testing import Result

from pipeline.new.yaml_writer import dump
from pipeline.parts.simulate.verb import simulate
from tests.builders.archive import POST, ArchiveRepo
from tests.builders.cast import at
from tests.builders.samples import RECORDS
from tests.cli.at_the_desk import fault, run

POLICY = "content/policy.yml"
SINCE = ("--since", "2026-11-01")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> ArchiveRepo:
    """A post on one of two accounts, and an inquiry that was answered after three days."""
    made = ArchiveRepo.begin(tmp_path_factory.mktemp("trial") / "archive")
    made.draft(title="=炉火|三不要")
    made.approve_all()
    made.publication(POST, "wx", published_at=at("2026-11-05 12:00"))
    answered = {k: v for k, v in RECORDS["inquiries"].items() if k != "transferred"}
    made.write("content/records/inquiries/2026/a.yml", dump(answered))
    made.commit("稿件和登记", "zz-a")
    return made


def trial(archive: ArchiveRepo, *given: str, as_of: str = "2026-11-20T09:00:00+08:00") -> Result:
    return run(simulate, archive, *given, *SINCE, "--as-of", as_of)


def differences(archive: ArchiveRepo, *given: str) -> list[tuple[str, ...]]:
    """(clause, subject, first day, last day, what becomes of it) of each."""
    cells = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in trial(archive, *given).stdout.splitlines()
        if re.match(r"\| (R\d\d|F)-\d", line)
    )
    rows = list[tuple[str, ...]]()
    for clause, subject, days, became, _ in cells:
        first, _, last = days.partition(" to ")
        rows.append((clause, subject, first, last or first, became))
    return rows


def register(archive: ArchiveRepo, path: str) -> Any:
    return yaml.safe_load(archive.git("show", f"HEAD:{path}"))


@pytest.fixture(scope="module")
def shorter(archive: ArchiveRepo) -> list[tuple[str, ...]]:
    return differences(archive, "cadence.redline_days=5")


def test_a_shorter_silence_names_accounts_and_days(
    archive: ArchiveRepo, shorter: list[tuple[str, ...]]
) -> None:
    """From the fourteenth day on both refuse, and nothing differs."""
    assert shorter == [
        ("R05-3", "云岚wb", "2026-11-09", "2026-11-17", "refused"),
        ("R05-3", "云岚wx", "2026-11-10", "2026-11-18", "refused"),
    ]
    text = trial(archive, "cadence.redline_days=5").stdout
    assert "from 14 天 to 5 天 from 2026-11-01 on" in text
    assert text.count("| R05-3 |") == 2


def test_a_longer_silence_is_no_longer_refused(archive: ArchiveRepo) -> None:
    rows = differences(archive, "cadence.redline_days=40")
    assert {(clause, became) for clause, *_, became in rows} == {
        ("R05-3", "no longer refused"),
        ("R18-1", "refused"),
    }


def test_setting_and_proposal_are_tried_alike(
    archive: ArchiveRepo, shorter: list[tuple[str, ...]]
) -> None:
    """Whatever day a proposal names: it is tried as if it had held from the first day."""
    policy = register(archive, POLICY)
    settings = policy["parameters"]["cadence.redline_days"]
    settings.append({**settings[0], "value": 5, "effective_from": "2027-01-01"})
    assert differences(archive, *proposed(archive, POLICY, policy)) == shorter


def proposed(archive: ArchiveRepo, path: str, value: Any) -> tuple[str, str]:
    """The option for a commit that no branch leads to, with one file of another content."""
    (archive.root / path).write_bytes(dump(value))
    archive.git("add", path)
    tree = archive.git("write-tree").strip()
    archive.git("reset", "--quiet", "--hard")
    writer = ("-c", "user.name=x", "-c", "user.email=x@yunlan.example")
    return "--proposal", archive.git(*writer, "commit-tree", tree, "-m", "试行").strip()


def test_a_lexicon_that_matches_everything_is_listed_whole(archive: ArchiveRepo) -> None:
    entry = {"id": "all", "category": "misspelling", "effect": "refuse", "reason": "错",
             "suggestion": "改"}  # fmt: skip
    body = archive.git("show", f"HEAD:content/posts/2026/{POST}/post.md").split("---\n", 2)[2]
    parts = (body[at : at + size] for size in (2, 3, 4) for at in range(len(body) - size + 1))
    words = sorted({part for part in parts if part.isalpha()})
    entries = [{**entry, "id": f"all-{n}", "words": [w]} for n, w in enumerate(words)]
    given = proposed(archive, "content/registers/lexicons.yml", {"lexicons": entries})
    assert {clause for clause, *_ in differences(archive, *given)} == {"R10-1"}


def test_what_cannot_be_tried_says_why(archive: ArchiveRepo) -> None:
    policy = register(archive, POLICY)
    del policy["parameters"]["cadence.text.count"]
    broken = fault(trial(archive, *proposed(archive, POLICY, policy)))
    assert broken == f"{POLICY}: parameter-unstated cadence.text.count"
    assert "states no value" in fault(trial(archive, "cadence.text.count"))
    assert "has not begun" in fault(trial(archive, "cadence.text.count=3", as_of="2026-10-01"))
    assert "nothing-to-try" in fault(trial(archive))


def test_what_stands_already_is_nothing_to_try(archive: ArchiveRepo) -> None:
    done = trial(archive, "--proposal", "HEAD")
    assert (done.exit_code, done.stdout) == (3, "")
