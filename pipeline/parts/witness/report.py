"""What a round writes onto a proposal: status, one comment, label, and who is asked to review.

The same on every forge. It holds a token that writes those, and no object of any proposal: only
the reports made of them, read as data. A `@name` in them mentions no account.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pipeline.cli.calls import ForgeApi
from pipeline.cli.forge_api import Unanswered
from pipeline.model.findings import Message, say
from pipeline.model.ids import CommitId
from pipeline.parts.witness.proposals import HELD, ProposalOutcome, accounts
from pipeline.parts.witness.settings import STATUS
from pipeline.report.language import Translate

MARKER = "<!-- sanshen-verdict -->"
LONGEST_REPORT = 55_000
"""Characters of a report that a comment holds."""
LABEL = "三审/"
"""How each label of ours begins; people's own are left alone."""
COLOUR = "1d76db"
_OF_A_RUN = re.compile(r"(?:时间：|Time: )[0-9][0-9 :-]*[。.]|\[运行页\]\([^)]*\)")
"""The time of a run in its report, and the address of its page."""


def statuses(api: ForgeApi, head: CommitId) -> list[Mapping[str, Any]]:
    """The statuses of our name that a commit bears, the latest of each that a forge lists."""
    rows = api.ask(f"/commits/{head}/status?per_page=100&limit=50")["statuses"] or ()
    return [row for row in rows if row["context"] == STATUS]


def same_comment(one: str, other: str) -> bool:
    """Whether two comments differ in nothing but the run and its time: each round has another."""
    return _OF_A_RUN.sub("", one).rstrip() == _OF_A_RUN.sub("", other).rstrip()


@dataclass(frozen=True)
class Reporter:
    """A round's own account on a forge."""

    api: ForgeApi
    tr: Translate
    mine: Callable[[Mapping[str, Any]], bool]
    """Whether an account is this one."""
    remark: Callable[[Message], None]
    page: str = ""
    """Address of the run's own page; empty: it has none."""

    def report(
        self,
        pull: Mapping[str, Any],
        head: CommitId,
        outcome: ProposalOutcome,
        text: str,
        answer: Mapping[str, Any],
    ) -> None:
        """All that a proposal is told about a head. `answer`: the witness's."""
        number = pull["number"]
        self.set_status(head, outcome.state, outcome.words)
        self._comment(number, head, self.tr(outcome.words), text)
        self._label(number, f"{LABEL}{outcome.label}")
        if outcome is HELD and answer:
            self._ask(pull, answer)

    def set_status(self, head: CommitId, state: str, words: Message) -> None:
        """A commit takes 1,000 statuses of one name, and a round comes every few minutes: what
        stands there already, and is ours, is not set again.

        All who can write can set one of any name, and the latest counts; some forges say who.
        """
        wanted, stands = (state, headline := self.tr(words)), False
        for row in statuses(self.api, head):
            by = row.get("creator", False)
            if by is False or self.mine(by or {}):
                stands |= (row.get("state") or row["status"], row["description"]) == wanted
            elif by:
                self.remark(say("{login} had set the status {status} of {commit}; it is set anew.",
                                login=by["login"], status=STATUS, commit=head[:12]))  # fmt: skip
        if not stands:
            value = {"context": STATUS, "state": state, "description": headline}
            given = {"target_url": self.page} if self.page else {}
            self.api.ask(f"/statuses/{head}", "POST", value | given)

    def _comment(self, number: int, head: CommitId, headline: str, text: str) -> None:
        """Our one comment: it opens with the marker and we wrote it, for anyone can type one."""
        ours = [
            c
            for c in self.api.every(f"/issues/{number}/comments?per_page=100")
            if self.mine(c["user"] or {}) and c["body"].startswith(MARKER)
        ]
        line = f"提交 {head}" + (f" · [运行页]({self.page})" if self.page else "")
        if len(text) > LONGEST_REPORT:
            long = say("The report is long: this is its beginning, `sanshen verify` prints it all.")
            text = f"{self.tr(long)}\n\n{text}"
        harmless_text = text.replace("@", "@\u2060")[:LONGEST_REPORT]
        body = f"{MARKER}\n### {headline}\n\n{line}\n\n{harmless_text}"
        if not ours:
            self.api.ask(f"/issues/{number}/comments", "POST", {"body": body})
        elif not same_comment(ours[0]["body"], body):
            self.api.ask(f"/issues/comments/{ours[0]['id']}", "PATCH", {"body": body})

    def _label(self, number: int, wanted: str) -> None:
        """One label of ours says how a proposal stands. Gitea passes over one that the repository
        does not have."""
        where = f"/issues/{number}/labels"
        names = [row["name"] for row in self.api.ask(f"{where}?per_page=100") or ()]
        others = [name for name in names if not name.startswith(LABEL)]
        if [name for name in names if name not in others] == [wanted]:
            return
        given = {"labels": [*others, wanted]}
        if wanted not in [row["name"] for row in self.api.ask(where, "PUT", given) or ()]:
            self.api.ask("/labels", "POST", {"name": wanted, "color": COLOUR})
            self.api.ask(where, "PUT", given)

    def _ask(self, pull: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
        """Those who may take the next step, by their account numbers: a login can be taken over.

        Who made the proposal cannot be asked, and an account may be gone: the rest goes on.
        """
        asked = {user["id"] for user in filter(None, pull.get("requested_reviewers") or ())}
        where = f"/pulls/{pull['number']}/requested_reviewers"
        for account in set(accounts(answer)) - asked - {(pull["user"] or {}).get("id")}:
            with suppress(Unanswered):
                self.api.ask(where, "POST", {"reviewers": [self.api.login(account)]})
