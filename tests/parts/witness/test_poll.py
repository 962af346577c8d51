"""One look at every open proposal of a Gitea: real git, a stand-in for its API."""

import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.parts.gitea import settings as gitea
from tests.builders.command import command_at
from tests.builders.curl import curl_at
from tests.builders.exchanges import answers as recorded
from tests.builders.named import shows, worded
from tests.builders.wheels import locked_to, wheel_of
from tests.e2e.test_forge import ACCOUNTS, WitnessedBureau
from tests.e2e.test_journey import BODY, ROLES

ROOT = Path(__file__).parents[3]
MAKE = """#!/bin/sh
echo "$* $PWD" >> "$STUB/makes"
exit "${MAKE_FAILS:-0}"
"""
API = "repos/yunlan/archive"
STATUS_OF = "43293d01e757c7d0e70d92faf308854eb41cf7ec"
ME = 2
"""Number of the account that the poller's token is of."""


class Forge(WitnessedBureau):
    """A bureau with a clone beside a Gitea whose git is real and whose API is written down."""

    forge = ("gitea", "git.example")

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.stub = home / "stub"
        (self.stub / "replies").mkdir(parents=True)
        (self.stub / "make").write_text(MAKE)
        (self.stub / "make").chmod(0o755)
        self.environment |= {
            "PATH": f"{self.stub}:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "STUB": str(self.stub),
            "GITEA_TOKEN": "t0ken",
        }
        self.origin = home / "origin.git"
        self.run("git", "init", "-q", "--bare", "-b", "main", str(self.origin))
        self.git("remote", "add", "origin", str(self.origin))
        self.git("push", "-q", "origin", "main")
        (home / "body.md").write_text(BODY)
        self.git("switch", "-q", "-c", "post/forest")
        written = self.sanshen(
            "new", "forest-fire", "--kind", "tip", "--category", "3", "--topic", "disaster",
            "--account", "wechat", "--title", "进山不带火，三件事要记牢",
            "--summary", "森林防火期进山的三条提醒。", "--ai", "none",
            "--secrecy-reviewer", ROLES[0], "--body", str(home / "body.md"),
        )  # fmt: skip
        self.post = Path(written.splitlines()[0]).parent.name
        self.git("add", "content")
        self.git("commit", "-q", "-m", "起草")
        self.git("push", "-q", "origin", "post/forest", "HEAD:refs/pull/7/head")
        self.head = self.git("rev-parse", "HEAD").strip()
        self.git("switch", "-q", "main")
        self.reply("user", {"id": ME, "login": "sanshen"})
        self.pull = {
            "number": 7, "state": "open", "user": {"id": 104, "login": "writer"},
            "html_url": "https://git.example/yunlan/archive/pulls/7",
            "base": {"ref": "main", "repo": {"id": 7}},
            "head": {"sha": self.head, "ref": "post/forest", "repo": {"id": 7}},
            "requested_reviewers": recorded("deleted-user")["/pulls/6"]["requested_reviewers"],
        }  # fmt: skip
        other = {"number": 6, "base": {"ref": "other"}}
        self.reply(f"{API}/pulls", [other, {"number": 5, "base": {"ref": "main"}}, self.pull])
        self.reply(f"{API}/pulls/7", self.pull)
        self.reply(f"{API}/pulls/7/reviews", [])
        self.reply(f"{API}/issues/7/timeline", [])
        self.reply(f"{API}/commits/status", {"statuses": None})
        self.reply(f"{API}/issues/7/comments", [])
        self.reply(f"{API}/issues/7/labels", [{"name": "急"}])

    def reply(self, path: str, value: object) -> None:
        file = self.stub / "replies" / f"{path.replace('/', '_')}.json"
        file.write_text(json.dumps(value))

    def answer(self, arguments: str, asked: str) -> str:
        """What `curl` prints: a reply that is written down, or what became of a writing call."""
        self._note("lines", arguments)
        given = dict(re.findall(r'(?m)^(\w+) = (".*")$', asked))
        url, method = json.loads(given["url"]), json.loads(given["request"])
        path, _, query = url.partition("/api/v1/")[2].partition("?")
        self._note("tokens", f"{path} {json.loads(given['header']).split()[-1]}")
        if method != "GET":
            body = json.loads(json.loads(given.get("data", '"null"')))
            self._note("writes", json.dumps([method, path, body]))
            unknown = (self.stub / "no-labels").exists()
            names = [] if unknown else (body or {}).get("labels", [])
            return json.dumps([{"name": name} for name in names]) + "\n201"
        path = re.sub(r"commits/[0-9a-f]{40}/", "commits/", path)
        reply = self.stub / "replies" / (path.replace("/", "_") + ".json")
        if not reply.is_file():
            return "not found\n404 0"
        answer = json.loads(reply.read_text())
        total = len(answer) if isinstance(answer, list) else 0
        if isinstance(answer, list) and (asked_for := re.search(r"(?:^|&)page=(\d+)", query)):
            page = int(asked_for[1])
            answer = answer[2 * page - 2 : 2 * page]
        return json.dumps(answer) + f"\n200 {total}"

    def _note(self, name: str, line: str) -> None:
        with (self.stub / name).open("a") as noted:
            noted.write(line + "\n")

    def poll(self, *more: str, code: int = 1) -> list[Any]:
        """What one look writes beside labels; #5 has no commits, so each look fails at it."""
        writes = self.stub / "writes"
        writes.unlink(missing_ok=True)
        where = ("--host", "git.example", "--repository", "yunlan/archive")
        self.said = self.sanshen("forge", "poll", *where, *more, code=code)
        lines = writes.read_text().splitlines() if writes.exists() else []
        made = [json.loads(line) for line in lines]
        self.labels = [body["labels"] for _, path, body in made if path.endswith("7/labels")]
        return [call for call in made if not call[1].endswith("labels")]


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    made = Forge(tmp_path_factory.mktemp("poll"))
    made.again = str(made.home / "sanshen")
    with command_at(Path(made.again)), curl_at(made.stub / "curl", made.answer):
        yield made


