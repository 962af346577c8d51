"""submit: hand a draft in for review: branch, commit, push, proposal."""

from contextlib import suppress

import click

from pipeline.cli.calls import asker
from pipeline.cli.forge_api import Proposal, RemoteForge
from pipeline.cli.forges import forge_of, open_proposal, page_of, push_options
from pipeline.cli.options import Session, named_post
from pipeline.cli.signing_options import finish_first
from pipeline.detect.private import mask
from pipeline.errors import Fault, Misuse
from pipeline.judge import archive_at, judgements, load_governance
from pipeline.model.findings import Effect, say, say_names
from pipeline.model.ids import BranchName, PostId
from pipeline.model.posts import Post
from pipeline.report.formats import render_text
from pipeline.report.language import harmless
from pipeline.source.content.paths import home
from pipeline.source.content.records import REVIEWS
from pipeline.source.git import git_process, history, worktree
from pipeline.source.git.branches import (
    DRAFTS,
    FETCHED,
    MAIN,
    ORIGIN,
    OWN,
    ahead,
    branches,
    fetch,
    local,
    remote_of,
    states_of,
    trunk,
)
from pipeline.source.git.repository import Repository, add_and_commit


@click.command()
@click.argument("post", default="")
@click.pass_obj
def submit(session: Session, post: str) -> None:
    """Hand a draft in for review: its own branch, commit, push and proposal.

    Run it again after a return, or where it was interrupted: it goes on from there.
    """
    finish_first(session)
    repository = session.repository()
    wanted = named_post(repository, post) if post else _only_draft(repository)
    report = judgements.check(repository, frozenset({wanted}), session.when(None))
    wrong = [f for f in report.findings if f.effect is Effect.REFUSE]
    if wrong:
        click.echo(render_text(report, session.tr, session.paint), nl=False)
    if not all(f.waivable for f in wrong):
        raise Fault(
            say("`check` refuses the draft; nothing was committed."),
            say("Correct what stands above, and submit it again."),
        )
    _unless_unknown(repository)
    if remote_of(repository):
        with suppress(Fault):  # the push says it, once the draft is committed
            fetch(repository)
    files = worktree.work_tree(repository)
    draft = archive_at.post_alone(load_governance.trust(files), files, wanted)
    branch = _switch(repository, draft)
    _commit(session, repository, draft)
    if wrong:
        session.remark(say("What is refused waits for a waiver, before any review. A section head"
                           " or a leader: `git switch {branch}`, then `sanshen waive {post}`.",
                           branch=branch, post=wanted))  # fmt: skip
    if not remote_of(repository):
        session.remark(say("There is no remote: the draft stands on the branch {branch} of this"
                           " clone.", branch=branch))  # fmt: skip
        return
    _push(session, repository, draft, branch)


def _only_draft(repository: Repository) -> PostId:
    """The one post that differs from what is committed, else the one that the branch is named
    after. Misuse when there are several, or none."""
    drafts = sorted({*history.posts_named(repository.uncommitted("content"))})
    own = PostId(repository.branch or "0000")
    if not drafts and (repository.root / home(own)).is_dir():
        drafts = [own]
    if len(drafts) != 1:
        raise Misuse(
            say("Which post? Changed here: {posts}.", posts=say_names(drafts)),
            say("Name it: `sanshen submit POST`."),
        )
    return drafts[0]


def _unless_unknown(repository: Repository) -> None:
    """Raise Fault unless the commit will name a person of the registers: it says who wrote."""
    try:
        ident = repository.git("var", "GIT_AUTHOR_IDENT").decode(errors="replace")
    except Fault as error:
        raise Fault(git_process.NO_COMMITTER, git_process.CALL_YOURSELF) from error
    email = ident.rpartition("<")[2].partition(">")[0]
    if load_governance.trust(repository.tree(trunk(repository))).registers.person_of(email) is None:
        raise Fault(
            say(
                "git commits as {email}, and people.yml has no person of that address.", email=email
            ),
            say(
                "Set yours: `git config user.email ADDRESS`; or have it entered for you in"
                " content/registers/people.yml. Nothing was committed."
            ),
        )


