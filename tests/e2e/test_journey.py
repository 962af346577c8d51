"""A post's whole life through the command alone: draft, three reviews, confirmation, page."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from pipeline.source.content.text import read_yaml
from tests.browser.serving import CHROMIUM, PROGRAM, served
from tests.builders.command import ours
from tests.builders.named import shows

BODY = """十一月起，我市进入森林防火期。请进山人员不带火种。

## 三件事

1. 不在林区吸烟、野炊。
2. 发现火情先撤离，再拨打 119。
3. 农事用火先报备。
"""
ROLES = ("information-officer", "section-head", "leader-in-charge", "operator")


class Bureau:
    """An archive of its own, with a key per role and a writer who commits."""

    again = ""
    """As of `ours`."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home / "archive"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "部门作者甲",
            "GIT_AUTHOR_EMAIL": "writer@bureau.example",
            "GIT_COMMITTER_NAME": "部门作者甲",
            "GIT_COMMITTER_EMAIL": "writer@bureau.example",
        }
        for role in ROLES:
            self.run(
                "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(home / role), folder=home
            )
        who = "[user]\nname = 部门作者甲\nemail = writer@bureau.example\n"
        (home / ".gitconfig").write_text(who)
        self.found(self.folder, "--verified")

    def found(self, folder: Path, *more: str) -> str:
        """Found an archive of these people; what is said of it."""
        members = [f"--member={r}={self.home / r}.pub,{r}@bureau.example" for r in ROLES]
        members.append("--member=writer=,writer@bureau.example")
        bureau = ("--id", "test-yjj", "--unit", "测试市应急管理局")
        return self.sanshen("init", str(folder), *bureau, *members, *more, folder=self.home)

    def run(self, *command: str, folder: Path | None = None, code: int = 0) -> str:
        return self._said(
            subprocess.run(
                command, cwd=folder or self.folder, env=self.environment, capture_output=True,
                text=True, timeout=600, check=False,
            ), code)  # fmt: skip

    def sanshen(self, *arguments: str, folder: Path | None = None, code: int = 0) -> str:
        place = str(folder or self.folder)
        return self._said(ours(arguments, place, self.environment, self.again), code)

    def git(self, *arguments: str) -> str:
        return self.run("git", *arguments)

    def _said(self, done: subprocess.CompletedProcess[str], code: int) -> str:
        assert done.returncode == code, f"{done.args}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    return Bureau(tmp_path_factory.mktemp("bureau"))


@pytest.mark.parametrize(
    ("given", "entered"),
    [
        ((), {"verified": False}),
        (("--verified",), {"verified": True}),
        (("--verified-until", "2099-12-31"), {"verified": True, "verified_until": "2099-12-31"}),
    ],
)
def test_an_account_is_verified_when_somebody_says_so(
    bureau: Bureau, tmp_path: Path, given: tuple[str, ...], entered: dict[str, Any]
) -> None:
    """Nothing is entered as the platform's word that nobody gave."""
    assert "README.md" in bureau.found(tmp_path / "archive", *given)
    path = tmp_path / "archive/content/registers/accounts.yml"
    (account,) = read_yaml("accounts.yml", path.read_bytes()).value["accounts"]
    assert {k: v for k, v in account.items() if k.startswith("verified")} == entered


@pytest.fixture(scope="module")
def post(bureau: Bureau) -> str:
    """Draft, sign, squash, publish; the id of the post."""
    bureau.git("checkout", "-q", "-b", "post/forest")
    (bureau.home / "body.md").write_text(BODY)
    written = bureau.sanshen(
        "new",
        "forest-fire",
        "--title",
        "进山不带火，三件事要记牢",
        "--kind",
        "tip",
        "--category",
        "3",
        "--topic",
        "disaster",
        "--account",
        "wechat",
        "--summary",
        "森林防火期进山的三条提醒。",
        "--ai",
        "none",
        "--body",
        str(bureau.home / "body.md"),
        "--secrecy-reviewer",
        "information-officer",
    )
    post_id = Path(written.splitlines()[0]).parent.name
    assert shows(written, "then-check", "zh", post=post_id)
    bureau.sanshen("check", post_id)
    bureau.git("add", "content")
    bureau.git("commit", "-q", "-m", "起草")
    bureau.sanshen("verify", "--base", "main", code=10)
    for role in ROLES[:3]:
        shown = bureau.sanshen(
            "approve", post_id, "--key", str(bureau.home / role), "--yes", "--commit"
        )
        assert "  主题：防灾减灾救灾\n" in shown
        assert "  2. 发现火情先撤离，再拨打 119。\n" in shown
        bureau.git("checkout", "-q", "post/forest")
    assert f"sanshen confirm {post_id}" in bureau.sanshen("status")
    bureau.sanshen(
        "confirm", post_id, "--key", str(bureau.home / "section-head"), "--yes", "--commit"
    )
    bureau.sanshen("verify", "--base", "main")
    bureau.git("checkout", "-q", "main")
    bureau.git("merge", "-q", "--squash", "post/forest")
    bureau.git("commit", "-q", "-m", "发布（#1）")
    bureau.sanshen(
        "publish",
        post_id,
        "--account",
        "wechat",
        "--url",
        "https://mp.weixin.qq.com/s/forest",
        "--key",
        str(bureau.home / "operator"),
        "--commit",
    )
    return post_id


def test_every_step_before_the_last_is_awaited_by_name(bureau: Bureau, post: str) -> None:
    assert bureau.sanshen("status", code=0).count(post) == 0


def test_what_stands_verifies_and_history_audits(bureau: Bureau, post: str) -> None:
    bureau.sanshen("verify")
    bureau.sanshen("verify", "--base", "HEAD~2", "--head", "HEAD~1")
    bureau.sanshen("audit")


@pytest.fixture(scope="module")
def site(bureau: Bureau, post: str) -> Iterator[str]:
    bureau.sanshen("build")
    yield from served(bureau.folder / "build" / "site")


@pytest.mark.browser
def test_the_page_shows_title_body_and_evidence(site: str, post: str, tmp_path: Path) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=PROGRAM, args=CHROMIUM)
        page = browser.new_page()
        page.set_default_timeout(180_000)
        page.goto(f"{site}posts/{post[:4]}/{post}/")
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.locator("h1").inner_text().strip() == "进山不带火，三件事要记牢"
            text = page.locator("main").inner_text()
            assert "农事用火先报备" in text
            for word in ("初审", "复审", "终审", "SHA256:", "机器检查通过≠合规结论"):
                assert word in text, word
            page.screenshot(path=str(tmp_path / f"post-{width}.png"), full_page=True)
            assert (tmp_path / f"post-{width}.png").stat().st_size > 20_000
        browser.close()


def test_a_removed_review_is_refused_by_name(bureau: Bureau, post: str) -> None:
    bureau.git("checkout", "-q", "-b", "tamper")
    bureau.git("rm", "-q", f"content/reviews/{post[:4]}/{post}/r1/3-final.json")
    bureau.git("commit", "-q", "-m", "删除终审")
    said = bureau.sanshen("--lang", "en", "verify", code=11)
    assert "R11-1" in said
    assert "分管领导" in said
    bureau.git("checkout", "-q", "main")
