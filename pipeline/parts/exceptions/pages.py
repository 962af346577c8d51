"""What leaders and the head of the lead department sign beside reviews: waivers and erasures."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import Fault, no_post
from pipeline.history.pending_records import pending_records
from pipeline.history.waiting import waiting
from pipeline.model.calendar import local_date
from pipeline.model.findings import Finding, say
from pipeline.model.registers import Person, signing_roles
from pipeline.parts.desk.desk import Desk, ask, desk_of
from pipeline.parts.desk.frame import DeskPages, Form, page, posted, session_of
from pipeline.parts.desk.signing import SignedAct
from pipeline.report.language import whole
from pipeline.sign import authorise
from pipeline.sign.authorise import waivable, waiver
from pipeline.sign.signing_context import Sign, SigningContext, context_at
from pipeline.source.content.paths import home
from pipeline.source.git.branches import MAIN, local, tip_of
from pipeline.source.git.repository import Repository

ERASURES = "expunge/"
"""What the branch of an erasure begins with; both signatures lie there."""
_USUAL = timedelta(days=30)


def _context(
    desk: Desk, repository: Repository, head: str, name: str, now: datetime
) -> SigningContext:
    return context_at(repository, desk.clone.trusted(repository), head, now, frozenset({name}))


def _waived_on(
    desk: Desk, repository: Repository, name: str, person: Person, now: datetime
) -> tuple[SigningContext, str]:
    """Where a post is newest, and the branch for a waiver of it."""
    items = [i for i in waiting(repository, now).items if i.post.id == name and not i.merged]
    pending = pending_records(repository)
    head = items[0].commit if items else pending.head
    branch = local(items[0].branch) if items else pending.branch_for(person, now)
    return _context(desk, repository, head, name, now), branch


def _erased_on(
    desk: Desk, repository: Repository, name: str, now: datetime
) -> tuple[SigningContext, str]:
    """Main, or what the first signer of an erasure made of it; and the branch of both."""
    branch = f"{ERASURES}{name}"
    head = tip_of(repository, branch) or repository.base(MAIN)
    return _context(desk, repository, head, name, now), branch


def show(request: Request) -> Response:
    """The findings that may be waived, and the erasure: of a post that main holds."""
    desk, name, now = desk_of(request), request.path_params["post"], desk_of(request).now()
    with desk.archive() as (repository, registers):
        person = registers.people[session_of(request).person]
        context, _ = _waived_on(desk, repository, name, person, now)
        erasing, branch = _erased_on(desk, repository, name, now)
        begun, held = erasing.archive.expunged.get(name), erasing.archive.posts.get(name)
        post = context.archive.posts.get(name)
        if not (post or begun):
            raise no_post(name)
        paths = (
            sorted(p for p, _ in begun.files) if begun else sorted(held.manifest) if held else []
        )
        return page(
            request,
            "exceptions",
            post=name,
            title=post.title if post else name,
            findings=waivable(context, post) if post else (),
            expires=(local_date(now) + _USUAL).isoformat(),
            begun=begun,
            paths=paths,
            branch=branch if begun else "",
            mask=whole,
            mark=_mark,
            may=bool(signing_roles(person, local_date(now), registers)),
        )


def _reason(form: Form) -> str:
    if not (reason := form.get("reason", "")):
        raise Fault(say("The reason is missing."), say("Say why, in words for all."))
    return reason


def _mark(finding: Finding) -> str:
    """What a form calls a finding by: its words may be private."""
    return sha256(repr((finding.clause, finding.waivable)).encode()).hexdigest()


def waive(request: Request, form: Form) -> Response:
    """Prepare the waiver of one finding on the post as it is."""
    desk, name, reason = desk_of(request), request.path_params["post"], _reason(form)
    try:
        expires = date.fromisoformat(form.get("expires", ""))
    except ValueError as error:
        raise Fault(say("The last day is missing."), say("Give the last day it counts.")) from error

    def act(repository: Repository, person: Person, now: datetime, sign: Sign) -> SignedAct:
        context, branch = _waived_on(desk, repository, name, person, now)
        post, wanted = context.post(name), form.get("finding", "")
        clause, text = next(
            ((f.clause, f.waivable) for f in waivable(context, post) if _mark(f) == wanted),
            ("", ""),
        )
        made = waiver(context, post, clause, text, reason, expires, person, now, sign)
        done = say("Waiver of {clause} on {post} signed by {person}.", clause=clause, post=name,
                   person=person.name)  # fmt: skip
        return SignedAct(made, branch, done, onward=f"/exceptions/{name}")

    return ask(request, act, say("Do you answer for this exception and sign?"))


def erase(request: Request, form: Form) -> Response:
    """Prepare one of the two signatures; with it the post's files go from the branch."""
    desk, name, reason = desk_of(request), request.path_params["post"], _reason(form)
    title = form.get("title", "") or authorise.ERASED_TITLE

    def act(repository: Repository, person: Person, now: datetime, sign: Sign) -> SignedAct:
        context, branch = _erased_on(desk, repository, name, now)
        made = authorise.expunge(context, MAIN, name, title, reason, person, now, sign)
        files = context.repository.tree(tip_of(repository, branch) or repository.base(MAIN)).files
        gone = dict.fromkeys(files.under(f"{home(name)}/"))
        done = say("{post} is erased from the tree, signed by {person}.", post=name,
                   person=person.name)  # fmt: skip
        enters = "/" if name in context.archive.expunged else ""
        return SignedAct(made, branch, done, more=gone, onward=f"/exceptions/{name}", enters=enters)

    return ask(request, act, say("Do you have it erased and sign?"))


def pages() -> DeskPages:
    routes = [
        Route("/exceptions/{post}", show),
        Route("/exceptions/{post}/waive", posted(waive), methods=["POST"]),
        Route("/exceptions/{post}/erase", posted(erase), methods=["POST"]),
    ]
    return DeskPages(Path(__file__).parent, routes)
