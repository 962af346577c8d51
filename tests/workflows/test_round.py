"""One round of the workflow `verify`, a step at a time: exit codes, hostile words, a moved head."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from pipeline.cli import calls
from pipeline.cli.options import Session
from pipeline.parts.witness import github_round
from pipeline.parts.witness.forge_verb import STEPS
from pipeline.parts.witness.github_round import Round
from pipeline.report.language import translator
from tests.builders.named import worded

BOT = {"login": "github-actions[bot]"}
WITNESSED = json.loads((Path(__file__).parents[2] / "schemas/witness.json").read_bytes())
WHOLE: dict[str, Any] = {"version": 1, "records": [], "reviews": [], "awaited": []}
A, B, C = "a" * 40, "b" * 40, "c" * 40
OPEN = [{"number": 7, "head": A}, {"number": 8, "head": C}]
API = "repos/yunlan/archive"
STATUS, COMMENT, LABEL, ASK = (
    f"{method} {API}/{path}"
    for method, path in (
        ("POST", f"statuses/{A}"),
        ("POST", "issues/7/comments"),
        ("PUT", "issues/7/labels"),
        ("POST", "pulls/7/requested_reviewers"),
    )
)
Answer = tuple[int, str]


class Outcome(NamedTuple):
    """What a step left behind."""

    code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


class Machine:
    """An empty machine; git, this program and the forge are stand-ins, unless git is `real`."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.work, self.temp, self._capsys = root / "work", root / "temp", capsys
        self.work.mkdir()
        self.temp.mkdir()
        self.replies: dict[str, Any] = {}
        self.writes: list[tuple[str, Any]] = []
        self.asked: list[str] = []
        self.children: list[tuple[str, ...]] = []
        self.environments: list[Mapping[str, str]] = []
        self.codes, self.report, self.trial, self.heard, self.shown = [0], "# 报告\n", "", "", ""
        self.gone, self.real = "", False

    def run(
        self,
        command: Sequence[str],
        given: str = "",
        seconds: float = 0,
        environment: Mapping[str, str] | None = None,
    ) -> Answer:
        """What `calls.run` answers."""
        if command[0] == "git":
            return self._git(command, environment)
        if command[0] == "curl":
            return self._forge(given)
        assert command[0] == sys.executable
        self.environments.append(environment or os.environ)
        return self._sanshen(tuple(command[3:]))

    def _git(self, command: Sequence[str], environment: Mapping[str, str] | None) -> Answer:
        if not self.real:
            return int(command[-1] == f"{self.gone}^{{commit}}"), ""
        done = subprocess.run(
            command,
            cwd=self.work,
            env={"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GH_TOKEN": "t0ken"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def _forge(self, given: str) -> Answer:
        said = dict(re.findall(r'(?m)^(\w+) = (".*")$', given))
        path = json.loads(said["url"]).removeprefix("https://api.github.com/")
        method = json.loads(said["request"])
        self.asked.append(f"{method} {path}")
        if method != "GET":
            body = json.loads(json.loads(said["data"])) if "data" in said else None
            self.writes.append((f"{method} {path}", body))
            made = [{"name": name} for name in (body or {}).get("labels", ())]
            return 0, f"{json.dumps(made)}\n201"
        path, _, query = path.partition("?")
        name = path.rpartition("/")[2]
        if name not in self.replies:
            return 0, "not found\n404"
        reply, page = self.replies[name], re.search(r"(?:^|&)page=(\d+)", query)
        if isinstance(reply, list) and page:
            reply = reply[2 * int(page[1]) - 2 : 2 * int(page[1])]
        return 0, json.dumps(reply) + "\n200"

    def _sanshen(self, arguments: tuple[str, ...]) -> Answer:
        if arguments[0] == "simulate":
            return (self._written(arguments, self.trial), 0)[1] if self.trial else 3, ""
        self.children.append(arguments)
        print(self.heard, end="")
        code = self.codes[min(len(self.children), len(self.codes)) - 1]
        if code != calls.MISSING and arguments[0] == "verify":
            self._written(arguments, self.report)
        return code, self.shown

    def _written(self, arguments: tuple[str, ...], text: str) -> None:
        if text:
            Path(arguments[arguments.index("--output") + 1]).write_text(text, "utf-8")

    def step(self, name: str, *proposals: Mapping[str, Any], **env: str) -> Outcome:
        """What a step does with these proposals."""
        output, summary = self.temp / "output", self.temp / "summary"
        for file in (output, summary):
            file.write_text("")
        given = {
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_REPOSITORY": "yunlan/archive",
            "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_RUN_ID": "42",
            "BASE_SHA": B,
            "PROPOSALS": json.dumps(proposals),
        }
        if name in ("list", "fetch", "push", "report"):
            given["GH_TOKEN"] = "t0ken"
        session = Session(self.work, "zh", translator("zh"), given | env)
        code = 0
        self._capsys.readouterr()
        try:
            STEPS[name](Round(session))
        except SystemExit as ended:
            code = int(ended.code or 0)
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return Outcome(code, self._capsys.readouterr().out, outputs, summary.read_text("utf-8"))

    @property
    def written(self) -> list[str]:
        """Each writing call to the forge, as `METHOD path`."""
        return [call for call, _ in self.writes]

    def body(self, call: str) -> dict[str, Any]:
        """The last body of a writing call."""
        made: dict[str, Any] = [body for name, body in self.writes if name == call][-1]
        return made


@pytest.fixture
def machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Machine:
    made = Machine(tmp_path, capsys)
    for module in (calls, github_round):
        monkeypatch.setattr(module, "run", made.run)
    return made


# -- list ------------------------------------------------------------------------------------------


def _pull(number: int, head: str, repository: str = "yunlan/archive") -> dict[str, Any]:
    return {
        "number": number,
        "head": {"sha": head, "repo": {"full_name": repository}},
        "base": {"repo": {"full_name": "yunlan/archive"}},
    }


def test_every_open_proposal_is_listed_with_the_tip_of_main(machine: Machine) -> None:
    """Strangers' last; a fork that is gone is a stranger's."""
    gone = _pull(9, "d" * 40) | {"head": {"sha": "d" * 40, "repo": None}}
    machine.replies["pulls"] = [_pull(10, C, "someone/archive"), gone, _pull(7, A)]
    machine.replies["main"] = {"sha": B}
    machine.replies["status"] = {"statuses": [{"context": "other"}]}
    done = machine.step("list")
    assert (done.code, done.outputs["base"]) == (0, B)
    listed = json.loads(done.outputs["proposals"])
    assert [(one["number"], one["head"], one["ref"]) for one in listed] == [
        (7, A, "refs/pull/7/head"),
        (10, C, "refs/pull/10/head"),
        (9, "d" * 40, "refs/pull/9/head"),
    ]
    pages = [call for call in machine.asked if "/pulls?" in call]
    assert all("state=open&base=main" in call for call in pages)
    assert [call[-7:] for call in pages[:3]] == ["&page=1", "&page=2", "&page=3"]


def test_no_open_proposal_is_an_empty_list_and_no_answer_a_fault(machine: Machine) -> None:
    machine.replies["main"] = {"sha": B}
    with pytest.raises(github_round.Unanswered):
        machine.step("list")
    machine.replies["pulls"] = []
    assert machine.step("list").outputs["proposals"] == "[]"


def test_a_merge_queue_is_judged_against_its_own_base(machine: Machine) -> None:
    given = {"QUEUE_HEAD": A, "QUEUE_BASE": B, "QUEUE_REF": "refs/heads/queue/7"}
    done = machine.step("list", **given)
    (listed,) = json.loads(done.outputs["proposals"])
    assert (done.outputs["base"], listed["head"], listed["ref"]) == (B, A, "refs/heads/queue/7")
    assert listed["number"] == 0


# -- judge -----------------------------------------------------------------------------------------


def _judge(machine: Machine, *codes: int) -> Outcome:
    machine.codes = list(codes)
    return machine.step("judge", *OPEN)


def _outcomes(machine: Machine) -> list[str]:
    return [(machine.temp / "verdicts" / head / "outcome").read_text() for head in (A, C)]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (0, "publishable"),
        (3, "nothing"),
        (10, "held"),
        (11, "refused"),
        (1, "fault"),
        (2, "fault"),
        (4, "fault"),
        (calls.MISSING, "fault"),
        (calls.FAILED, "fault"),
    ],
)
def test_each_is_judged_by_exit_code(machine: Machine, code: int, outcome: str) -> None:
    """A round is red only where nothing has a verdict: a refusal is told by its status."""
    done = _judge(machine, code, 0)
    assert done.code == 0, done.log
    assert _outcomes(machine) == [outcome, "publishable"]
    assert (machine.temp / f"verdicts/{A}/verdict.md").exists() is (outcome != "fault")
    assert ("::error" in done.log) is (outcome == "fault")
    assert done.summary.count("# 报告\n") == (1 if code == calls.MISSING else 2)
    assert done.outputs == {"verdicts": "true"}
    assert [" ".join(child).partition(" --output")[0] for child in machine.children] == [
        f"verify --base {B} --head {head} --format markdown" for head in (A, C)
    ]


