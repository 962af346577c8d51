"""One look at every open proposal of a Gitea: real git, a stand-in for its API."""

import json
import os
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.test_forge import ACCOUNTS, WitnessedBureau
from tests.e2e.test_journey import BODY, ROLES

ROOT = Path(__file__).parents[2]
CURL = f"""#!{sys.executable} -IS
import json, os, re, sys
from pathlib import Path
stub = Path(os.environ["STUB"])
with (stub / "lines").open("a") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n")
said = dict(re.findall(r'(?m)^(\\w+) = (".*")$', sys.stdin.read()))
url, method = json.loads(said["url"]), json.loads(said["request"])
path = url.partition("/api/v1/")[2]
if method != "GET":
    with (stub / "writes").open("a") as log:
        body = json.loads(json.loads(said.get("data", '"null"')))
        log.write(json.dumps([method, path, body]) + "\\n")
    print("{{}}")
    raise SystemExit
path, _, query = path.partition("?")
path = re.sub(r"commits/[0-9a-f]{{40}}/", "commits/", path)
reply = stub / "replies" / (path.replace("/", "_") + ".json")
if not reply.is_file():
    sys.exit(22)
answer = json.loads(reply.read_text())
if isinstance(answer, list) and "page=" in query:
    page = int(re.search(r"page=(\\d+)", query)[1])
    answer = answer[2 * page - 2 : 2 * page]
print(json.dumps(answer))
"""
API = "repos/yunlan/archive"


class Forge(WitnessedBureau):
    """A bureau with a clone beside a Gitea whose git is real and whose API is written down."""

    forge = ("gitea", "git.example")

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.stub = home / "stub"
        (self.stub / "replies").mkdir(parents=True)
        curl = self.stub / "curl"
        curl.write_text(CURL)
        curl.chmod(0o755)
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
            "--summary", "森林防火期进山的三条提醒。",
            "--secrecy-reviewer", ROLES[0], "--body", str(home / "body.md"),
        )  # fmt: skip
        self.post = Path(written.splitlines()[0]).parent.name
        self.git("add", "content")
        self.git("commit", "-q", "-m", "起草")
        self.git("push", "-q", "origin", "post/forest", "HEAD:refs/pull/7/head")
        self.head = self.git("rev-parse", "HEAD").strip()
        self.git("switch", "-q", "main")
        self.reply("user", {"login": "sanshen"})
        self.pull = {
            "number": 7, "state": "open", "user": {"id": 104, "login": "writer"},
            "html_url": "https://git.example/yunlan/archive/pulls/7",
            "base": {"ref": "main", "repo": {"id": 7}},
            "head": {"sha": self.head, "ref": "post/forest", "repo": {"id": 7}},
            "requested_reviewers": None,
        }  # fmt: skip
        other = {"number": 6, "base": {"ref": "other"}}
        self.reply(f"{API}/pulls", [other, {"number": 5, "base": {"ref": "main"}}, self.pull])
        self.reply(f"{API}/pulls/7", self.pull)
        self.reply(f"{API}/pulls/7/reviews", [])
        self.reply(f"{API}/commits/status", {"statuses": None})
        self.reply(f"{API}/issues/7/comments", [])

    def reply(self, path: str, value: object) -> None:
        file = self.stub / "replies" / f"{path.replace('/', '_')}.json"
        file.write_text(json.dumps(value))

    def poll(self, *more: str, code: int = 1) -> list[Any]:
        """What one look writes; #5 has no commits, so each look fails at it and goes on."""
        writes = self.stub / "writes"
        writes.unlink(missing_ok=True)
        where = ("--host", "git.example", "--repository", "yunlan/archive")
        self.said = self.sanshen("forge", "poll", *where, *more, code=code)
        lines = writes.read_text().splitlines() if writes.exists() else []
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    return Forge(tmp_path_factory.mktemp("poll"))


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
        "--fail --silent --show-error --config -"
    }


def test_what_stands_on_the_forge_is_not_written_again(forge: Forge, first: list[Any]) -> None:
    status, comment = first
    stands = {**status[2], "status": status[2]["state"]}
    forge.reply(f"{API}/commits/status", {"statuses": [stands]})
    forged = {"id": 1, "user": {"login": "someone"}, "body": comment[2]["body"]}
    earlier = re.sub("时间：[0-9 :-]+。", "时间：2026-01-02 03:04。", comment[2]["body"])
    assert earlier != comment[2]["body"]
    ours = {"id": 2, "user": {"login": "sanshen"}, "body": earlier}
    forge.reply(f"{API}/issues/7/comments", [forged, ours])
    assert forge.poll() == []
    forge.reply(f"{API}/issues/7/comments", [forged, ours | {"body": "<!-- sanshen-verdict -->旧"}])
    ((method, path, _),) = forge.poll()
    assert (method, path) == ("PATCH", f"{API}/issues/comments/2")
    forge.reply(f"{API}/issues/7/comments", [])
    forge.reply(f"{API}/commits/status", {"statuses": None})


def test_no_list_of_reviews_is_a_fault_and_no_verdict(forge: Forge) -> None:
    file = forge.stub / "replies" / f"{API}/pulls/7/reviews.json".replace("/", "_")
    stands = file.read_bytes()
    file.unlink()
    assert forge.poll() == []
    assert "#7" in forge.said
    file.write_bytes(stands)


def test_no_list_of_proposals_writes_nothing(forge: Forge) -> None:
    file = forge.stub / "replies" / f"{API}/pulls.json".replace("/", "_")
    stands = file.read_bytes()
    file.unlink()
    assert forge.poll() == []
    file.write_bytes(stands)


def test_two_clicks_become_a_commit_on_the_branch_and_the_next_is_asked(forge: Forge) -> None:
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
    status, comment, asked = forge.poll("--key", str(forge.home / "witness"))
    head = forge.git("ls-remote", "origin", "post/forest").split()[0]
    assert head != forge.head
    assert status[1] == f"{API}/statuses/{head}"
    assert f"{forge.post}：终审" in comment[2]["body"]
    assert asked[1:] == [f"{API}/pulls/7/requested_reviewers", {"reviewers": ["leader-in-charge"]}]
    forge.git("fetch", "-q", "origin", "post/forest")
    names = forge.git("diff", "--name-only", forge.head, "FETCH_HEAD").split()
    assert [name.rpartition("/")[2] for name in names if name.endswith(".json")] == [
        "1-first.json",
        "2-second.json",
    ]
