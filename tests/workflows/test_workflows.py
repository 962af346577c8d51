"""The workflows as written: pins, permissions, and that a proposal is never executed (A28)."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in (ROOT / ".github/workflows").glob("*.yml"))
Load = Callable[[str], dict[str, Any]]

PINNED = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
PINNED_LINE = re.compile(r"uses: \S+@[0-9a-f]{40} # v\d+(\.\d+)*$")
# What each job may do, whole: a permission added to a workflow has to be added here, and seen.
PERMISSIONS = {
    ("ci", "lint"): {"contents": "read"},
    ("ci", "test"): {"contents": "read"},
    ("knock", "knock"): {},
    ("verify", "list"): {"contents": "read", "pull-requests": "read"},
    ("verify", "witness"): {"contents": "write", "pull-requests": "read"},
    ("verify", "judge"): {"contents": "read"},
    ("verify", "report"): {"statuses": "write", "pull-requests": "write"},
    ("audit", "audit"): {"contents": "read"},
    ("audit", "issue"): {"issues": "write"},
    ("publish", "build"): {"contents": "read"},
    ("publish", "deploy"): {"pages": "write", "id-token": "write"},
}

KEYS = {
    "publish": [("Build", "${{ secrets.SANSHEN_LOG_KEY }}")],
    "verify": [("Witness", "${{ secrets.SANSHEN_WITNESS_KEY }}")],
}
"""Workflow → the steps that see a key; each unsets it before anything else runs."""


def _steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def test_the_five_workflows_exist() -> None:
    assert NAMES == ["audit", "ci", "knock", "publish", "verify"]


def test_the_program_is_installed_by_locked_tools_alone(load: Load) -> None:
    """uv takes a tenth of pip's time; it is locked by hash as all that it installs."""
    runs = {
        n: {s["run"] for s in _steps(load(n)) if "make install" in s.get("run", "")} for n in NAMES
    }
    locked = "python -m pip install --quiet --require-hashes -r .github/uv.txt\n"
    judge, whole = {f"{locked}make install UV=uv JUDGE=yes\n"}, {f"{locked}make install UV=uv\n"}
    assert runs["verify"] == runs["audit"] == judge
    assert runs["publish"] == whole  # it builds the site
    assert runs["ci"] | runs["knock"] <= whole
    pinned = (ROOT / ".github/uv.txt").read_text("utf-8")
    assert pinned in (ROOT / "requirements/dev.txt").read_text("utf-8")
    recipe = (ROOT / "Makefile").read_text("utf-8")
    assert recipe.count("--require-hashes") == 2


def test_no_workflow_needs_an_event_that_a_public_repository_blocks(load: Load) -> None:
    """`pull_request_target` is blocked there by default from 2 December 2026."""
    assert [name for name in NAMES if "pull_request_target" in load(name)["on"]] == []


def test_a_knock_can_do_nothing(load: Load) -> None:
    """It runs as the proposal has it, so nothing may depend on what it does."""
    workflow = load("knock")
    assert set(workflow["on"]) == {"pull_request", "pull_request_review"}
    assert [step["run"] for step in _steps(workflow)] == ["true"]
    assert not any("uses" in step or "env" in step for step in _steps(workflow))


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_pinned_by_commit_with_its_version(load: Load, name: str) -> None:
    used = [step["uses"] for step in _steps(load(name)) if "uses" in step]
    assert bool(used) is (name != "knock")
    assert [action for action in used if not PINNED.match(action)] == []
    text = (ROOT / ".github/workflows" / f"{name}.yml").read_text("utf-8")
    lines = [line for line in text.splitlines() if re.search(r"^\s*-?\s*uses:", line)]
    assert len(lines) == len(used)
    assert [line for line in lines if not PINNED_LINE.search(line)] == []


def test_one_action_has_one_pin_everywhere(load: Load) -> None:
    used = {step["uses"] for name in NAMES for step in _steps(load(name)) if "uses" in step}
    assert len({action.split("@")[0] for action in used}) == len(used)