@pytest.fixture(scope="module")
def first(forge: Forge) -> list[Any]:
    """What the first look writes."""
    return forge.poll()


def test_a_waiting_proposal_is_pending_and_one_that_fails_holds_nobody_up(
    forge: Forge, first: list[Any]
) -> None:
    status, comment = first
    assert "#5：git fetch 失败，见上。\n  下一步：" in forge.said
    assert status[:2] == ["POST", f"{API}/statuses/{forge.head}"]
    assert (status[2]["context"], status[2]["state"]) == ("sanshen/verify", "pending")
    assert comment[:2] == ["POST", f"{API}/issues/7/comments"]
    assert comment[2]["body"].startswith("<!-- sanshen-verdict -->\n### 暂缓")
    assert "信息员" in comment[2]["body"]
    assert set((forge.stub / "lines").read_text().splitlines()) == {
        "--silent --write-out \\n%{http_code} %header{x-total-count} --config -"
    }
    assert forge.labels == [["急", "三审/等待"]]


def test_what_stands_on_the_forge_is_not_written_again(forge: Forge, first: list[Any]) -> None:
    status, comment = first
    stands = {**status[2], "status": status[2]["state"], "creator": {"id": ME, "login": "sanshen"}}
    forge.reply(f"{API}/commits/status", {"statuses": [stands]})
    forged = {"id": 1, "user": {"id": 8, "login": "sanshen"}, "body": comment[2]["body"]}
    gone = {"id": 4, "user": {"id": -1, "login": "Ghost"}, "body": comment[2]["body"]}
    earlier = re.sub("时间：[0-9 :-]+。", "时间：2026-01-02 03:04。", comment[2]["body"])
    assert earlier != comment[2]["body"]
    ours = {"id": 2, "user": {"id": ME, "login": "renamed"}, "body": earlier}
    forge.reply(f"{API}/issues/7/comments", [forged, gone, ours])
    assert forge.poll() == []
    forge.reply(f"{API}/issues/7/labels", [{"name": "三审/等待"}, {"name": "急"}])
    assert (forge.poll(), forge.labels) == ([], [])
    forge.reply(f"{API}/issues/7/comments", [forged, ours | {"body": "<!-- sanshen-verdict -->旧"}])
    ((method, path, _),) = forge.poll()
    assert (method, path) == ("PATCH", f"{API}/issues/comments/2")
    forge.reply(f"{API}/issues/7/comments", [])
    forge.reply(f"{API}/commits/status", {"statuses": None})


