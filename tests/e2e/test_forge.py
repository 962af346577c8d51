"""From a draft to the page on a forge: the scripts of `verify` with the real program and real git.

The API is written down as GitHub answers it (the stand-in of tests/workflows); clicks, pushes,
records and merges are real. Each button of the forge gives main the same verdict as before.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.evidence.review.statements import NAMESPACE
from tests.builders.command import command_at
from tests.builders.curl import curl_at
from tests.e2e.test_journey import BODY, ROLES, Bureau
from tests.workflows.conftest import Runner, script

ACCOUNTS = {"information-officer": 101, "section-head": 102, "leader-in-charge": 103, "writer": 104}
NOREPLY = ("GitHub", "noreply@github.com")
BRANCH = "post/forest"
pytestmark = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")


class WitnessedBureau(Bureau):
    """A bureau whose people have accounts on a forge, and a witness."""

    forge = ("github", "forge.example")

    def found(self, folder: Path, *more: str) -> str:
        kind, host = self.forge
        key = ("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.home / "witness"))
        self.run(*key, folder=self.home)
        members = [
            f"--member={r}={self.home / r}.pub,{r}@bureau.example"
            + (f",{host}:{ACCOUNTS[r]}" if r in ACCOUNTS else "")
            for r in (*ROLES, "witness")
        ]
        return self.sanshen(
            "init", str(folder), "--id", "test-yjj", "--unit", "测试市应急管理局", *more, *members,
            f"--member=writer=,writer@bureau.example,{host}:104",
            "--forge", kind, "--forge-id", f"{host}/7", folder=self.home,
        )  # fmt: skip


class Forge(WitnessedBureau):
    """An archive on a forge, where clicks count at the first two steps."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.origin, self.runner = home / "origin.git", Runner(home / "runner")
        self.run("git", "init", "-q", "--bare", "-b", "main", str(self.origin), folder=home)
        self.git("remote", "add", "origin", str(self.origin))
        self.git("push", "-q", "origin", "main")
        self.clone()
        self.reviews: list[dict[str, Any]] = []
        self.comments: list[dict[str, Any]] = []
        self.statuses: dict[str, list[dict[str, str]]] = {}

    def clone(self) -> None:
        """The runner's checkout of main."""
        work = self.runner.work
        for command in (
            ("init", "-q", "-b", "main"),
            ("remote", "add", "origin", str(self.origin)),
            ("fetch", "-q", "origin", "main"),
            ("reset", "-q", "--hard", "FETCH_HEAD"),
        ):
            self.run("git", *command, folder=work)

    def acts(self, name: str, email: str = "") -> None:
        for who in ("AUTHOR", "COMMITTER"):
            self.environment[f"GIT_{who}_NAME"] = name
            self.environment[f"GIT_{who}_EMAIL"] = email or f"{name}@bureau.example"

    @property
    def head(self) -> str:
        return self.git("ls-remote", "origin", f"refs/heads/{BRANCH}").split()[0]

    def click(self, role: str, state: str, body: str = "") -> None:
        """Press a button of the forge at the head that it shows."""
        self.reviews.append({
            "id": 900 + len(self.reviews), "state": state, "body": body, "commit_id": self.head,
            "user": {"id": ACCOUNTS[role], "login": role, "type": "User"},
            "submitted_at": datetime.now(UTC).replace(microsecond=0).isoformat(),
        })  # fmt: skip

    def round(self, **judging: str) -> dict[str, str]:
        """One run of `verify`, job after job; what its status says. `judging`: more variables of
        the judging job."""
        runner = self.runner
        for name in ("witness", "answers", "verdicts", "output", "summary"):
            path = runner.temp / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        for name in ("writes", "fields", "body.json"):
            (runner.stub / name).unlink(missing_ok=True)
        self._answers()
        listed = self._step("list", "List the open proposals", QUEUE_HEAD="")
        given = {"PROPOSALS": listed["proposals"], "BASE_SHA": listed["base"]}
        self._step("witness", "Fetch the proposals and their reviews", **given, WITNESS="true")
        self._step("witness", "Witness", **given, WITNESS_KEY=(self.home / "witness").read_text())
        pushed = self._step("witness", "Push the records", **given)
        given["PROPOSALS"] = pushed["proposals"]
        shutil.copytree(runner.temp / "witness", runner.temp / "answers")
        self._answers()
        self._step("judge", "Fetch the proposals as objects", **given, **judging)
        self._step("judge", "Judge", **given, **judging)
        self._step("report", "Report", **given)
        body = runner.stub / "body.json"
        if body.exists():
            text = json.loads(body.read_text())["body"]
            self.comments = [{"id": 3, "user": {"login": "github-actions[bot]"}, "body": text}]
        lines = (runner.stub / "fields").read_text().splitlines()
        rows = (line.split("=", 1) for line in lines)
        fields = {key: json.loads(value) for key, value in rows}
        self.statuses[self.head] = [fields]
        return fields

    def _step(self, job: str, step: str, **env: str) -> dict[str, str]:
        done = self.runner.run(script("verify", job, step), GH_TOKEN="t0ken", **env)
        assert done.code == 0, f"{step}\n{done.log}"
        return dict(done.outputs)

    def _answers(self) -> None:
        """What the forge answers now."""
        repository = {"id": 7, "full_name": "yunlan/archive"}
        head = self.head
        pull = {
            "number": 7, "state": "open", "html_url": "https://forge.example/yunlan/archive/pull/7",
            "user": {"id": 104, "login": "writer", "type": "User"},
            "head": {"sha": head, "ref": BRANCH, "repo": repository},
            "base": {"ref": "main", "repo": repository},
        }  # fmt: skip
        main = self.git("ls-remote", "origin", "refs/heads/main").split()[0]
        self.run("git", "-C", str(self.origin), "update-ref", "refs/pull/7/head", head)
        for name, value in {
            "main": {"sha": main},
            "pulls": [pull],
            "7": pull,
            "reviews": self.reviews,
            "status": {"statuses": self.statuses.get(head, [])},
            "comments": self.comments,
            "labels": [],
            "requested_reviewers": {"users": []},
            **{str(number): {"login": role} for role, number in ACCOUNTS.items()},
        }.items():
            self.runner.reply(name, value)

    def answer(self, _: str, asked: str) -> str:
        """What `curl` prints: to a reading call replies/<last part of the path>.json, of a list
        nothing after the first page; a writing call is noted with its body."""
        given = dict(re.findall(r'(?m)^(\w+) = (".*")$', asked))
        path, _, query = json.loads(given["url"]).partition("?")
        stub = self.runner.stub
        if (method := json.loads(given["request"])) == "GET":
            name = f"{path.rpartition('/')[2]}.json"
            reply = json.loads((stub / "replies" / name).read_text())
            later = isinstance(reply, list) and not re.search(r"(^|&)page=1(&|$)", query)
            return json.dumps([] if later else reply) + "\n200"
        body = json.loads(json.loads(given["data"])) if "data" in given else {}
        with (stub / "writes").open("a") as noted:
            print(method, path, file=noted)
        if "body" in body:
            (stub / "body.json").write_text(json.dumps(body))
        with (stub / "fields").open("a") as noted:
            for key, value in body.items():
                mark = "[]" if isinstance(value, list) else ""
                for each in value if mark else [value]:
                    print(f"{key}{mark}={json.dumps(each)}", file=noted)
        return "{}\n201"

    @property
    def comment(self) -> str:
        return str(self.comments[0]["body"])


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    made = Forge(tmp_path_factory.mktemp("forge"))
    (made.home / "body.md").write_text(BODY)
    made.acts("writer")
    made.git("switch", "-q", "-c", BRANCH)
    programs = (made.runner.work / ".venv/bin/sanshen", made.runner.stub / "bin/curl")
    with command_at(programs[0]), curl_at(programs[1], made.answer):
        yield made


