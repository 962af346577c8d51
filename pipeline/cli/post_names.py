"""Posts by what people call them: an id, a path, a part of an id that is unique."""

from collections.abc import Collection
from contextlib import suppress
from shlex import quote

from pipeline.cli.session import post_id
from pipeline.errors import Fault, Misuse, no_post
from pipeline.model.findings import say
from pipeline.model.ids import NO_POST, BranchName, PostId
from pipeline.source.content.paths import POSTS, PostIds, home
from pipeline.source.git.branches import FETCHED, OWN, Branches, listed, local
from pipeline.source.git.repository import Repository


def named_post(
    repository: Repository, name: str, head: str = "HEAD", *, erased: bool = False
) -> PostId:
    """The id of the one post that is meant, in the working tree or at a commit.

    Raises Misuse when a part names several posts, Fault when it names none. `erased`: the post's
    files may be gone.
    """
    wanted = post_id(name)
    if (repository.root / home(wanted)).is_dir():
        return wanted
    ids = {
        PostId(folder.name) for folder in (repository.root / POSTS).glob("*/*") if folder.is_dir()
    }
    with suppress(Fault):  # a new archive has no commit yet
        stands = PostIds(repository.tree(repository.commit(head)).files)
        if wanted in stands:
            return wanted
        ids |= {*stands}
    meant = _one(wanted, ids)
    if not meant and not erased:
        raise no_post(wanted)
    return meant or wanted


def _one(part: str, ids: Collection[PostId]) -> PostId:
    """The one id that holds a part; empty when none does. Misuse when several do."""
    matches = sorted(i for i in ids if part in i)
    if len(matches) > 1:
        raise Misuse(
            say("{part} names {count} posts.", part=part, count=len(matches)),
            say("Give more of the id: {posts}.", posts=listed([*matches])),
        )
    return matches[0] if matches else NO_POST


def way_to(branch: BranchName, every: Branches, current: str) -> tuple[str, ...]:
    """The commands that check out a branch; one's own of that name may be behind it."""
    name = local(branch)
    onto = [] if name == current else [f"git switch {quote(name)}"]
    if branch.startswith(FETCHED) and OWN + name in every.commits:
        onto.append("git pull")
    return tuple(onto)