@pytest.mark.parametrize("creator", [{"id": 6, "login": "zuozhe"}, None])
def test_a_status_that_another_account_set_is_set_anew(
    forge: Forge, first: list[Any], creator: dict[str, Any] | None
) -> None:
    """All who can write can set one of this name; on the server the latest of a name counts."""
    (shown,) = recorded("status")[f"/commits/{STATUS_OF}/status"]["statuses"]
    assert shown["creator"]["id"] == 6 and shown["context"] == "sanshen/verify"
    status, _ = first
    same = {"status": status[2]["state"], "description": status[2]["description"]}
    forge.reply(f"{API}/commits/status", {"statuses": [shown | same | {"creator": creator}]})
    writes = forge.poll()
    assert writes[0] == status
    assert ("曾由 zuozhe 设置" in forge.said) is (creator is not None)
    forge.reply(f"{API}/commits/status", {"statuses": None})


def test_what_cannot_be_read_is_said_on_the_proposal(forge: Forge) -> None:
    stands = forge.pull
    strange = {
        "id": 1,
        "state": "NEW",
        "user": None,
        "commit_id": "",
        "submitted_at": "",
        "body": "",
    }
    forge.reply(f"{API}/pulls/7/reviews", [strange])
    _, comment = forge.poll("--key", str(forge.home / "witness"))[:2]
    assert (
        worded("no-review-counts", "zh")
        + "\n\n"
        + worded("forge-answer-unusable", "zh", path="reviews[1].state")
    ) in comment[2]["body"]
    forge.reply(f"{API}/pulls/7/reviews", [])
    _, comment = forge.poll("--key", str(forge.home / "writer"))[:2]
    assert "未能见证审核" in comment[2]["body"] and str(forge.home) not in comment[2]["body"]
    forge.reply(f"{API}/pulls/7", stands | {"head": stands["head"] | {"ref": "refs/pull/7/head"}})
    _, comment = forge.poll("--key", str(forge.home / "witness"))[:2]
    assert shows(comment[2]["body"], "branch-missing", "zh")
    forge.reply(f"{API}/pulls/7", stands)


def test_no_list_of_reviews_is_a_fault_and_no_verdict(forge: Forge) -> None:
    file = forge.stub / "replies" / f"{API}/pulls/7/reviews.json".replace("/", "_")
    stands = file.read_bytes()
    file.unlink()
    assert forge.poll("--key", str(forge.home / "witness")) == []
    assert "#7" in forge.said
    file.write_bytes(stands)


def test_no_list_of_proposals_writes_nothing(forge: Forge) -> None:
    file = forge.stub / "replies" / f"{API}/pulls.json".replace("/", "_")
    stands = file.read_bytes()
    file.unlink()
    assert forge.poll() == []
    file.write_bytes(stands)


