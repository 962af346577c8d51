"""Checks of a repository's settings on GitHub or GitHub Enterprise.

Checks read fields with ``[]``: a field that the login may not see is absent, which raises KeyError
and makes the check "not checked".
"""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from shlex import quote
from typing import Any

from pipeline.cli.forge_api import API_VERSION, path_of
from pipeline.model.findings import say, say_names
from pipeline.parts.witness.settings import (
    SECRETS,
    STATUS,
    Expected,
    Flaw,
    ForgeSettings,
    Settings,
    Wanted,
    fields,
    named_by_policy,
)

_SETTINGS: Mapping[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_bytes())
ENVIRONMENTS = _SETTINGS["environments"]
"""Environment → the secret it holds; each is limited to main."""
NOREPLY = "noreply@github.com"
READS = _SETTINGS["reads"]
"""Name of an answer → path below ``repos/OWNER/NAME``."""
RULESET = _SETTINGS["ruleset"]
"""The rules of main: only proposals, judged as they would be merged, and no bypass."""
(_CHECK,) = RULESET["rules"][-1]["parameters"]["required_status_checks"]
ACTIONS_APP = _CHECK["integration_id"]
"""Id of the app GitHub Actions: a required status counts only when a workflow set it."""
BUTTONS = _SETTINGS["buttons"]
"""Rebase puts single commits on main, which no review covers."""
FRESH = _SETTINGS["fresh"]
"""A fresh repository of GitHub: `setup` prints what the doctor finds in it."""


def gh(a: Settings, method: str, path: str, body: Any = None) -> str:
    """A call of `gh api`; the shell passes the body on unchanged."""
    given = f" --input - <<< {quote(json.dumps(body))}" if body is not None else ""
    where = quote(path_of(a.repository, path))
    return f"gh api --header {quote(API_VERSION)} --method {method} {where}{given}"


def follow(answers: Mapping[str, Any]) -> dict[str, str]:
    """Further paths to ask after the first answers: each ruleset that holds for main, and each
    Actions policy whose rules the list does not show."""
    ids = {rule.get("ruleset_id") for rule in answers.get("rules", ())} - {None}
    policies = answers.get("policies", {}).get("policies", ())
    hidden = {policy["id"] for policy in policies if "rules" not in policy}
    return {
        **{f"ruleset:{number}": f"/rulesets/{number}" for number in sorted(ids)},
        **{f"policy:{number}": f"/actions/policies/{number}" for number in sorted(hidden)},
    }


PLAIN = (
    Wanted("repo", {"default_branch": "main"},
           say("The default branch is not main: scheduled workflows run the default branch.")),
    Wanted("repo", BUTTONS, say("Of the buttons Merge and Squash must be on, and no others.")),
    Wanted("repo", {"has_issues": True},
           say("Issues are off: `audit` has nowhere to say what is overdue.")),
)  # fmt: skip
ACTIONS = (
    Wanted("actions",
           {"enabled": True, "allowed_actions": "selected", "sha_pinning_required": True},
           say("Actions of any maker may run, or none, or named by a tag that its maker can move."),
           "PUT", "/actions/permissions"),
    Wanted("selected-actions",
           {"github_owned_allowed": True, "verified_allowed": False, "patterns_allowed": []},
           say("Of the actions allowed, GitHub's own must be among them and no others."),
           "PUT", "/actions/permissions/selected-actions"),
)  # fmt: skip
TOKEN = Wanted(
    "token",
    {"default_workflow_permissions": "read", "can_approve_pull_request_reviews": False},
    say("The token of workflows may write by default, or approve proposals."),
    "PUT",
    "/actions/permissions/workflow",
)
NEEDED = {
    "deletion": say("main may be deleted."),
    "non_fast_forward": say("main may be rewritten by a forced push."),
    "pull_request": say("main may be pushed to without a proposal."),
}
"""Type of rule → what is possible without it."""
TOO_MUCH = (
    "dismiss_stale_reviews_on_push",
    "require_last_push_approval",
    "require_code_owner_review",
)
"""Rules that a push of signatures, or of the witness, cannot meet."""


