"""The three boxes of the approval form: who gave which opinion on which items (F-6, F-7)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, local_date
from pipeline.model.evidence import REVIEW_STEPS, Approved, Returned, Review, Step
from pipeline.model.forms import Opinion, Remark, Signature
from pipeline.model.posts import Post
from pipeline.render.form_rows import plain

LABELS: Mapping[Step, str] = {
    Step.FIRST: "初审人员意见",
    Step.SECOND: "复审人员意见",
    Step.FINAL: "终审人员意见",
}
ROLES: Mapping[str, str] = {
    "information-officer": "信息员",
    "section-head": "科室负责人",
    "leader-in-charge": "分管领导",
    "principal": "主要负责人",
}
DECISIONS: Mapping[str, str] = {"approve": "同意", "return": "不同意，退回"}
EVIDENCE: Mapping[str, str] = {"signed": "电子签名", "witnessed": "平台见证"}
PREPARED = "，初审人同为整理人"
LONGEST = 240
"""Characters of opinions that a box holds; three such boxes and their signers fit on one page."""


@dataclass(frozen=True)
class _Given:
    """A verified decision on one item."""

    item: int
    review: Review
    prepared: bool
    """Whether the first reviewer is also named as a maker of the post."""


def opinions_of(posts: Sequence[Post], archive: Archive) -> tuple[Opinion, ...]:
    """One box per step; items are numbered from 1 in the order of `posts`."""
    return tuple(_opinion(step, posts, archive) for step in REVIEW_STEPS)


def filled_on(posts: Iterable[Post], archive: Archive) -> str:
    """The day of the first reviews, when the form is filled in (F-8); from … to when several."""
    given = [_review(p, Step.FIRST, archive) for p in posts]
    return _span(sorted({local_date(r.signed_at).isoformat() for r in given if r}))


def _opinion(step: Step, posts: Sequence[Post], archive: Archive) -> Opinion:
    reviews = [(n, p, _review(p, step, archive)) for n, p in enumerate(posts, 1)]
    given = [
        _Given(n, r, step is Step.FIRST and r.reviewer in p.declared) for n, p, r in reviews if r
    ]
    signatures = tuple(_signatures(given, archive))
    length = sum(len(remark.text) for s in signatures for remark in s.opinions)
    unsigned = tuple(n for n, _, review in reviews if not review)
    return Opinion(step, LABELS[step], signatures, unsigned, length > LONGEST)


def _review(post: Post, step: Step, archive: Archive) -> Review | None:
    """The decision that counts, a return included; a rejected record is as good as none."""
    approvals = archive.approvals.get(post.id)
    state = approvals.states.get(step) if approvals else None
    return state.review if isinstance(state, Approved | Returned) else None


def _signatures(given: Iterable[_Given], archive: Archive) -> Iterable[Signature]:
    groups: defaultdict[tuple[str | bool, ...], list[_Given]] = defaultdict(list)
    for one in given:
        r = one.review
        signed = (r.decision, r.reviewer, r.role, r.acting_for, r.fingerprint, r.evidence)
        groups[(*signed, one.prepared)].append(one)
    for group in groups.values():
        yield _signature(group, archive)


def _signature(group: Sequence[_Given], archive: Archive) -> Signature:
    review = group[0].review
    moments = sorted(g.review.signed_at.astimezone(SHANGHAI) for g in group)
    return Signature(
        tuple(g.item for g in group),
        DECISIONS.get(review.decision, review.decision),
        _signer(review, archive) + (PREPARED if group[0].prepared else ""),
        _span([f"{m:%Y-%m-%d %H:%M}" for m in moments]),
        review.fingerprint,
        EVIDENCE.get(review.evidence, review.evidence),
        tuple(_remarks(group)),
    )


def _remarks(group: Iterable[_Given]) -> Iterable[Remark]:
    """Equal opinions once, with all their items."""
    items: defaultdict[str, list[int]] = defaultdict(list)
    for one in group:
        items[plain(one.review.opinion)].append(one.item)
    return (Remark(tuple(numbers), text) for text, numbers in items.items())


def _signer(review: Review, archive: Archive) -> str:
    """Role, and the name when policy shows names; a stand-in is named as such."""
    role = ROLES.get(review.role, review.role)
    person = archive.registers.people.get(review.reviewer)
    shown = bool(archive.registers.policy.archive.get("show_names")) and person is not None
    name = f"{plain(person.name)} " if shown and person else ""
    return f"{name}{role}{'（代）' if review.acting_for else ''}"


def _span(ordered: Sequence[str]) -> str:
    """``first``, or ``first 至 last``; empty when there is none."""
    return " 至 ".join(dict.fromkeys([ordered[0], ordered[-1]])) if ordered else ""
