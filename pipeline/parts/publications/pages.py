"""After the reviews: a proposal becomes part of main (入档), and what is published is recorded.

Who presses the button to merge decides nothing: main's own rules judge the proposal, here and again
at the remote. A forge that guards main refuses the push; then the proposal is merged there. The
operator has a page to copy a post from, and signs the record of its publication.
"""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pipeline.detect.endings import PICTURES, ending
from pipeline.detect.formats import image_sizes
from pipeline.errors import no_post
from pipeline.evidence.review.superseding import REMOVERS
from pipeline.history.pending_records import PendingRecords, pending_records
from pipeline.history.waiting import WaitingPost, WaitState, still_to_carry, waiting
from pipeline.judge.judgements import standing_of
from pipeline.model import calendar, waivers
from pipeline.model.channels import CopySheet, SheetPicture, channel_of, code_of, render_channel
from pipeline.model.findings import say
from pipeline.model.ids import PersonId, PostId
from pipeline.model.posts import Post, Rendition, Sizes
from pipeline.model.registers import Person, operators
from pipeline.parts.desk.acting import ask_for
from pipeline.parts.desk.desk import Bench, Desk, desk_of
from pipeline.parts.desk.frame import DeskPages, Form, no_page, page, posted, session_of
from pipeline.report.copy_page import copy_page, copy_policy
from pipeline.sign.act import SigningContext, asked_fields, context_at
from pipeline.sign.acts.publish import PUBLISH, Publishing
from pipeline.source.content.paths import PUBLICATIONS, Files
from pipeline.source.git.branches import MAIN, local
from pipeline.source.git.repository import Repository

_RECENT = 20
"""How many records of publication the list shows, the newest first."""


def show(request: Request) -> Response:
    """The list: what main holds confirmed and accounts have still to carry; below, what was."""
    desk = desk_of(request)
    now = desk.now()
    with desk.archive() as (repository, registers):
        items = waiting(repository, now).seen_by(session_of(request).person)
        pending = pending_records(repository)
        signed = [
            p.rpartition("/")[2].split(".") for p in pending.branches if p.startswith(PUBLICATIONS)
        ]
        carried = [p for i in items for p in i.archive.publications_of(i.post.id)]
        return page(
            request,
            "operate",
            items=[i for i in items if i.accounts and _to_publish(i, now)],
            under_review=[
                i for i in items if i.accounts and not i.archive.approvals[i.post.id].complete
            ],
            recorded={(name[2], name[1]) for name in signed},
            carried=sorted(carried, key=lambda p: p.published_at, reverse=True)[:_RECENT],
            registers=registers,
            branches=sorted({*pending.branches.values()}),
        )


def _to_publish(item: WaitingPost, now: datetime) -> bool:
    return item.state is WaitState.PUBLICATION or waivers.ordered_out(item.post, now, item.archive)


def _open(
    desk: Desk, repository: Repository, name: PostId, now: datetime, me: PersonId
) -> tuple[SigningContext, PendingRecords, WaitingPost | None]:
    """The post as main holds it, with the records under way; else as a branch does, and where it
    waits there: what a leader ordered out in an emergency is published before its reviews.
    """
    pending, trusted = pending_records(repository), desk.clone.trusted(repository)
    context = context_at(repository, trusted, pending.head, now, frozenset({name}))
    if name in context.archive.posts:
        return context, pending, None
    item = _waiting(repository, name, now, me)
    context = context_at(repository, trusted, item.commit, now, frozenset({name}))
    return context, pending, item


def _waiting(repository: Repository, name: PostId, now: datetime, me: PersonId) -> WaitingPost:
    items = [item for item in waiting(repository, now).seen_by(me) if item.post.id == name]
    if not items:
        raise no_post(name)
    return items[0]