def test_two_clicks_become_a_commit_and_who_signs_with_a_key_is_told_and_not_asked(
    forge: Forge,
) -> None:
    """Pages of two, as a server may cap them; a witness that fails leaves the verdict alone."""
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    forge.reply(f"{API}/pulls/7/reviews", [
        {"id": 900 + number, "state": state, "body": "", "commit_id": forge.head,
         "user": {"id": ACCOUNTS[role], "login": role}, "submitted_at": now,
         "stale": False, "official": True, "dismissed": False}
        for number, (role, state) in enumerate((
            ("leader-in-charge", "COMMENT"), ("information-officer", "APPROVED"),
            ("section-head", "APPROVED")))
    ])  # fmt: skip
    writes = forge.poll("--key", str(forge.home / ROLES[0]))
    assert [path for _, path, _ in writes][:1] == [f"{API}/statuses/{forge.head}"]
    assert forge.git("ls-remote", "origin", "post/forest").split()[0] == forge.head

    forge.reply("users/search", {"data": [{"id": 103, "login": "leader-in-charge"}]})
    status, comment = forge.poll("--key", str(forge.home / "witness"))
    head = forge.git("ls-remote", "origin", "post/forest").split()[0]
    assert head != forge.head
    assert status[1] == f"{API}/statuses/{head}"
    assert f"{forge.post}：终审" in comment[2]["body"]
    assert f"`sanshen approve {forge.post} --commit --push`" in comment[2]["body"]
    forge.git("fetch", "-q", "origin", "post/forest")
    names = forge.git("diff", "--name-only", forge.head, "FETCH_HEAD").split()
    assert [name.rpartition("/")[2] for name in names if name.endswith(".json")] == [
        "1-first.json",
        "2-second.json",
    ]


class Moved:
    """A main that moved on the server, and what the clone of the poller does with it."""

    def __init__(self, forge: Forge) -> None:
        self.forge = forge
        self.before = forge.git("rev-parse", "main").strip()
        forge.git("switch", "-q", "main")
        for name, answer in self.settings().items():
            forge.reply(name, answer)

    def settings(self) -> dict[str, Any]:
        rule, branch = dict(gitea.PROTECTION), {"protected": True}
        return {
            API: {**gitea.FRESH["repo"], **gitea.BUTTONS},
            f"{API}/branch_protections": [rule],
            f"{API}/branches/main": branch | {"effective_branch_protection_name": "main"},
        }

    def push(self, path: str, text: str, *more: str) -> str:
        """Put a commit on the server's main that this clone does not have; its id."""
        forge = self.forge
        forge.git("switch", "-q", "--detach", self.before)
        (forge.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (forge.folder / path).write_text(text)
        forge.git("add", path)
        forge.git("commit", "-q", "-m", "main 往前")
        forge.git("push", "-q", "-f", "origin", "HEAD:main", *more)
        head = forge.git("rev-parse", "HEAD").strip()
        forge.git("switch", "-q", "main")
        return head

    def at(self) -> str:
        return self.forge.git("rev-parse", "HEAD").strip()


@pytest.fixture
def moved(forge: Forge) -> Iterator[Moved]:
    made = Moved(forge)
    (forge.stub / "makes").unlink(missing_ok=True)
    yield made
    forge.git("reset", "-q", "--hard", made.before)
    forge.git("push", "-q", "-f", "origin", f"{made.before}:main")


RECORD = "content/records/README.md"


@pytest.mark.parametrize("hidden", [set[str](), gitea.HIDDEN], ids=["gitea", "forgejo"])
def test_a_newer_main_is_installed_where_it_is_protected(
    moved: Moved, forge: Forge, hidden: set[str]
) -> None:
    """The round then goes on as the program that was installed. A merge by hand leaves main as it
    was, so a server that does not show whether it is allowed keeps no main away."""
    answer = moved.settings()[API]
    forge.reply(API, {name: value for name, value in answer.items() if name not in hidden})
    head = moved.push(RECORD, "记录。\n")
    forge.poll()
    assert moved.at() == head
    assert (forge.stub / "makes").read_text() == f"--silent install {forge.folder}\n"
    assert "#5：git fetch" in forge.said


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (f"{API}/branch_protections", [], "主线没有"),
        (f"{API}/branch_protections",
         [gitea.PROTECTION | {"unprotected_file_patterns": "Makefile"}], "unprotected_file"),
        (f"{API}/branch_protections", [gitea.PROTECTION | {"enable_push": True}], "enable_push"),
        (f"{API}/branches/main",
         {"protected": True, "effective_branch_protection_name": "m*"}, "m*"),
        (f"{API}/branches/main",
         {"protected": True, "effective_branch_protection_name": ""}, "（403）"),
        (f"{API}/branch_protections", None, "（404）"),
        (API, {**gitea.FRESH["repo"], **gitea.BUTTONS, "allow_manual_merge": True}, "合并按钮"),
        (API, {"message": "not found"}, "文档不符"),
    ],
)  # fmt: skip
def test_a_main_that_others_can_write_is_not_installed_and_says_why(
    moved: Moved, forge: Forge, path: str, value: Any, why: str
) -> None:
    """What was there before goes on judging, and each proposal is told."""
    moved.push(RECORD, "记录。\n")
    if value is None:
        (forge.stub / "replies" / f"{path}.json".replace("/", "_")).unlink()
    else:
        forge.reply(path, value)
    status, comment = forge.poll()
    assert moved.at() == moved.before
    assert not (forge.stub / "makes").exists()
    assert shows(forge.said, "newer-main-not-installed", "zh")
    assert why in forge.said.partition("没有安装较新的")[2].splitlines()[0]
    assert status[2]["context"] == "sanshen/verify"
    assert "> 没有安装较新的 `main`" in comment[2]["body"]


