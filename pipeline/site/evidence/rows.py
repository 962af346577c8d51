"""The four steps of a post as its page tells them."""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.model import zh_names
from pipeline.model.calendar import minute
from pipeline.model.evidence import Approved, Step
from pipeline.model.posts import Post
from pipeline.site.inputs import SiteInput

STEPS = tuple((step, zh_names.STEPS[step], step.stem) for step in Step)
"""Every step with its word and the stem of its file names."""


class StepRow(NamedTuple):
    """One step, in words; not `counted` when no valid record stands for it."""

    step: str
    stem: str
    role: str = ""
    name: str = ""
    """Empty unless policy shows names."""
    acting: bool = False
    signed_at: str = ""
    fingerprint: str = ""
    evidence: str = ""
    opinion: str = ""
    """Empty unless policy shows opinions."""
    counted: bool = False
    prepared: bool = False
    """Whether the first reviewer is also named as a maker of the post."""


def step_rows(site: SiteInput, post: Post) -> Iterator[StepRow]:
    """A row for each of the four steps, signed or not."""
    registers, approvals = site.archive.registers, site.archive.approvals.get(post.id)
    names = bool(registers.policy.archive.get("show_names"))
    opinions = bool(registers.policy.archive.get("show_opinions"))
    for step, word, stem in STEPS:
        state = approvals.states.get(step) if approvals else None
        if not isinstance(state, Approved):
            yield StepRow(word, stem)
            continue
        review = state.review
        person = registers.people.get(review.reviewer)
        yield StepRow(
            word,
            stem,
            zh_names.ROLES.get(review.role, review.role),
            person.name if names and person else "",
            bool(review.acting_for),
            minute(review.signed_at),
            review.fingerprint,
            zh_names.EVIDENCE.get(review.evidence, review.evidence),
            review.opinion if opinions else "",
            True,
            step is Step.FIRST and review.reviewer in post.declared,
        )
