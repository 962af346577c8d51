"""Posts by what people call them: an id, a path, a part of an id that is unique."""

from collections.abc import Collection
from contextlib import suppress
from shlex import quote

from pipeline.cli.session import post_id
from pipeline.errors import Fault, Misuse, no_post
from pipeline.model.findings import say
from pipeline.model.ids import NO_POST, BranchName, CommitId, PostId
from pipeline.source.content.paths import POSTS, PostIds, home
from pipeline.source.git.branches import (
    FETCHED,
    MAIN,
    OWN,
    Branches,
    ahead,
    branches,
    branches_read,
    listed,
    local,
    short,
    trunk,
)
from pipeline.source.git.repository import Repository


def named_post(
    repository: Repository, name: str, head: str = "HEAD", *, erased: bool = False
) -> PostId:
    """The id of the one post that is meant, in the working tree or at a commit.

    Raises Misuse when a part names several posts, Fault when it names none; the Fault names the
    branch that holds it, if any. `erased`: the post's files may be gone.
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
    return _one(wanted, ids) or (wanted if erased else _away(repository, wanted))


def _one(part: str, ids: Collection[PostId]) -> PostId:
    """The one id that holds a part; empty when none does. Misuse when several do."""
    matches = sorted(i for i in ids if part in i)
    if len(matches) > 1:
        raise Misuse(
            say("{part} names {count} posts.", part=part, count=len(matches)),
            say("Give more of the id: {posts}.", posts=listed([*matches])),
        )
    return matches[0] if matches else NO_POST


def _away(repository: Repository, wanted: str) -> PostId:
    """Always a Fault: where the post is, or which branches hold none of that name."""
    every = branches(repository)
    onward = ahead(repository, trunk(repository), every.commits.values())
    on: dict[BranchName, frozenset[PostId]] = {
        name: onward.posts(onward.reach(commit)) | {*_main_ids(repository, name, commit)}
        for name, commit in every.commits.items()
    }
    post = _one(wanted, frozenset[PostId]().union(*on.values()))
    if not post:
        raise Fault(no_post(wanted).message, branches_read(every))
    branch = next(name for name in sorted(on, reverse=True) if post in on[name])
    raise Fault(
        say("{post} is on the branch {branch}, not here.", post=post, branch=short(branch)),
        say(
            "`{commands}`, then run it again.",
            commands=" && ".join(way_to(branch, every, repository.branch)) or "git pull",
        ),
    )


def _main_ids(repository: Repository, name: BranchName, commit: CommitId) -> Collection[PostId]:
    return PostIds(repository.tree(commit).files) if local(name) == MAIN else ()


def way_to(branch: BranchName, every: Branches, current: str) -> tuple[str, ...]:
    """The commands that check out a branch; one's own of that name may be behind it."""
    name = local(branch)
    onto = [] if name == current else [f"git switch {quote(name)}"]
    if branch.startswith(FETCHED) and OWN + name in every.commits:
        onto.append("git pull")
    return tuple(onto)
