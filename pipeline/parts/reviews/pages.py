"""The reviewer's page: the post as readers will see it, what changed, what the machine says of it,
and the act. Nothing of a draft runs: its HTML is sanitised, or stands in frames without scripts."""

import mimetypes
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from html import escape
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.detect.endings import SHOWN, ending
from pipeline.detect.formats import image_sizes
from pipeline.detect.private import mask
from pipeline.errors import Fault, no_post
from pipeline.history.waiting import WaitingPost, WaitState, waiting
from pipeline.judge import archive_at, change_facts, judge_posts
from pipeline.judge.load_governance import Trusted, When, trust
from pipeline.model import calendar, part, rendered, zh_names
from pipeline.model.archive import Archive, OnDisk, OnMain
from pipeline.model.cards import Shown, Volume, card_of
from pipeline.model.channels import code_of, render_channel
from pipeline.model.evidence import STEP_NAMES, Approvals, Missing, Step
from pipeline.model.findings import Effect, Finding, say
from pipeline.model.ids import CommitId, PersonId, PostId, sha256_of
from pipeline.model.posts import Post
from pipeline.model.registers import Person
from pipeline.model.reports import Verdict, counts, never_checked
from pipeline.model.run import of_run, per_run
from pipeline.parts.desk.acting import ask_for
from pipeline.parts.desk.desk import Bench, changed, desk_of
from pipeline.parts.desk.frame import DeskPages, formed, page, session_of
from pipeline.render.body import read_body
from pipeline.render.comparison import Comparison, SentenceChange, compare_posts, marked, values_of
from pipeline.render.sentences import SENTENCE_ID, anchor_of, marked_html, sentences
from pipeline.report.front_matter import Wording
from pipeline.report.language import Translate, whole
from pipeline.report.summary import EFFECTS, ordered
from pipeline.sign.act import context_at
from pipeline.sign.acts.review import APPROVE, CONFIRM, RETURN, AskedConfirmation
from pipeline.sign.review_step import AFFIRMED, SignedRevision, last_signed, opinions
from pipeline.site.build import preview
from pipeline.site.inputs import Shelf, SiteInput
from pipeline.source.git.branches import MAIN, local
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

# A draft as the public archive would show it, were it approved (desk.md).

MARK = "【预览，未经审核】"


def draft_page(
    repository: Repository,
    name: PostId,
    when: When,
    tr: Translate,
    work: Path,
    shelf: Shelf,
    proposed: CommitId,
    base: CommitId,
    shown_as: Callable[[Post], Post],
) -> dict[str, bytes]:
    """Path → bytes of the page and of all that it loads, from the root of a site.

    Of the proposed commit nothing but the draft is read: law, registers and theme are those of
    `base`. `shown_as` changes what is shown, and not what is judged. Raises Fault when there is no
    such post, or when post or theme cannot be read.
    """
    tree, trusted = repository.tree(proposed), trust(repository.tree(base))
    clock = calendar.Clock(when(trusted.registers))
    archive = archive_at.assemble(trusted, tree, OnDisk(), clock, {}, frozenset({name}))
    if name not in archive.post_ids:
        raise no_post(name)
    post = archive.posts[name]
    if post.invalid or any(p.effect is Effect.REFUSE for p in post.problems):
        raise Fault(
            say("{post} cannot be shown yet: its form is not in order.", post=name),
            say("`sanshen check {post}` says what to correct.", post=name),
        )
    verdict, book = judge_posts.judge_one(name, archive, trusted.rulebook), trusted.rulebook
    shown = Shown(card_of(post), counts(verdict, book, never_checked(book)))
    site = SiteInput(
        archive=_alone(archive, shown_as(post)),
        rulebook=book,
        volumes=(Volume(name[:4], shown.card.seal, {name: shown}),),
        duties=Verdict("archive", {}, ()),
        media=tree.read,
        gettext=tr,
        revision=base,
        theme=change_facts.theme_of(repository.tree(base)),
        shelf=shelf,
    )
    return dict(preview(site, work))


