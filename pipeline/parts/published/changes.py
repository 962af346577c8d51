"""What becomes of a published post: corrected, updated, withdrawn, or its warning lifted."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pipeline.errors import Fault
from pipeline.model.calendar import SHANGHAI
from pipeline.model.findings import Message, say
from pipeline.model.frozen import dataclass, replace
from pipeline.new.fields import moment_of
from pipeline.new.post_form import post_bytes
from pipeline.parts.desk.drafts import Draft, Edit
from pipeline.sign.act import ask
from pipeline.source.content.paths import home


@dataclass(frozen=True)
class AskedChange:
    """What may be asked of a change; each button asks for some of it."""

    reason: str = ask(say("Why it changes, and how it came about; the public reads it"), default="")
    instead: str = ask(say("What its page says first; empty: what is done today"), default="")
    lifted_at: datetime | None = ask(say("When it was lifted; empty: now"), default=None)


class ChangeForm(NamedTuple):
    """A button of a published post."""

    label: Message
    record: str
    """Kind of the record that tells of it."""
    names: tuple[str, ...]
    """Of what is asked; what comes first must be answered, but a time."""
    made: Callable[[Draft, AskedChange, datetime], Edit]
    """(what stands, what was asked, now) → the next revision. Raises Fault for what cannot be."""
    whole: bool
    """Whether nothing is left to be written."""


def changed(draft: Draft, asked: AskedChange, _now: datetime) -> Edit:
    return _next(draft, {}, draft.body, asked.reason)


def withdrawn(draft: Draft, asked: AskedChange, now: datetime) -> Edit:
    """Title and dates stay, one sentence takes the place of the text, all files go."""
    if draft.front_matter.get("validity") == "withdrawn":
        raise Fault(say("It is withdrawn already."), say("Its page says since when and why."))
    day = f"{now.month}月{now.day}日"
    changed = {"validity": "withdrawn", "summary": "本内容已撤回。"}
    meta = {k: v for k, v in draft.front_matter.items() if k not in ("media", "facts")}
    bare = replace(draft, front_matter=meta)
    made = _next(bare, changed, asked.instead or f"本内容已于{day}撤回。", asked.reason)
    gone = {f"{home(draft.post)}/{name}": None for name in draft.names}
    return replace(made, files={**gone, **made.files})


def lifted(draft: Draft, asked: AskedChange, now: datetime) -> Edit:
    """The time of the lifting, told where the text begins."""
    alert = draft.front_matter.get("alert")
    if not isinstance(alert, dict) or draft.front_matter.get("validity") == "withdrawn":
        raise Fault(say("It is no warning in force."), say("Open the warning that is over."))
    correct = say("Is that time wrong, correct the post.")
    if alert.get("lifted_at"):
        raise Fault(
            say("The warning was lifted already, at {when}.", when=_minute(alert, "lifted_at")),
            correct,
        )
    at = asked.lifted_at or now
    issued, ends = (moment_of(str(alert.get(key))) for key in ("issued_at", "ends_at"))
    if issued and at < issued:
        raise Fault(
            say("It was issued at {when}; nothing is lifted before.",
                when=_minute(alert, "issued_at")),
            say("Write the time at which it was lifted."),
        )  # fmt: skip
    if ends and at > ends:
        raise Fault(
            say("It ended by itself at {when}, and its page says so.",
                when=_minute(alert, "ends_at")),
            correct,
        )  # fmt: skip
    when = at.astimezone(SHANGHAI)
    minute = f"{when.month}月{when.day}日{when.hour}时{when.minute}分"
    words = f"{alert.get('issuer', '')}{minute}解除预警。"
    value = {"alert": {**alert, "lifted_at": when.isoformat(timespec="seconds")}}
    body = f"**更新：** {asked.instead or words}\n\n{draft.body.lstrip()}"
    return _next(draft, value, body, asked.reason or words)


def _minute(alert: Mapping[str, Any], key: str) -> str:
    return str(alert[key]).replace("T", " ")[:16]


def _next(draft: Draft, changed: Mapping[str, Any], body: str, reason: str) -> Edit:
    meta = {**draft.front_matter, **changed, "revision": draft.revision + 1}
    return Edit(draft.post, meta, body, {draft.path: post_bytes(meta, body)}, {"reason": reason})


KINDS: Mapping[str, ChangeForm] = {
    "correct": ChangeForm(say("Correct"), "correction", ("reason",), changed, False),
    "update": ChangeForm(say("Update"), "update", ("reason",), changed, False),
    "withdraw": ChangeForm(say("Withdraw"), "withdrawal", ("reason", "instead"), withdrawn, True),
    "lift": ChangeForm(
        say("Lift the warning"), "update", ("lifted_at", "instead", "reason"), lifted, True
    ),
}
