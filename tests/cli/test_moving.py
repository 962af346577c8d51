"""upgrade: an archive that carries its program comes to name one, in one change of two consents."""

import json
from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.judge import load_governance
from pipeline.judge.load_governance import trust
from pipeline.law import own_rules
from pipeline.model.findings import Effect
from pipeline.parts.upgrade.upgrade import news_between
from pipeline.source.content.program_lock import LOCK, read_lock
from pipeline.source.content.text import read_yaml
from pipeline.source.program import pack, running
from tests.builders.archive import ArchiveRepo
from tests.builders.cast import AS_OF, private_key_file
from tests.builders.fixtures import shared
from tests.builders.judging import run
from tests.builders.old_archive import ASSETS, as_of_then
from tests.builders.own_article import ARTICLE, whole_article
from tests.builders.upgrading import consented, upgrading, wheel_file
from tests.builders.verdicts import finds, marks, reasons
from tests.cli.at_the_desk import fault
from tests.cli.test_upgrade import FAKE_PIP

BRANCH = f"upgrade-{running().version}"
OLD_RULES = "pipeline/rules"


def moving(archive: ArchiveRepo, folder: Path, *options: str) -> str:
    result = upgrading(archive, wheel_file(folder, running().version, raw=pack()[1]), *options)
    assert result.exception is None, result.output
    return result.output


@pytest.fixture(scope="session")
def proposed_template(
    carried_template: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory
) -> ArchiveRepo:
    def make(root: Path) -> None:
        made = carried_template.copy(root)
        moving(made, tmp_path_factory.mktemp("wheel"))
        made.pack()

    return ArchiveRepo.at(shared(tmp_path_factory, "moving", make))


@pytest.fixture
def proposed(proposed_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    """The proposal is on its branch; nobody consented yet."""
    return proposed_template.copy(tmp_path / "moving")


@pytest.fixture(scope="session")
def moved_template(
    proposed_template: ArchiveRepo, tmp_path_factory: pytest.TempPathFactory
) -> ArchiveRepo:
    def make(root: Path) -> None:
        made = proposed_template.copy(root)
        consented(made, BRANCH)
        made.merge(BRANCH)
        made.pack()

    return ArchiveRepo.at(shared(tmp_path_factory, "moved", make))


@pytest.fixture
def moved(moved_template: ArchiveRepo, tmp_path: Path) -> ArchiveRepo:
    return moved_template.copy(tmp_path / "moved")


def files(archive: ArchiveRepo, revision: str = "HEAD") -> list[str]:
    return archive.git("ls-tree", "-r", "--name-only", revision).split("\n")


def test_two_consents_move_it(proposed: ArchiveRepo) -> None:
    consented(proposed, BRANCH)
    report = proposed.verify()
    assert report.decision in (None, Effect.NOTE), marks(report)


def test_what_is_left_is_content_a_lock_and_a_wheel(moved: ArchiveRepo) -> None:
    paths = files(moved)
    assert not [p for p in paths if p.endswith((".py", ".html")) or p.startswith("schemas/")]
    assert [p for p in paths if p.startswith("site/")] == ["site/overrides/own.css"]
    assert len([p for p in paths if not p.startswith("content/")]) <= 15, paths
    assert read_lock(moved.read(LOCK)).program == running()
    assert b"program.lock" in moved.read("Makefile")
    assert "云岚市应急管理局" in moved.read("README.md").decode()
    terms = read_yaml("terms.yml", moved.read("content/registers/terms.yml")).value["terms"]
    assert [row["id"] for row in terms] == ["city-party", "yunlan-hall"]
    assert trust(moved.open().tree(moved.head())).registers.problems == ()


def test_who_consents_sees_what_changes_and_a_count_of_what_goes(
    proposed: ArchiveRepo, tmp_path: Path
) -> None:
    proposed.switch(BRANCH)
    key = str(private_key_file("kz-a", tmp_path))
    shown = run(proposed.root, "authorise", "--reason", "x", "--key", key, "--yes").stderr
    gone = proposed.git("diff", "--no-renames", "--name-only", "--diff-filter=D", "main", BRANCH)
    count = sum(path.startswith("pipeline/") for path in gone.split())
    assert f"  file removed  {count} files of pipeline/\n" in shown
    assert "  file added  program.lock\n" in shown
    assert "  file removed  content/registers/lexicons.yml\n" in shown
    assert len(shown.splitlines()) < 40, shown


def test_the_changelog_since_the_carried_program_is_shown(proposed: ArchiveRepo) -> None:
    said = proposed.git("log", "-1", "--format=%B", BRANCH)
    assert f"## {running().version}" in said and "## 0.1.0" not in said
    before, after = (proposed.git("rev-parse", name) for name in ("main", BRANCH))
    repository = proposed.open()
    assert news_between(repository.tree(before), repository.tree(after)) in said


def test_its_history_is_judged_as_before(moved: ArchiveRepo) -> None:
    """And its head's duties by the program that it names."""
    before = json.loads((ASSETS / "audit.json").read_bytes())["verdicts"]
    done = run(moved.root, "audit", "--as-of", AS_OF.isoformat(), "--format", "json", lang="zh")
    now = json.loads(done.stdout)
    assert (done.returncode, now["exit_code"]) == (0, 0), done.stdout
    assert [as_of_then(v) for v in now["verdicts"][: len(before) - 1]] == before[:-1]


def test_its_posts_stand(moved: ArchiveRepo) -> None:
    report = moved.standing()
    assert report.decision in (None, Effect.NOTE), marks(report)


def test_its_site_is_built_and_made_again(moved: ArchiveRepo, tmp_path: Path) -> None:
    key = private_key_file("log", tmp_path)
    site = tmp_path / "site"
    built = run(moved.root, "build", "--as-of", AS_OF.isoformat(), "--output", str(site),
                "--log-key", str(key), "--no-cache", lang="zh")  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    again = run(moved.root, "reproduce", str(site), "--key", f"{key}.pub")
    assert again.returncode == 0, again.stdout + again.stderr


def test_both_programs_say_the_same_of_it(carried: ArchiveRepo, tmp_path: Path) -> None:
    text = moving(carried, tmp_path, "--tried")
    assert "Both programs judge alike what stands and the whole history: 13 verdicts." in text
    assert "Changed here, and left as they are: site/overrides/own.css" in text
    assert "cannot judge its own removal" in text
    assert f"sanshen verify --base main --head {BRANCH}" in text


def test_all_that_is_installed_comes_along_when_asked(
    carried: ArchiveRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python/pip").mkdir(parents=True)
    (tmp_path / "python/pip/__init__.py").touch()
    (tmp_path / "python/pip/__main__.py").write_text(FAKE_PIP % b"a library")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "python"))
    moving(carried, tmp_path, "--offline")
    assert "program/click-9-py3-none-any.whl" in files(carried, BRANCH)
    assert "--find-links ./program" in carried.git("show", f"{BRANCH}:{LOCK}")


