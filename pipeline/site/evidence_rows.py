"""The four steps of a post as its page tells them, and how a reader verifies them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from pipeline.model.calendar import minute, utc_stamp
from pipeline.model.evidence import Approved, Step
from pipeline.model.posts import Post
from pipeline.site import words
from pipeline.site.evidence_files import NAMESPACE
from pipeline.site.inputs import SiteInput

STEPS = tuple((step, words.STEPS[step], step.stem) for step in Step)
"""Every step with its word and the stem of its file names."""


class StepRow(NamedTuple):
    """One step, in words; not `counted` when no valid record stands for it."""

    step: str
    stem: str
    role: str = ""
    person: str = ""
    """Id in allowed_signers: what ``ssh-keygen -I`` wants."""
    name: str = ""
    """Empty unless policy shows names."""
    acting: bool = False
    signed_at: str = ""
    verify_time: str = ""
    """YYYYMMDDHHMMSSZ, the moment to verify at with ssh-keygen."""
    fingerprint: str = ""
    evidence: str = ""
    opinion: str = ""
    """Empty unless policy shows opinions."""
    counted: bool = False


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
            words.ROLES.get(review.role, review.role),
            review.reviewer,
            person.name if names and person else "",
            bool(review.acting_for),
            minute(review.signed_at),
            utc_stamp(review.signed_at),
            review.fingerprint,
            words.EVIDENCE.get(review.evidence, review.evidence),
            review.opinion if opinions else "",
            True,
        )


def recipe(rows: Iterable[StepRow], files: bool) -> str:
    """Commands that verify what evidence.tar holds, a line each; `files`: and files beside it."""
    lines = [
        f"ssh-keygen -Y verify -f allowed_signers -I {row.person} -n {NAMESPACE} "
        f"-O verify-time={row.verify_time} -s {row.stem}.json.sig < {row.stem}.json"
        for row in rows
        if row.counted
    ]
    if files:
        lines.append("sha256sum -c --ignore-missing manifest.sha256")
    return "".join(f"{line}\n" for line in lines)