def test_nothing_is_permitted_but_what_is_listed(load: Load) -> None:
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name in NAMES:
        workflow = load(name)
        assert workflow["permissions"] == {}
        found |= {(name, job): body["permissions"] for job, body in workflow["jobs"].items()}
    assert found == PERMISSIONS


@pytest.mark.parametrize("name", NAMES)
def test_jobs_are_bounded_and_leave_no_credentials(load: Load, name: str) -> None:
    workflow = load(name)
    assert workflow["concurrency"]["group"]
    assert workflow["defaults"]["run"]["shell"] == "bash"  # this spelling alone brings pipefail
    assert all(0 < job["timeout-minutes"] <= 30 for job in workflow["jobs"].values())
    for step in _steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
        assert "cache" not in step.get("with", {})


@pytest.mark.parametrize("name", NAMES)
def test_no_expression_reaches_a_shell(load: Load, name: str) -> None:
    runs = [step["run"] for step in _steps(load(name)) if "run" in step]
    assert runs
    assert [run for run in runs if "${{" in run] == []


@pytest.mark.parametrize("name", NAMES)
def test_one_step_names_a_secret_and_no_crash_is_green(load: Load, name: str) -> None:
    text = (ROOT / ".github/workflows" / f"{name}.yml").read_text("utf-8")
    assert "continue-on-error" not in text
    named = [
        (step.get("name"), step["env"])
        for step in _steps(load(name))
        if "secrets" in str(step.get("env"))
    ]
    assert re.sub(r"(?m)#.*$", "", text).count("secrets") == len(named)
    keys = [(step, value) for step, env in named for value in env.values() if "secrets" in value]
    assert keys == KEYS.get(name, [])


def test_who_holds_the_secret_reads_main_only(load: Load) -> None:
    workflow = load("publish")
    assert set(workflow["on"]) == {"push", "schedule", "workflow_dispatch"}
    assert workflow["on"]["push"] == {"branches": ["main"]}
    assert workflow["jobs"]["build"]["environment"] == "publication-log"
    assert _clauses(workflow["jobs"]["build"]) == {"github.ref == 'refs/heads/main'"}
    assert "ref" not in workflow["jobs"]["build"]["steps"][0]["with"]


def test_the_guards_against_a_rewritten_main_come_from_outside_it(load: Load) -> None:
    steps = {step.get("name"): step for step in load("publish")["jobs"]["build"]["steps"]}
    assert steps["Fetch the published checkpoint"]["env"] == {
        "SITE": "${{ vars.SANSHEN_SITE }}",
        "FIRST": "${{ vars.SANSHEN_FIRST }}",
    }
    assert steps["Build"]["env"]["ROOT"] == "${{ vars.SANSHEN_ROOT }}"
    assert steps["Build"]["env"]["AFTER"] == "${{ steps.published.outputs.after }}"
    assert steps["Build"]["env"]["BUILDS"] == "${{ steps.builds.outputs.path }}"
    assert steps["Build"]["if"] == steps["Fetch the published checkpoint"]["if"]
    assert steps["Build"]["if"] == steps["Fetch the published builds"]["if"]
    order = list(steps)
    assert order.index("Fetch the published checkpoint") < order.index("Build")


def _clauses(job: dict[str, Any]) -> set[str]:
    text = " ".join(job["if"].removeprefix("${{").removesuffix("}}").split())
    return {clause.strip() for clause in text.split("&&")}


def test_only_what_this_attempt_built_is_deployed(load: Load) -> None:
    """Without a word of its own, a condition asks for the success of all that a job needs."""
    jobs = load("publish")["jobs"]
    assert jobs["deploy"]["needs"] == "build"
    assert _clauses(jobs["deploy"]) == {
        "needs.build.outputs.publish == 'true'",
        "needs.build.outputs.attempt == github.run_attempt",
    }
    assert jobs["build"]["outputs"]["attempt"] == "${{ github.run_attempt }}"