def test_a_second_move_is_none(moved: ArchiveRepo, tmp_path: Path) -> None:
    wheel = wheel_file(tmp_path, running().version, raw=pack()[1])
    moved.git("branch", "-D", BRANCH)
    assert "names this program already" in fault(upgrading(moved, wheel))


# What the bureau changed stays, or is named.


def test_changed_files_of_the_program_are_kept_or_named(
    carried: ArchiveRepo, tmp_path: Path
) -> None:
    catalogue = carried.read("schemas/catalogue.json")
    carried.write("schemas/catalogue.json", catalogue + b"\n")
    carried.write("Makefile", b"all:\n\ttrue\n")
    carried.write(f"{OLD_RULES}/a05_updates.py", b"# another cadence\n")
    carried.write("site/overrides/404.html", b"<p>own</p>\n")
    carried.write("docs/own.md", b"# own\n")
    carried.commit("改", "gly-a")
    text = moving(carried, tmp_path)
    kept = {"Makefile", "docs/own.md", "schemas/catalogue.json", "site/overrides/404.html"}
    left = next(line for line in text.splitlines() if "left as they are" in line)
    assert all(path in left for path in kept), left
    assert kept <= set(files(carried, BRANCH))
    assert carried.git("show", f"{BRANCH}:Makefile") == "all:\n\ttrue"
    gone = next(line for line in text.splitlines() if "replaced by the program's own" in line)
    assert f"{OLD_RULES}/a05_updates.py" in gone


def test_an_entry_that_was_taken_out_stays_out(carried: ArchiveRepo, tmp_path: Path) -> None:
    text = carried.read("content/registers/terms.yml").decode()
    lines = [line for line in text.split("\n") if "id: prc," not in line]
    carried.write("content/registers/terms.yml", "\n".join(lines))
    carried.commit("去掉一条", "gly-a")
    moving(carried, tmp_path)
    made = carried.open()
    registers = trust(made.tree(made.commit(BRANCH))).registers
    assert registers.problems == ()
    assert "prc" not in {entry.id for entry in registers.entries["terms"]}


