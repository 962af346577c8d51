"""Settings of a repository on Gitea or Forgejo, judged; as `github` does."""

from collections.abc import Iterator, Mapping
from shlex import quote
from typing import Any

from pipeline.forge.github import SECRETS, STATUS
from pipeline.forge.settings import Expected, Flaw, Settings, curl, named_by_policy
from pipeline.model.findings import say

READS = {
    "repo": "",
    "protections": "/branch_protections",
    "secrets": "/actions/secrets?limit=50",
    "keys": "/keys?limit=50",
    "writers": "/collaborators?limit=50",
}
PROTECTION: Mapping[str, Any] = {
    "rule_name": "main",
    "enable_push": False,
    "enable_force_push": False,
    "enable_status_check": True,
    "status_check_contexts": [STATUS],
    "block_on_outdated_branch": True,
    "block_admin_merge_override": True,
    "dismiss_stale_approvals": False,
    "require_signed_commits": False,
}
BUTTONS: Mapping[str, Any] = {
    "allow_merge_commits": True,
    "allow_squash_merge": True,
    "allow_rebase": False,
    "allow_rebase_explicit": False,
    "allow_fast_forward_only_merge": False,
}
FRESH: Mapping[str, Any] = {
    "repo": {"default_branch": "main", "has_issues": True, **dict.fromkeys(BUTTONS, True)},
    "protections": [],
    "secrets": [],
    "keys": [],
    "writers": [],
}


def follow(_: Mapping[str, Any]) -> dict[str, str]:
    """Nothing more to ask."""
    return {}


def repository(a: Settings, _: Expected) -> Iterator[Flaw]:
    """The repository itself: its default branch and its buttons."""
    repo = a["repo"]
    if repo["default_branch"] != "main":
        yield Flaw(
            say("The default branch is not main."),
            curl(a, "PATCH", "", {"default_branch": "main"}),
        )
    if any(repo[name] != wanted for name, wanted in BUTTONS.items()):
        yield Flaw(
            say("Of the merge buttons, Merge and Squash must be on and no others."),
            curl(a, "PATCH", "", BUTTONS),
        )


def protection(a: Settings, _: Expected) -> Iterator[Flaw]:
    """Nothing reaches main but a proposal that was judged as it would be merged."""
    rules = [rule for rule in a.rows("protections") if rule["rule_name"] == "main"]
    if not rules:
        yield Flaw(
            say("main is not protected."), curl(a, "POST", "/branch_protections", PROTECTION)
        )
    for rule in rules:
        mend = curl(a, "PATCH", "/branch_protections/main", PROTECTION)
        for name, message in (
            ("enable_push", say("main may be pushed to without a proposal.")),
            ("enable_force_push", say("main may be rewritten by a forced push.")),
            ("enable_status_check", say("The status {status} is not required.", status=STATUS)),
            (
                "status_check_contexts",
                say("The status {status} is not required.", status=STATUS),
            ),
            (
                "block_on_outdated_branch",
                say("A proposal may be merged although main has moved since."),
            ),
            ("block_admin_merge_override", say("Administrators may pass by the rules of main.")),
            (
                "dismiss_stale_approvals",
                say("Approvals are dismissed at each push, also of other people's signatures."),
            ),
            (
                "require_signed_commits",
                say("Commits must be signed for the forge, which the witness cannot do."),
            ),
        ):
            wrong = (
                STATUS not in rule[name]
                if name == "status_check_contexts"
                else rule[name] != PROTECTION[name]
            )
            if wrong:
                yield Flaw(message, mend)


def secrets(a: Settings, _: Expected) -> Iterator[Flaw]:
    """Gitea's Actions know no environments: a key there can be read by any branch."""
    for secret in sorted({entry["name"] for entry in a.rows("secrets")}.intersection(SECRETS)):
        yield Flaw(
            say("Any branch can read {secret}: it is a secret of the repository.", secret=secret),
            curl(a, "DELETE", f"/actions/secrets/{secret}"),
        )


def writers(a: Settings, e: Expected) -> Iterator[Flaw]:
    """Who can push a branch: people of the roster, no deploy key."""
    for one in a.rows("writers"):
        if e.people and one["id"] not in e.people:
            yield Flaw(
                say("{login} may write and is no account of the roster.", login=one["login"]),
                curl(a, "DELETE", f"/collaborators/{quote(one['login'])}"),
            )
    for key in a.rows("keys"):
        if not key["read_only"]:
            yield Flaw(
                say("The deploy key {title} may write.", title=key["title"]),
                curl(a, "DELETE", f"/keys/{key['id']}"),
            )


CHECKS = (
    (say("repository"), repository),
    (say("review.forge of the policy"), named_by_policy),
    (say("rules of main"), protection),
    (say("secrets"), secrets),
    (say("who can write"), writers),
)
BY_HAND = (
    say("Whether the timer of `sanshen forge poll` runs: systemctl list-timers sanshen-poll"),
)
