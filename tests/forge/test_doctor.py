"""The doctor of a forge: good settings pass, each broken one is found, nothing unread is fine."""

import copy
import json
import os
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.forge import gitea, github
from pipeline.forge.doctor import FORGES, Examined, examine, setup
from pipeline.forge.settings import Expected, Settings
from pipeline.model.findings import EXIT_FAULT, EXIT_HOLD, EXIT_OK, EXIT_REFUSE, EXIT_USAGE
from tests.builders.command import ours

ROOT = Path(__file__).parents[2]
WORKFLOW = ".github/workflows/verify.yml"
MAIL = "101+xinxi-jia@users.noreply.github.com"
EXPECTED = Expected(
    url="https://archive.example/",
    witnessed=True,
    forge="git.example/7",
    neutral=frozenset({"noreply@github.com"}),
    workflows={WORKFLOW: "a" * 40},
    people={101: ("information-officer", frozenset({MAIL}))},
)
PERSON = {"id": 101, "login": "xinxi-jia", "type": "User", "permissions": {"push": True}}


def _environment(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "deployment_branch_policy": {"protected_branches": False, "custom_branch_policies": True},
    }


def _good_github() -> dict[str, Any]:
    return {
        "repo": {
            **copy.deepcopy(github.FRESH["repo"]),
            "allow_rebase_merge": False,
            "id": 7,
        },
        "actions": {"enabled": True, "allowed_actions": "selected", "sha_pinning_required": True},
        "selected-actions": {
            "github_owned_allowed": True,
            "verified_allowed": False,
            "patterns_allowed": [],
        },
        "token": {
            "default_workflow_permissions": "read",
            "can_approve_pull_request_reviews": False,
        },
        "rules": [{**copy.deepcopy(r), "ruleset_id": 7} for r in github.RULESET["rules"]],
        "ruleset:7": {"name": "sanshen", "bypass_actors": []},
        "environments": {
            "total_count": 3,
            "environments": [_environment(name) for name in github.ENVIRONMENTS],
        },
        **{
            f"branches:{name}": {
                "total_count": 1,
                "branch_policies": [{"id": 5, "name": "main", "type": "branch"}],
            }
            for name in github.ENVIRONMENTS
        },
        "secrets:publication-log": {"total_count": 1, "secrets": [{"name": "SANSHEN_LOG_KEY"}]},
        "secrets:witness": {"total_count": 1, "secrets": [{"name": "SANSHEN_WITNESS_KEY"}]},
        "repository-secrets": {"total_count": 0, "secrets": []},
        "organisation-secrets": {"total_count": 0, "secrets": []},
        "variables": {
            "total_count": 3,
            "variables": [
                {"name": "SANSHEN_SITE", "value": "https://archive.example/"},
                {"name": "SANSHEN_ROOT", "value": "0" * 64},
                {"name": "SANSHEN_WITNESS", "value": "true"},
            ],
        },
        "pages": {"build_type": "workflow", "https_enforced": True},
        "writers": [PERSON],
        "keys": [{"id": 3, "title": "mirror", "read_only": True}],
        "workflows": {"total_count": 1, "workflows": [{"path": WORKFLOW, "state": "active"}]},
        "workflow-files": [{"path": WORKFLOW, "sha": "a" * 40}],
    }


def _good_gitea() -> dict[str, Any]:
    return {
        "repo": {"id": 7, "default_branch": "main", **gitea.BUTTONS},
        "protections": [dict(gitea.PROTECTION)],
        "secrets": [{"name": "OTHER"}],
        "keys": [{"id": 3, "title": "mirror", "read_only": True}],
        "writers": [{"id": 101, "login": "xinxi-jia"}],
    }


GOOD: dict[str, Callable[[], dict[str, Any]]] = {"github": _good_github, "gitea": _good_gitea}


def _examine(forge: str, answers: dict[str, Any], expected: Expected = EXPECTED) -> list[Examined]:
    return list(examine(Settings(forge, "git.example", "yunlan/archive", answers), expected))


