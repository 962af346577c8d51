"""Checks of a repository's settings on Gitea or Forgejo, as `github` has them."""

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.forge.github import SECRETS, STATUS
from pipeline.forge.settings import Expected, Flaw, Settings, Wanted, curl, fields, named_by_policy
from pipeline.model.findings import say, say_names

READS = {
    "repo": "",
    "protections": "/branch_protections",
    "secrets": "/actions/secrets?limit=50",
    "keys": "/keys?limit=50",
    "writers": "/collaborators?limit=50",
}
CONTEXTS = "status_check_contexts"
PROTECTION: Mapping[str, Any] = {
    "rule_name": "main",
    "enable_push": False,
    "enable_force_push": False,
    "enable_status_check": True,
    CONTEXTS: [STATUS],
    "block_on_outdated_branch": True,
    "block_admin_merge_override": True,
    "dismiss_stale_approvals": False,
    "require_signed_commits": False,
}
ADMINS = "apply_to_admins"
_GITEA_ALONE = ("enable_force_push", "block_admin_merge_override")
FORGEJO = {n: v for n, v in PROTECTION.items() if n not in _GITEA_ALONE} | {ADMINS: True}
"""Forgejo never lets a protected branch be forced, and has a name of its own for administrators."""
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
    """Further paths to ask: none on Gitea."""
    return {}


PLAIN = (
    Wanted("repo", {"default_branch": "main"}, say("The default branch is not main.")),
    Wanted("repo", BUTTONS, say("Of the buttons Merge and Squash must be on, and no others.")),
)


def protection(a: Settings, _: Expected) -> Iterator[Flaw]:
    """Only a proposal reaches main, judged as it would be merged."""
    rules = [rule for rule in a.rows("protections") if rule["rule_name"] == "main"]
    if not rules:
        mend = curl(a, "POST", "/branch_protections", {**PROTECTION, **FORGEJO})
        yield Flaw(say("main is not protected."), mend)
    for rule in rules:
        wanted = FORGEJO if ADMINS in rule else PROTECTION
        wrong = [n for n, value in wanted.items() if value != rule[n] and n != CONTEXTS]
        wrong += [CONTEXTS] * (STATUS not in rule[CONTEXTS])
        if wrong:
            mend = curl(a, "PATCH", "/branch_protections/main", wanted)
            yield Flaw(say("main is protected otherwise: {names}.", names=say_names(wrong)), mend)


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
                curl(a, "DELETE", f"/collaborators/{one['login']}"),
            )
    for key in a.rows("keys"):
        if not key["read_only"]:
            yield Flaw(
                say("The deploy key {title} may write.", title=key["title"]),
                curl(a, "DELETE", f"/keys/{key['id']}"),
            )


CHECKS = (
    (say("repository"), fields(curl, *PLAIN)),
    (say("review.forge of the policy"), named_by_policy),
    (say("rules of main"), protection),
    (say("secrets"), secrets),
    (say("who can write"), writers),
)
BY_HAND = (
    say("Whether the timer of `sanshen forge poll` runs: systemctl list-timers sanshen-poll"),
)
