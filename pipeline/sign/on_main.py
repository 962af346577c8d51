"""Whether a post stands on main as it was confirmed: what goes out has passed `verify` first."""

from datetime import datetime

from pipeline.errors import Fault
from pipeline.model.evidence import Step
from pipeline.model.findings import say
from pipeline.model.posts import Post
from pipeline.model.waivers import ordered_out
from pipeline.sign.signing_context import SigningContext
from pipeline.source.git.branches import MAIN
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree


def refuse_unless_merged(
    context: SigningContext, post: Post, published_at: datetime, base: str
) -> None:
    """Raise Fault for a confirmed post that main does not hold.

    A post that is not confirmed is refused elsewhere; one that a leader ordered out in an
    emergency goes out before its reviews.
    """
    confirmed = context.archive.approvals[post.id].approved(Step.CONFIRM) is not None
    if not confirmed or ordered_out(post, published_at, context.archive):
        return
    lines = _lines(context.repository, base) or [context.repository.commit(base)]
    if not _stands(context, post, lines):
        raise Fault(
            say("{post} is not on {base} yet, as it was confirmed.", post=post.id, base=base),
            say(
                "Have it merged, fetch {base} and record it there: published is what {base} holds."
                " If it is out already, give the time the platform shows with --at.",
                base=base,
            ),
        )


def is_merged(context: SigningContext, post: Post) -> bool:
    """Whether main holds a confirmed post; assumed where there is no main to ask."""
    lines = _lines(context.repository, MAIN)
    return not lines or _stands(context, post, lines)


def _lines(repository: Repository, base: str) -> list[str]:
    """The branch as it was fetched, and one's own of that name."""
    commits = []
    for name in (f"origin/{base}", base):
        try:
            commits.append(repository.commit(name))
        except Fault:
            continue
    return commits


def _stands(context: SigningContext, post: Post, lines: list[str]) -> bool:
    confirm = context.archive.approvals[post.id].approved(Step.CONFIRM)
    return confirm is not None and any(
        _holds(context, post, confirm.path, context.repository.tree(line)) for line in lines
    )


def _holds(context: SigningContext, post: Post, confirm: str, main: Tree) -> bool:
    """Every file of the post, and these very bytes of its confirmation."""
    committed = context.files.files
    same = all(path in main.files and main.files[path] == committed[path] for path in post.manifest)
    return same and confirm in main.files and main.read(confirm) == context.files.read(confirm)