@pytest.fixture(scope="module")
def post(forge: Forge) -> str:
    """Drafted, clicked twice, signed, confirmed: a branch that may be merged; the post's id."""
    written = forge.sanshen(
        "new", "forest-fire", "--kind", "tip", "--category", "3", "--topic", "disaster",
        "--account", "wechat", "--title", "进山不带火，三件事要记牢",
        "--summary", "森林防火期进山的三条提醒。", "--ai", "none",
        "--secrecy-reviewer", ROLES[0], "--body", str(forge.home / "body.md"),
    )  # fmt: skip
    post = Path(written.splitlines()[0]).parent.name
    forge.git("add", "content")
    forge.git("commit", "-q", "-m", "起草")
    forge.git("push", "-q", "origin", BRANCH)

    drafted = forge.head
    forge.click("leader-in-charge", "APPROVED")
    forge.click("information-officer", "APPROVED")
    fields = forge.round()
    assert fields["state"] == "pending"
    assert "### 下一步\n\n" in forge.comment
    assert forge.head == drafted, "nothing is recorded before the steps to the next signature"
    assert "leader-in-charge" in forge.comment.split("### 没有算数的点击")[1]
    assert (fields["labels[]"], fields["reviewers[]"]) == ("三审/等待", "section-head")

    forge.click("section-head", "APPROVED", "属实。")
    fields = forge.round()
    assert forge.head != drafted
    assert fields["state"] == "pending"
    assert f"{post}：终审" in forge.comment
    assert f"`sanshen approve {post} --commit --push`" in forge.comment.split("### ")[2]
    assert "reviewers[]" not in fields, "a click would not count for it"

    for role, verb in (("leader-in-charge", "approve"), ("section-head", "confirm")):
        forge.acts(role)
        forge.git("pull", "-q", "--ff-only", "origin", BRANCH)
        forge.sanshen(verb, post, "--key", str(forge.home / role), "--yes", "--commit")
        forge.git("push", "-q", "origin", f"HEAD:{BRANCH}")
    fields = forge.round()
    assert (fields["state"], fields["labels[]"]) == ("success", "三审/可以合并")
    return post