def test_the_settings_are_read_with_a_token_of_their_own(moved: Moved, forge: Forge) -> None:
    moved.push(RECORD, "记录。\n")
    forge.environment["GITEA_SETTINGS_TOKEN"] = "r3ad"
    forge.poll()
    del forge.environment["GITEA_SETTINGS_TOKEN"]
    used = dict(line.split(" ") for line in (forge.stub / "tokens").read_text().splitlines())
    assert used[f"{API}/branch_protections"] == used[f"{API}/branches/main"] == "r3ad"
    assert used[f"{API}/pulls/7"] == "t0ken"


@pytest.mark.parametrize(
    "path", ["Makefile", "program.lock", "program/evil.whl", "rules/a19_x.py", "content/policy.yml"]
)
def test_a_change_of_what_governs_is_installed_only_where_it_was_authorised(
    moved: Moved, forge: Forge, path: str
) -> None:
    """A status can be set by all who can write: a protected main may hold what passed by that."""
    stands = forge.folder / path
    head = moved.push(path, (stands.read_text() if stands.exists() else "") + "# 改\n")
    forge.poll()
    assert moved.at() == moved.before
    assert not (forge.stub / "makes").exists()
    assert f"其中的改动 {head[:12]} 没有通过" in forge.said


def test_a_lock_that_two_consented_to_is_installed_before_what_follows_is_judged(
    moved: Moved, forge: Forge
) -> None:
    """What came after it is for the program that it names; this one was there before."""
    forge.git("switch", "-q", "-c", "newer", moved.before)
    forge.git("rm", "-q", "-r", "program")
    (forge.folder / "program").mkdir(exist_ok=True)
    for path, raw in locked_to(wheel_of("0.9.1")).items():
        (forge.folder / path).write_bytes(raw)
    forge.git("add", "program", "program.lock")
    forge.git("commit", "-qm", "升级")
    for role in ("section-head", "leader-in-charge"):
        given = ("--reason", "升级", "--key", str(forge.home / role), "--yes", "--commit")
        forge.sanshen("authorise", "--base", moved.before, *given)
    forge.git("switch", "-q", "--detach", moved.before)
    forge.git("merge", "-q", "--no-ff", "-m", "升级", "newer")
    upgraded = forge.git("rev-parse", "HEAD").strip()
    (forge.folder / "Makefile").write_text("evil:\n")
    forge.git("commit", "-qam", "跟着升级混进来")
    forge.git("push", "-q", "-f", "origin", "HEAD:main")
    forge.git("switch", "-q", "main")
    forge.poll()
    assert moved.at() == upgraded
    assert (forge.stub / "makes").read_text() == f"--silent install {forge.folder}\n"
    assert "evil" not in (forge.folder / "Makefile").read_text()


