"""已发布: the posts that main holds, by title or text; and of one what may be changed, and how."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import Fault, no_post
from pipeline.history.waiting import WaitState, waiting
from pipeline.model.calendar import local_date
from pipeline.model.findings import say
from pipeline.model.ids import BranchName, PostId
from pipeline.model.zh_names import CORRECTIONS
from pipeline.model.zh_names import KINDS as POST_KINDS
from pipeline.parts.desk.acting import form_of
from pipeline.parts.desk.desk import desk_of
from pipeline.parts.desk.drafts import Draft, Edit
from pipeline.parts.desk.frame import DeskPages, Form, page, posted, session_of
from pipeline.parts.desk.seeking import posts_holding
from pipeline.parts.desk.writing import writing_of
from pipeline.parts.published.changes import KINDS, AskedChange
from pipeline.sign.act import answered, refuse_left_open
from pipeline.sign.signing_context import context_at
from pipeline.source.content.posts import front_matter_of
from pipeline.source.git.branches import DRAFTS, MAIN, local

SHOWN = 20
"""Posts on a page of the list."""


def show(request: Request) -> Response:
    """The newest that hold all words; of one kind, where one is chosen."""
    desk, asked = desk_of(request), request.query_params
    words, kind = asked.get("q", "").split()[:8], asked.get("kind", "")
    start = int(n) if (n := asked.get("from", "0")).isdecimal() and len(n) < 7 else 0
    with desk.archive() as (repository, _):
        main = repository.base(MAIN)
        of_kind = (f'^kind: "?{kind}"?$',) if kind in POST_KINDS else ()
        ids = sorted(posts_holding(repository, main, words, *of_kind), reverse=True)
        tree = repository.tree(main)
        rows = [(id, front_matter_of(tree, id)) for id in ids[start:][:SHOWN]]
        more = {"q": " ".join(words), "kind": kind, "from": start + SHOWN}
        return page(
            request, "published", rows=rows, words=more["q"], kind=kind, kinds=POST_KINDS,
            count=len(ids), now=desk.now().isoformat(),
            later=urlencode(more) if len(ids) > start + SHOWN else "",
        )  # fmt: skip


def show_post(request: Request) -> Response:
    """One post: where it is carried, what was changed, what is under way, and what may be done."""
    desk, name = desk_of(request), request.path_params["post"]
    with desk.archive() as (repository, registers):
        now, me = desk.now(), session_of(request).person
        main = repository.base(MAIN)
        trusted = desk.clone.trusted(repository)
        archive = context_at(repository, trusted, main, now, frozenset({name})).archive
        post = archive.posts.get(name)
        if post is None:
            raise no_post(name)
        under_way = [
            item for item in waiting(repository, now).items
            if item.post.id == name and not item.merged
            and (item.state is not WaitState.DRAFT or item.branch.endswith(f"-{me}"))
        ]  # fmt: skip
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
        Route("/published", show),
        Route("/published/{post}", show_post),
        Route("/published/{post}/revise", posted(revise), methods=["POST"]),
        Route("/published/{post}/draft", show_draft),
    ]
    return DeskPages(Path(__file__).parent, routes, (("/published", say("Published posts")),))