@pytest.mark.parametrize("name", ["audit", "publish"])
def test_no_condition_swallows_a_crash(load: Load, name: str) -> None:
    runs = "\n".join(step["run"] for step in _steps(load(name)) if "run" in step)
    assert not re.search(r"(if|while|until|!|&&)\s+\S*sanshen", runs)
    calls = re.findall(r"\.venv/bin/sanshen(?:[^\n]*\\\n)*[^\n]*", runs)
    assert calls
    assert all(re.search(r"\|\| \w+=\$\?$", call) for call in calls)


def test_verify_runs_the_copy_of_main_and_checks_out_base_only(load: Load) -> None:
    workflow = load("verify")
    assert workflow["on"] == {
        "workflow_run": {"workflows": ["knock"], "types": ["completed"]},
        "schedule": [{"cron": "*/10 * * * *"}],
        "push": {"branches": ["main"]},
        "merge_group": {"branches": ["main"]},
        "workflow_dispatch": None,
    }
    checkouts = [step for step in _steps(workflow) if "checkout@" in step.get("uses", "")]
    assert len(checkouts) == 3
    first, *others = checkouts
    assert first["with"]["ref"] == "${{ github.event.merge_group.base_sha || 'main' }}"
    assert not any(key in first["with"] for key in ("repository", "submodules", "lfs"))
    for checkout in others:
        assert checkout["with"]["ref"] == "${{ needs.list.outputs.base }}"
        assert not any(key in checkout["with"] for key in ("repository", "submodules", "lfs"))
    judge = workflow["jobs"]["judge"]
    (step,) = [step for step in judge["steps"] if step.get("name") == "Judge"]
    assert step["env"]["BASE_SHA"] == checkout["with"]["ref"]
    assert workflow["jobs"]["list"]["if"] == (
        "${{ github.ref == 'refs/heads/main' || github.event_name == 'merge_group' }}"
    )


def test_nothing_is_read_of_the_run_that_knocked(load: Load) -> None:
    text = (ROOT / ".github/workflows/verify.yml").read_text("utf-8")
    events = set(re.findall(r"github\.event\.(\w+)", text))
    assert events == {"merge_group"}
    assert "run-id" not in text  # of an artifact of another run


def test_one_round_at_a_time_and_none_repeated_in_part(load: Load) -> None:
    workflow = load("verify")
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert _clauses(workflow["jobs"]["report"]) == {
        "!cancelled()",
        "needs.list.result == 'success'",
        "needs.list.outputs.proposals != '[]'",
        "needs.list.outputs.attempt == github.run_attempt",
    }
    assert _clauses(workflow["jobs"]["judge"]) == {
        "!cancelled()",
        "needs.list.result == 'success'",
        "needs.list.outputs.proposals != '[]'",
    }
    assert workflow["jobs"]["list"]["outputs"]["attempt"] == "${{ github.run_attempt }}"


def test_proposals_arrive_after_the_installation_and_never_as_files(load: Load) -> None:
    workflow = load("verify")
    names = [step.get("name", step.get("uses")) for step in workflow["jobs"]["judge"]["steps"]]
    order = [
        "Check out base",
        "Install the pipeline of base",
        "Fetch the proposals as objects",
    ]
    assert [name for name in names if name in {*order, "Judge"}] == [*order, "Judge"]
    judge = workflow["jobs"]["judge"]["steps"]
    after = judge[names.index("Fetch the proposals as objects") :]
    runs = [step["run"] for step in after if "run" in step]
    assert runs == [f"{ROUND}fetch", f"{ROUND}judge"]
    # Neither checkout, switch, worktree, archive nor any other verb that would write files.
    source = (ROOT / "pipeline/parts/witness/github_round.py").read_text("utf-8")
    verbs = {
        *re.findall(r'step\.git\(\s*"([a-z-]+)"', source),
        *re.findall(r'"git", "([a-z-]+)"', source),
    }
    assert verbs == {"fetch", "push", "cat-file"}
    assert "shell" not in source.replace("a shell reads", "")


def test_the_token_is_out_of_reach_while_a_proposal_is_read(load: Load) -> None:
    job = load("verify")["jobs"]["judge"]
    holders = [step["name"] for step in job["steps"] if "token" in str(step.get("env", {})).lower()]
    assert holders == ["Fetch the proposals as objects"]
    assert "token" not in str(job["env"]).lower()


