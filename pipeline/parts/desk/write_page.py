"""The writer's pages: my drafts, a new one, its form with what the machine finds, and submitting.

Saving is a commit on the draft's own branch, by the one writer of the clone; no page speaks of it.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pipeline.detect.formats import PICTURES, ending
from pipeline.detect.private import mask
from pipeline.errors import Fault, Misuse
from pipeline.history.waiting import WaitState, waiting
from pipeline.judge.judgements import check_files
from pipeline.judge.load_governance import Trusted
from pipeline.model.calendar import local_date
from pipeline.model.documents import Document
from pipeline.model.evidence import Review
from pipeline.model.findings import Effect, Finding, Message, say
from pipeline.model.zh_names import KINDS
from pipeline.new.post_form import FormField, Section, new_front_matter, post_bytes, sections
from pipeline.new.uploads import fit_to_publish
from pipeline.parts.desk.desk import desk_of
from pipeline.parts.desk.drafts import Draft, Edit, Files, edit, open_draft, own_draft
from pipeline.parts.desk.frame import Form, page, posted, session_of, without_commands
from pipeline.parts.desk.gate import wants_json
from pipeline.parts.desk.signing import email_of
from pipeline.parts.desk.waiting_list import address
from pipeline.parts.desk.writer import QueuedChange, SetAside, Waits
from pipeline.parts.proofreading.proofreading import Typo
from pipeline.parts.witness.proposals import Proposal, open_proposal
from pipeline.report.front_matter import Wording
from pipeline.report.language import harmless
from pipeline.report.summary import EFFECTS, ordered
from pipeline.source.content.paths import home
from pipeline.source.content.posts import split_post
from pipeline.source.git.branches import DRAFTS, MAIN, drop_branch, local, tip_of
from pipeline.source.git.repository import Repository
from pipeline.source.git.worktree import edited

_DECODING = Lock()
"""One picture at a time: the largest takes a few hundred megabytes."""
_PAUSES = "。！？；\n"
"""Signs that end a sentence."""


@dataclass(frozen=True)
class Hint:
    """A finding as the form shows it."""

    effect: Message
    refused: bool
    message: Message
    remedy: Message | None
    anchor: str
    """Id of what it is about on the page; empty: it is about nothing there."""
    words: str
    """The sentence of the text."""
    start: int
    """Where the sentence begins in the text, in UTF-16 units as browsers count."""
    end: int
    waivable: bool = False


def index(request: Request) -> Response:
    """Drafts and returned posts of mine, and the kinds of new ones."""
    desk, me = desk_of(request), session_of(request).person
    with desk.archive() as (repository, _):
        items = waiting(repository, desk.now()).items
        states = (WaitState.DRAFT, WaitState.RETURNED)
        own = [item for item in items if item.state in states and item.waits_for(me)]
        return page(request, "write", own=own, kinds=KINDS, address=partial(address, me=me))


def begin(request: Request, form: Form) -> Response:
    desk, me, kind = desk_of(request), session_of(request).person, form.get("kind", "")
    if kind not in KINDS:
        raise Fault(say("Nothing was chosen."), say("Choose a kind of post."))
    now = desk.now()
    day = local_date(now)
    with desk.archive() as (repository, registers):
        tenures = [t for t in registers.people[me].tenures if t.covers(day)]
        accounts = [account.id for account in registers.accounts_in_use(day)]
        keys = desk.clone.trusted(repository).front_matter.schema["properties"]
    department = tenures[0].department if tenures else ""
    chosen = accounts if len(accounts) == 1 else []
    post = f"{day}-{kind}-{secrets.token_hex(2)}"
    begun = new_front_matter(kind, me, department, now, chosen)
    front_matter = {key: value for key, value in begun.items() if key in keys}
    draft = Edit(post, front_matter, "", {f"{home(post)}/post.md": post_bytes(front_matter, "")})
    _put(request, DRAFTS + post, draft.files, say("Begin the draft {post}", post=post))
    return _to(DRAFTS + post, post)


def _to(branch: str, post: str) -> Response:
    return RedirectResponse(f"/write/draft?branch={branch}&post={post}", 303)


def _put(
    request: Request,
    branch: str,
    files: Files,
    words: Message,
    same: Mapping[str, str] = {},
    start: str = MAIN,
    options: tuple[str, ...] = (),
) -> None:
    """Commit files to a branch as the person who is signed in."""
    desk, me = desk_of(request), session_of(request).person
    with desk.archive() as (_, registers):
        email = email_of(registers.people[me])
    seconds, text = int(desk.now().timestamp()), desk.tr(words)
    desk.writer.put(QueuedChange(branch, files, text, me, email, seconds, same, options, start))


def _own_draft(request: Request, repository: Repository, given: Mapping[str, Any]) -> Draft:
    """The draft that a form or an address names; its writers alone come this far."""
    trusted = desk_of(request).clone.trusted(repository)
    me = trusted.registers.people[session_of(request).person]
    return own_draft(repository, str(given.get("_branch")), str(given.get("_post")), me)


def show(request: Request) -> Response:
    with desk_of(request).clone.repository() as repository:
        asked = {f"_{name}": request.query_params.get(name, "") for name in ("branch", "post")}
        draft = _own_draft(request, repository, asked)
        return _form(
            request, repository, draft, Edit(draft.post, draft.front_matter, draft.body, {})
        )


def _form(
    request: Request,
    repository: Repository,
    draft: Draft,
    made: Edit,
    fault: Fault | None = None,
    other: Draft | None = None,
    voids: tuple[Review, ...] = (),
) -> Response:
    """The form of a draft with an edit that may not be saved yet, and what the machine finds.

    `other`: what stands there by now, where it is not what the form was made of; `voids`: reviews
    that the edit ends, which has to be confirmed.
    """
    desk = desk_of(request)
    trusted = desk.clone.trusted(repository)
    wording = Wording(desk.tr, True, trusted.registers)
    value = _with_pictures(draft, made.front_matter)
    form = sections(trusted.front_matter.schema, value, wording, local_date(desk.now()))
    mine, theirs = made.front_matter, other.front_matter if other else made.front_matter
    return page(
        request,
        "draft",
        200 if fault is None else 409,
        draft=draft,
        base=(other or draft).base,
        made=made,
        form=form,
        hints=_hints(trusted, draft, made, form, desk.now())
        + _slips(made.body, desk.proofread(made.body, trusted.registers)),
        fault=fault,
        other=other,
        differing=[
            (wording.label(key), wording.value(key, theirs.get(key, "")))
            for key in {**mine, **theirs}
            if mine.get(key) != theirs.get(key)
        ],
        opinion=_opinion(repository, draft, desk.now()),
        voids=voids,
        original=_original(draft),
        registers=trusted.registers,
    )


def _with_pictures(draft: Draft, front_matter: Mapping[str, Any]) -> Mapping[str, Any]:
    """The front matter with a row for each picture that has none yet."""
    rows = front_matter.get("media", [])
    if not isinstance(rows, list):
        return front_matter
    listed = {row.get("file") for row in rows if isinstance(row, dict)}
    fresh = [n for n in draft.names if ending(n) in PICTURES and n not in listed]
    return (
        {**front_matter, "media": [*rows, *({"file": n} for n in fresh)]} if fresh else front_matter
    )


def _opinion(repository: Repository, draft: Draft, now: datetime) -> Review | None:
    """The review that sent the draft back, if one did."""
    steps = _steps(repository, draft, now)
    return steps[-1] if steps and steps[-1].decision == "return" else None


def _steps(repository: Repository, draft: Draft, now: datetime) -> tuple[Review, ...]:
    """The decisions on the present revision, where the draft is newest."""
    for item in waiting(repository, now).items:
        if item.post.id == draft.post and local(item.branch) == draft.branch:
            return item.steps
    return ()


def _original(draft: Draft) -> str:
    """The copy of a reprint's original, as far as it is text."""
    path = f"{home(draft.post)}/source.txt"
    return draft.tree.read(path).decode(errors="replace") if path in draft.tree.files else ""


