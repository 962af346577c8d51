"""The page of a proposal that changes what governs: look at it, consent, withdraw, gather passkeys.

A proposal is a branch. What it does is said in words, with the signatures that posts would lose by
it, before anybody consents.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pipeline.errors import Fault, Misuse
from pipeline.history.change_in_words import change_in_words, governed_with
from pipeline.history.waiting import waiting
from pipeline.judge.change_facts import consents, governed, lost_signatures, registers_left
from pipeline.judge.load_governance import trust
from pipeline.model.calendar import local_date
from pipeline.model.evidence import STEP_NAMES
from pipeline.model.findings import Message, say
from pipeline.model.ids import BranchName, CommitId
from pipeline.model.registers import (
    Person,
    Registers,
    check_number,
    consent_roles,
    signing_roles,
    stopped_keys,
)
from pipeline.parts.desk.acting import ask_for
from pipeline.parts.desk.desk import Bench, Desk, desk_of, email_of
from pipeline.parts.desk.frame import Form, formed, page, posted, session_of
from pipeline.parts.desk.sign_in import ENROLMENTS
from pipeline.parts.upgrade.upgrade import news_between
from pipeline.report.governed_change import matters_left
from pipeline.report.language import whole
from pipeline.sign.act import context_at
from pipeline.sign.acts.authorise import AUTHORISE, Consent
from pipeline.sign.roster import ROSTER, NewKey, next_roster
from pipeline.source.content.front_matter import split_post
from pipeline.source.content.paths import Files, area_of, home
from pipeline.source.content.program_lock import LOCK, WHEELS
from pipeline.source.git.branches import MAIN, branches, drop_branch, local, tip_of
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree

PREFIX = "govern/"
"""What the names of branches begin with that these pages make."""
LONGEST_COMPARISON = 200_000
"""Characters of a comparison line by line that a page shows."""


@dataclass(frozen=True)
class GovernedProposal:
    """A branch that changes what governs."""

    branch: BranchName
    words: tuple[Message, ...]
    """What it does, or why it cannot be read."""
    paths: tuple[str, ...] = ()
    """Every file that needs consent."""
    people: tuple[Person, ...] = ()
    """Who consented to it as it stands."""
    matters: tuple[Message, ...] = ()
    """What it leaves to do, where an office ends."""
    numbers: tuple[tuple[str, str], ...] = ()
    """(person, digits to compare) of each passkey that joins."""
    tree: str = ""
    """Id of what main would hold."""
    maker: str = ""
    """Id of the person who made it; empty: a visitor who enrols, or a stranger to the registers."""
    left: Registers | None = None
    """The registers that it would leave; None: as they are."""

    @property
    def is_enrolment(self) -> bool:
        """Whether a visitor handed in a passkey, which is gathered into a proposal."""
        return self.branch.startswith(ENROLMENTS)

    def able(self, registers: Registers, now: datetime) -> list[Person]:
        """Who may consent and has not."""
        people = (p for p in registers.people.values() if p not in self.people)
        return [p for p in people if consent_roles(p, now, registers, self.left)]

    def stops(self, registers: Registers, key: str) -> bool:
        """Whether it says that a key is lost or stolen."""
        lost = stopped_keys(registers.roster, self.left.roster) if self.left else ()
        return key in {k.fingerprint for k in lost}


def proposals(
    desk: Desk, repository: Repository, registers: Registers
) -> Iterator[GovernedProposal]:
    """Every branch that changes what governs; of one that cannot be read, why."""
    main = repository.base(MAIN)
    areas = registers.parameter("change.signed_areas", local_date(desk.now()))
    for name, commit in branches(repository).shared.commits.items():
        if local(name) == MAIN or repository.holds(commit, main):
            continue
        asked = ("--name-only", "--no-renames", "--no-ext-diff", "-z", f"{main}...{commit}")
        raw = repository.git("diff", *asked)
        if any(area_of(path) in areas for path in raw.decode(errors="replace").split("\0")):
            try:
                yield _proposal(desk, repository, registers, local(name), commit)
            except Fault as fault:
                maker = _maker(repository, registers, commit)
                yield GovernedProposal(local(name), (fault.message,), maker=maker)


def _proposal(
    desk: Desk, repository: Repository, registers: Registers, branch: BranchName, commit: CommitId
) -> GovernedProposal:
    after, changed = governed(repository, MAIN, registers, desk.now(), head=commit)
    before, paths = repository.tree(repository.base(MAIN)), [c.path for c in changed]
    words, left = list[Message](), registers_left(after, changed)
    proposed = left or registers
    if any(path.startswith(("content/", LOCK)) for path in paths):
        words = change_in_words(before, after)
    if others := [p for p in paths if not p.startswith(("content/", LOCK, WHEELS))]:
        words.append(say("{count} files of program, pages or workflows change", count=len(others)))
    old = {key.line for key in registers.roster.keys}
    new = [key for key in proposed.roster.keys if key.line not in old]
    return GovernedProposal(
        branch,
        tuple(words),
        tuple(paths),
        tuple(registers.people[id] for id in consents(after, changed) if id in registers.people),
        tuple(matters_left(registers, proposed)),
        tuple((proposed.name_of(key.person), check_number(key.fingerprint)) for key in new),
        after.oid,
        _maker(repository, registers, commit),
        left,
    )


def _maker(repository: Repository, registers: Registers, commit: CommitId) -> str:
    """Id of the person who began a branch."""
    asked = ("--reverse", "--format=%ae", f"{repository.base(MAIN)}..{commit}", "--")
    first = repository.git("log", *asked).decode(errors="replace").partition("\n")[0].casefold()
    people = registers.people.values()
    return next((p.id for p in people if first in (*p.emails, email_of(p))), "")


def losses_of(
    desk: Desk, repository: Repository, after: Files
) -> list[tuple[str, Message, str, bool]]:
    """(title, step, person, whether it stands on main) of each signature that a change of the
    roster takes away: of standing posts, and of posts on branches that lost keys signed."""
    old, new = desk.clone.trusted(repository), trust(after, to_come=True)
    main = repository.base(MAIN)
    tree, name = repository.tree(main), old.registers.name_of
    rows = []
    for lost in lost_signatures(repository, main, old, new):
        path = f"{home(lost.post)}/post.md"
        value = split_post(path, tree.read(path))[0].value if path in tree.files else None
        title = str(value.get("title")) if isinstance(value, dict) else lost.post
        rows.append((title, STEP_NAMES[lost.step], name(lost.person), True))
    gone = {k.fingerprint for k in stopped_keys(old.registers.roster, new.registers.roster)}
    for item in waiting(repository, desk.now()).items if gone else ():
        for review in item.steps if not item.merged else ():
            if review.fingerprint in gone:
                title = str(item.post.meta.get("title", item.post.id))
                rows.append((title, STEP_NAMES[review.step], name(review.reviewer), False))
    return rows


def put(
    desk: Desk,
    branch: BranchName,
    tree: Tree,
    files: Mapping[str, bytes],
    person: Person,
    words: Message,
) -> None:
    same = {path: tree.files[path].oid if path in tree.files else "" for path in files}
    desk.put(person, branch, files, words, same=same)


def show_proposal(request: Request) -> Response:
    desk, branch = desk_of(request), BranchName(request.query_params.get("branch", ""))
    with desk.archive() as (repository, registers):
        tip = _tip(repository, branch)
        made = _proposal(desk, repository, registers, branch, tip)
        me, able = registers.people[session_of(request).person], made.able(registers, desk.now())
        asked = ("--no-ext-diff", "--no-textconv", "--no-color", repository.base(MAIN), made.tree)
        news, note = _of_program(repository, made, tip)
        lines_of = _read_by_line(made.paths, repository.tree(made.tree))
        raw = repository.git("diff", *asked, "--", *lines_of) if lines_of else b""
        text = raw.decode(errors="replace")
        lines = "\n".join(map(whole, text[:LONGEST_COMPARISON].splitlines()))
        after = repository.tree(made.tree)
        return page(
            request, "govern_proposal", proposal=made, able=able, lines=lines,
            news=news, note=note,
            cut=len(text) > LONGEST_COMPARISON,
            losses=losses_of(desk, repository, after) if made.left else [],
            may_withdraw=_may_withdraw(made, me, registers, desk.now()),
        )  # fmt: skip


def _read_by_line(paths: Sequence[str], after: Tree) -> list[str]:
    """The files that people read line by line: with a new program neither its lock and wheel, which
    are hashes, nor what goes because it ships."""
    if LOCK not in paths:
        return [*paths]
    return [p for p in paths if p in after.files and not p.startswith((LOCK, WHEELS))]


def _of_program(repository: Repository, made: GovernedProposal, tip: CommitId) -> tuple[str, str]:
    """What is new in a program, out of the wheel that is consented to; what its proposer says."""
    if LOCK not in made.paths:
        return "", ""
    base = repository.base(MAIN)
    asked = ("--reverse", "--format=%b%x00", f"{base}..{tip}", "--")
    note = repository.git("log", *asked).decode(errors="replace").partition("\0")[0]
    changelog = news_between(repository.tree(base), repository.tree(made.tree))
    return changelog, note.strip().removesuffix(changelog).strip()


def _tip(repository: Repository, branch: BranchName) -> CommitId:
    if tip := tip_of(repository, branch):
        return tip
    raise Fault(
        say("There is no such proposal any more."), say("It may be part of the archive already.")
    )


def authorise(request: Request, form: Form) -> Response:
    """Consent of the person who is signed in to a proposal as it was shown."""
    desk, branch = desk_of(request), BranchName(form.get("branch", ""))

    def prepared(repository: Repository, person: Person, now: datetime) -> tuple[Consent, Bench]:
        tip = _tip(repository, branch)
        context = context_at(repository, desk.clone.trusted(repository), tip, now, frozenset())
        tree = repository.tree(tip)
        after, changed = governed(repository, MAIN, context.trusted.registers, now, head=tip)
        same = {c.path: tree.files[c.path].oid if c.path in tree.files else "" for c in changed}
        enters = "/govern" if consents(after, changed) else ""
        onward = f"/govern/proposal?branch={branch}"
        return Consent(reason="", head=tip), Bench(context, branch, onward, enters, same)

    return ask_for(request, AUTHORISE, form, ("reason",), prepared)


def _may_withdraw(
    proposal: GovernedProposal, person: Person, registers: Registers, now: datetime
) -> bool:
    """Who made it; of a passkey that a visitor handed in, who could consent to it."""
    if proposal.is_enrolment:
        return bool(signing_roles(person, local_date(now), registers))
    return proposal.maker == person.id


def withdraw(request: Request, form: Form) -> Response:
    """Take a proposal back, consents and all: they lie on its branch, which goes."""
    desk, branch = desk_of(request), BranchName(form.get("branch", ""))
    with desk.archive() as (repository, registers), repository.lock():
        me, tip = registers.people[session_of(request).person], _tip(repository, branch)
        every = proposals(desk, repository, registers)
        made = next((p for p in every if p.branch == branch), None)
        if made is None or not _may_withdraw(made, me, registers, desk.now()):
            raise Fault(
                say("Only who made a proposal withdraws it."),
                say("Do not consent to it, and ask its maker to withdraw it."),
            )
        drop_branch(repository, branch, tip)
        if tip_of(repository, branch):
            raise Fault(
                say("The proposal could not be withdrawn now."),
                say("It may have changed, or the network is down: look at it, and try again."),
            )
    desk.done[request.state.secret] = say(
        "The proposal is withdrawn; a consent given to it counts for nothing."
    )
    return RedirectResponse("/govern", 303)


def gather(request: Request, form: FormData) -> Response:
    """Propose the passkeys that were handed in and ticked, by the roster of today: one consent of
    each of the two covers them."""
    desk = desk_of(request)
    with desk.archive() as (repository, registers):
        person = registers.people[session_of(request).person]
        chosen = [BranchName(str(n)) for n in form.getlist("branch")]
        names = [name for name in chosen if name.startswith(ENROLMENTS)]
        tips = {name: _tip(repository, name) for name in names}
        held = {key.fingerprint for key in registers.roster.keys}
        keys = [
            NewKey(k.person, k.line, k.valid_from)
            for tip in tips.values()
            for k in trust(repository.tree(tip), to_come=True).registers.roster.keys
            if k.fingerprint not in held
        ]
        if not keys:
            raise Misuse(say("Nothing was chosen."), say("Choose the passkeys to propose."))
        if not _may_withdraw(GovernedProposal(names[0], ()), person, registers, desk.now()):
            raise Fault(say("Those who consent gather passkeys."), say("Ask one of them."))
        tree = repository.tree(repository.base(MAIN))
        files = {ROSTER: next_roster(tree, desk.now(), keys)}
        words = change_in_words(tree, governed_with(tree, files))
        branch = BranchName(f"{PREFIX}{local_date(desk.now())}-{secrets.token_hex(3)}")
        put(desk, branch, tree, files, person, words[0])
        for name, tip in tips.items():
            drop_branch(repository, name, tip)
    return RedirectResponse(f"/govern/proposal?branch={branch}", 303)


ROUTES = [
    Route("/govern/proposal", show_proposal),
    Route("/govern/authorise", posted(authorise), methods=["POST"]),
    Route("/govern/withdraw", posted(withdraw), methods=["POST"]),
    Route("/govern/gather", formed(gather), methods=["POST"]),
]
