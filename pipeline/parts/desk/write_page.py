"""The writer's pages: my drafts, a new one, its form with what the machine finds, and submitting.

Saving is a commit on the draft's own branch, by the one writer of the clone; no page speaks of it.
"""

import asyncio
import json
import math
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any
from urllib.parse import quote

from anyio import BrokenResourceError, ClosedResourceError, create_memory_object_stream, from_thread
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from pipeline.detect.endings import LISTED, PICTURES, ending
from pipeline.errors import Fault, Misuse
from pipeline.model import calendar, documents, evidence
from pipeline.model.findings import Effect, Finding, Message, say
from pipeline.model.ids import BranchName, PostId
from pipeline.model.zh_names import CORRECTIONS, KINDS
from pipeline.new.fields import Answers
from pipeline.new.post_form import SNAPSHOT, FieldMaker, FormField, Section, deciding, sections
from pipeline.parts.desk.drafts import RECORD, Draft, Edit, asked_of, edit
from pipeline.parts.desk.frame import (
    DeskFrame,
    Form,
    SetAside,
    Waits,
    formed,
    frame_of,
    page,
    posted,
)
from pipeline.parts.desk.gate import wants_json
from pipeline.parts.desk.writing import Checked, Writing, writing_of
from pipeline.report.front_matter import RecordWording, Wording
from pipeline.report.summary import EFFECTS

Send = Callable[[object], None]


class Unheard(BaseException):
    """No one waits for the answer any more. Nothing is wrong, so what mends faults lets it pass."""


def piecemeal(request: Request, make: Callable[[Send], None]) -> StreamingResponse:
    """What `make`, in a thread, hands to the function that it is given, at once and a line of JSON
    each; a fault is the last. That function raises `Unheard`."""
    tr = frame_of(request).tr

    async def lines() -> AsyncIterator[str]:
        made, arriving = create_memory_object_stream[object](math.inf)

        def send(piece: object) -> None:
            try:
                from_thread.run_sync(made.send_nowait, piece)
            except (BrokenResourceError, ClosedResourceError):
                raise Unheard from None

        def run() -> None:
            with suppress(Unheard):
                try:
                    make(send)
                except Fault as fault:
                    send({"error": tr(fault.message)})
                finally:
                    from_thread.run_sync(made.close)

        # No task group: who stops listening has this closed by whichever task comes by.
        with made, arriving:
            making = asyncio.create_task(run_in_threadpool(run))
            async for piece in arriving:
                yield json.dumps(piece) + "\n"
            await making

    at_once = {"X-Accel-Buffering": "no"}  # says it to a web server in front
    return StreamingResponse(lines(), media_type="application/x-ndjson", headers=at_once)


_PAUSES = "。！？；\n"
"""Signs that end a sentence."""
_LINK = re.compile(r"\[([^\[\]\n]*)\]\(([^()\s]+)")
"""The words and the file of a link or a picture."""
SHOWN_PICTURES = 24
"""Earlier pictures on a page."""


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
    swap: str = ""
    """What one press puts in place of the words from `first` to `last`; empty: nothing."""
    first: int = 0
    last: int = 0
    instead_of: str = ""
    """These words, in a text that may have changed since."""


def index(request: Request) -> Response:
    """Drafts and returned posts of mine, and the kinds and templates of new ones."""
    with writing_of(request) as writing:
        some = _templates(writing).values()
        own = writing.own()
        return page(request, "write", own=own, kinds=KINDS, address=_address, templates=some)


def _templates(writing: Writing) -> dict[str, Mapping[str, str]]:
    """Id → entry of the register; an archive may have none, or none that can be read."""
    return {row.id: row.value for row in writing.registers.listed("templates")}


def _address(branch: BranchName, post: PostId) -> str:
    return f"/write/draft?branch={quote(branch, safe='')}&post={post}"


def begin(request: Request, form: Form) -> Response:
    with writing_of(request) as writing:
        branch, post = BranchName(form.get("_branch", "")), PostId(form.get("_post", ""))
        like = writing.model(branch, post) if "_post" in form else None
        template = _templates(writing).get(form.get("template", ""), {})
        if "template" in form and not template:
            raise Fault(say("This template is there no more."), say("Choose another."))
        kind = str((like.front_matter if like else template or form).get("kind", ""))
        if kind and kind not in writing.schema["properties"]["kind"].get("enum", KINDS):
            raise Fault(
                say("Posts of this kind are written no more."),
                say("Begin a post of another kind, and copy the text."),
            )
        if kind not in KINDS:
            raise Fault(say("Nothing was chosen."), say("Choose a kind of post."))
        return RedirectResponse(_address(*writing.begin(kind, like, template)), 303)