def _hints(
    trusted: Trusted,
    draft: Draft,
    made: Edit,
    form: tuple[Section, ...],
    now: datetime,
) -> list[Hint]:
    """What `sanshen check` would say of the post, heaviest first; registers are for others."""
    path = f"{home(made.post)}/post.md"
    raw = post_bytes(made.front_matter, made.body)
    tree = edited(draft.tree, {**made.files, path: raw})
    report = check_files(tree, trusted, frozenset({made.post}), lambda _: now)
    document, body, first = split_post(path, raw)
    anchors = {field.name.partition(".")[0]: "" for s in form for field in s.fields}
    anchors = {key: f"s-{key}" for key in anchors}
    anchors |= {f.name: f"f-{f.name}" for s in form for f in _each(s.fields) if not f.rows}
    own = (verdict for verdict in report.verdicts if verdict.subject == made.post)
    findings = ordered([finding for verdict in own for finding in verdict.findings])
    return [_hint(f, document, body or "", first, anchors) for f in findings]


def _slips(body: str, slips: Iterable[Typo]) -> list[Hint]:
    """Likely typing errors of the text, behind what the law asks."""
    return [
        Hint(
            EFFECTS[Effect.NOTE], False, slip.note(body), None, "f-_body",
            body[slip.start : slip.end], _units(body[: slip.start]), _units(body[: slip.end]),
        )
        for slip in slips
    ]  # fmt: skip