def test_jobs_that_may_write_hold_no_code_of_the_repository(load: Load) -> None:
    """But for the witness, whose records main's own code signs."""
    for (name, job), granted in PERMISSIONS.items():
        if "write" in granted.values() and job != "witness":
            steps = load(name)["jobs"][job]["steps"]
            used = " ".join(step.get("uses", "") for step in steps)
            assert "checkout@" not in used, (name, job)


def test_the_report_runs_what_the_listing_job_took_out_of_main(load: Load) -> None:
    """By the number of what was laid by: a job that reads proposals can lay down no other."""
    jobs = load("verify")["jobs"]
    listing = [step.get("name", step.get("uses")) for step in jobs["list"]["steps"]]
    assert listing.index("Keep the program") < listing.index("List the open proposals")
    assert jobs["list"]["outputs"]["program"] == "${{ steps.program.outputs.artifact-id }}"
    first, second, *_ = jobs["report"]["steps"]
    assert first["with"]["artifact-ids"] == "${{ needs.list.outputs.program }}"
    assert second["run"] == 'tar --extract --file "$RUNNER_TEMP/program/program.tar"'


def test_the_witness_runs_on_main_and_parts_its_key_from_the_token(load: Load) -> None:
    job = load("verify")["jobs"]["witness"]
    assert job["environment"] == "witness"
    assert _clauses(job) == {
        "needs.list.outputs.proposals != '[]'",
        "vars.SANSHEN_WITNESS == 'true'",
        "github.ref == 'refs/heads/main'",
    }


ROUND = ".venv/bin/sanshen forge round --step "
HOLDS = {
    ("list", "List the open proposals"): {"GH_TOKEN", "QUEUE_BASE", "QUEUE_HEAD", "QUEUE_REF"},
    ("witness", "Fetch the proposals and their reviews"): {"GH_TOKEN", "WITNESS"},
    ("witness", "Witness"): {"BASE_SHA", "WITNESS_KEY"},
    ("witness", "Push the records"): {"GH_TOKEN"},
    ("judge", "Fetch the proposals as objects"): {"GH_TOKEN"},
    ("judge", "Judge"): {"BASE_SHA"},
    ("report", "Report"): {"GH_TOKEN", "PROPOSALS"},
}
"""What each step of a round is given, as it was when the steps were scripts: the key and the token
never together, neither where a proposal is read."""


def test_each_step_of_a_round_holds_what_it_did_as_a_script(load: Load) -> None:
    steps = {
        (job, step.get("name")): step
        for job, body in load("verify")["jobs"].items()
        for step in body["steps"]
        if ROUND in step.get("run", "")
    }
    assert {name: {*step["env"]} for name, step in steps.items()} == HOLDS
    order = [step["run"].removeprefix(ROUND) for step in steps.values()]
    assert order == ["list", "fetch", "witness", "push", "fetch", "judge", "report"]
    environments = {n: body.get("environment") for n, body in load("verify")["jobs"].items()}
    assert environments == {"list": None, "witness": "witness", "judge": None, "report": None}


@pytest.mark.parametrize("tool", ["actionlint", "zizmor"])
def test_the_linters_have_nothing_to_say(tool: str) -> None:
    here = shutil.which(tool, path=str(ROOT / ".venv/bin")) or shutil.which(tool)
    if here is None:
        pytest.skip(f"{tool} is not installed")
    offline = ["--offline", "--persona", "pedantic", ".github"] if tool == "zizmor" else []
    done = subprocess.run(
        [here, *offline],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_example_of_a_second_bureau_holds_no_secret_and_no_right_to_write() -> None:
    text = (ROOT / "docs/examples/reproduce.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    used = {step["uses"] for step in _steps(workflow) if "uses" in step}
    everywhere = "\n".join((ROOT / ".github/workflows" / f"{n}.yml").read_text() for n in NAMES)
    assert used and all(action in everywhere for action in used)
    assert "secrets" not in text
    assert [job["permissions"] for job in workflow["jobs"].values()] == [{"contents": "read"}]
