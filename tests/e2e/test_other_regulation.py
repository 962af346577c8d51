"""Another regulation, of three articles: from `init` to a published post, an audit and a site."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipeline.model.calendar import SHANGHAI
from tests.builders.named import shows, worded
from tests.builders.regulations import YUNLING
from tests.e2e.test_journey import BODY, ROLES, Bureau

PAGES = ("cadence", "statistics", "enforcement", "oversight", "categories", "map", "inspector")
"""Those that would speak of the law."""
IDS = {"R01-1", "R02-1", "R02-2", "R03-1", "R13-7", "R17-2", "R18-1"}
_CLAUSE = r"\bR\d\d-\d+\b"


class Yunling(Bureau):
    """An archive under its own three articles, whose rules its people let run."""

    def found(self, folder: Path, *more: str) -> str:
        self.environment["SANSHEN_OWN_RULES"] = "1"
        return super().found(folder, "--regulation", str(YUNLING), *more)

    def later(self, days: int) -> str:
        return (datetime.now(SHANGHAI) + timedelta(days=days)).isoformat(timespec="seconds")

    def key(self, role: str) -> tuple[str, str]:
        return "--key", str(self.home / role)


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Yunling:
    return Yunling(tmp_path_factory.mktemp("yunling"))


@pytest.fixture(scope="module")
def post(bureau: Yunling) -> str:
    """Drafted, reviewed by three, confirmed, merged and published."""
    bureau.git("checkout", "-q", "-b", "post/forest")
    (bureau.home / "body.md").write_text(BODY)
    written = bureau.sanshen(
        "new", "forest-fire", "--title", "进山不带火，三件事要记牢", "--kind", "tip",
        "--account", "wechat", "--summary", "森林防火期进山的三条提醒。",
        "--body", str(bureau.home / "body.md"),
    )  # fmt: skip
    post_id = Path(written.splitlines()[0]).parent.name
    bureau.sanshen("check", post_id)
    bureau.git("add", "content")
    bureau.git("commit", "-q", "-m", "起草")
    held = bureau.sanshen("verify", "--base", "main", code=10)
    assert "R02-1" in held and "等待" in held
    for role in ROLES[:3]:
        bureau.sanshen("approve", post_id, *bureau.key(role), "--yes", "--commit")
    bureau.sanshen("confirm", post_id, *bureau.key("section-head"), "--yes", "--commit")
    bureau.sanshen("verify", "--base", "main")
    bureau.git("checkout", "-q", "main")
    bureau.git("merge", "-q", "--squash", "post/forest")
    bureau.git("commit", "-q", "-m", "发布（#1）")
    bureau.sanshen("publish", post_id, "--account", "wechat", *bureau.key("operator"), "--commit",
                   "--url", "https://mp.weixin.qq.com/s/forest")  # fmt: skip
    return post_id


def test_what_is_founded_holds_the_law_and_names_it(bureau: Yunling) -> None:
    held = bureau.git("ls-files").splitlines()
    assert {"content/regulation.md", "rules/a01_updates.py", "schemas/articles/a03_reposts.json",
            "content/registers/instruments.yml"} <= {*held}  # fmt: skip
    assert "# regulation: own\n" in (bureau.folder / "program.lock").read_text()
    assert "export SANSHEN_OWN_RULES" in (bureau.folder / "Makefile").read_text()
    assert "SANSHEN_OWN_RULES=1" in (bureau.folder / "README.md").read_text()


def test_post_audit_due_and_reports(bureau: Yunling, post: str) -> None:
    bureau.sanshen("verify")
    assert "R01-1" in bureau.sanshen("audit")
    assert "R01-1" in bureau.sanshen("due")
    assert post not in bureau.sanshen("status")
    today = datetime.now(SHANGHAI)
    month = bureau.sanshen("report", "--month", f"{today:%Y-%m}")
    assert post in month
    quarter = bureau.sanshen("report", "--inspection", f"{today.year}Q{(today.month + 2) // 3}")
    assert worded("no-clause-looks", "zh") in quarter and not re.search(r"R\d\d-\d", quarter)


def test_eight_silent_days_are_named(bureau: Yunling, post: str) -> None:
    assert "不符合" not in bureau.sanshen("audit", "--as-of", bureau.later(7))
    late = bureau.sanshen("audit", "--as-of", bureau.later(8), code=11)
    assert "R01-1" in late and "已逾期" in late


def test_clauses_are_explained_and_the_programs_own_are_named(bureau: Yunling) -> None:
    listed = bureau.sanshen("rules", "--parameters")
    assert "R02-2" in listed and "R05-1" not in listed and "R13-7" in listed
    assert "连续八日没有更新的账号" in bureau.sanshen("explain", "R01-1")
    own = bureau.sanshen("explain", "R13-7")
    assert "程序自身的要求（R13）" in own and "change.people" in own
    for clause in ("R11-1", "R11-2", "R15-2", "R10-1"):
        said = bureau.sanshen("explain", clause)
        assert shows(said, "clause-of-program", "zh") and "六安" not in said
    bureau.sanshen("explain", "R19-1", code=1)
    assert "S-2  条款之外" in bureau.sanshen("explain", "key-missing")
    assert bureau.sanshen("explain", "consents-too-few") == own
    for name in ("basis-missing", "reviewer-made-post"):  # R01-1 is another clause here
        assert shows(bureau.sanshen("explain", name), "clause-of-program", "zh")


def test_the_site_is_of_this_law_alone(bureau: Yunling, post: str) -> None:
    bureau.sanshen("build")
    site = bureau.folder / "build/site"
    assert "每个账号至少每 7 天更新 1 次" in (site / "cadence/index.html").read_text()
    law = (site / "regulation/index.html").read_text()
    assert {*re.findall(_CLAUSE, law)} == IDS
    assert "机器检查的准确程度" not in law  # of detectors that these rules do not ask
    for page in PAGES:
        text = (site / page / "index.html").read_text()
        assert {*re.findall(_CLAUSE, text)} <= IDS, page
        assert not re.search("细则|第[四五六七八九十]+条|六安", text), page
    assert post in (site / f"posts/{post[:4]}/{post}/index.html").read_text()
    del bureau.environment["SANSHEN_OWN_RULES"]  # a stranger runs none of it
    try:
        bureau.sanshen("verify-site", str(site))
    finally:
        bureau.environment["SANSHEN_OWN_RULES"] = "1"


@pytest.mark.parametrize("verb", ["audit", "verify", "due", "rules", "build"])
def test_a_stranger_is_told_what_the_rules_are(bureau: Yunling, verb: str) -> None:
    del bureau.environment["SANSHEN_OWN_RULES"]
    try:
        refused = bureau.sanshen(verb, code=1)
        assert "rules/" in refused and "--own-rules" in refused
    finally:
        bureau.environment["SANSHEN_OWN_RULES"] = "1"


def test_an_own_rule_changes_by_two_consents_and_none_that_is_proposed_runs(
    bureau: Yunling, post: str
) -> None:
    """The rule writes a file when it is loaded: not while it waits, and once it stands."""
    trace, rule = bureau.home / "it-ran", bureau.folder / "rules/a01_updates.py"
    bureau.git("checkout", "-q", "-b", "rule", "main")
    line = f"\nfrom pathlib import Path\n\nPath({str(trace)!r}).write_text('')\n"
    rule.write_text(rule.read_text() + line)
    bureau.git("commit", "-q", "-am", "改规则")
    assert "R13-7" in bureau.sanshen("verify", "--base", "main", code=10)
    for role in ("section-head", "leader-in-charge"):
        assert not trace.exists()
        reason = ("--reason", "改第一条的规则")
        bureau.sanshen("authorise", *reason, *bureau.key(role), "--yes", "--commit")
    bureau.sanshen("verify", "--base", "main")
    assert not trace.exists()
    bureau.git("checkout", "-q", "main")
    bureau.git("merge", "-q", "--no-ff", "-m", "规则（#2）", "rule")
    bureau.sanshen("audit")
    assert trace.exists()


def test_a_source_that_is_not_listed_is_refused(bureau: Yunling) -> None:
    bureau.git("checkout", "-q", "-b", "post/repost", "main")
    day = f"{datetime.now(SHANGHAI):%Y-%m-%d}"
    folder = bureau.folder / f"content/posts/{day[:4]}/{day}-repost"
    folder.mkdir(parents=True)
    (folder / "source.txt").write_text("转来的内容。\n")
    (folder / "post.md").write_text(f"""---
