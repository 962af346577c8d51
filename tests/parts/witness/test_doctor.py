"""The doctor of a forge: good settings pass, each broken one is found, nothing unread is fine."""

import copy
import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.model.findings import EXIT_HOLD, EXIT_OK, EXIT_REFUSE, EXIT_USAGE
from pipeline.parts.gitea import settings as gitea
from pipeline.parts.github import settings as github
from pipeline.parts.witness import forge_verb
from pipeline.parts.witness.forge_verb import Examined, examine, setup
from pipeline.parts.witness.settings import Expected, Settings
from tests.builders.archive import ArchiveRepo
from tests.builders.command import ours
from tests.builders.exchanges import ASSETS
from tests.builders.exchanges import answers as recorded
from tests.builders.named import named, shows, worded
from tests.cli.at_the_desk import run

ROOT = Path(__file__).parents[3]
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
        "policies": json.loads((ASSETS / "actions-policies.json").read_bytes()),
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
        "repo": {"id": 7, **gitea.FRESH["repo"], **gitea.BUTTONS, "owner": {"login": "yunlan"}},
        "protections": [dict(gitea.PROTECTION)],
        "branch": {"protected": True, "effective_branch_protection_name": "main"},
        "secrets": [{"name": "OTHER"}],
        "organisation-secrets": [{"name": "OTHER"}],
        "tags": [
            {"name_pattern": "ma*", "whitelist_usernames": None, "whitelist_teams": ["Owners"]}
        ],
        "keys": [{"id": 3, "title": "mirror", "read_only": True}],
        "collaborators": [{"id": 101, "login": "xinxi-jia"}, {"id": 9, "login": "duzhe"}],
        "permission:xinxi-jia": {"permission": "write"},
        "permission:duzhe": {"permission": "read"},
        "teams": [
            {"id": 1, "name": "Owners", "permission": "owner", "units_map": {}},
            {"id": 2, "name": "kan", "permission": "none", "units_map": {"repo.code": "read"}},
        ],
        "members:1": [{"id": 101, "login": "xinxi-jia"}],
    }


GOOD: dict[str, Callable[[], dict[str, Any]]] = {"github": _good_github, "gitea": _good_gitea}


FORGES = ("github", "gitea")


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
        assert one.unread is None, one.title
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
    ("gitea", "tags", [], '"whitelist_teams": ["Owners"]'),
    ("gitea", "tags/0/name_pattern", "v*", "/tag_protections"),
    ("gitea", "tags/0/whitelist_usernames", ["zuozhe"], "/tag_protections"),
    ("gitea", "tag", {"name": "main"}, "--request DELETE"),
    ("gitea", "secrets/0/name", "SANSHEN_WITNESS_KEY", "/actions/secrets/SANSHEN_WITNESS_KEY"),
    ("gitea", "repo/allow_manual_merge", True, '"allow_manual_merge": false'),
    ("gitea", "repo/autodetect_manual_merge", True, '"autodetect_manual_merge": false'),
    ("gitea", "protections/0/unprotected_file_patterns", "Makefile", "/branch_protections/main"),
    ("gitea", "protections/0/enable_bypass_allowlist", True, "/branch_protections/main"),
    ("gitea", "protections/0/status_check_contexts", None, "/branch_protections/main"),
    ("gitea", "branch/effective_branch_protection_name", "m*", '{"priority": 0}'),
    ("gitea", "branch", {"protected": False}, '{"priority": 0}'),
    ("gitea", "organisation-secrets/0/name", "SANSHEN_LOG_KEY", "/orgs/yunlan/actions/secrets/SAN"),
    ("gitea", "collaborators/0/id", 9, "DELETE"),
    ("gitea", "permission:duzhe", {"permission": "admin"}, "/collaborators/duzhe"),
    ("gitea", "members:1/0/id", 9, "/teams/1/members/xinxi-jia"),
    (
        "github",
        "policies/policies/0/enforcement",
        "disabled",
        "POST repos/yunlan/archive/actions/p",
    ),
    (
        "github",
        "policies/policies/0/enforcement",
        "evaluate",
        "POST repos/yunlan/archive/actions/p",
    ),
    (
        "github",
        "policies",
        {"total_count": 0, "policies": []},
        "repos/yunlan/archive/actions/polic",
    ),
    (
        "github",
        "policies/policies/0/rules/0/parameters/allowed_events",
        ["push"],
        "PUT repos/yunlan/archive/actions/policies/6",
    ),
    (
        "github",
        "policies/policies/0/conditions",
        {"workflow_path": {"include": ["*/ci.yml"], "exclude": []}},
        "POST",
    ),
    (
        "github",
        "policies/policies/0/conditions",
        {"workflow_path": {"include": ["~ALL"], "exclude": ["*/verify.yml"]}},
        "POST",
    ),
    (
        "github",
        "policies/policies/1",
        {
            "id": 3,
            "name": "x",
            "source_type": "Organization",
            "source": "yunlan",
            "enforcement": "active",
            "conditions": {
                "workflow_path": {"include": [".github/workflows/*.yml"], "exclude": []}
            },
            "rules": [
                {"type": "restrict_action_events", "parameters": {"allowed_events": ["push"]}}
            ],
        },
        "Have yunlan permit",
    ),
    ("github", "writers/0", PERSON | {"type": "Mannequin"}, "collaborators/xinxi-jia"),
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


