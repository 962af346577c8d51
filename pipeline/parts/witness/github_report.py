"""The last step of a round on GitHub: status, comment, label and reviewers of each proposal.

It holds a token that writes those, and no object of any proposal: only the reports made of them,
read as data. A `@name` in them mentions no account.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from pipeline.cli.calls import ForgeApi
from pipeline.cli.forge_api import Unanswered
from pipeline.errors import Fault
from pipeline.model.findings import EXIT_FAULT, say
from pipeline.parts.witness.github_round import LATER, Round, Row, status_of, written
from pipeline.parts.witness.proposals import (
    FAULT,
    HELD,
    LONGEST,
    MARKER,
    OUTCOMES,
    accounts,
    body_of,
    put_comment,
)
from pipeline.parts.witness.settings import STATUS

BOT = "github-actions[bot]"
LABEL = "三审/"
"""How each label of ours begins; people's own are left alone."""
REPORT_BYTES = 1_000_000
_PREVIEW = re.compile(r" · \[稿件预览\]\((https://[^)\s]*)\)$")


def report(step: Round) -> None:
    """Status, comment, label and reviewers of each proposal; one that fails holds up no other."""
    failed = False
    for row in step.proposals:
        try:
            _report(step, row)
        except (Fault, KeyError, TypeError, ValueError) as error:
            failed = True
            click.echo(repr(error), err=True)
            unwritten = say("Its status or comment could not be written.")
            step.announce("error", unwritten, row["number"])
    if failed:
        raise SystemExit(EXIT_FAULT)


def _report(step: Round, row: Row) -> None:
    head, number = row["head"], row["number"]
    if number:
        now = step.api.ask(f"/pulls/{number}")
        # A late round must not overwrite the verdict on a newer head (A5).
        if (now["state"], now["head"]["sha"]) != ("open", head):
            step.announce("notice", say("It has a new commit, or is closed."), number)
            return
    folder = step.temp / "verdicts" / head
    name = _text(folder / "outcome", 20)
    if name == LATER:
        step.announce("notice", say("This round did not reach it; it stays as it is."), number)
        return
    # No outcome at all means that the judging job broke: an error, never a pass.
    outcome = next((o for o in OUTCOMES.values() if o.name == name), FAULT)
    headline = step.tr(outcome.words)
    # A queue would wait for a verdict that no later round gives it.
    state = "failure" if outcome is HELD and not number else outcome.state
    _set_status(step, head, state, headline)
    if number:
        _comment(step, row, headline, _text(folder / "verdict.md", REPORT_BYTES))
        _label(step.api, number, f"{LABEL}{outcome.label}")
        if outcome is HELD:
            _ask(step, number, written(folder / "witness.json"))


def _text(path: Path, most: int) -> str:
    if not path.is_file() or path.is_symlink():
        return ""
    with path.open("rb") as file:
        return file.read(most).decode("utf-8", "replace")


def _run_page(step: Round) -> str:
    server, name = step.environment["GITHUB_SERVER_URL"], step.environment["GITHUB_REPOSITORY"]
    return f"{server}/{name}/actions/runs/{step.environment['GITHUB_RUN_ID']}"


def _set_status(step: Round, head: str, state: str, headline: str) -> None:
    """A commit takes 1,000 statuses of one name, and a round comes every ten minutes: what it
    bears already is not set again."""
    if status_of(step.api, head) != (state, headline):
        value = {"context": STATUS, "state": state, "description": headline}
        step.api.ask(f"/statuses/{head}", "POST", value | {"target_url": _run_page(step)})


def _comment(step: Round, row: Row, headline: str, text: str) -> None:
    """Our one comment: it opens with the marker and the bot wrote it, for anyone can type one.

    A preview is made once, so its link is taken over, from the line above the report.
    """
    ours = [
        c
        for c in step.api.every(f"/issues/{row['number']}/comments?per_page=100")
        if c["user"] and c["user"]["login"] == BOT and c["body"].startswith(MARKER)
    ]
    before = ours[0]["body"] if ours else ""
    preview = step.environment.get("PREVIEW", "") if row.get("fresh") else ""
    if not preview and (earlier := _PREVIEW.search("".join(before.split("\n")[3:4]))):
        preview = earlier[1]
    links = f"提交 {row['head']} · [运行页]({_run_page(step)})"
    links += f" · [稿件预览]({preview})" if preview else ""
    if len(text) > LONGEST:
        text = (
            step.tr(say("The report is long: this is its beginning, the run has it whole."))
            + f"\n\n{text}"
        )
    body = body_of(headline, links, text)
    put_comment(step.api, row["number"], ours, body)


def _label(api: ForgeApi, number: int, wanted: str) -> None:
    """One label of ours says how a proposal stands."""
    labels = f"/issues/{number}/labels"
    for old in [row["name"] for row in api.ask(f"{labels}?per_page=100")]:
        if old == wanted:
            return
        if old.startswith(LABEL):
            api.ask(f"{labels}/{quote(old, safe='')}", "DELETE")
    api.ask(labels, "POST", {"labels": [wanted]})


def _ask(step: Round, number: int, answer: Mapping[str, Any]) -> None:
    """Those who may take the next step, by their account numbers: a login can be taken over.

    Who made the proposal cannot be asked, and an account may be gone: the rest goes on.
    """
    if not answer:
        return
    where = f"/pulls/{number}/requested_reviewers"
    asked = {user["id"] for user in step.api.ask(where)["users"]}
    for account in accounts(answer):
        if account not in asked:
            with suppress(Unanswered):
                login = step.api.call(f"user/{account}")["login"]
                step.api.ask(where, "POST", {"reviewers": [login]})