def show(request: Request) -> Response:
    asked = request.query_params.get
    with writing_of(request) as writing:
        draft = writing.open(BranchName(asked("branch", "")), PostId(asked("post", "")))
        made = Edit(draft.post, draft.front_matter, draft.body, {}, draft.record)
        if typed := writing.unsaved(draft):
            now = frame_of(request).now()
            made = edit(draft, writing.schema, typed.answers, now, writing.records)
            draft = replace(draft, base=typed.base)
        return _form(request, writing, draft, made, typed=typed.at if typed and made.files else "")


def _form(
    request: Request,
    writing: Writing,
    draft: Draft,
    made: Edit,
    fault: Fault | None = None,
    other: Draft | None = None,
    voids: tuple[evidence.Review, ...] = (),
    typed: str = "",
) -> Response:
    """The form of a draft with an edit that may not be saved yet, and what the machine finds.

    `other`: what stands there by now, where it is not what the form was made of; `voids`: reviews
    that the edit ends, which has to be confirmed; `typed`: when it was typed, where it was not
    saved.
    """
    frame, registers = frame_of(request), writing.registers
    wording = Wording(frame.tr, True, registers)
    names, day = RecordWording(frame.tr, True, registers), calendar.local_date(frame.now())
    form = _sections(frame, writing, draft, made)
    mine, theirs = made.front_matter, other.front_matter if other else made.front_matter
    return page(
        request,
        "draft",
        200 if fault is None else 409,
        draft=draft,
        base=(other or draft).base,
        made=made,
        form=form,
        deciding=deciding(writing.schema),
        is_picture=lambda name: ending(name) in PICTURES,
        called={name: words for words, name in _LINK.findall(made.body) if words},
        hints=_hints(writing.checked(draft, made), form),
        fault=fault,
        other=other,
        differing=[
            (wording.label(key), wording.value(key, theirs.get(key, "")))
            for key in {**mine, **theirs}
            if mine.get(key) != theirs.get(key)
        ],
        opinion=_opinion(writing, draft),
        voids=voids,
        typed=typed,
        change=CORRECTIONS.get(str(made.record.get("kind", ""))),
        asked=[
            FieldMaker(names, day).field(each, made.record, RECORD)
            for each in (asked_of(writing.records) if draft.public else ())
        ],
        original=_original(draft),
        registers=registers,
    )


def _sections(frame: DeskFrame, writing: Writing, draft: Draft, made: Edit) -> tuple[Section, ...]:
    """What the form asks."""
    wording, day = Wording(frame.tr, True, writing.registers), calendar.local_date(frame.now())
    return sections(writing.schema, _with_pictures(draft, made.front_matter), wording, day)


def _with_pictures(draft: Draft, front_matter: Mapping[str, Any]) -> Mapping[str, Any]:
    """The front matter with a row for each picture, sound and film that has none yet."""
    rows = front_matter.get("media", [])
    if not isinstance(rows, list):
        return front_matter
    listed = {row.get("file") for row in rows if isinstance(row, dict)}
    fresh = [n for n in draft.names if ending(n) in LISTED and n not in listed]
    return (
        {**front_matter, "media": [*rows, *({"file": n} for n in fresh)]} if fresh else front_matter
    )


def _opinion(writing: Writing, draft: Draft) -> evidence.Review | None:
    """The review that sent the draft back, if one did."""
    steps = writing.steps(draft)
    return steps[-1] if steps and steps[-1].decision == "return" else None


def _original(draft: Draft) -> str:
    """The copy of a reprint's original, as far as it is text."""
    return draft.read(SNAPSHOT).decode(errors="replace") if SNAPSHOT in draft.names else ""


def _hints(checked: Checked, form: tuple[Section, ...]) -> list[Hint]:
    """What the machine finds, heaviest first."""
    anchors = {field.name.partition(".")[0]: "" for s in form for field in s.fields}
    anchors = {key: f"s-{key}" for key in anchors}
    anchors |= {f.name: f"f-{f.name}" for s in form for f in _each(s.fields) if not f.rows}
    return [_hint(f, checked, anchors) for f in checked.findings]


