"""Who signed the steps of a post, where policy shows names: registers tell it, no signature."""

from collections.abc import Iterator
from typing import NamedTuple

from pipeline.model import zh_names
from pipeline.model.evidence import Approved, Step
from pipeline.model.posts import Post
from pipeline.site.inputs import SiteInput

STEPS = tuple((step, zh_names.STEPS[step], step.stem) for step in Step)
"""Every step with its word and the stem of its file names."""


class StepRow(NamedTuple):
    """One step of which there is something to say."""

    step: str
    name: str
    """Empty unless policy shows names."""
    prepared: bool
    """Whether the first reviewer is also named as a maker of the post."""


def step_rows(site: SiteInput, post: Post) -> Iterator[StepRow]:
    registers, approvals = site.archive.registers, site.archive.approvals.get(post.id)
    names = bool(registers.policy.archive.get("show_names"))
    for step, word, _ in STEPS:
        state = approvals.states.get(step) if approvals else None
        if not isinstance(state, Approved):
            continue
        person = registers.people.get(state.review.reviewer)
        name = person.name if names and person else ""
        prepared = step is Step.FIRST and state.review.reviewer in post.declared
        if name or prepared:
            yield StepRow(word, name, prepared)