def test_what_was_refused_once_is_refused_again(moved: Moved, forge: Forge) -> None:
    """A timer comes back every two minutes; what it installs first is what stood before."""
    lock = (forge.folder / "program.lock").read_text()
    head = moved.push("program.lock", lock.replace("0.9.0", "0.9.1"))
    for _ in range(2):
        forge.poll()
        assert moved.at() == moved.before
        assert f"其中的改动 {head[:12]} 没有通过" in forge.said
        assert (forge.folder / "program.lock").read_text() == lock
    assert not (forge.stub / "makes").exists()


def test_a_main_that_was_rewritten_is_not_installed(moved: Moved, forge: Forge) -> None:
    forge.git("commit", "-q", "--allow-empty", "-m", "这里已有")
    moved.push(RECORD, "记录。\n")
    forge.poll()
    assert "被改写过" in forge.said and not (forge.stub / "makes").exists()


def test_an_installation_that_fails_leaves_what_was_there(moved: Moved, forge: Forge) -> None:
    moved.push(RECORD, "记录。\n")
    forge.environment["MAKE_FAILS"] = "2"
    forge.poll()
    del forge.environment["MAKE_FAILS"]
    assert moved.at() == moved.before
    assert "`make install` 没有成功" in forge.said
    assert "git merge --ff-only origin/main && make install" in forge.said


def test_a_main_that_names_another_program_is_judged_by_none_and_each_proposal_says_so(
    forge: Forge, first: list[Any]
) -> None:
    stood, lock = forge.git("rev-parse", "main").strip(), forge.git("show", "main:program.lock")
    digest = re.search(r"^# digest: sha256:([0-9a-f]{64})$", lock, re.MULTILINE)
    assert digest
    (forge.folder / "program.lock").write_text(lock.replace(digest[1], "e" * 64))
    forge.git("commit", "-q", "-a", "-m", "另一个程序")
    forge.git("push", "-q", "origin", "main")
    status, comment = forge.poll()
    assert "内容却不同" in forge.said
    assert status[2]["state"] == "error"
    assert "内容却不同" in comment[2]["body"] and "sha256:eeeeeeeeeeeeeeee" in comment[2]["body"]
    forge.git("reset", "-q", "--hard", stood)
    forge.git("push", "-q", "--force", "origin", "main")


def test_two_mains_are_named_to_every_proposal_and_by_the_doctor(forge: Forge) -> None:
    """And a mirror that is away holds nobody up."""
    mirror = forge.home / "mirror.git"
    forge.git("remote", "add", "mirror", str(mirror))
    status, _ = forge.poll()
    assert "mirror 的主线没有取到：未检查" in forge.said
    forge.run("git", "init", "-q", "--bare", "-b", "main", str(mirror))
    there = forge.git("commit-tree", "origin/main^{tree}", "-m", "另一段历史").strip()
    forge.git("push", "-q", "mirror", f"{there}:refs/heads/main")
    _, comment = forge.poll()
    assert f"mirror/main 独有 {there[:12]}" in forge.said
    assert "git push origin mirror/main:refs/heads/from-mirror" in forge.said
    assert "> 主线成了两个" in comment[2]["body"]
    where = ("--forge", "gitea", "--host", "git.example", "--repository", "a/b")
    said = forge.sanshen("forge", "doctor", *where, code=11)
    assert there[:12] in said and "from-mirror" in said
    assert there[:12] in forge.sanshen("status")
    forge.git("push", "-q", "--force", "mirror", "origin/main:main")
    assert "主线成了两个" not in forge.poll()[-1][2]["body"] and "两个" not in forge.said
    forge.git("remote", "remove", "mirror")
