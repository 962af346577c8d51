"""The revision of a post that a reviewer compares with: the last one that was signed before."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.judge.load_governance import Trusted
from pipeline.judge.post_reader import post_alone
from pipeline.model.evidence import Approvals, Approved, Returned, Review
from pipeline.model.posts import Post
from pipeline.source.git.repository import Repository
from pipeline.source.git.tree import Tree
from pipeline.source.git.tree_listing import files_under


@dataclass(frozen=True)
class SignedRevision:
    """An earlier revision as somebody signed it."""

    review: Review
    """The last decision on it."""
    post: Post
    tree: Tree
    """Of a commit that holds its files."""


def last_signed(
    repository: Repository, trusted: Trusted, head: str, post: Post, reviews: Approvals, reader: str
) -> SignedRevision | None:
    """The last earlier revision that `reader` signed, else the last that anybody did.

    None for a first revision, and where no commit that `head` reaches holds the signed bytes.
    """
    own = [review for review in reviews.earlier if review.reviewer == reader]
    for review in reversed(own or reviews.earlier):
        if tree := next(_holding(repository, head, post, review), None):
            return SignedRevision(review, post_alone(trusted, tree, post.id), tree)
    return None


def _holding(repository: Repository, head: str, post: Post, review: Review) -> Iterator[Tree]:
    """Trees that hold the very files that were signed, newest first."""
    for commit in repository.touching(head, post.folder):
        tree = repository.tree(commit)
        stored = files_under(tree.files, f"{post.folder}/")
        if set(stored) == set(review.manifest) and all(
            hashlib.sha256(tree.read(path)).hexdigest() == digest
            for path, digest in review.manifest.items()
        ):
            yield tree


def opinions(reviews: Approvals) -> tuple[Review, ...]:
    """All decisions that verified, oldest first: those of earlier revisions and of this one."""
    states = reviews.states.values()
    return (*reviews.earlier, *(s.review for s in states if isinstance(s, Approved | Returned)))