def _alone(archive: Archive, post: Post) -> Archive:
    """An archive of this post alone, without evidence, marked everywhere as no publication."""
    registers = archive.registers
    own = registers.policy.archive
    policy = replace(registers.policy, archive={**own, "name": f"{MARK}{own['name']}"})
    registers, posts = replace(registers, policy=policy), {post.id: post}
    return replace(
        archive,
        situation=OnMain(),
        registers=registers,
        posts=posts,
        approvals={post.id: Approvals({step: Missing(step) for step in Step})},
        renditions=rendered.Channels(posts, registers),
        publications=(),
    )


# The pages of a review.

_FRAMED = {
    "content-security-policy": "sandbox allow-same-origin; default-src 'none'; font-src 'self';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'"
}
"""Of what stands in a frame: no script, no form, whatever a draft holds."""
_MOST_SHELVED = 100
_PHONE = (
    '<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
    '<body style="margin:0 auto;padding:16px;max-width:343px;background:#fff">{html}'
)


@dataclass(frozen=True)
class PostReading:
    """A post that waits, as one person reads it."""

    repository: Repository
    trusted: Trusted
    item: WaitingPost
    reader: str

    @classmethod
    def open(cls, request: Request, repository: Repository) -> "PostReading":
        """Raises Fault when nothing of this name waits, or ever did lately."""
        desk, name = desk_of(request), request.path_params["post"]
        reader = session_of(request).person
        seen = waiting(repository, desk.now()).seen_by(reader)
        items = [item for item in seen if item.post.id == name]
        if not items:
            raise no_post(name)
        item = next((i for i in items if i.waits_for(reader)), items[0])
        return cls(repository, desk.clone.trusted(repository), item, reader)

    @cached_property
    def post(self) -> Post:
        """With private numbers masked, as at the terminal; lines and all else as they are."""
        return _masked(self.item.post)

    @property
    def tree(self) -> Tree:
        return self.repository.tree(self.item.commit)

    @cached_property
    def sizes(self) -> dict[str, tuple[int, int]]:
        """Path → pixels of the pictures."""
        return image_sizes(self.item.post, self.tree.read)

    @property
    def reviews(self) -> Approvals:
        return self.item.archive.approvals[self.item.post.id]

    @cached_property
    def base(self) -> SignedRevision | None:
        """What the post is compared with."""
        repository, trusted, item = self.repository, self.trusted, self.item
        return last_signed(repository, trusted, item.commit, item.post, self.reviews, self.reader)

    @property
    def first_time(self) -> bool:
        """Whether the reader signed no revision of it that this one could be compared with."""
        return self.base is None or self.base.review.reviewer != self.reader

    @cached_property
    def compared(self) -> Comparison | None:
        """What changed since `base`."""
        if self.base is None:
            return None
        pixels = image_sizes(self.base.post, self.base.tree.read), self.sizes
        return compare_posts(self.base.post, self.item.post, self.trusted.registers, *pixels)

    @cached_property
    def findings(self) -> list[tuple[Finding, str]]:
        """Heaviest first, each with the id of what it is about."""
        cut = sentences(read_body(self.post, self.trusted.registers))
        rows = ordered(self.item.findings)
        return [(finding, anchor_of(finding.location, self.post, cut)) for finding in rows]

    @property
    def refused(self) -> bool:
        return any(finding.effect is Effect.REFUSE for finding, _ in self.findings)

    @property
    def shown(self) -> str:
        """Another one when anything that this page shows to be signed is another."""
        post, step = self.item.post, self.item.step
        signed = sorted(post.manifest.items()), post.correction, step
        return sha256_of(repr(signed).encode())

    @property
    def files(self) -> list[tuple[str, str, str]]:
        """(id, name, digest) of every picture and attachment."""
        rows = enumerate(sorted(self.post.manifest.items()))
        start = len(self.post.folder) + 1
        return [(f"file-{n}", p[start:], d) for n, (p, d) in rows if p != self.post.path]

    @property
    def offices(self) -> list[str]:
        """For whom the reader may take the step: ids, empty for an office of their own."""
        takers = self.item.takers if self.item.state is WaitState.STEP else ()
        return [taker.acting_for for taker in takers if taker.person.id == self.reader]

    def text(self) -> Markup:
        """The body with every sentence marked that a finding leads to; for who signs for the first
        time, those that changed as well."""
        registers, effects = self.trusted.registers, dict[int, str]()
        if self.compared and self.first_time:
            stands = [row for row in self.compared.rows if row.new and not row.is_break]
            effects = {n: "changed" for n, row in enumerate(stands, 1) if row.change != "kept"}
        for finding, anchor in reversed(self.findings):
            if anchor.startswith(SENTENCE_ID):
                effects[int(anchor.removeprefix(SENTENCE_ID))] = finding.effect.name.lower()
        html = marked_html(read_body(self.post, registers), registers, self.sizes, effects)
        return Markup(html)  # noqa: S704 - sanitised