def show_post(request: Request) -> Response:
    """One post: for each account the page to copy from, and the record or the form of one."""
    desk, now, me = desk_of(request), desk_of(request).now(), session_of(request).person
    with desk.archive() as (repository, registers):
        context, pending, item = _open(desk, repository, request.path_params["post"], now, me)
        post, archive = context.post(request.path_params["post"]), context.archive
        return page(
            request,
            "publish",
            post=post,
            registers=registers,
            accounts=[registers.accounts[a] for a in post.accounts if a in registers.accounts],
            carried={
                p.account: p
                for p in sorted(archive.publications_of(post.id), key=lambda p: p.revision)
            },
            again=still_to_carry(post, archive),
            change=next(
                (c for c in archive.corrections_of(post.id) if c.revision == post.revision), None
            ),
            channel=lambda account: channel_of(account.platform),
            underway=pending.branches,
            confirmed=item is None and archive.approvals[post.id].complete,
            ready=item is None or waivers.ordered_out(post, now, archive),
            unreviewed=not archive.approvals[post.id].complete,
            removers=REMOVERS,
            operates=me in {p.id for p in operators(registers, calendar.local_date(now))},
        )


def copy(request: Request) -> Response:
    """The page to copy from: main's confirmed bytes; of anything else under a red band, and without
    a button. It stands alone, with a policy of its own."""
    desk, now = desk_of(request), desk_of(request).now()
    name, channel = request.path_params["post"], request.path_params["channel"]
    with desk.archive() as (repository, registers):
        commit = repository.base(MAIN)
        archive, _ = standing_of(repository, commit, lambda _: now, name)
        draft = name not in archive.posts or not archive.approvals[name].complete
        if draft:
            item = _waiting(repository, name, now, session_of(request).person)
            archive, commit = item.archive, item.commit
        post, tree = archive.posts[name], repository.tree(commit)
        draft |= post.withdrawn
        if channel not in {channel_of(a.platform) for a in registers.accounts.values()}:
            raise no_page()
        sizes = image_sizes(post, tree.read)
        made = render_channel(channel, post, registers, sizes)
        sheet = CopySheet(
            made,
            pictures=tuple(_pictures(post, tree, made, sizes)),
            problems=tuple(desk.tr(p.message) for p in made.problems),
        )
        shown = tuple(code_of(made.channel).sheets(post, registers, sizes, sheet))
        html = copy_page(shown, desk.tr, draft=draft)
    policy = f"{copy_policy()}; frame-ancestors 'none'"
    return HTMLResponse(html, headers={"content-security-policy": policy})


def _pictures(post: Post, tree: Files, made: Rendition, sizes: Sizes) -> Iterator[SheetPicture]:
    """Each image once, in order, with its bytes for the preview."""
    for file, alt in {i.file: i.alt for i in made.images}.items():
        path = f"{post.folder}/{file}"
        if path in post.manifest:
            width, height = sizes.get(path, (None, None))
            yield SheetPicture(file, alt, width, height, post.sizes.get(path), _data(path, tree))


def _data(path: str, tree: Files) -> str:
    kind = PICTURES.get(ending(path), "").lower()
    return f"data:image/{kind};base64,{b64encode(tree.read(path)).decode()}" if kind else ""


# The record.


ASKED = tuple(each.name for each in asked_fields(Publishing) if each.name not in ("post", "base"))
"""What the forms of a page ask for: the account hidden, the others by what is recorded."""


def record(request: Request, form: Form) -> Response:
    desk, name = desk_of(request), request.path_params["post"]

    def prepared(repository: Repository, person: Person, now: datetime) -> tuple[Publishing, Bench]:
        context, pending, item = _open(desk, repository, name, now, person.id)
        wrong = [path for path in (form.get("supersedes", ""),) if path]
        branch = local(item.branch) if item else pending.branch_for(person, now, wrong)
        return Publishing(name), Bench(context, branch, f"/operate/{name}")

    return ask_for(request, PUBLISH, form, ASKED, prepared)


def pages() -> DeskPages:
    routes = [
        Route("/operate", show),
        Route("/operate/{post}", show_post),
        Route("/operate/{post}/copy/{channel}", copy),
        Route("/operate/{post}/record", posted(record), methods=["POST"]),
    ]
    return DeskPages(Path(__file__).parent, routes, (("/operate", say("To publish")),))