def _each(some: tuple[FormField, ...]) -> Iterator[FormField]:
    for field in some:
        yield field
        for row in field.rows:
            yield from _each(row)


def _hint(
    finding: Finding, document: Document, body: str, first: int, anchors: Mapping[str, str]
) -> Hint:
    anchor, start, end, at = "", 0, 0, finding.location
    if at.path == document.path and at.line >= first:
        anchor, (start, end) = "f-_body", _sentence(body, at.line - first, at.column)
    elif at.path == document.path:
        anchor = _anchor(finding, document, anchors)
    elif at.path.startswith(document.path.removesuffix("post.md")):
        anchor = "s-media"
    words, remedy = body[start:end].strip(), without_commands(finding.remedy)
    return Hint(
        EFFECTS[finding.effect], finding.effect is Effect.REFUSE, finding.message, remedy,
        anchor, words[:60] + "…" * (len(words) > 60), _units(body[:start]), _units(body[:end]),
        bool(finding.waivable),
    )  # fmt: skip


def _anchor(finding: Finding, document: Document, anchors: Mapping[str, str]) -> str:
    """The field of the form that stands on the line of a finding, or that its message names."""
    key = str(dict(finding.message.values).get("key", ""))
    routes = [r for r, (line, _) in document.marks.items() if line == finding.location.line]
    name = ".".join(map(str, sorted(routes, key=len)[-1])) if routes else ""
    tried = (f"{name}.{key}", key, name, name.rpartition(".")[0])
    return next((anchors[some] for some in tried if some in anchors), "")


def _sentence(body: str, line: int, column: int) -> tuple[int, int]:
    """(start, end) of the sentence at a line and column of the text, or of the whole line."""
    lines = body.split("\n")
    start = sum(len(text) + 1 for text in lines[:line])
    text = lines[line] if line < len(lines) else ""
    if not column:
        return start, start + len(text)
    before = max(text.rfind(sign, 0, column - 1) for sign in _PAUSES) + 1
    ends = [at + 1 for sign in _PAUSES if (at := text.find(sign, column - 1)) >= 0]
    return start + before, start + min(ends, default=len(text))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


async def act(request: Request) -> Response:
    return await run_in_threadpool(_act, request, await request.form(max_fields=5000))


def _act(request: Request, form: FormData) -> Response:
    """Check, save or submit what the form holds."""
    desk, wanted = desk_of(request), str(form.get("_act", "check"))
    answers: dict[str, list[str]] = {}
    for name, text in form.multi_items():
        answers.setdefault(name, []).append(str(text))
    with desk.clone.repository() as repository:
        draft = _own_draft(request, repository, form)
        schema = desk.clone.trusted(repository).front_matter.schema
        made = edit(draft, schema, answers, desk.now())
        if wanted == "check":
            return _form(request, repository, draft, made)
        if form.get("_base") != draft.base:
            changed = Fault(
                say("Nothing was saved: this draft was changed elsewhere meanwhile."),
                say("Compare below. What you save now takes the place of the other wording."),
            )
            return _form(request, repository, draft, made, changed, draft)
        steps = _steps(repository, draft, desk.now())
        returned = bool(steps) and steps[-1].decision == "return"
        if made.files and draft.signed and not returned and form.get("_void") != draft.base:
            ended = Fault(
                say("Nothing was saved yet: this wording is under review, and saving ends that."),
                say("Press Save again if that is meant: all steps start anew."),
            )
            return _form(request, repository, draft, made, ended, voids=steps)
        try:
            return _saved(request, repository, draft, made, wanted)
        except (Waits, SetAside) as fault:
            return _form(request, repository, draft, made, fault)


