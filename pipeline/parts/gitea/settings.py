"""Checks of a repository's settings on Gitea or Forgejo, as `github` has them."""

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.cli.forge_api import why_unread
from pipeline.model.findings import say, say_names
from pipeline.parts.witness.settings import (
    SECRETS,
    STATUS,
    Expected,
    Flaw,
    ForgeSettings,
    NotRead,
    Settings,
    Wanted,
    curl,
    fields,
    named_by_policy,
)

_SETTINGS: Mapping[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_bytes())
READS = _SETTINGS["reads"]
"""As `github.READS`; the first three tell who can write main."""
CONTEXTS = "status_check_contexts"
PROTECTION: Mapping[str, Any] = {**_SETTINGS["protection"], CONTEXTS: [STATUS]}
"""Of main's rule. All who can write may put files of an unprotected pattern on main."""
_NEWER = "enable_bypass_allowlist"
"""A field that older servers do not have, nor what it would permit."""
ADMINS = "apply_to_admins"
_GITEA_ALONE = ("enable_force_push", "block_admin_merge_override", _NEWER)
FORGEJO = {n: v for n, v in PROTECTION.items() if n not in _GITEA_ALONE} | {ADMINS: True}
"""Forgejo never lets a protected branch be forced, and has a name of its own for administrators."""
BUTTONS = _SETTINGS["buttons"]
HIDDEN = {"allow_manual_merge", "autodetect_manual_merge"}
"""A proposal marked as merged by hand was judged by nothing, and main stays as it was. Forgejo sets
both as it is asked to, and shows neither (met)."""
WRITES = ("write", "admin", "owner")
FRESH = _SETTINGS["fresh"]


def follow(answers: Mapping[str, Any]) -> dict[str, str]:
    """Further paths to ask after the first answers: what each may do, members, shared secrets."""
    logins = [one["login"] for one in answers.get("collaborators", ())]
    teams = [team["id"] for team in answers.get("teams", ())]
    owner = answers.get("repo", {}).get("owner", {}).get("login", "")
    shared = {"organisation-secrets": f"orgs/{quote(owner)}/actions/secrets?limit=50"}
    return {
        **{f"permission:{n}": f"/collaborators/{quote(n)}/permission" for n in logins},
        **{f"members:{n}": f"teams/{int(n)}/members?limit=50" for n in teams},
        **(shared if owner else {}),
    }


PLAIN = (
    Wanted("repo", {"default_branch": "main"}, say("The default branch is not main.")),
    Wanted("repo", {"has_pull_requests": True}, say("The repository takes no proposals.")),
)


def repository(a: Settings, e: Expected) -> Iterator[Flaw]:
    """What any proposal needs; of a button that is not shown `by_hand` tells."""
    yield from fields(curl, *PLAIN)(a, e)
    given = dict.fromkeys(HIDDEN, False) | a["repo"]
    if any(given[name] != value for name, value in BUTTONS.items()):
        message = say("Of the buttons Merge and Squash must be on, and no others.")
        yield Flaw(message, curl(a, "PATCH", "", BUTTONS))


def by_hand(a: Settings, _: Expected) -> Iterator[Flaw]:
    """Whether it can be read at all; a flaw is the repository's."""
    if not a["repo"].keys() >= HIDDEN:
        raise NotRead(say("This server does not show it. What `forge setup` prints forbids it."))
    yield from ()


def protection(a: Settings, _: Expected) -> Iterator[Flaw]:
    """Only a proposal reaches main, judged as it would be merged."""
    governs = a["branch"]["protected"] and a["branch"]["effective_branch_protection_name"]
    if governs == "":  # a server tells it to administrators alone
        raise NotRead(why_unread("403"))
    rules = [rule for rule in a.rows("protections") if rule["rule_name"] == "main"]
    if not rules:
        mend = curl(a, "POST", "/branch_protections", {**PROTECTION, **FORGEJO})
        yield Flaw(say("main is not protected."), mend)
    elif governs != "main":
        mend = curl(a, "PATCH", "/branch_protections/main", {"priority": 0})
        yield Flaw(say("The rule {name} governs main, before the rule main.", name=governs), mend)
    for rule in rules:
        wanted = FORGEJO if ADMINS in rule else PROTECTION
        wrong = [
            n
            for n, value in wanted.items()
            if n != CONTEXTS and (n != _NEWER or n in rule) and value != rule[n]
        ]
        wrong += [CONTEXTS] * (STATUS not in (rule[CONTEXTS] or ()))
        if wrong:
            mend = curl(a, "PATCH", "/branch_protections/main", wanted)
            yield Flaw(say("main is protected otherwise: {names}.", names=say_names(wrong)), mend)