def test_a_mirror_whose_main_went_its_own_way_is_named_above_the_report(
    forge: Forge, post: str
) -> None:
    mirror = forge.home / "mirror.git"
    forge.run("git", "init", "-q", "--bare", "-b", "main", str(mirror))
    there = forge.git("commit-tree", "origin/main^{tree}", "-m", "另一段历史").strip()
    forge.git("push", "-q", str(mirror), f"{there}:refs/heads/main")
    forge.round(MIRROR=str(mirror))
    assert f"mirror/main 独有 {there[:12]}" in forge.comment
    assert forge.comment.index("主线成了两个") < forge.comment.index(post)


def _merge_commit(forge: Forge) -> None:
    forge.git("merge", "-q", "--no-ff", "-m", "Merge pull request #7", BRANCH)


def _squash(forge: Forge) -> None:
    """GitHub names every author of the squashed commits, the witness too."""
    authors = forge.git("log", "--format=%an <%ae>", f"origin/main..{BRANCH}").splitlines()
    named = "".join(f"Co-authored-by: {a}\n" for a in dict.fromkeys(authors))
    assert "witness" in named
    forge.git("merge", "-q", "--squash", BRANCH)
    forge.environment["GIT_AUTHOR_NAME"] = "writer"
    forge.environment["GIT_AUTHOR_EMAIL"] = "writer@bureau.example"
    forge.git("commit", "-q", "-m", f"进山不带火 (#7)\n\n{named}")


def _one_commit_rebased(forge: Forge) -> None:
    """All in one commit of the author's, which the button puts on main as it is."""
    forge.git("switch", "-q", "-c", "one", "origin/main")
    forge.acts("writer")
    forge.git("merge", "-q", "--squash", BRANCH)
    forge.git("commit", "-q", "-m", "进山不带火")
    forge.acts(*NOREPLY)
    forge.git("switch", "-q", "-C", "merged", "origin/main")
    forge.git("cherry-pick", "--allow-empty", "one")


def _branch_updated(forge: Forge) -> None:
    """Main moved on, and the button Update branch merged it into the proposal before."""
    forge.git("commit", "-q", "--allow-empty", "-m", "main 往前")
    forge.git("switch", "-q", "-c", "updated", BRANCH)
    forge.acts("section-head")
    forge.environment["GIT_COMMITTER_NAME"], forge.environment["GIT_COMMITTER_EMAIL"] = NOREPLY
    forge.git("merge", "-q", "--no-ff", "-m", "Merge branch 'main'", "merged")
    forge.sanshen("verify", "--base", "merged", "--head", "updated")
    forge.acts(*NOREPLY)
    forge.git("switch", "-q", "merged")
    forge.git("merge", "-q", "--no-ff", "-m", "Merge pull request #7", "updated")


@pytest.mark.parametrize("button", [_squash, _one_commit_rebased, _branch_updated, _merge_commit])
def test_each_button_gives_main_the_verdict_that_stood_before(
    forge: Forge, post: str, button: Callable[[Forge], None]
) -> None:
    forge.git("switch", "-q", "-C", "merged", "origin/main")
    forge.acts(*NOREPLY)
    button(forge)
    forge.sanshen("verify", "--base", "HEAD~1", "--head", "HEAD")
    forge.sanshen("verify")
    forge.sanshen("audit")


def test_the_page_says_which_step_was_witnessed_and_strangers_agree(
    forge: Forge, post: str, tmp_path: Path
) -> None:
    """Published, built, checked without git, and each signature by the stock program."""
    forge.git("switch", "-q", "-C", "main", "origin/main")
    forge.acts(*NOREPLY)
    _merge_commit(forge)
    forge.acts("operator")
    forge.sanshen(
        "publish", post, "--account", "wechat", "--url", "https://mp.weixin.qq.com/s/forest",
        "--key", str(forge.home / "operator"), "--commit",
    )  # fmt: skip
    forge.sanshen("build")
    site = forge.folder / "build/site"
    page = (site / "posts" / post[:4] / post / "index.html").read_text("utf-8")
    assert page.count("平台见证") >= 2
    forge.sanshen("verify-site", str(site), folder=tmp_path)
    signers = tmp_path / "signers"
    lines = (forge.folder / "content/registers/roster.yml").read_text().splitlines()
    people = [line.split('"')[1] for line in lines if "person:" in line]
    keys = [line.split('"')[1] for line in lines if "key:" in line]
    signers.write_text("".join(f"{w} {k}\n" for w, k in zip(people, keys, strict=False)))
    folder = forge.folder / "content/reviews" / post[:4] / post / "r1"
    signed = {}
    for record in sorted(folder.glob("*.json")):
        predicate = json.loads(record.read_bytes())["predicate"]
        who = predicate.get("witness", {}).get("by") or predicate["reviewer"]
        signed[record.stem] = who
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", who, "-n", NAMESPACE,
             "-s", f"{record}.sig"],
            input=record.read_bytes(), capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    assert signed == {
        "1-first": "witness",
        "2-second": "witness",
        "3-final": "leader-in-charge",
        "4-confirm": "section-head",
    }