def test_what_forgejo_does_not_show_is_not_checked_and_hides_no_other_flaw() -> None:
    answers = _good_gitea() | {"protections": [dict(gitea.FORGEJO)]}
    for name in gitea.HIDDEN:
        del answers["repo"][name]
    (unread,) = (one for one in _examine("gitea", answers) if one.unread)
    assert str(unread.title) == "merging by hand" and "forge setup" in str(unread.unread)
    assert not [flaw for one in _examine("gitea", answers) for flaw in one.flaws]
    answers["repo"]["allow_rebase"] = True
    (flaw,) = (flaw for one in _examine("gitea", answers) for flaw in one.flaws)
    assert '"allow_manual_merge": false' in str(flaw.remedy)
    del answers["repo"]["allow_rebase"]
    titles = [str(one.title) for one in _examine("gitea", answers) if one.unread]
    assert "repository" in titles, "only these two may be hidden"


def test_an_archive_of_signed_reviews_alone_needs_no_witness() -> None:
    answers = _good_github()
    answers["environments"]["environments"].pop(1)
    answers["environments"]["total_count"] = 2
    del answers["secrets:witness"], answers["branches:witness"]
    answers["variables"]["variables"].pop()
    answers["variables"]["total_count"] = 2
    signed = replace(EXPECTED, witnessed=False, forge="")
    assert not any(one.flaws or one.unread for one in _examine("github", answers, signed))


def test_policy_that_does_not_know_the_webs_committer() -> None:
    strict = replace(EXPECTED, neutral=frozenset())
    (flaw,) = [f for o in _examine("github", _good_github(), strict) for f in o.flaws]
    assert "review.neutral_committers" in str(flaw.remedy)


@pytest.mark.parametrize("forge", FORGES)
def test_what_is_absent_is_not_checked(forge: str) -> None:
    for name in GOOD[forge]():
        answers = GOOD[forge]()
        del answers[name]
        assert any(one.unread for one in _examine(forge, answers)), name


@pytest.mark.parametrize("forge", FORGES)
@pytest.mark.parametrize("answer", [None, [], {}, "x", 3, [None], {"message": "Not Found"}])
def test_an_answer_of_another_shape_is_never_fine(forge: str, answer: Any) -> None:
    """An empty list may be a flaw, or what there is; nothing else may be."""
    for name, good in GOOD[forge]().items():
        if answer == [] and isinstance(good, list):
            continue
        answers = GOOD[forge]() | {name: answer}
        assert any(one.unread or one.flaws for one in _examine(forge, answers)), name


@pytest.mark.parametrize("forge", FORGES)
def test_a_list_as_long_as_a_page_is_not_whole(forge: str) -> None:
    answers = GOOD[forge]()
    answers["keys"] *= 100
    (long,) = [one.unread for one in _examine(forge, answers) if one.unread]
    assert "list-cut" in named(long)


def test_a_list_shorter_than_its_count_is_not_whole() -> None:
    answers = _good_github()
    answers["repository-secrets"]["total_count"] = 1
    assert any(one.unread for one in _examine("github", answers))