def tags(a: Settings, _: Expected) -> Iterator[Flaw]:
    """A tag called main is what Gitea compares proposals with (met): then none can be merged, or
    one that is behind can."""
    if "tag" in a.answers:
        yield Flaw(say("A tag is called main, and proposals are compared with it."),
                   curl(a, "DELETE", "/tags/main"))  # fmt: skip
    elif a.unread.get("tag", "404") != "404":
        a["tag"]
    rules = [rule for rule in a.rows("tags") if fnmatchcase("main", rule["name_pattern"])]
    allowed = {"whitelist_teams": ["Owners"], "whitelist_usernames": []}  # it demands one
    if _of_a_person(a):
        allowed = {"whitelist_teams": [], "whitelist_usernames": [a.owner]}
    more = [n for r in rules for key in allowed for n in r[key] or () if n not in allowed[key]]
    if not rules or more:
        mend = curl(a, "POST", "/tag_protections", {"name_pattern": "main", **allowed})
        yield Flaw(say("All who can write may make a tag called main."), mend)


def secrets(a: Settings, _: Expected) -> Iterator[Flaw]:
    """Gitea's Actions know no environments: a key there can be read by any branch."""
    for secret in sorted({entry["name"] for entry in a.rows("secrets")}.intersection(SECRETS)):
        yield Flaw(
            say("Any branch can read {secret}: it is a secret of the repository.", secret=secret),
            curl(a, "DELETE", f"/actions/secrets/{secret}"),
        )
    if _of_a_person(a):
        message = say("A person's own secrets reach every branch, and no interface lists them.")
        raise NotRead(message)
    shared = {entry["name"] for entry in a.rows("organisation-secrets")}
    for secret in sorted(shared.intersection(SECRETS)):
        message = say("Any branch can read {secret}: the organisation shares it.", secret=secret)
        yield Flaw(message, curl(a, "DELETE", f"orgs/{a.owner}/actions/secrets/{secret}"))


def _of_a_person(a: Settings) -> bool:
    """Whether the repository is a person's: there are no teams, says the server."""
    return a.unread.get("teams") == "405"


def writers(a: Settings, e: Expected) -> Iterator[Flaw]:
    """Who can push a branch: people of the roster, no deploy key."""
    for one, path in _who_can_write(a):
        if e.people and one["id"] not in e.people:
            message = say("{login} may write and is no account of the roster.", login=one["login"])
            yield Flaw(message, curl(a, "DELETE", path))
    for key in a.rows("keys"):
        if not key["read_only"]:
            message = say("The deploy key {title} may write.", title=key["title"])
            yield Flaw(message, curl(a, "DELETE", f"/keys/{key['id']}"))


def _who_can_write(a: Settings) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Each account that may write code, and the path that takes it away."""
    for one in a.rows("collaborators"):
        if a[f"permission:{one['login']}"]["permission"] in WRITES:
            yield one, f"/collaborators/{quote(one['login'])}"
    for team in a.rows("teams") if not _of_a_person(a) else ():
        if {team["permission"], team["units_map"].get("repo.code")}.intersection(WRITES):
            for one in a.rows(f"members:{team['id']}"):
                yield one, f"teams/{int(team['id'])}/members/{quote(one['login'])}"


GUARDS = ((say("repository"), repository), (say("rules of main"), protection))
"""What keeps main from everybody: without it nothing of a new main is installed."""
CHECKS = (
    *GUARDS,
    (say("merging by hand"), by_hand),
    (say("review.forge of the policy"), named_by_policy),
    (say("secrets"), secrets),
    (say("tags"), tags),
    (say("who can write"), writers),
)
BY_HAND = (
    say(
        "Who sets the status {status}: on Gitea all who can write may. The timer sets its own"
        " again; its log names the other.",
        status=STATUS,
    ),
    say("Whether the timer of `sanshen forge poll` runs: systemctl list-timers sanshen-poll"),
)
SETTINGS = ForgeSettings(READS, follow, CHECKS, BY_HAND, FRESH, GUARDS)
