"""forge poll: one look at every open proposal on Gitea or Forgejo, from the bureau's machine.

Actions of Gitea know no environments, so a key there could be read by any branch: here it is a
file of this machine, and a systemd timer runs the command (docs/forge.md).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from pipeline.cli.forge_calls import Gitea, git, sanshen
from pipeline.cli.session import Session, fault_text
from pipeline.errors import Fault
from pipeline.forge.comment import (
    MARKER,
    NO_VERDICT,
    VERDICTS,
    accounts,
    body_of,
    preface,
    same_comment,
)
from pipeline.model.findings import EXIT_FAULT, EXIT_HOLD, EXIT_NOTHING, EXIT_OK, say

STATUS = "sanshen/verify"


def poll_once(session: Session, api: Gitea, key: Path | None) -> None:
    """Witness, judge and report each open proposal; what fails at one keeps no other waiting."""
    fetch = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "origin")
    git(*fetch, "+refs/heads/main:refs/remotes/origin/main")
    base = git("rev-parse", "refs/remotes/origin/main")
    me = json.loads(api.call("user") or "{}").get("login", "")
    failed = False
    for listed in api.every("/pulls?state=open"):
        if listed["base"]["ref"] != "main":
            continue
        try:
            git(*fetch, f"+refs/pull/{listed['number']}/head:refs/sanshen/{listed['number']}")
            _proposal(session, api, base, listed["number"], key, me)
        except Fault as fault:
            failed = True
            click.echo(f"#{listed['number']}：{fault_text(fault, session.tr)}", err=True)
    if failed:
        raise SystemExit(EXIT_FAULT)


def _proposal(
    session: Session, api: Gitea, base: str, number: int, key: Path | None, me: str
) -> None:
    reviews, pull = api.every(f"/pulls/{number}/reviews"), api.ask(f"/pulls/{number}")
    head = pull["head"]["sha"]
    with TemporaryDirectory() as folder:
        answer: dict[str, Any] = {}
        if key:
            file = Path(folder, "reviews.json")
            payload = {"pull": pull, "reviews": reviews, "complete": True}
            file.write_text(json.dumps(payload), encoding="utf-8")
            answer = _witnessed(base, head, number, file, key)
        if commit := answer.get("commit"):
            _push(pull["head"]["ref"], head, commit)
            head = commit
        report = Path(folder, "report.md")
        code, _ = sanshen("verify", "--base", base, "--head", head, "--format", "markdown",
                          "--output", str(report))  # fmt: skip
        text = report.read_text(encoding="utf-8") if report.is_file() else ""
        _, trial = sanshen("simulate", "--head", base, "--proposal", head,
                           "--format", "markdown")  # fmt: skip
    state, words = VERDICTS[code] if code in VERDICTS and text else NO_VERDICT
    above = preface(answer, session.tr) if answer else ""
    _report(api, number, head, state, session.tr(words), above + text + trial, me)
    if code == EXIT_HOLD and answer:
        _ask(api, number, pull, answer)


def _witnessed(base: str, head: str, number: int, file: Path, key: Path) -> dict[str, Any]:
    """What `sanshen witness` answers; nothing when it fails: what stands is judged all the same."""
    where = ("--base", base, "--head", head, "--pull", str(number))
    given = ("--reviews", str(file), "--key", str(key), "--format", "json")
    code, shown = sanshen("witness", *where, *given)
    answer: dict[str, Any] = json.loads(shown) if code in (EXIT_OK, EXIT_NOTHING) else {}
    return answer


def _push(branch: str, head: str, commit: str) -> None:
    """Onto the proposal's own branch, where it still ends at the head that was read."""
    if branch == "main":
        raise Fault(say("A record is never pushed to main."))
    lease = f"--force-with-lease=refs/heads/{branch}:{head}"
    git("push", "--quiet", lease, "origin", f"{commit}:refs/heads/{branch}")


def _report(
    api: Gitea, number: int, head: str, state: str, headline: str, text: str, me: str
) -> None:
    """Status and comment; what stands there already is not written again."""
    statuses = api.ask(f"/commits/{head}/status").get("statuses") or []
    now = [(s["status"], s["description"]) for s in statuses if s["context"] == STATUS]
    if (state, headline) not in now:
        given = {"context": STATUS, "state": state, "description": headline}
        api.ask(f"/statuses/{head}", "POST", given)
    body = body_of(headline, head, text)
    ours = [
        c
        for c in api.ask(f"/issues/{number}/comments")
        if c["user"]["login"] == me and c["body"].startswith(MARKER)
    ]
    if not ours:
        api.ask(f"/issues/{number}/comments", "POST", {"body": body})
    elif not same_comment(ours[0]["body"], body):
        api.ask(f"/issues/comments/{ours[0]['id']}", "PATCH", {"body": body})


def _ask(api: Gitea, number: int, pull: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Ask those who may take the next step; an account that is gone, or the author, is left out."""
    asked = {user["id"] for user in pull.get("requested_reviewers") or ()}
    for account in set(accounts(answer)) - asked - {pull["user"]["id"]}:
        users = json.loads(api.call(f"users/search?uid={account}") or "{}").get("data") or []
        if users:
            login = {"reviewers": [users[0]["login"]]}
            api.call(f"repos/{api.repository}/pulls/{number}/requested_reviewers", "POST", login)
