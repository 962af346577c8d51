"""Read which posts are erased, and what that does not cover (threats A36)."""

from collections.abc import Container, Mapping

from pipeline.evidence.review.expunge import expunged_posts, foreign_reviews
from pipeline.evidence.review.records import read_authorisations
from pipeline.model.conformance import Conformance
from pipeline.model.findings import Effect, Finding, Location, say
from pipeline.model.records import Expunged
from pipeline.model.registers import Registers
from pipeline.source.content.post_paths import Files, home
from pipeline.source.content.records import (
    AUTHORISATIONS,
    paths_under,
    reviews_by_post,
    signed_files,
)


def read_expunged(
    tree: Files, registers: Registers, schema: Conformance
) -> tuple[dict[str, Expunged], tuple[Finding, ...]]:
    """The erased posts of a tree, by id, and the problems of their records."""
    paths = [p for p in paths_under(tree, AUTHORISATIONS) if "/expunge-" in p]
    signed, problems = read_authorisations(signed_files(tree, paths), registers, schema)
    return expunged_posts(signed, registers), problems


def expunge_problems(
    own: Mapping[str, Expunged],
    gone: Mapping[str, Expunged],
    tree: Files,
    ids: Container[str],
    schema: Conformance,
) -> tuple[Finding, ...]:
    """Findings on what an erasure does not cover: a post that is back, a review of other bytes.

    `own`: what the records of the tree erase; `gone`: that, and what later records erase.
    """
    back = [
        Finding(
            "R13-10",
            Effect.REFUSE,
            say("The post was erased by signature and stands here again."),
            Location(f"{home(post)}/post.md"),
            say("Remove it; write a new post under another name."),
        )
        for post in sorted(p for p, e in own.items() if not e.awaits and p in ids)
    ]
    reviews = reviews_by_post(tree, gone.keys()) if gone else {}
    return (
        *back,
        *(
            f
            for post, e in sorted(gone.items())
            for f in foreign_reviews(e, signed_files(tree, reviews.get(post, ())), schema)
        ),
    )