@pytest.fixture
def own_article(carried: ArchiveRepo, monkeypatch: pytest.MonkeyPatch) -> ArchiveRepo:
    monkeypatch.setattr(own_rules, "_allowed", [True])
    whole_article(carried, f"{OLD_RULES}/a19_quiet_hours.py")
    return carried


def test_a_rule_of_its_own_comes_along(own_article: ArchiveRepo, tmp_path: Path) -> None:
    moving(own_article, tmp_path)
    paths = files(own_article, BRANCH)
    assert "rules/a19_quiet_hours.py" in paths
    assert "schemas/articles/a19_quiet_hours.json" in paths
    made = own_article.open()
    articles = trust(made.tree(made.commit(BRANCH))).rulebook.articles
    assert any(a.key == "19" and a.rule for a in articles)
    consented(own_article, BRANCH)
    assert not [m for _, m in reasons(own_article.verify()) if "drops a rule" in m]


def test_a_rule_of_its_own_is_not_dropped(own_article: ArchiveRepo, tmp_path: Path) -> None:
    moving(own_article, tmp_path)
    own_article.switch(BRANCH)
    for path in ("rules/a19_quiet_hours.py", "schemas/articles/a19_quiet_hours.json"):
        (own_article.root / path).unlink()
    law = own_article.read("content/regulation.md").decode()
    own_article.write("content/regulation.md", law.replace(ARTICLE, ""))
    own_article.commit("丢掉", "gly-a")
    consented(own_article, BRANCH)
    assert finds(own_article.verify(), "R13-7", "own-rule-dropped")


def test_an_own_rule_does_not_run_unasked(
    carried: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_governance, "_TRUSTED", {})
    whole_article(carried, f"{OLD_RULES}/a19_quiet_hours.py")
    made = carried.open()
    with pytest.raises(Fault, match="rules of its own"):
        trust(made.tree(carried.head()))


# Hostile.


def test_one_consent_does_not_move_it(proposed: ArchiveRepo) -> None:
    consented(proposed, BRANCH, people=1)
    report = proposed.verify()
    assert (report.exit_code, marks(report)) == (10, set())


def test_no_post_rides_along(proposed: ArchiveRepo) -> None:
    proposed.switch(BRANCH)
    proposed.draft("2026-11-06-snow", accounts=["wechat"], origin_dept="lead")
    proposed.commit("夹带")
    consented(proposed, BRANCH)
    found = marks(proposed.verify())
    assert ("R13-7", "change-mixed") in found, found


def test_no_officer_rides_along(proposed: ArchiveRepo) -> None:
    proposed.switch(BRANCH)
    proposed.change("content/registers/people.yml", "某zz-a", "某人")
    proposed.commit("夹带")
    consented(proposed, BRANCH)
    found = marks(proposed.verify())
    assert ("R13-7", "change-mixed") in found, found


def test_a_move_past_every_check_is_in_the_audit(proposed: ArchiveRepo) -> None:
    consented(proposed, BRANCH, people=1)
    proposed.merge(BRANCH)
    report = proposed.audit()
    assert report.exit_code == 11


# Others were at work when it came to main.


def test_a_post_that_was_proposed_before_is_judged_after(moved: ArchiveRepo) -> None:
    moved.branch("early", "main~1")
    moved.draft("2026-11-05-snow", accounts=["wechat"], origin_dept="lead", title="雪天出行",
                publish_at="2026-11-05T12:00:00+08:00", body="雪天慢行，注意防滑。\n",
                summary="雪天出行的提醒。",
                secrecy_review={"person": "xxy-a", "date": "2026-11-04",
                                "result": "releasable"})  # fmt: skip
    moved.commit("起草")
    moved.approve_all("2026-11-05-snow")
    moved.commit("审核", "kz-a")
    report = moved.verify()
    assert report.decision in (None, Effect.NOTE), marks(report)


def test_a_carried_rule_that_was_proposed_before_is_told_where_it_goes(moved: ArchiveRepo) -> None:
    moved.branch("early", "main~1")
    moved.write(f"{OLD_RULES}/a05_updates.py", b"# another cadence\n")
    moved.commit("改规则", "gly-a")
    done = run(moved.root, "verify", "--base", "main", "--as-of", AS_OF.isoformat())
    assert done.returncode == 1
    assert "Main has named its program since" in done.stderr, done.stderr