def _each(some: tuple[FormField, ...]) -> Iterator[FormField]:
    for field in some:
        yield field
        for row in field.rows:
            yield from _each(row)


def _hint(finding: Finding, checked: Checked, anchors: Mapping[str, str]) -> Hint:
    document, body, first = checked.document, checked.body, checked.first
    anchor, start, end, at, at_sign = "", 0, 0, finding.location, len(body)
    if at.path == document.path and at.line >= first:
        anchor, (start, end) = "f-_body", _sentence(body, at.line - first, at.column)
        at_sign = _sentence(body, at.line - first, 0)[0] + at.column - 1
    elif at.path == document.path:
        anchor = _anchor(finding, document, anchors)
    elif at.path.startswith(document.path.removesuffix("post.md")):
        anchor = "s-media"
    words = body[start:end].strip()
    return Hint(
        EFFECTS[finding.effect], finding.effect is Effect.REFUSE, finding.message, finding.remedy,
        anchor, words[:60] + "…" * (len(words) > 60), _units(body[:start]), _units(body[:end]),
        bool(finding.waivable), *_swap(finding.message, body, at_sign),
    )  # fmt: skip


def _swap(message: Message, body: str, at: int) -> tuple[str, int, int, str]:
    """(what to put, where, how far, instead of what) of a message that says so of the words at an
    offset."""
    values = dict(message.values)
    words, right = str(values.get("words", "")), str(values.get("to", values.get("term", "")))
    if not (words and right and body.startswith(words, at)):
        return "", 0, 0, ""
    return right, _units(body[:at]), _units(body[: at + len(words)]), words


def _anchor(finding: Finding, document: documents.Document, anchors: Mapping[str, str]) -> str:
    """The field of the form that stands on the line of a finding, or that it is about."""
    key = finding.about
    routes = [r for r, (line, _) in document.marks.items() if line == finding.location.line]
    name = ".".join(map(str, sorted(routes, key=len)[-1])) if routes else ""
    beside = name.rpartition(".")[0]
    tried = (f"{name}.{key}", f"{beside}.{key}", key, name, beside)
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


def _given(request: Request, writing: Writing, form: FormData) -> tuple[Draft, Answers, Edit]:
    """The draft that a form is of, what it holds, and what that makes of the draft."""
    answers: dict[str, list[str]] = {}
    for name, text in form.multi_items():
        answers.setdefault(name, []).append(str(text))
    draft = writing.open(BranchName(str(form.get("_branch"))), PostId(str(form.get("_post"))))
    now = frame_of(request).now()
    return draft, answers, edit(draft, writing.schema, answers, now, writing.records)


def _watched(request: Request, form: FormData, send: Send) -> None:
    """As the button 检查, piece by piece: how many clauses are left, and rows of what one found;
    the last has all rows, and none is left."""
    frame = frame_of(request)
    rows = frame.templates.get_template("_hints.html.j2")
    with writing_of(request) as writing:
        draft, answers, made = _given(request, writing, form)
        if full := writing.store(draft, str(form.get("_base")), answers if made.files else None):
            send({"error": frame.tr(full.message)})
        asked = _sections(frame, writing, draft, made)

        def show(checked: Checked) -> None:
            hints = _hints(checked, asked)
            send({"left": checked.left, "rows": rows.render(hints=hints) if hints else ""})

        show(writing.checked(draft, made, show))


def act(request: Request, form: FormData) -> Response:
    """Check, save or submit what the form holds."""
    wanted, base = str(form.get("_act", "check")), str(form.get("_base"))
    if wanted == "watch":
        return piecemeal(request, partial(_watched, request, form))
    with writing_of(request) as writing:
        draft, answers, made = _given(request, writing, form)
        if wanted == "forget":
            writing.store(draft, "", None)
            return RedirectResponse(_address(draft.branch, draft.post), 303)
        if wanted == "check":
            full = writing.store(draft, base, answers if made.files else None)
            return _form(request, writing, replace(draft, base=base), made, full)
        if base != draft.base:
            changed = Fault(
                say("Nothing was saved: this draft was changed elsewhere meanwhile."),
                say("Compare below. What you save now takes the place of the other wording."),
            )
            return _form(request, writing, draft, made, changed, draft)
        returned = _opinion(writing, draft)
        if made.files and draft.signed and not returned and form.get("_void") != draft.base:
            ended = Fault(
                say("Nothing was saved yet: this wording is under review, and saving ends that."),
                say("Press Save again if that is meant: all steps start anew."),
            )
            return _form(request, writing, draft, made, ended, voids=writing.steps(draft))
        try:
            return _saved(request, writing, draft, made, wanted)
        except (Waits, SetAside) as fault:
            return _form(request, writing, draft, made, fault)