title: 转发一则提醒
kind: notice
revision: 1
author: writer
summary: 转发的提醒。
accounts: [wechat]
publish_at: '{day}T09:00:00+08:00'
origin: reprint
source:
  id: unlisted
  url: https://example.org/a
  title: 转发一则提醒
  published_at: '{day}T08:00:00+08:00'
  snapshot: source.txt
  fetched_at: '{day}T08:30:00+08:00'
---

转来的内容。
""")
    refused = bureau.sanshen("check", f"{day}-repost", code=11)
    assert "R03-1" in refused and "不在当日有效的来源名单中" in refused
    bureau.git("checkout", "-q", "main")


def test_numbers_of_another_place_are_chosen_at_init_and_tried(
    bureau: Yunling, tmp_path: Path
) -> None:
    folder = tmp_path / "gansu"
    Bureau.found(bureau, folder, "--profile", "gansu")
    policy = (folder / "content/policy.yml").read_text()
    assert "甘肃省政务新媒体管理办法" in policy and "at_least: 1" in policy
    assert "gansu-new-media" in (folder / "content/registers/instruments.yml").read_text()
    assert bureau.sanshen("verify", folder=folder)
    tried = bureau.sanshen(
        "simulate", "--profile", "minhou", "--as-of", bureau.later(12), folder=folder
    )
    assert "R05-3" in tried  # ten days of silence, where fourteen are allowed
    bureau.sanshen("simulate", "--profile", "luan", folder=folder, code=3)
    unknown = bureau.sanshen("simulate", "--profile", "mars", folder=folder, code=2)
    assert "gansu" in unknown and "minhou" in unknown and "national" in unknown


@pytest.mark.parametrize(
    "given",
    [("--profile", "mars"), ("--profile", "gansu", "--regulation", str(YUNLING))],
)
def test_what_cannot_be_meant_founds_nothing(
    bureau: Yunling, tmp_path: Path, given: tuple[str, ...]
) -> None:
    members = [f"--member={r}={bureau.home / r}.pub,{r}@bureau.example" for r in ROLES]
    bureau.sanshen(
        "init", str(tmp_path / "none"), "--id", "x", "--unit", "云岭县应急管理局", *members,
        "--member=writer=,writer@bureau.example", *given, folder=bureau.home, code=2,
    )  # fmt: skip
    assert not (tmp_path / "none").exists()