def _masked(post: Post) -> Post:
    words = {k: mask(v) for k, v in post.meta.items() if k in ("title", "summary")}
    body = "\n".join(map(mask, post.body.split("\n")))
    return replace(post, body=body, meta={**post.meta, **words})


def show(request: Request) -> Response:
    """The page."""
    desk = desk_of(request)
    with desk.clone.repository() as repository:
        reading = PostReading.open(request, repository)
        item, registers, compared = reading.item, reading.trusted.registers, reading.compared
        post, step = item.post, item.step
        previews = [
            (render_channel(channel, reading.post, registers), code_of(channel))
            for channel in rendered.channels_of(post, registers)
            if code_of(channel).tab
        ]
        return page(
            request, "review", reading=reading, item=item, branch=local(item.branch),
            registers=registers, compared=compared,
            wording=Wording(desk.tr, True, registers), effects=EFFECTS, marked=marked,
            keys=values_of(post), opinions=opinions(reading.reviews), steps=STEP_NAMES,
            corrections=[c for c in item.archive.corrections_of(post.id)
                         if c.revision == post.revision],
            kinds=zh_names.CORRECTIONS, runs=list(_runs(compared.rows)) if compared else (),
            previews=previews,
            affirmed=AFFIRMED[step] if step else (),
            picture=lambda name: ending(name) in SHOWN, masked=reading.post.body != post.body,
        )  # fmt: skip


_Row = tuple[list[str], list[tuple[SentenceChange, Markup, Markup]]]


def _runs(rows: Iterable[SentenceChange]) -> Iterator[_Row]:
    """(paragraphs that stayed, nothing) and (nothing, sentences that changed) in turn."""
    for same, run in groupby(rows, key=lambda row: row.change == "kept"):
        some = list(run)
        if same:
            words = "".join("\n" if r.is_break else mask(r.texts[1]) for r in some)
            if words.strip():
                yield words.strip("\n").split("\n"), []
        else:
            yield [], [(row, *marked(*map(mask, row.texts))) for row in some]


# What stands in frames: files of the post, and its renditions as pages of their own.


def beside(request: Request) -> Response:
    """A file of the post, of the earlier revision with ``?earlier``; or a channel's page."""
    name = request.path_params["name"]
    with desk_of(request).clone.repository() as repository:
        reading = PostReading.open(request, repository)
        post, registers = reading.post, reading.trusted.registers
        if name in part.program().channels and code_of(name).frame:
            html = render_channel(name, post, registers, reading.sizes).html
            made = _PHONE.format(title=escape(whole(post.title)), html=html)
            return Response(made, media_type="text/html", headers=_FRAMED)
        earlier = reading.base if "earlier" in request.query_params else None
        manifest, tree = (
            (earlier.post.manifest, earlier.tree) if earlier else (post.manifest, reading.tree)
        )
        path = f"{post.folder}/{name}"
        if path not in manifest:
            raise HTTPException(404)
        return _file(name, tree.read(path))


def _file(name: str, raw: bytes) -> Response:
    """A picture to be shown; anything else to be saved, so that it opens in its own program."""
    if ending(name) in SHOWN:
        return Response(raw, media_type=mimetypes.guess_type(name)[0], headers=_FRAMED)
    saved = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(raw, media_type="application/octet-stream", headers={**_FRAMED, **saved})