def _set(answers: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at ``name/key/0/key``; a step that is a number indexes a list."""
    *steps, last = path.split("/")
    at: Any = answers
    for step in steps:
        at = at[int(step)] if step.isdigit() else at[step]
    at[int(last) if last.isdigit() else last] = value


@pytest.mark.parametrize("forge", FORGES)
def test_good_settings_have_no_flaw(forge: str) -> None:
    for one in _examine(forge, GOOD[forge]()):
        assert one.read, one.title
        assert one.flaws == (), one.title


BROKEN = [
    ("github", "repo/default_branch", "master", '"default_branch": "main"'),
    ("github", "repo/allow_rebase_merge", True, '"allow_rebase_merge": false'),
    ("github", "repo/has_issues", False, '"has_issues": true'),
    ("github", "actions/allowed_actions", "all", '"allowed_actions": "selected"'),
    ("github", "actions/allowed_actions", "local_only", '"allowed_actions": "selected"'),
    ("github", "actions/enabled", False, '"enabled": true'),
    ("github", "actions/sha_pinning_required", False, '"sha_pinning_required": true'),
    ("github", "selected-actions/verified_allowed", True, '"verified_allowed": false'),
    ("github", "selected-actions/patterns_allowed", ["x/*"], '"patterns_allowed": []'),
    ("github", "selected-actions/github_owned_allowed", False, '"github_owned_allowed": true'),
    (
        "github",
        "token/default_workflow_permissions",
        "write",
        '"default_workflow_permissions": "read"',
    ),
    ("github", "token/can_approve_pull_request_reviews", True, 'reviews": false'),
    ("github", "rules/0/type", "update", "PUT repos/yunlan/archive/rulesets/7"),
    ("github", "rules/1/type", "creation", "PUT repos/yunlan/archive/rulesets/7"),
    ("github", "rules/2/type", "creation", "PUT repos/yunlan/archive/rulesets/7"),
    ("github", "rules/3/type", "creation", "PUT repos/yunlan/archive/rulesets/7"),
    ("github", "rules/0/type", "required_signatures", "PUT repos/yunlan/archive/rulesets/7"),
    ("github", "rules/2/parameters/allowed_merge_methods", ["rebase"], "rulesets/7"),
    ("github", "rules/2/parameters/dismiss_stale_reviews_on_push", True, "rulesets/7"),
    ("github", "rules/2/parameters/require_last_push_approval", True, "rulesets/7"),
    ("github", "rules/2/parameters/require_code_owner_review", True, "rulesets/7"),
    ("github", "rules/3/parameters/strict_required_status_checks_policy", False, "rulesets/7"),
    (
        "github",
        "rules/3/parameters/required_status_checks/0",
        {"context": "ci / test", "integration_id": 15368},
        "rulesets/7",
    ),
    (
        "github",
        "rules/3/parameters/required_status_checks/0",
        {"context": "sanshen/verify"},
        "rulesets/7",
    ),
    ("github", "ruleset:7/bypass_actors", [{"actor_id": 1}], '{"bypass_actors": []}'),
    ("github", "environments/environments/1/name", "other", "environments/witness"),
    (
        "github",
        "environments/environments/0/deployment_branch_policy",
        None,
        "environments/publication-log",
    ),
    (
        "github",
        "environments/environments/0/deployment_branch_policy",
        {"protected_branches": True, "custom_branch_policies": False},
        "environments/publication-log",
    ),
    (
        "github",
        "branches:witness",
        {"branch_policies": [{"id": 5, "name": "main"}, {"id": 6, "name": "*"}]},
        "DELETE repos/yunlan/archive/environments/witness/deployment-branch-policies/6",
    ),
    (
        "github",
        "branches:witness/branch_policies/0",
        {"id": 5, "name": "main", "type": "tag"},
        "deployment-branch-policies/5",
    ),
    ("github", "branches:witness", {"branch_policies": []}, '{"name": "main"}'),
    ("github", "secrets:publication-log/secrets/0/name", "X", "gh secret set SANSHEN_LOG_KEY"),
    ("github", "secrets:witness/secrets/0/name", "X", "gh secret set SANSHEN_WITNESS_KEY"),
    (
        "github",
        "repository-secrets",
        {"secrets": [{"name": "SANSHEN_WITNESS_KEY"}]},
        "gh secret delete SANSHEN_WITNESS_KEY --repo yunlan/archive",
    ),
    (
        "github",
        "organisation-secrets",
        {"secrets": [{"name": "SANSHEN_LOG_KEY"}]},
        "gh secret delete SANSHEN_LOG_KEY --org yunlan",
    ),
    ("github", "variables/variables/0/value", "https://other.example/", "SANSHEN_SITE"),
    ("github", "variables/variables/1/value", "", "SANSHEN_ROOT"),
    ("github", "variables/variables/2/value", "false", "SANSHEN_WITNESS"),
    ("github", "repo/id", 8, "git.example/8"),
    ("gitea", "repo/id", 8, "git.example/8"),
    ("github", "pages/build_type", "legacy", '"build_type": "workflow"'),
    ("github", "pages/https_enforced", False, '"https_enforced": true'),
    ("github", "writers/0", PERSON | {"id": 9, "login": "x"}, "DELETE repos/yunlan/archive/coll"),
    ("github", "writers/0", PERSON | {"type": "Bot"}, "collaborators/xinxi-jia"),
    ("github", "writers/0", PERSON | {"login": "renamed"}, "people.yml"),
    ("github", "keys/0/read_only", False, "DELETE repos/yunlan/archive/keys/3"),
    ("github", "workflow-files/0/sha", "b" * 40, "git diff origin/main -- " + WORKFLOW),
    ("github", "workflow-files", [], "git diff origin/main -- " + WORKFLOW),
    ("github", "workflows/workflows/0/state", "disabled_inactivity", "enable verify.yml"),
    ("gitea", "repo/default_branch", "master", '"default_branch": "main"'),
    ("gitea", "repo/allow_rebase", True, '"allow_rebase": false'),
    ("gitea", "repo/allow_fast_forward_only_merge", True, '"allow_fast_forward_only_merge": false'),
    ("gitea", "protections", [], "--request POST"),
    ("gitea", "protections/0/enable_push", True, "/branch_protections/main"),
    ("gitea", "protections/0/enable_force_push", True, "/branch_protections/main"),
    ("gitea", "protections/0/enable_status_check", False, "/branch_protections/main"),
    ("gitea", "protections/0/status_check_contexts", ["ci"], "/branch_protections/main"),
    ("gitea", "protections/0/block_on_outdated_branch", False, "/branch_protections/main"),
    ("gitea", "protections/0/block_admin_merge_override", False, "/branch_protections/main"),
    ("gitea", "protections/0/dismiss_stale_approvals", True, "/branch_protections/main"),
    ("gitea", "protections/0/require_signed_commits", True, "/branch_protections/main"),
    ("gitea", "secrets/0/name", "SANSHEN_WITNESS_KEY", "/actions/secrets/SANSHEN_WITNESS_KEY"),
    ("gitea", "writers/0/id", 9, "/collaborators/xinxi-jia"),
    ("gitea", "keys/0/read_only", False, "/keys/3"),
]


@pytest.mark.parametrize(("forge", "path", "value", "remedy"), BROKEN)
def test_one_broken_setting_is_found_with_what_mends_it(
    forge: str, path: str, value: Any, remedy: str
) -> None:
    answers = GOOD[forge]()
    _set(answers, path, value)
    flaws = [flaw for one in _examine(forge, answers) for flaw in one.flaws]
    assert flaws
    assert [flaw for flaw in flaws if remedy in str(flaw.remedy)], flaws


def test_a_repository_that_no_button_can_merge() -> None:
    answers = _good_github()
    answers["repo"] |= {"allow_merge_commit": False, "allow_squash_merge": False}
    assert [f for one in _examine("github", answers) for f in one.flaws]


@pytest.mark.parametrize("broken", [None, *(n for n in gitea.FORGEJO if n != "rule_name")])
def test_forgejo_has_a_word_of_its_own_for_administrators(broken: str | None) -> None:
    answers = _good_gitea() | {"protections": [dict(gitea.FORGEJO)]}
    if broken:
        wrong = [] if broken == gitea.CONTEXTS else not gitea.FORGEJO[broken]
        answers["protections"][0][broken] = wrong
    found = [str(flaw.remedy) for one in _examine("gitea", answers) for flaw in one.flaws]
    assert len(found) == bool(broken)
    assert all("apply_to_admins" in remedy and "force" not in remedy for remedy in found)


def test_an_archive_of_signed_reviews_alone_needs_no_witness() -> None:
    answers = _good_github()
    answers["environments"]["environments"].pop(1)
    answers["environments"]["total_count"] = 2
    del answers["secrets:witness"], answers["branches:witness"]
    answers["variables"]["variables"].pop()
    answers["variables"]["total_count"] = 2
    signed = replace(EXPECTED, witnessed=False, forge="")
    assert not any(one.flaws or not one.read for one in _examine("github", answers, signed))


def test_policy_that_does_not_know_the_webs_committer() -> None:
    strict = replace(EXPECTED, neutral=frozenset())
    (flaw,) = [f for o in _examine("github", _good_github(), strict) for f in o.flaws]
    assert "review.neutral_committers" in str(flaw.remedy)


@pytest.mark.parametrize("forge", FORGES)
def test_what_is_absent_is_not_checked(forge: str) -> None:
    for name in GOOD[forge]():
        answers = GOOD[forge]()
        del answers[name]
        assert not all(one.read for one in _examine(forge, answers)), name


@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("answer", [None, [], {}, "x", 3, [None], {"message": "Not Found"}])
def test_an_answer_of_another_shape_is_never_fine(forge: str, answer: Any) -> None:
    """An empty list may be a flaw, or what there is; nothing else may be."""
    for name, good in GOOD[forge]().items():
        if answer == [] and isinstance(good, list):
            continue
        answers = GOOD[forge]() | {name: answer}
        assert not all(one.read and not one.flaws for one in _examine(forge, answers)), name


@pytest.mark.parametrize("forge", FORGES)
def test_a_list_as_long_as_a_page_is_not_whole(forge: str) -> None:
    answers = GOOD[forge]()
    answers["keys"] *= 100
    assert not all(one.read for one in _examine(forge, answers))


def test_a_list_shorter_than_its_count_is_not_whole() -> None:
    answers = _good_github()
    answers["repository-secrets"]["total_count"] = 1
    assert not all(one.read for one in _examine("github", answers))


@pytest.mark.parametrize("forge", FORGES)
def test_setup_prints_what_the_doctor_finds_in_a_new_repository_once(forge: str) -> None:
    remedies = [str(f.remedy) for f in setup(forge, "git.example", "yunlan/archive", EXPECTED)]
    assert len(remedies) == len(set(remedies)) > 1
    for remedy in remedies:
        assert "review.forge" in remedy or shlex.split(remedy)[0] in {"gh", "curl"}
        assert "yunlan" in remedy or "review.forge" in remedy


def sanshen(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return ours(arguments, str(ROOT), os.environ | {"LC_ALL": "C.UTF-8"} | env)


def test_the_command_judges_a_file_and_ends_as_a_verdict_does(tmp_path: Path) -> None:
    """The archive here has no witness and no account; its own workflows are not on that main."""
    settings = {"version": 1, "forge": "gitea", "host": "git.example", "repository": "a/b"}
    file = tmp_path / "settings.json"
    ends = {}
    for name, answers in (
        ("good", _good_gitea()),
        ("bad", _good_gitea() | {"protections": []}),
        ("short", {"repo": _good_gitea()["repo"]}),
    ):
        file.write_text(json.dumps(settings | {"answers": answers}))
        ends[name] = sanshen("forge", "doctor", "--settings", str(file))
    assert [e.returncode for e in ends.values()] == [EXIT_OK, EXIT_REFUSE, EXIT_HOLD]
    assert "curl --fail --request POST" in ends["bad"].stdout
    assert "未检查" in ends["short"].stdout
    assert "人工核对" in ends["good"].stdout
    file.write_text("{}")
    assert sanshen("forge", "doctor", "--settings", str(file)).returncode == EXIT_FAULT


def test_forges_whose_approvals_name_no_commit_are_said_to_be_signed_only() -> None:
    for kind in ("gitlab", "gitee"):
        done = sanshen("forge", "doctor", "--forge", kind)
        assert done.returncode == EXIT_OK
        assert "sanshen approve" in done.stdout


def test_the_forge_is_asked_by_its_own_command(tmp_path: Path) -> None:
    """`gh` answers some paths and refuses others; the token of Gitea is on no command line."""
    for name, text in (
        ("gh", '#!/bin/sh\necho "$*" >> "$STUB/gh.calls"\ncase "$*" in *rules/branches*)'
               ' echo "[{\\"type\\": \\"deletion\\", \\"ruleset_id\\": 7}]";; *) exit 1;; esac\n'),
        ("curl", '#!/bin/sh\necho "$*" >> "$STUB/curl.calls"\ncat > "$STUB/config"\necho "[]"\n'),
    ):  # fmt: skip
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "STUB": str(tmp_path)}
    saved = tmp_path / "settings.json"
    done = sanshen("forge", "doctor", "--repository", "yunlan/archive", "--save", str(saved), **env)
    assert done.returncode == EXIT_REFUSE, done.stderr
    calls = (tmp_path / "gh.calls").read_text()
    assert "api --hostname github.com repos/yunlan/archive/rulesets/7\n" in calls
    assert json.loads(saved.read_text())["answers"] == {
        "rules": [{"type": "deletion", "ruleset_id": 7}]
    }
    done = sanshen(
        "forge", "doctor", "--forge", "gitea", "--host", "git.example",
        "--repository", "yunlan/archive", GITEA_TOKEN="t0ken", **env,
    )  # fmt: skip
    assert "t0ken" not in (tmp_path / "curl.calls").read_text() + done.stdout
    assert "t0ken" in (tmp_path / "config").read_text()


@pytest.mark.parametrize("name", ["", "x", "a/b;rm", "-a/b", "a/b c", "a/../b"])
def test_a_name_that_a_shell_could_read_otherwise_is_refused(name: str) -> None:
    done = sanshen("forge", "setup", "--print", "--repository", name)
    assert done.returncode == EXIT_USAGE


def test_nothing_of_an_answer_reaches_the_shell_of_who_pastes_a_remedy() -> None:
    """Settings may be a file that somebody sent."""
    for forge, path in (("github", "keys/0"), ("gitea", "keys/0")):
        answers = GOOD[forge]()
        _set(answers, path, {"id": "3; touch x", "title": "t", "read_only": False})
        ((remedy,),) = [[f.remedy for f in one.flaws] for one in _examine(forge, answers)
                        if one.flaws]  # fmt: skip
        assert shlex.split(str(remedy))[-1].endswith("/keys/3; touch x")


def test_another_host_than_githubs_is_named(tmp_path: Path) -> None:
    named = ("forge", "setup", "--print", "--repository", "a/b")
    assert "export GH_HOST=git.example\n" in sanshen(*named, "--host", "git.example").stdout
    assert "GH_HOST" not in sanshen(*named).stdout
    assert sanshen(*named, "--forge", "gitea").returncode == EXIT_USAGE