def _saved(request: Request, writing: Writing, draft: Draft, made: Edit, wanted: str) -> Response:
    """Save, and submit where that is wanted and nothing refuses it."""
    done, secret = frame_of(request).done, request.state.secret
    if made.files:
        writing.save(draft, made)
    writing.store(draft, "", None)
    done[secret] = say("Saved.")
    if wanted != "submit":
        return RedirectResponse(_address(draft.branch, made.post), 303)
    draft = writing.open(draft.branch, made.post)
    wrong = [hint for hint in _hints(writing.checked(draft, made), ()) if hint.refused]
    refused = None
    if not all(hint.waivable for hint in wrong):
        refused = Fault(
            say("Saved, and not submitted: the machine still refuses something."),
            say("Correct what is marked as refused, then submit again."),
        )
    elif _opinion(writing, draft):
        refused = Fault(
            say("Nothing was changed since it was returned."),
            say("Do what the opinion asks, then submit again."),
        )
    if refused:
        done.pop(secret)
        return _form(request, writing, draft, made, refused)
    writing.submit(draft.branch, draft.post)
    waits = say("Submitted: a section head or a leader waives what is refused, before any review.")
    done[secret] = waits if wrong else say("Submitted: it waits for the first review.")
    return RedirectResponse("/write", 303)


def discard(request: Request, form: Form) -> Response:
    """Throw a draft away that was never submitted, branch and all; its writers alone may."""
    with writing_of(request) as writing:
        writing.discard(BranchName(form.get("_branch", "")), PostId(form.get("_post", "")))
    frame_of(request).done[request.state.secret] = say("The draft is deleted.")
    return RedirectResponse("/write", 303)


def upload(request: Request, form: FormData) -> Response:
    """A picture or file for the draft, or one that is published already; the gate has refused what
    is too large."""
    given, again = form.get("file"), str(form.get("again", ""))
    chosen = isinstance(given, UploadFile) and given.filename
    if not (chosen or again):
        raise Misuse(say("Nothing was chosen."), say("Choose a picture or a file."))
    with writing_of(request) as writing:
        draft = writing.open(BranchName(str(form.get("_branch"))), PostId(str(form.get("_post"))))
        if draft.signed and not _opinion(writing, draft):
            raise Fault(
                say("Nothing was added: this wording is under review."),
                say("Begin a new revision first; all steps then start anew."),
            )
        words: Mapping[str, str] = {}
        if isinstance(given, UploadFile) and chosen:
            name = writing.add(draft, chosen, given.file.read())
        else:
            post, _, file = again.partition("/")
            name, words = writing.again(draft, PostId(post), file)
    if wants_json(request):
        kind = ending(name)
        answer = {"picture": kind in PICTURES, "listed": kind in LISTED}
        return JSONResponse({"name": name, "words": words, **answer})
    return RedirectResponse(_address(draft.branch, draft.post), 303)


def pictures(request: Request) -> Response:
    """The newest published pictures, or those of posts that hold the words."""
    words = request.query_params.get("q", "").split()[:8]
    with writing_of(request) as writing:
        some = [*islice(writing.pictures(words), SHOWN_PICTURES)]
        return page(request, "pictures", some=some, words=" ".join(words))


def picture(request: Request) -> Response:
    """One of them."""
    post, name = (request.path_params[key] for key in ("post", "name"))
    with writing_of(request) as writing:
        raw = writing.picture(PostId(post), name)
    return Response(raw, media_type=f"image/{PICTURES[ending(name)].lower()}")


ROUTES = [
    Route("/write/pictures", pictures),
    Route("/write/pictures/{post}/{name}", picture),
    Route("/write", index),
    Route("/write", posted(begin), methods=["POST"]),
    Route("/write/draft", show),
    Route("/write/draft", formed(act), methods=["POST"]),
    Route("/write/discard", posted(discard), methods=["POST"]),
    Route("/write/files", formed(upload), methods=["POST"]),
]