def site(request: Request) -> Response:
    """A file of the page that the public archive would show."""
    desk, path = desk_of(request), request.path_params["path"]
    with desk.clone.repository() as repository:
        reading = PostReading.open(request, repository)
        hour = desk.now().replace(minute=0, second=0, microsecond=0)
        main, item = repository.base(MAIN), reading.item
        files = _site_files(desk.clone.folder, main, item.commit, item.post.id, hour, desk.tr)
    name = f"{path}index.html" if path.endswith("/") else path
    kind = mimetypes.guess_type(name)[0] or ""
    if name not in files or not kind.startswith(("text/html", "text/css", "image/", "font/")):
        raise HTTPException(404)
    return Response(files[name], media_type=kind, headers=_FRAMED)


@per_run(8)
def _site_files(
    folder: Path, main: CommitId, commit: CommitId, post: PostId, now: datetime, tr: Translate
) -> Mapping[str, bytes]:
    """Path → bytes of the page and all it loads; a page asks for them one after another."""
    shared = of_run(Shelf, dict[str, bytes])  # the frame of every page, by what it is made of
    if len(shared) > _MOST_SHELVED:
        shared.clear()
    shelf = Shelf(shared.get, shared.__setitem__)
    with Repository.open(folder) as repository, TemporaryDirectory() as work:
        return draft_page(
            repository, post, lambda _: now, tr, Path(work), shelf, commit, main, _masked
        )


# The act.


def decide(request: Request, form: FormData) -> Response:
    """Prepare the statement of a review, to be signed by the reader's key."""
    decision, desk = str(form.get("decision", "")), desk_of(request)
    if decision not in ("approve", "return"):
        raise Fault(say("Nothing was chosen."), say("Choose to approve or to return."))
    with desk.clone.repository() as repository:
        step = PostReading.open(request, repository).item.step
    act = RETURN if decision == "return" else CONFIRM if step is Step.CONFIRM else APPROVE
    office, opinion = (str(form.get(name, "")).strip() for name in ("office", "opinion"))
    words = {"opinion": opinion} if opinion or act is RETURN else {}

    def prepared(
        repository: Repository, person: Person, now: datetime
    ) -> tuple[AskedConfirmation, Bench]:
        reading = PostReading.open(request, repository)
        _unless_ready(reading, form, decision)
        item, files = reading.item, reading.tree.files
        only = frozenset({item.post.id})
        context = context_at(repository, reading.trusted, item.commit, now, only)
        post = context.post(item.post.id)
        signed = [*post.manifest, *([post.correction_path] if post.correction else ())]
        same = {path: files[path].oid for path in signed}
        asked = act.asks(post.id, acting_for=PersonId(office), **words)
        enters = "/" if act is CONFIRM else ""
        return asked, Bench(context, local(item.branch), "/", enters, same)

    return ask_for(request, act, {}, (), prepared)


def _unless_ready(reading: PostReading, form: FormData, decision: str) -> None:
    """Raise Fault unless the page showed what is signed, and all that approving asks was ticked."""
    if form.get("shown") != reading.shown:
        raise changed()
    if decision == "return" or reading.item.step is None:
        return
    unseen = {digest for _, _, digest in reading.files} - {*map(str, form.getlist("seen"))}
    asked = range(len(AFFIRMED[reading.item.step]))
    left = {*map(str, asked)} - {*map(str, form.getlist("affirm"))}
    if unseen or left:
        raise Fault(
            say("Not every picture, attachment and declaration is ticked."),
            say("Look at each, and tick what is true; or return the post."),
        )


def pages() -> DeskPages:
    routes = [
        Route("/posts/{post}/", show),
        Route("/posts/{post}/decide", formed(decide), methods=["POST"]),
        Route("/posts/{post}/site/{path:path}", site),
        Route("/posts/{post}/{name}", beside),
    ]
    return DeskPages(Path(__file__).parent, routes)