def main_rules(a: Settings, _: Expected) -> Iterator[Flaw]:
    """Only a proposal reaches main, judged as it would be merged."""
    rules, mend = a.rows("rules"), _ruleset_command(a)
    types = {rule["type"] for rule in rules}
    yield from (Flaw(message, mend) for kind, message in NEEDED.items() if kind not in types)
    if "required_signatures" in types:
        yield Flaw(say("Commits must be signed for the forge, which the witness cannot do."), mend)
    for given in (rule["parameters"] for rule in rules if rule["type"] == "pull_request"):
        if "rebase" in given["allowed_merge_methods"]:
            yield Flaw(say("The rules of main allow Rebase."), mend)
        for name in filter(given.__getitem__, TOO_MUCH):
            message = say("A push of signatures alone cannot meet the rule {name}.", name=name)
            yield Flaw(message, mend)
    yield from _required_status(rules, mend)


def _required_status(rules: list[Mapping[str, Any]], mend: str) -> Iterator[Flaw]:
    checks = [rule["parameters"] for rule in rules if rule["type"] == "required_status_checks"]
    ours = [
        (given, check)
        for given in checks
        for check in given["required_status_checks"]
        if check["context"] == STATUS
    ]
    if not ours:
        yield Flaw(say("The status {status} is not required.", status=STATUS), mend)
    elif not any(check.get("integration_id") == ACTIONS_APP for _, check in ours):
        message = say("Anyone can set the status {status}; only a workflow may.", status=STATUS)
        yield Flaw(message, mend)
    if not any(given["strict_required_status_checks_policy"] for given, _ in ours):
        yield Flaw(say("A proposal may be merged although main has moved since."), mend)


def _ruleset_command(a: Settings) -> str:
    """The command that makes the ruleset, or corrects the existing one."""
    rulesets = {n: v for n, v in a.answers.items() if n.startswith("ruleset:")}
    own = [n.partition(":")[2] for n, v in rulesets.items() if v.get("name") == RULESET["name"]]
    where = ("PUT", f"/rulesets/{int(own[0])}") if own else ("POST", "/rulesets")
    return gh(a, *where, RULESET)


def bypass(a: Settings, _: Expected) -> Iterator[Flaw]:
    """No account may bypass the rules of main."""
    for number in sorted({rule["ruleset_id"] for rule in a.rows("rules")}):
        name = f"ruleset:{number}"
        if a[name]["bypass_actors"]:
            message = say("Some may pass by the ruleset {name}.", name=a[name]["name"])
            yield Flaw(message, gh(a, "PUT", f"/rulesets/{number}", {"bypass_actors": []}))


EVENTS: Mapping[str, frozenset[str]] = {
    "knock.yml": frozenset({"pull_request", "pull_request_review"}),
    "verify.yml": frozenset(
        {"workflow_run", "schedule", "push", "merge_group", "workflow_dispatch"}
    ),
    "audit.yml": frozenset({"schedule", "workflow_dispatch"}),
    "publish.yml": frozenset({"push", "schedule", "workflow_dispatch"}),
}
"""Workflow of an archive → the events that start it."""
EVENT_RULE = "restrict_action_events"
POLICY: Mapping[str, Any] = {
    "name": "sanshen", "enforcement": "active",
    "rules": [{"type": EVENT_RULE,
               "parameters": {"allowed_events": sorted(frozenset().union(*EVENTS.values()))}}],
}  # fmt: skip
"""The Actions policy that permits what these workflows need, and nothing else."""


def events(a: Settings, e: Expected) -> Iterator[Flaw]:
    """Actions policies: the events of our workflows start them, and others start nothing."""
    limited = False
    for policy in a["policies"]["policies"]:
        given = policy if "rules" in policy else a[f"policy:{policy['id']}"]
        paths = given.get("conditions", {}).get("workflow_path", {"include": [], "exclude": []})
        rules = [rule["parameters"] for rule in given["rules"] if rule["type"] == EVENT_RULE]
        if policy["enforcement"] != "active" or not rules:
            continue
        limited |= not paths["exclude"] and paths["include"] in ([], ["~ALL"])
        ours = [path.rpartition("/")[2] for path in e.workflows if _covers(paths, path)]
        needed = frozenset().union(*(EVENTS.get(name, frozenset()) for name in ours))
        missing = {event for rule in rules for event in needed - {*rule["allowed_events"]}}
        if missing:
            here, above = policy["source_type"] == "Repository", policy["source"]
            mend = gh(
                a, "PUT", f"/actions/policies/{int(policy['id'])}", {"rules": POLICY["rules"]}
            )
            yield Flaw(
                say("The Actions policy {name} forbids events that start our workflows: {events}.",
                    name=policy["name"], events=say_names(sorted(missing))),
                mend if here else say("Have {name} permit them in its Actions policy.", name=above),
            )  # fmt: skip
    if not limited:
        message = say("No Actions policy limits which events may start a workflow.")
        yield Flaw(message, gh(a, "POST", "/actions/policies", POLICY))