def test_no_proposal_sees_a_token_or_a_key(machine: Machine) -> None:
    machine.step("judge", *OPEN, GH_TOKEN="t0ken", WITNESS_KEY="k3y")
    assert machine.environments
    assert not any({"t0ken", "k3y"} & {*one.values()} for one in machine.environments)


def test_what_other_governance_judges_otherwise_ends_the_comment(machine: Machine) -> None:
    machine.trial = "### 试算\n"
    _judge(machine, 0, 0)
    verdict = (machine.temp / f"verdicts/{A}/verdict.md").read_text("utf-8")
    assert verdict == "# 报告\n### 试算\n"


@pytest.mark.parametrize("codes", [(1,), (2, 1), (calls.MISSING, calls.FAILED)])
def test_a_round_without_any_verdict_is_red(machine: Machine, codes: tuple[int, ...]) -> None:
    done = _judge(machine, *codes)
    assert (done.code, done.outputs) == (1, {"verdicts": "true"})
    assert _outcomes(machine) == ["fault", "fault"]


@pytest.mark.parametrize("code", [0, 3, 10, 11])
def test_a_verdict_without_a_report_is_a_fault(machine: Machine, code: int) -> None:
    machine.report = ""
    _judge(machine, code)
    assert _outcomes(machine) == ["fault", "fault"]


