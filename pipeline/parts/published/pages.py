"""A post that main holds: what may be changed of it, and how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import Fault, no_post
from pipeline.history.waiting import WaitState, waiting
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.findings import Message, say
from pipeline.model.ids import BranchName, PostId
from pipeline.model.zh_names import CORRECTIONS
from pipeline.new.fields import moment_of
from pipeline.new.post_form import post_bytes
from pipeline.parts.desk.acting import form_of
from pipeline.parts.desk.desk import desk_of
from pipeline.parts.desk.drafts import Draft, Edit
from pipeline.parts.desk.frame import DeskPages, Form, page, posted, session_of
from pipeline.parts.desk.writing import writing_of
from pipeline.sign.act import answered, ask, context_at, refuse_left_open
from pipeline.source.content.paths import home
from pipeline.source.git.branches import DRAFTS, MAIN, local

# What becomes of a published post: corrected, updated, withdrawn, or its warning lifted.


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
            say(
                "It was issued at {when}; nothing is lifted before.",
                when=_minute(alert, "issued_at"),
            ),
            say("Write the time at which it was lifted."),
        )
    if ends and at > ends:
        raise Fault(
            say(
                "It ended by itself at {when}, and its page says so.",
                when=_minute(alert, "ends_at"),
            ),
            correct,
        )
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


def show_post(request: Request) -> Response:
    """One post: where it is carried, what was changed, what is under way, and what may be done."""
    desk, name = desk_of(request), request.path_params["post"]
    with desk.archive() as (repository, registers):
        now, main = desk.now(), repository.base(MAIN)
        trusted = desk.clone.trusted(repository)
        archive = context_at(repository, trusted, main, now, frozenset({name})).archive
        post = archive.posts.get(name)
        if post is None:
            raise no_post(name)
        seen = waiting(repository, now).seen_by(session_of(request).person)
        under_way = [item for item in seen if item.post.id == name and not item.merged]
        return page(
            request, "published_post", post=post, registers=registers,
            carried=sorted(archive.publications_of(name), key=lambda p: p.published_at),
            corrections=sorted(archive.corrections_of(name), key=lambda c: -c.revision),
            changes=CORRECTIONS, under_way=under_way, draft=WaitState.DRAFT,
            meta=post.document.value, now=now.isoformat(), kinds=KINDS,
            fields=lambda kind: form_of(AskedChange(), desk.tr, kind.names),
            address=lambda item: _address(local(item.branch), name),
        )  # fmt: skip


def _address(branch: BranchName, post: PostId) -> str:
    """The form of a draft, or for one that needs no more writing the page that shows it."""
    if not branch.startswith(DRAFTS):
        return f"/posts/{post}/"
    whole = any(kind.whole and f"{post}-{key}-r" in branch for key, kind in KINDS.items())
    page = f"/published/{post}/draft?" if whole else f"/write/draft?post={post}&"
    return f"{page}branch={quote(branch, safe='')}"


def revise(request: Request, form: Form) -> Response:
    """Begin a change; the page that follows shows it, and hands it in."""
    desk, name, key = desk_of(request), request.path_params["post"], form.get("kind", "")
    if key not in KINDS:
        raise Fault(say("Nothing was chosen."), say("Choose what is to be done."))
    kind = KINDS[key]
    asked = answered(AskedChange(), form, kind.names)
    refuse_left_open(asked, *kind.names[: kind.names[0] == "reason"])

    def change(standing: Draft) -> Edit:
        made = kind.made(standing, asked, desk.now())
        return replace(made, record={"kind": kind.record, **made.record})

    with writing_of(request) as writing:
        branch = writing.revise(name, key, change, anew=kind.whole)
    return RedirectResponse(_address(branch, name), 303)


def show_draft(request: Request) -> Response:
    """A withdrawal or a lifting as readers will see it, before it is handed in."""
    desk, name = desk_of(request), request.path_params["post"]
    with writing_of(request) as writing:
        draft = writing.open(BranchName(request.query_params.get("branch", "")), name)
        checked = writing.checked(draft, Edit(name, draft.front_matter, draft.body, {}))
        return page(
            request, "revision", draft=draft, kind=CORRECTIONS.get(draft.record.get("kind", "")),
            findings=[f for f in checked.findings if f.effect.name == "REFUSE"],
            today=local_date(desk.now()),
        )  # fmt: skip


def pages() -> DeskPages:
    routes = [
        Route("/published/{post}", show_post),
        Route("/published/{post}/revise", posted(revise), methods=["POST"]),
        Route("/published/{post}/draft", show_draft),
    ]
    return DeskPages(Path(__file__).parent, routes)