def _covers(paths: Mapping[str, Any], path: str) -> bool:
    """Whether a policy's condition holds for a workflow; without a pattern it holds for all."""
    included = paths["include"] in ([], ["~ALL"]) or any(
        fnmatchcase(path, pattern) for pattern in paths["include"]
    )
    return included and not any(fnmatchcase(path, pattern) for pattern in paths["exclude"])


def environments(a: Settings, e: Expected) -> Iterator[Flaw]:
    """Each environment exists and serves main alone."""
    present = {entry["name"]: entry for entry in a["environments"]["environments"]}
    for name in (n for n in ENVIRONMENTS if n != "witness" or e.witnessed):
        policy = (present.get(name) or {"deployment_branch_policy": None})[
            "deployment_branch_policy"
        ]
        path = f"/environments/{name}"
        if not (policy and policy["custom_branch_policies"]):
            limited = {"protected_branches": False, "custom_branch_policies": True}
            yield Flaw(
                say("The environment {name} is missing, or serves any branch.", name=name),
                gh(a, "PUT", path, {"deployment_branch_policy": limited})
                + " && "
                + gh(a, "POST", f"{path}/deployment-branch-policies", {"name": "main"}),
            )
            continue
        allowed = a[f"branches:{name}"]["branch_policies"]
        for other in (p for p in allowed if p["name"] != "main" or p.get("type") == "tag"):
            yield Flaw(
                say("The environment {name} serves {branch}.", name=name, branch=other["name"]),
                gh(a, "DELETE", f"{path}/deployment-branch-policies/{other['id']}"),
            )
        if all(p["name"] != "main" for p in allowed):
            yield Flaw(
                say("The environment {name} does not serve main.", name=name),
                gh(a, "POST", f"{path}/deployment-branch-policies", {"name": "main"}),
            )


def secrets(a: Settings, e: Expected) -> Iterator[Flaw]:
    """Each key is a secret of its environment only, so no other branch can read it."""
    for name, secret in ENVIRONMENTS.items():
        wanted = secret and (name != "witness" or e.witnessed)
        if wanted and secret not in a.names(f"secrets:{name}", "secrets"):
            yield Flaw(
                say("The environment {name} has no secret {secret}.", name=name, secret=secret),
                f"gh secret set {secret} --env {name} --repo {a.repository} < {secret}",
            )
    for secret in sorted(a.names("repository-secrets", "secrets").intersection(SECRETS)):
        yield Flaw(
            say("Any branch can read {secret}: it is a secret of the repository.", secret=secret),
            f"gh secret delete {secret} --repo {a.repository}",
        )
    if a["repo"]["owner"]["type"] == "Organization":
        for secret in sorted(a.names("organisation-secrets", "secrets").intersection(SECRETS)):
            yield Flaw(
                say("Any branch can read {secret}: the organisation shares it.", secret=secret),
                f"gh secret delete {secret} --org {a.owner}",
            )


def variables(a: Settings, e: Expected) -> Iterator[Flaw]:
    """The variables that guard `publish` against a rewritten main."""
    values = {entry["name"]: entry["value"] for entry in a["variables"]["variables"]}
    if values.get("SANSHEN_SITE") != e.url:
        yield Flaw(
            say("The variable SANSHEN_SITE is not the address of the archive in policy.yml."),
            f"gh variable set SANSHEN_SITE --repo {a.repository} --body {quote(e.url)}",
        )
    wanted = "true" if e.witnessed else "false"
    if values.get("SANSHEN_WITNESS", "false") != wanted:
        yield Flaw(
            say("The variable SANSHEN_WITNESS and review.witnessed_steps do not agree."),
            f"gh variable set SANSHEN_WITNESS --repo {a.repository} --body {wanted}",
        )
    root = values.get("SANSHEN_ROOT", "")
    if len(root) != 64 or set(root) - set("0123456789abcdef"):
        message = say("The variable SANSHEN_ROOT is not the digest that `sanshen init` printed.")
        yield Flaw(message, f'gh variable set SANSHEN_ROOT --repo {a.repository} --body "$ROOT"')