def test_a_head_that_did_not_come_is_no_verdict_and_holds_nobody_up(machine: Machine) -> None:
    machine.gone = A
    done = _judge(machine, 0)
    assert done.code == 0
    assert _outcomes(machine) == ["fault", "publishable"]
    assert "没有结论" in done.log


def test_what_a_round_does_not_reach_waits_for_the_next(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(github_round.TIMES, "judge", -1)
    _judge(machine, 0)
    assert machine.children == []
    assert _outcomes(machine) == ["later", "later"]


def test_the_runner_obeys_nothing_that_a_proposal_says(machine: Machine) -> None:
    words = "::error file=a.md,line=3::甲\n::set-env name=X::y\n::add-mask::e\n ::notice::no\n"
    machine.heard = f"{words}::add-mask::stderr\nno end of line"
    done = _judge(machine, 11)
    obeyed, fence, fences = [], "", set()
    for line in done.log.splitlines():
        if fence:
            fence = "" if line == f"::{fence}::" else fence
        elif line.startswith("::stop-commands::"):
            fence = line.removeprefix("::stop-commands::")
            fences.add(fence)
            assert len(fence) == 32
        elif line.lstrip().startswith("::"):
            obeyed.append(line)
    assert [line.partition(" ")[0] for line in obeyed] == ["::warning", "::warning"]
    assert "::add-mask::stderr" in done.log and len(fences) == 2


def test_an_answer_stands_above_the_report(machine: Machine) -> None:
    (machine.temp / "answers").mkdir()
    people = [{"person": "a", "name": "甲", "accounts": []}]
    answer = WHOLE | {"awaited": [{"post": "p", "step": "second", "people": people}]}
    (machine.temp / "answers/8.json").write_text(json.dumps(answer))
    assert machine.step("judge", *OPEN).code == 0
    assert [child[0] for child in machine.children] == ["verify", "verify"]
    assert (machine.temp / f"verdicts/{C}/witness.json").exists()
    report = (machine.temp / f"verdicts/{C}/verdict.md").read_text("utf-8")
    assert report.startswith("### 下一步") and report.endswith("# 报告\n")
    (machine.temp / "answers/8.json").write_text("{}")
    broken = machine.step("judge", *OPEN)
    assert broken.code == 0, "no word on reviews is no reason for no verdict"
    assert broken.log.count(worded("no-word-on-reviews", "zh")) == 1


# -- fetch -----------------------------------------------------------------------------------------


def _git(folder: Path, *arguments: str) -> str:
    """Git without the settings of whoever runs the tests."""
    env = {
        "PATH": str(Path(shutil.which("git") or "git").parent),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    who = ["-c", "user.name=信息员甲", "-c", "user.email=a@demo.invalid"]
    command = ["git", "-C", str(folder), *who, *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def proposal(machine: Machine, tmp_path: Path) -> str:
    """An origin with a proposal at refs/pull/7/head that rewrites the Makefile; its head's id."""
    machine.real = True
    origin = tmp_path / "origin"
    origin.mkdir()
    _git(origin, "init", "-q", "-b", "main")
    (origin / "Makefile").write_text("install:\n\ttrue\n")
    _git(origin, "add", ".")
    _git(origin, "commit", "-qm", "base")
    _git(origin, "checkout", "-q", "-b", "proposal")
    (origin / "Makefile").write_text("install:\n\ttouch ../executed\n")
    _git(origin, "commit", "-qam", "head")
    head = _git(origin, "rev-parse", "HEAD")
    _git(origin, "update-ref", "refs/pull/7/head", head)
    _git(origin, "checkout", "-q", "main")
    _git(origin, "branch", "-qD", "proposal")
    _git(machine.work, "init", "-q", "-b", "main")
    _git(machine.work, "remote", "add", "origin", str(origin))
    _git(machine.work, "fetch", "-q", "origin", "main")
    _git(machine.work, "reset", "-q", "--hard", "FETCH_HEAD")
    return head


def _two(head: str) -> list[dict[str, Any]]:
    return [
        {"number": 6, "head": C, "ref": "refs/pull/6/head"},
        {"number": 7, "head": head, "ref": "refs/pull/7/head"},
    ]


def test_a_mirror_that_is_away_holds_nobody_up_and_is_shown_no_token(
    machine: Machine, proposal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def noted(command: Sequence[str], *more: Any, **named: Any) -> Answer:
        asked.append(" ".join(command))
        return machine.run(command, *more, **named)

    monkeypatch.setattr(calls, "run", noted)
    done = machine.step("fetch", *_two(proposal), MIRROR="--upload-pack=touch executed")
    assert done.code == 0 and "的主线没有取到：未检查" in done.log
    assert _git(machine.work, "cat-file", "-t", proposal) == "commit"
    assert not (machine.work / "executed").exists()
    (mirrored,) = [command for command in asked if "refs/remotes/mirror/main" in command]
    assert "credential.helper" not in mirrored


def test_proposals_are_fetched_as_objects_only(machine: Machine, proposal: str) -> None:
    """One that cannot be had does not keep the next from coming."""
    base = _git(machine.work, "rev-parse", "HEAD")
    done = machine.step("fetch", *_two(proposal))
    assert done.code == 0, done.log
    assert "#6" in done.log and "#7" not in done.log
    assert _git(machine.work, "cat-file", "-t", proposal) == "commit"
    assert _git(machine.work, "rev-parse", "HEAD") == base
    assert (machine.work / "Makefile").read_text() == "install:\n\ttrue\n"
    assert _git(machine.work, "status", "--porcelain", "-uno") == ""
    assert "t0ken" not in (machine.work / ".git/config").read_text() + done.log
    assert machine.asked == []


def test_all_pages_of_reviews_are_read_or_none(machine: Machine, proposal: str) -> None:
    machine.replies["7"] = {"number": 7, "head": {"sha": proposal, "ref": "post/x"}}
    machine.replies["reviews"] = [{"id": 1}, {"id": 2}, {"id": 3}]
    done = machine.step("fetch", *_two(proposal), WITNESS="true")
    assert done.code == 0, done.log
    read = json.loads((machine.temp / "read-7.json").read_text())
    assert read["complete"] is True
    assert read["pull"]["number"] == 7
    assert [one["id"] for one in read["reviews"]] == [1, 2, 3]
    assert not (machine.temp / "read-6.json").exists()
    assert "#6" in done.log
    (machine.temp / "read-7.json").unlink()
    del machine.replies["reviews"]
    machine.step("fetch", *_two(proposal), WITNESS="true")
    assert not (machine.temp / "read-7.json").exists()


# -- witness and push ------------------------------------------------------------------------------


def _witness(machine: Machine, shown: str, *codes: int, key: str = "k3y") -> Outcome:
    for number in (7, 8):
        (machine.temp / f"read-{number}.json").write_text("{}")
    machine.shown, machine.codes = shown, list(codes)
    return machine.step("witness", *OPEN, WITNESS_KEY=key)


@pytest.mark.parametrize("code", [0, 3, 1, 2, calls.FAILED])
def test_an_answer_that_did_not_end_well_holds_a_notice_alone(machine: Machine, code: int) -> None:
    done = _witness(machine, '{"commit": ""}', code, 0)
    assert done.code == 0, done.log
    answer = json.loads((machine.temp / "witness/7.json").read_bytes())
    Draft202012Validator(WITNESSED).validate(answer | WHOLE)
    assert ("notice" in answer) is (code not in (0, 3))
    assert str(code) in answer.get("notice", str(code))
    assert json.loads((machine.temp / "witness/8.json").read_bytes()) == {"commit": ""}
    assert machine.children[0][:7] == ("witness", "--base", B, "--head", A, "--pull", "7")
    assert "k3y" not in done.log + str(machine.environments)
    assert not (machine.temp / "witness-key").exists()


@pytest.mark.parametrize(
    ("shown", "notice"),
    [
        ('{"commit": "", "notice": "读不懂"}', "读不懂"),
        ('{"commit": "c0ffee", "notice": "x"}', "退出码 1"),
        ("half an ans", "退出码 1"),
        ("", "退出码 1"),
    ],
)
def test_what_cannot_be_read_is_passed_on_and_no_commit_of_a_fault(
    machine: Machine, shown: str, notice: str
) -> None:
    done = _witness(machine, shown, 1)
    assert done.code == 0, done.log
    answer = json.loads((machine.temp / "witness/7.json").read_bytes())
    assert notice in answer["notice"] and answer["commit"] == "" and answer["reviews"] == []


def test_without_its_key_the_witness_is_red_and_says_so(machine: Machine) -> None:
    done = _witness(machine, "", 0, key="")
    assert (done.code, machine.children) == (1, [])
    assert "SANSHEN_WITNESS_KEY" in done.log


@pytest.fixture
def witnessed(machine: Machine, tmp_path: Path, proposal: str) -> str:
    """A commit on top of the proposal's head, as the witness makes one; no branch leads to it."""
    _git(tmp_path / "origin", "update-ref", "refs/heads/post/x", proposal)
    _git(machine.work, "fetch", "-q", "origin", "post/x")
    tree = _git(machine.work, "rev-parse", f"{proposal}^{{tree}}")
    return _git(machine.work, "commit-tree", tree, "-p", proposal, "-m", "见证")


def _push(machine: Machine, head: str, commit: str, branch: str) -> Outcome:
    (machine.temp / "witness").mkdir()
    (machine.temp / "witness/7.json").write_text(json.dumps({"commit": commit}))
    (machine.temp / "read-7.json").write_text(json.dumps({"pull": {"head": {"ref": branch}}}))
    return machine.step("push", {"number": 7, "head": head, "ref": "refs/pull/7/head"})


def test_records_are_pushed_and_their_commit_is_what_is_judged(
    machine: Machine, tmp_path: Path, proposal: str, witnessed: str
) -> None:
    done = _push(machine, proposal, witnessed, "post/x")
    assert done.code == 0, done.log
    assert _git(tmp_path / "origin", "rev-parse", "post/x") == witnessed
    (listed,) = json.loads(done.outputs["proposals"])
    assert listed == {"number": 7, "head": witnessed, "ref": "refs/heads/post/x"}
    assert "t0ken" not in done.log + (machine.work / ".git/config").read_text()


def test_a_branch_that_moved_keeps_what_it_has(
    machine: Machine, tmp_path: Path, proposal: str, witnessed: str
) -> None:
    origin = tmp_path / "origin"
    tree = _git(origin, "rev-parse", "main^{tree}")
    moved = _git(origin, "commit-tree", tree, "-p", proposal, "-m", "作者又改")
    _git(origin, "update-ref", "refs/heads/post/x", moved)
    done = _push(machine, proposal, witnessed, "post/x")
    assert done.code == 0, done.log
    assert _git(origin, "rev-parse", "post/x") == moved
    (listed,) = json.loads(done.outputs["proposals"])
    assert listed["head"] == proposal
    assert not (machine.temp / "witness/7.json").exists()


@pytest.mark.parametrize("branch", ["main", "$(touch executed)", "x;touch executed"])
def test_nothing_is_ever_pushed_to_main_and_no_name_reaches_a_shell(
    machine: Machine, tmp_path: Path, proposal: str, witnessed: str, branch: str
) -> None:
    before = _git(tmp_path / "origin", "rev-parse", "main")
    done = _push(machine, before, witnessed, branch)
    assert done.code == 0, done.log
    assert _git(tmp_path / "origin", "rev-parse", "main") == before
    assert not list(tmp_path.rglob("executed"))


# -- report ----------------------------------------------------------------------------------------


PULL: dict[str, Any] = {
    "number": 7,
    "state": "open",
    "head": {"sha": A},
    "user": {"id": 104},
    "requested_reviewers": [],
}


def _report(
    machine: Machine,
    outcome: str,
    text: str = "",
    number: int = 7,
) -> Outcome:
    """Report one verdict; what the forge answers is set before."""
    if outcome:
        folder = machine.temp / "verdicts" / A
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "outcome").write_text(outcome, "utf-8")
        if text:
            (folder / "verdict.md").write_text(text, "utf-8")
    machine.replies = {
        "7": PULL,
        "status": {"statuses": []},
        "comments": [],
        "labels": [],
    } | machine.replies
    return machine.step("report", {"number": number, "head": A})


@pytest.mark.parametrize(
    ("outcome", "state", "label"),
    [
        ("publishable", "success", "可以合并"),
        ("nothing", "success", "可以合并"),
        ("held", "pending", "等待"),
        ("refused", "failure", "需要改正"),
        ("fault", "error", "没有结论"),
        ("", "error", "没有结论"),
        ("anything", "error", "没有结论"),
    ],
)
def test_the_status_of_the_judged_commit(
    machine: Machine, outcome: str, state: str, label: str
) -> None:
    done = _report(machine, outcome)
    assert done.code == 0, done.log
    assert machine.written == [STATUS, COMMENT, LABEL]
    assert machine.body(LABEL) == {"labels": [f"三审/{label}"]}
    status = machine.body(STATUS)
    assert (status["context"], status["state"]) == ("sanshen/verify", state)
    assert f"### {status['description']}\n" in machine.body(COMMENT)["body"]
    assert len(status["description"]) <= 140


def test_a_merge_queue_never_waits_and_gets_no_comment(machine: Machine) -> None:
    done = _report(machine, "held", number=0)
    assert (done.code, machine.written) == (0, [STATUS])
    assert machine.body(STATUS)["state"] == "failure"


@pytest.mark.parametrize("now", [PULL | {"head": {"sha": C}}, PULL | {"state": "closed"}])
def test_a_late_round_leaves_a_newer_head_alone(machine: Machine, now: object) -> None:
    machine.replies["7"] = now
    done = _report(machine, "publishable", "旧结论")
    assert (done.code, machine.written) == (0, [])


def test_what_was_not_reached_keeps_what_it_has(machine: Machine) -> None:
    done = _report(machine, "later")
    assert (done.code, machine.written) == (0, [])


def test_a_round_that_changes_nothing_writes_nothing(machine: Machine) -> None:
    """A commit takes 1,000 statuses of one name: at six an hour, a week."""
    report = "等待初审。时间：2026-11-03 09:{minute}。\n"
    _report(machine, "held", report.format(minute=30))
    written = machine.body(COMMENT)["body"]
    state, headline = "pending", worded("held-awaited", "zh")
    other = {"context": "other", "state": "success", "description": "x"}
    ours = {"context": "sanshen/verify", "state": state, "description": headline}
    machine.replies["status"] = {"statuses": [other, ours]}
    older = written.replace("runs/42", "runs/41").rstrip("\n")
    machine.replies["comments"] = [{"id": 3, "user": BOT, "body": older}]
    machine.replies["labels"] = [{"name": "急"}, {"name": "三审/等待"}]
    machine.writes.clear()
    _report(machine, "held", report.format(minute=40))
    assert machine.written == []
    _report(machine, "held", "等待复审。\n")
    assert machine.written == [f"PATCH {API}/issues/comments/3"]


def test_a_first_comment_is_made_and_calls_nobody(machine: Machine) -> None:
    forged = {"id": 1, "user": {"login": "someone"}, "body": "<!-- sanshen-verdict -->"}
    other = {"id": 2, "user": BOT, "body": "别的 <!-- sanshen-verdict -->"}
    machine.replies["comments"] = [forged, other, forged | {"user": None}]
    report = '@everyone $(touch executed) `touch executed` "\\(.x)" ${{ x }}\n'
    done = _report(machine, "held", report)
    assert done.code == 0, done.log
    assert machine.written[1:] == [COMMENT, LABEL]
    body = machine.body(COMMENT)["body"]
    assert body.startswith("<!-- sanshen-verdict -->\n### 暂缓")
    assert body.endswith(report.replace("@", "@\u2060"))
    assert not (machine.work / "executed").exists()


def test_the_comment_is_updated_and_capped(machine: Machine) -> None:
    ours = {"id": 3, "user": BOT, "body": "<!-- sanshen-verdict -->\n旧"}
    machine.replies["comments"] = [ours, ours | {"id": 4}]
    _report(machine, "refused", "长" * 400_000)
    edit = f"PATCH {API}/issues/comments/3"
    assert machine.written[1:] == [edit, LABEL]
    assert 55_000 < len(machine.body(edit)["body"]) < 65_536
    assert "报告过长" in machine.body(edit)["body"]


def test_one_proposal_that_cannot_be_told_does_not_silence_the_next(machine: Machine) -> None:
    """#6 has no answer of the forge."""
    machine.replies = {"7": PULL, "comments": [], "labels": [], "status": {"statuses": []}}
    done = machine.step("report", {"number": 6, "head": C}, {"number": 7, "head": A})
    assert done.code == 1
    assert machine.written == [STATUS, COMMENT, LABEL]
    assert "#6" in done.log


def test_a_link_is_no_report(machine: Machine) -> None:
    (machine.temp / "secret").write_text("机密")
    folder = machine.temp / "verdicts" / A
    folder.mkdir(parents=True)
    (folder / "verdict.md").symlink_to(machine.temp / "secret")
    _report(machine, "held")
    assert "机密" not in machine.body(COMMENT)["body"]


def test_a_label_of_ours_is_replaced_and_peoples_labels_stay(machine: Machine) -> None:
    machine.replies["labels"] = [{"name": "急"}, {"name": "三审/等待"}]
    _report(machine, "publishable")
    assert machine.written[2:] == [LABEL]
    assert machine.body(LABEL) == {"labels": ["急", "三审/可以合并"]}


@pytest.mark.parametrize("outcome", ["held", "publishable", "refused"])
def test_who_is_next_is_asked_once_and_only_while_something_is_awaited(
    machine: Machine, outcome: str
) -> None:
    """By number; an account that is gone does not keep the next from being asked."""
    folder = machine.temp / "verdicts" / A
    folder.mkdir(parents=True)
    people = [{"person": "a", "name": "甲", "accounts": [101, 102, 103, "$(x)"]}]
    answer = WHOLE | {"awaited": [{"post": "p", "step": "second", "people": people}]}
    (folder / "witness.json").write_text(json.dumps(answer))
    machine.replies["7"] = PULL | {"requested_reviewers": [{"id": 101}, None]}
    machine.replies["103"] = {"login": "fuze-ren"}
    done = _report(machine, outcome)
    assert done.code == 0, done.log
    assert (ASK in machine.written) is (outcome == "held")
    if outcome == "held":
        assert machine.body(ASK) == {"reviewers": ["fuze-ren"]}


def test_the_steps_are_those_of_the_workflow() -> None:
    text = (Path(__file__).parents[2] / ".github/workflows/verify.yml").read_text("utf-8")
    assert set(re.findall(r"forge round --step (\w+)", text)) == set(STEPS)
