"""What leaders and the head of the lead department sign beside reviews: waivers and erasures."""

from datetime import datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import no_post
from pipeline.history.pending_records import pending_records
from pipeline.history.waiting import waiting
from pipeline.model.calendar import local_date
from pipeline.model.ids import BranchName, CommitId, PostId, sha256_of
from pipeline.model.registers import Person, signing_roles
from pipeline.parts.desk.acting import ask_for, form_of
from pipeline.parts.desk.desk import Bench, Desk, changed, desk_of
from pipeline.parts.desk.frame import DeskPages, Form, page, posted, session_of
from pipeline.report.language import whole
from pipeline.sign.act import SigningContext, context_at
from pipeline.sign.acts.authorise import ERASE, Erasure
from pipeline.sign.acts.waive import USUAL, WAIVE, Waiver, waivable
from pipeline.source.content.paths import home
from pipeline.source.git.branches import MAIN, local, tip_of
from pipeline.source.git.repository import Repository

ERASURES = "expunge/"
"""What the branch of an erasure begins with; both signatures lie there."""
ASKED = ("reason", "expires")
"""What the form of a waiver asks for; the page shows the rest."""


def _context(
    desk: Desk, repository: Repository, head: CommitId, name: PostId, now: datetime
) -> SigningContext:
    return context_at(repository, desk.clone.trusted(repository), head, now, frozenset({name}))


def _waived_on(
    desk: Desk, repository: Repository, name: PostId, person: Person, now: datetime
) -> tuple[SigningContext, BranchName]:
    """Where a post is newest, and the branch for a waiver of it."""
    seen = waiting(repository, now).seen_by(person.id)
    items = [item for item in seen if item.post.id == name and not item.merged]
    pending = pending_records(repository)
    head = items[0].commit if items else pending.head
    branch = local(items[0].branch) if items else pending.branch_for(person, now)
    return _context(desk, repository, head, name, now), branch


def _erased_on(
    desk: Desk, repository: Repository, name: PostId, now: datetime
) -> tuple[SigningContext, BranchName]:
    """Main, or what the first signer of an erasure made of it; and the branch of both."""
    branch = BranchName(f"{ERASURES}{name}")
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
            fields=form_of(Waiver(name, expires=local_date(now) + USUAL), desk.tr, ASKED),
            begun=begun,
            paths=paths,
            branch=branch if begun else "",
            mask=whole,
            mark=lambda finding: _mark(finding.clause, finding.waivable),
            may=bool(signing_roles(person, local_date(now), registers)),
        )


def _mark(clause: str, text: str) -> str:
    """What a form calls a finding by: its words may be private."""
    return sha256_of(repr((clause, text)).encode())


def waive(request: Request, form: Form) -> Response:
    """Prepare the waiver of one finding on the post as it is."""
    desk, name = desk_of(request), request.path_params["post"]

    def prepared(repository: Repository, person: Person, now: datetime) -> tuple[Waiver, Bench]:
        context, branch = _waived_on(desk, repository, name, person, now)
        offers = WAIVE.offer(Waiver(name), context, person)
        chosen = [o for o in offers if _mark(o.clause, o.text) == form.get("finding")]
        if not chosen:
            raise changed()
        return chosen[0], Bench(context, branch, f"/exceptions/{name}")

    return ask_for(request, WAIVE, form, ASKED, prepared)


def erase(request: Request, form: Form) -> Response:
    """Prepare one of the two signatures; with it the post's files go from the branch."""
    desk, name = desk_of(request), request.path_params["post"]

    def prepared(repository: Repository, person: Person, now: datetime) -> tuple[Erasure, Bench]:
        context, branch = _erased_on(desk, repository, name, now)
        files = repository.tree(tip_of(repository, branch) or repository.base(MAIN)).files
        gone = dict.fromkeys(files.under(f"{home(name)}/"))
        enters = "/" if name in context.archive.expunged else ""
        return Erasure(name, ""), Bench(
            context, branch, f"/exceptions/{name}", enters, more={**gone}
        )

    return ask_for(request, ERASE, form, ("reason", "title"), prepared)


def pages() -> DeskPages:
    routes = [
        Route("/exceptions/{post}", show),
        Route("/exceptions/{post}/waive", posted(waive), methods=["POST"]),
        Route("/exceptions/{post}/erase", posted(erase), methods=["POST"]),
    ]
    return DeskPages(Path(__file__).parent, routes)