def pages(a: Settings, _: Expected) -> Iterator[Flaw]:
    """The site is deployed by the workflow, over TLS."""
    if a["pages"]["build_type"] != "workflow":
        make, change = (gh(a, m, "/pages", {"build_type": "workflow"}) for m in ("POST", "PUT"))
        yield Flaw(say("Pages is not built by a workflow."), f"{make} || {change}")
    elif not a["pages"]["https_enforced"]:
        mend = gh(a, "PUT", "/pages", {"https_enforced": True})
        yield Flaw(say("The site can be read without TLS."), mend)


def writers(a: Settings, e: Expected) -> Iterator[Flaw]:
    """Only people of the roster may push, no bot and no deploy key: a push can set a status."""
    for one in a.rows("writers"):
        if not one["permissions"]["push"]:
            continue
        stranger = bool(e.people) and one["id"] not in e.people
        if one["type"] != "User" or stranger:
            message = say("{login} may write and is no account of the roster.", login=one["login"])
            yield Flaw(message, gh(a, "DELETE", f"/collaborators/{one['login']}"))
            continue
        person, emails = e.people.get(one["id"], ("", frozenset()))
        address = f"{one['id']}+{one['login']}@users.noreply.github.com"
        if person and address not in emails:
            yield Flaw(
                say("GitHub writes {login}'s commits as of an unknown maker.", login=one["login"]),
                say(
                    "Add {email} to `emails` of {person} in content/registers/people.yml.",
                    email=address,
                    person=person,
                ),
            )
    for key in a.rows("keys"):
        if not key["read_only"]:
            message = say("The deploy key {title} may write.", title=key["title"])
            yield Flaw(message, gh(a, "DELETE", f"/keys/{key['id']}"))


def neutral(_: Settings, e: Expected) -> Iterator[Flaw]:
    """Policy treats GitHub's own committer as neutral."""
    if NOREPLY not in e.neutral:
        yield Flaw(
            say("Merges on the web are by {email}, which policy does not know.", email=NOREPLY),
            say(
                "Add {email} to review.neutral_committers in content/policy.yml, as a new value.",
                email=NOREPLY,
            ),
        )


def workflows(a: Settings, e: Expected) -> Iterator[Flaw]:
    """The workflows on main are those of the archive, and all are enabled."""
    on_main = {entry["path"]: entry["sha"] for entry in a.rows("workflow-files")}
    for path, blob in e.workflows.items():
        if on_main.get(path) != blob:
            message = say("{path} on main is not as it is here.", path=path)
            yield Flaw(message, f"git fetch origin && git diff origin/main -- {path}")
    for one in a["workflows"]["workflows"]:
        if one["path"] in e.workflows and one["state"] != "active":
            yield Flaw(
                say("The workflow {path} is switched off.", path=one["path"]),
                f"gh workflow enable {one['path'].rpartition('/')[2]} --repo {a.repository}",
            )


CHECKS = (
    (say("repository"), fields(gh, *PLAIN)),
    (say("actions that may run"), fields(gh, *ACTIONS)),
    (say("events that may start them"), events),
    (say("token of workflows"), fields(gh, TOKEN)),
    (say("review.forge of the policy"), named_by_policy),
    (say("rules of main"), main_rules),
    (say("who may pass by the rules"), bypass),
    (say("environments"), environments),
    (say("secrets"), secrets),
    (say("variables"), variables),
    (say("Pages"), pages),
    (say("who can write"), writers),
    (say("committers of the web"), neutral),
    (say("workflows on main"), workflows),
)
BY_HAND = (
    say(
        "Whether an Actions policy limits who may start a workflow: everybody of the roster must."
        " Settings → Actions → Policies."
    ),
)
"""What no interface answers; always printed as not checked."""
SETTINGS = ForgeSettings(READS, follow, CHECKS, BY_HAND, FRESH, by_gh=True)