def _saved(
    request: Request, repository: Repository, draft: Draft, made: Edit, wanted: str
) -> Response:
    """Save, and submit where that is wanted and nothing refuses it."""
    desk, branch, secret = desk_of(request), draft.branch, request.state.secret
    if made.files:
        title = str(made.front_matter.get("title", made.post))
        _put(
            request, branch, made.files, say("Write {title}", title=title), {draft.path: draft.base}
        )
    desk.done[secret] = say("Saved.")
    if wanted != "submit":
        return _to(branch, made.post)
    draft = open_draft(repository, branch, made.post)
    trusted = desk.clone.trusted(repository)
    wrong = [hint for hint in _hints(trusted, draft, made, (), desk.now()) if hint.refused]
    refused = None
    if not all(hint.waivable for hint in wrong):
        refused = Fault(
            say("Saved, and not submitted: the machine still refuses something."),
            say("Correct what is marked as refused, then submit again."),
        )
    elif _opinion(repository, draft, desk.now()):
        refused = Fault(
            say("Nothing was changed since it was returned."),
            say("Do what the opinion asks, then submit again."),
        )
    if refused:
        desk.done.pop(secret)
        return _form(request, repository, draft, made, refused)
    if not draft.submitted:
        _submit(request, repository, draft)
    waits = say("Submitted: a section head or a leader waives what is refused, before any review.")
    desk.done[secret] = waits if wrong else say("Submitted: it waits for the first review.")
    return RedirectResponse("/write", 303)


def _submit(request: Request, repository: Repository, draft: Draft) -> None:
    """Give the draft the branch of its post, and its proposal where the forge lets us."""
    desk, forge = desk_of(request), desk_of(request).forge
    title = harmless(mask(str(draft.front_matter.get("title", draft.post))))
    proposal = Proposal(draft.post, MAIN, title)
    options = proposal.push_options if forge and forge.kind == "gitlab" else ()
    whole = {draft.path: draft.tree.read(draft.path)}
    words = say("Submit {post}", post=draft.post)
    _put(request, draft.post, whole, words, start=draft.branch, options=options)
    drop_branch(repository, draft.branch, tip_of(repository, draft.branch))
    if forge and desk.ask_forge and not options:
        with suppress(Fault):  # without an answer the branch alone is what is submitted
            open_proposal(forge, proposal, desk.ask_forge)


def discard(request: Request, form: Form) -> Response:
    """Throw a draft away that was never submitted, branch and all; its writers alone may."""
    desk, me = desk_of(request), session_of(request).person
    with desk.clone.repository() as repository, repository.lock():
        draft = open_draft(repository, form.get("_branch", ""), form.get("_post", ""))
        if draft.submitted or me not in draft.writers:
            raise Fault(
                say("Only its writers delete a draft, and only one that was never submitted."),
                say("What was submitted is returned by a reviewer, or left to lie."),
            )
        _own_draft(request, repository, form)
        drop_branch(repository, draft.branch, tip_of(repository, draft.branch))
        if tip_of(repository, draft.branch):
            raise Fault(say("The draft could not be deleted now."), say("Try again later."))
    desk.done[request.state.secret] = say("The draft is deleted.")
    return RedirectResponse("/write", 303)


async def upload(request: Request) -> Response:
    """A picture or file for the draft; the gate has refused one that is too large."""
    async with request.form(max_files=1) as form:
        return await run_in_threadpool(_upload, request, form)


def _upload(request: Request, form: FormData) -> Response:
    given = form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        raise Misuse(say("Nothing was chosen."), say("Choose a picture or a file."))
    with desk_of(request).clone.repository() as repository:
        draft = _own_draft(request, repository, form)
        if draft.signed and not _opinion(repository, draft, desk_of(request).now()):
            raise Fault(
                say("Nothing was added: this wording is under review."),
                say("Begin a new revision first; all steps then start anew."),
            )
    with _DECODING:
        name, raw = fit_to_publish(given.filename, given.file.read(), ("post.md", *draft.names))
    path = f"{home(draft.post)}/{name}"
    _put(request, draft.branch, {path: raw}, say("Add {name}", name=name), {path: ""})
    if wants_json(request):
        return JSONResponse({"name": name, "picture": ending(name) in PICTURES})
    return _to(draft.branch, draft.post)


ROUTES = [
    Route("/write", index),
    Route("/write", posted(begin), methods=["POST"]),
    Route("/write/draft", show),
    Route("/write/draft", act, methods=["POST"]),
    Route("/write/discard", posted(discard), methods=["POST"]),
    Route("/write/files", upload, methods=["POST"]),
]
