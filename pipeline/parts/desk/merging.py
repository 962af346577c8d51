"""入档: a proposal becomes part of main.

Who presses the button decides nothing: main's own rules judge the proposal, here and again at the
remote. A forge that guards main refuses the push; then the proposal is merged there.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.errors import Fault
from pipeline.judge.judgements import verify_change
from pipeline.model.findings import Effect, Message, say
from pipeline.model.ids import BranchName, CommitId, PersonId
from pipeline.model.registers import Person
from pipeline.model.reports import Report
from pipeline.parts.desk.desk import Desk, SignedAct, desk_of, email_of
from pipeline.parts.desk.frame import Form, onward, page_inside, posted, session_of
from pipeline.report.summary import ordered
from pipeline.source.git import branches
from pipeline.source.git.history import proposed
from pipeline.source.git.repository import Repository

_TRIES = 5
"""How often the proposal is judged again when main moves on meanwhile."""


def merge(desk: Desk, branch: BranchName, person: Person) -> Message:
    """Merge a branch into main and drop it; what was done, as a sentence.

    Raises Fault: no such branch, a refusal or a hold of `verify`, or the remote's refusal.
    """
    with Repository.open(desk.clone.folder) as repository, repository.lock():
        for _ in range(_TRIES):
            branches.refresh(repository)
            main, head = repository.base(branches.MAIN), branches.tip_of(repository, branch)
            if not head:
                raise _no_proposal()
            if repository.holds(head, main):
                return say("The archive holds it already.")
            _unless_passed(_judged(desk, repository, main, head))
            try:
                _push(desk, repository, (main, head), branch, person)
            except branches.Overtaken:
                continue
            branches.drop_branch(repository, branch, head)
            return say("It is part of the archive now.")
    raise Fault(say("The archive is being written to all the time."), say("Try again."))


def entered(desk: Desk, made: SignedAct, person: PersonId) -> tuple[Message, str]:
    """What the next page says, and which it is, once the last signature lies on its branch: that is
    merged at once where it may be; else it is said why not, and it waits in the operators' list."""
    (_, done, _), bench = made
    with desk.archive() as (_, registers):
        entry = registers.people[person]
    try:
        after, onward = merge(desk, bench.branch, entry), bench.enters
    except Fault as fault:
        after = say(
            "It is not in the archive yet: {what} As soon as it may, an operator enters it from"
            " the list.", what=fault.message)  # fmt: skip
        onward = bench.onward
    return say("{done} {after}", done=done, after=after), onward


def _judged(desk: Desk, repository: Repository, main: CommitId, head: CommitId) -> Report:
    return verify_change(repository, proposed(repository, main, head), lambda _: desk.now())


def _push(
    desk: Desk,
    repository: Repository,
    both: tuple[CommitId, CommitId],
    branch: BranchName,
    person: Person,
) -> None:
    tree = repository.tree_of(repository.merged(*both))
    who = (person.id, email_of(person), int(desk.now().timestamp()))
    words = desk.tr(say("Merge {branch}", branch=branch))
    commit = repository.commit_tree(tree, both, f"{words}\n", who)
    try:
        branches.publish_commit(repository, commit, branches.MAIN, both[0])
    except branches.Overtaken:
        raise
    except Fault as fault:
        raise Fault(
            fault.message,
            say("The archive takes proposals on its forge alone: open it there and merge it."),
        ) from fault


def _unless_passed(report: Report) -> None:
    """Raise Fault with the gravest finding of a proposal that may not be merged."""
    findings = (f for verdict in report.verdicts for f in verdict.findings)
    grave = ordered(f for f in findings if f.effect > Effect.NOTE)
    if grave:
        first = grave[0]
        what = say("Not yet: {clause}: {what}", clause=first.clause, what=first.message)
        raise Fault(what, first.remedy)


def _no_proposal() -> Fault:
    return Fault(
        say("This proposal is there no more."),
        say("Look at the list: it may be part of the archive already."),
    )


def press(request: Request, form: Form) -> Response:
    """The button: `branch`, and `next`, the page that follows. Raises Fault as `merge`, and alike
    for every draft, there or not: what is found in it is its writer's (threat A53)."""
    desk, branch = desk_of(request), BranchName(form.get("branch", ""))
    if branch.startswith(branches.DRAFTS):
        raise _no_proposal()
    with desk.archive() as (_, registers):
        person = registers.people[session_of(request).person]
    desk.done[request.state.secret] = merge(desk, branch, person)
    following = form.get("next", "/").lstrip("/\\")
    return onward(request, page_inside(f"/{following}"))


ROUTES = [Route("/merge", posted(press), methods=["POST"])]