def _switch(repository: Repository, draft: Post) -> BranchName:
    """Check out the branch of the post, with what is not committed; the branch's name.

    It is the one that brings the post to main already: what was returned goes back to where its
    reviewers look. A new one is named after the post and begins at main.
    """
    every, base, current = branches(repository), trunk(repository), repository.branch
    head = repository.commit("HEAD")
    onward = ahead(repository, base, {head, *every.commits.values()})
    stands = states_of(repository.tree(base), [draft.id])
    bringing = {
        local(name)
        for name, tip in every.commits.items()
        if draft.id in onward.posts(onward.reach(tip))
        and states_of(repository.tree(tip), [draft.id]) != stands  # else a squash brought it
    } - {MAIN}
    writing = {name for name in bringing if name.startswith(DRAFTS)}  # of a desk; none reviews it
    bringing -= writing
    new = BranchName(draft.id)
    if new in {local(name) for name in every.commits} - bringing - {current}:
        new = BranchName(f"{draft.id}-r{draft.revision}")  # an earlier revision had the first name
    at_hand = current in {*bringing, new}
    branch = current if at_hand else min(bringing, key=lambda b: (b != new, b), default=new)
    if not at_hand and branch in bringing:
        _git(repository, branch, "switch", "--quiet", branch)
    elif not at_hand:
        ours = current in {MAIN, *writing} and draft.id in onward.posts(onward.reach(head))
        begin = ("--create", branch, head if ours else base)
        _git(repository, branch, "switch", "--quiet", "--no-track", *begin)
    fetched = every.commits.get(BranchName(f"{FETCHED}{ORIGIN}/{branch}"))
    if fetched and repository.holds(repository.commit("HEAD"), fetched):
        _git(repository, branch, "merge", "--quiet", "--ff-only", fetched)
    return branch


def _git(repository: Repository, branch: BranchName, *arguments: str) -> None:
    try:
        repository.git(*arguments)
    except Fault as error:
        raise Fault(
            error.message,
            say(
                "Your draft is as it was. Put it aside, change over and take it up again:"
                " `git stash -u && git switch {branch} && git stash pop`; then submit it again.",
                branch=branch,
            ),
        ) from error


def _commit(session: Session, repository: Repository, draft: Post) -> None:
    """Commit what belongs to the post, and nothing else."""
    paths = [p for p in repository.uncommitted("content") if draft.id in history.posts_named([p])]
    reviews = f"{REVIEWS}{draft.year}/{draft.id}/r{draft.revision}/"
    reviewed = repository.tree(repository.commit("HEAD")).files.under(reviews)
    if reviewed and any(p.startswith(f"{draft.folder}/") for p in paths):
        raise Fault(
            say(
                "Revision {revision} of {post} was reviewed already.",
                revision=draft.revision,
                post=draft.id,
            ),
            say("Raise `revision` in {path} by one, and submit it again.", path=draft.path),
        )
    if paths:
        words = say("Submit {post}, revision {revision}", post=draft.id, revision=draft.revision)
        with repository.lock():
            commit = add_and_commit(
                repository, (repository.root / p for p in paths), session.tr(words)
            )
        session.remark(say("Committed as {commit}.", commit=commit[:12]))


def _push(session: Session, repository: Repository, draft: Post, branch: BranchName) -> None:
    """Push the branch, and open its proposal where the forge lets us."""
    url = repository.git("remote", "get-url", ORIGIN).decode().strip()
    forge = forge_of(url, repository.setting("sanshen.forge"))
    proposal = Proposal(branch, MAIN, harmless(mask(draft.title)))
    options = push_options(forge, proposal)
    given = (f"--push-option={option}" for option in options)
    try:
        repository.git("push", "--quiet", "--set-upstream", *given, ORIGIN, f"HEAD:{OWN}{branch}")
    except Fault as error:
        raise Fault(
            error.message,
            say(
                "Nothing is lost: the draft is committed here, on the branch {branch}. Once the"
                " remote takes it, run `sanshen submit {post}` again; where somebody pushed before"
                " you, first `git pull --rebase`.",
                branch=branch,
                post=draft.id,
            ),
        ) from error
    session.remark(say("Pushed to the branch {branch}.", branch=branch))
    if forge is None:
        session.remark(say("This remote opens no proposals: `sanshen status` shows it to others."))
    elif options:
        session.remark(say("The push opened its merge request on {host}.", host=forge.host))
    else:
        click.echo(_opened(session, forge, proposal))


def _opened(session: Session, forge: RemoteForge, proposal: Proposal) -> str:
    """The address of the proposal, or that at which it is opened by hand."""
    ask = asker(forge, session.environment)
    try:
        if ask:
            return open_proposal(forge, proposal, ask)
    except Fault as fault:
        session.remark(fault.message)
    session.remark(say("Open the proposal there; one that is open already is enough:"))
    return page_of(forge, proposal.branch, proposal.base)