@pytest.mark.parametrize("forge", FORGES)
def test_setup_prints_what_the_doctor_finds_in_a_new_repository_once(forge: str) -> None:
    remedies = [str(f.remedy) for f in setup(forge, "git.example", "yunlan/archive", EXPECTED)]
    assert len(remedies) == len(set(remedies)) > 1
    for remedy in remedies:
        assert "review.forge" in remedy or shlex.split(remedy)[0] in {"gh", "curl"}
        assert "yunlan" in remedy or "review.forge" in remedy


def sanshen(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return ours(arguments, str(ROOT), os.environ | {"LC_ALL": "C.UTF-8"} | env)


def test_the_command_ends_as_a_verdict_does(
    approved: ArchiveRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = {}
    for name, answers in (
        ("bad", _good_gitea() | {"protections": []}),
        ("short", {"repo": _good_gitea()["repo"]}),
        ("refused", _good_gitea() | {"protections": None}),
        ("good", _good_gitea()),
    ):
        read = Settings("gitea", "git.example", "a/b", answers)
        monkeypatch.setattr(forge_verb, "_asked", lambda *_, read=read: read)
        monkeypatch.setattr(forge_verb, "_expected", lambda *_: EXPECTED)
        given = ("doctor", "--forge", "gitea", "--host", "git.example", "--repository", "a/b")
        ends[name] = run(forge_verb.forge, approved, *given, lang="zh")
    assert [e.exit_code for e in ends.values()] == [EXIT_REFUSE, EXIT_HOLD, EXIT_HOLD, EXIT_OK]
    assert "没有读取这一项" in ends["short"].stdout
    assert shows(ends["refused"].stdout, "forge-undocumented", "zh")
    assert "curl --fail-with-body --silent --show-error --request POST" in ends["bad"].stdout
    assert "未检查" in ends["short"].stdout
    assert "人工核对" in ends["good"].stdout


@pytest.mark.parametrize("forge", FORGES)
def test_nothing_that_was_not_read_is_as_it_must_be(forge: str) -> None:
    """But the one check that asks the archive alone."""
    for one in _examine(forge, {}):
        assert one.unread or str(one.title) == worded("web-committers"), one.title


@pytest.mark.parametrize("forge", FORGES)
def test_without_its_program_the_doctor_says_that_and_nothing_is_fine(
    forge: str, tmp_path: Path
) -> None:
    git = tmp_path / "git"
    git.symlink_to(str(shutil.which("git")))
    where = ("--host", "git.example") if forge == "gitea" else ()
    given = ("forge", "doctor", "--forge", forge, *where, "--repository", "a/b")
    done = sanshen(*given, PATH=str(tmp_path), GITEA_TOKEN="t0ken")
    lines = [line for line in done.stdout.splitlines() if "未检查" in line]
    assert done.returncode in (EXIT_HOLD, EXIT_REFUSE) and lines
    assert all("`gh` 或 `curl`" in line for line in lines)
    assert "符合要求" not in done.stdout.replace(
        (worded("web-committers", "zh") + "：符合要求"), ""
    )


def test_the_events_that_a_policy_must_permit_are_those_of_the_shipped_workflows() -> None:
    for name, events in github.EVENTS.items():
        text = (ROOT / ".github/workflows" / name).read_text("utf-8")
        assert events == set(yaml.load(text, yaml.BaseLoader)["on"]), name  # noqa: S506
    (rule,) = github.POLICY["rules"]
    assert set().union(*github.EVENTS.values()) == set(rule["parameters"]["allowed_events"])


def test_a_policy_whose_rules_the_list_hides_is_asked_for() -> None:
    good = _good_github()
    policy = good["policies"]["policies"][0]
    hidden = {k: v for k, v in policy.items() if k != "rules"}
    good["policies"]["policies"][0] = hidden
    assert github.follow(good)["policy:6"] == "/actions/policies/6"
    (unread,) = [str(o.title) for o in _examine("github", good) if o.unread]
    assert unread == worded("starting-events")
    assert not any(o.unread or o.flaws for o in _examine("github", good | {"policy:6": policy}))


def _recorded() -> dict[str, Any]:
    """The settings that a running server answered, by the names that the doctor gives them."""
    read = {**recorded("repository", who="chief"), **recorded("writers"), **recorded("keys")}
    read |= {**recorded("secrets"), **recorded("protection-glob"), **recorded("tags")}
    paths = {**gitea.READS, **gitea.follow({name: read.get(p) for name, p in gitea.READS.items()})}
    return {name: read[path] for name, path in paths.items() if name != "tag"}  # 404: there is none


def test_a_running_server_s_settings_are_read_and_judged() -> None:
    """A fresh rule for main, a glob before it, a key in both places, a team of strangers."""
    people = {3: ("information-officer", frozenset[str]()), 1: ("chief", frozenset[str]())}
    expected = replace(EXPECTED, forge="git.example/2", people=people)
    examined = {str(o.title): o for o in _examine("gitea", _recorded(), expected)}
    assert not [o.title for o in examined.values() if o.unread]
    told = {title: [str(f.remedy) for f in o.flaws] for title, o in examined.items()}
    assert "allow_manual_merge" in told["repository"][0]
    assert told["tags"] == []
    assert ['{"priority": 0}' in told["rules of main"][0]] == [True]
    assert "unprotected_file_patterns" in told["rules of main"][1]
    assert [r.rpartition("/")[2] for r in told["secrets"]] == [
        "SANSHEN_WITNESS_KEY", "SANSHEN_LOG_KEY",
    ]  # fmt: skip
    accused = sorted(r.rpartition("/")[2] for r in told["who can write"])
    assert accused == ["fenguan", "kezhang", "luren", "sanshen", "zuozhe"]  # and not the reader


def test_a_team_that_may_write_code_by_its_units_is_a_team_that_writes() -> None:
    """Such a team's own permission says "none"."""
    settings = _good_gitea()
    settings["teams"][1]["units_map"] = {"repo.code": "write", "repo.issues": "read"}
    settings["members:2"] = [{"id": 9, "login": "duzhe"}]
    (flaw,) = [f for o in _examine("gitea", settings) for f in o.flaws]
    assert str(flaw.remedy).endswith("/api/v1/teams/2/members/duzhe")


def test_a_repository_of_a_person_has_no_teams_and_its_secrets_stay_unread() -> None:
    settings = _good_gitea()
    for name in ("teams", "members:1", "organisation-secrets"):
        del settings[name]
    read = Settings("gitea", "git.example", "yunlan/archive", settings, {"teams": "405"})
    unread = {str(o.title): str(o.unread) for o in examine(read, EXPECTED) if o.unread}
    assert [*unread] == ["secrets"] and shows(unread["secrets"], "own-secrets-everywhere")


def test_a_server_that_tells_the_rule_to_administrators_alone_is_not_read() -> None:
    settings = _good_gitea()
    settings["branch"]["effective_branch_protection_name"] = ""
    (unread,) = [o.unread for o in _examine("gitea", settings) if o.unread]
    assert "403" in str(unread)


def test_forges_whose_approvals_name_no_commit_are_said_to_be_signed_only() -> None:
    for kind in ("gitlab", "gitee"):
        done = sanshen("forge", "doctor", "--forge", kind)
        assert done.returncode == EXIT_OK
        assert "sanshen approve" in done.stdout


def test_the_forge_is_asked_by_its_own_command(tmp_path: Path) -> None:
    """`gh` answers some paths and refuses others; the token of Gitea is on no command line."""
    for name, text in (
        ("gh", '#!/bin/sh\necho "$*" >> "$STUB/gh.calls"\ncase "$*" in *rules/branches*)'
               ' printf "HTTP/2.0 200 OK\\r\\nX: y\\r\\n\\r\\n";'
               ' echo "[{\\"type\\": \\"deletion\\", \\"ruleset_id\\": 7}]";;'
               ' *pages*) printf "HTTP/2.0 403 Forbidden\\r\\n\\r\\n{}"; exit 1;;'
               ' *collaborators*) exit 4;; *) exit 1;; esac\n'),
        ("curl", '#!/bin/sh\necho "$*" >> "$STUB/curl.calls"\ncat > "$STUB/config"\n'
                 'printf "[]\\n200"\n'),
    ):  # fmt: skip
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "STUB": str(tmp_path)}
    done = sanshen("forge", "doctor", "--repository", "yunlan/archive", **env)
    assert done.returncode == EXIT_REFUSE, done.stderr
    calls = (tmp_path / "gh.calls").read_text()
    version = "--header X-GitHub-Api-Version: 2022-11-28"
    asked = f"api --include --hostname github.com {version} repos/yunlan/archive/rulesets/7\n"
    assert asked in calls
    for reason in ("（403）", "（401）", "平台没有答复"):
        assert reason in done.stdout
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
    """A forge may answer what it will."""
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
