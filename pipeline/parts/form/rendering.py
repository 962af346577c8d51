"""The approval form of a day or of one post, from what stands in the archive (附件; pure).

The annex's grid has several rows under three signatures, so one form lists the items of a day;
`form.granularity` may ask for a form per item instead. Either way every row is reviewed on its own.
"""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from pipeline.model import forms, zh_names
from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, local_date, minute
from pipeline.model.evidence import REVIEW_STEPS, Approved, Returned, Review, Step
from pipeline.model.ids import NO_DIGEST, Digest, sha256_of
from pipeline.model.part import program
from pipeline.model.posts import Post, lines_digest, manifest_digest
from pipeline.render.body import source_line

# The rows of the approval form: one post each, in the words of the annex.

FIRST = ("weibo", "wechat")
"""The annex prints their boxes in this order."""
OTHERS: Mapping[str, str] = {
    "channels": "视频号",
    "douyin": "抖音",
    "toutiao": "头条号",
    "other": "其他平台",
}
"""Platform that is no channel of the program → its word."""
_GETA = "〓"
"""The printer's mark for a character that no font holds."""


def row_of(number: int, post: Post, archive: Archive) -> forms.FormRow:
    """One post as a row of the form (F-1 … F-5)."""
    return forms.FormRow(
        number,
        post.id,
        post.revision,
        plain(post.title),
        boxes_of([post], archive),
        _time(post, archive),
        _origin(post, archive),
        tuple(plain(r) for r in _remarks(post, archive)),
        manifest_digest(post.folder, post.manifest),
    )


def boxes_of(posts: Sequence[Post], archive: Archive) -> tuple[forms.Box, ...]:
    """The form's own boxes in order, then 其他（…） for any other platform used (F-1)."""
    accounts = archive.registers.accounts
    used = {accounts[a].platform for p in posts for a in p.accounts if a in accounts}
    channels = archive.registers.parameter("form.channels", archive.day_of(posts[0]))
    boxes = {channel: value.box for channel, value in program().channels.items() if value.box}
    words = {**{c: boxes.get(c, c) for c in FIRST}, **boxes, **OTHERS}
    own = [forms.Box(words.get(c, c), c in used) for c in channels]
    rest = [word for platform, word in words.items() if platform in used - set(channels)]
    return (*own, *([forms.Box(f"其他（{'、'.join(rest)}）", True)] if rest else []))


def plain(text: str) -> str:
    """Text without controls and turns of direction; what is no character is shown as 〓."""
    return " ".join("".join(map(_printable, text)).split(" ")).strip()


def _printable(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    if kind == "Cf":
        return ""
    return _GETA if kind in ("Cs", "Co", "Cn") else character


def _time(post: Post, archive: Archive) -> str:
    """When the accounts first carried the post; before that, when they are to (F-2)."""
    carried = [p.published_at for p in archive.publications_of(post.id)]
    moment, word = (min(carried), "发布") if carried else (post.publish_at, "计划")
    if moment is None:
        return ""
    return f"{word} {moment.astimezone(SHANGHAI):%H:%M}"


def _origin(post: Post, archive: Archive) -> str:
    """发布类型/来源 (F-4); the source of an original is the department it comes from."""
    given = str(post.meta.get("origin", ""))
    word = zh_names.ORIGINS.get(given, "未填")
    if given == "original":
        department = archive.registers.departments.get(str(post.meta.get("origin_dept", "")))
        return plain(f"{word}（{department.name_on(post.id)}）") if department else word
    line = source_line(post, archive.registers)
    return plain(f"{word}（来源：{line.name if line else '未填'}）")


def _remarks(post: Post, archive: Archive) -> Iterator[str]:
    """备注 (F-5): what the writer noted, what departs from the rule, what changed, which bytes."""
    if post.meta.get("remarks"):
        yield str(post.meta["remarks"])
    source, leader = post.meta.get("source"), post.meta.get("leader_approval")
    exception = source.get("exception") if isinstance(source, Mapping) else None
    if isinstance(exception, Mapping):
        yield f"稿源例外：{exception.get('reason', '')}"
    if isinstance(leader, Mapping):
        yield f"经领导批准：{leader.get('ref', '')}"
    yield from _history(post, archive)
    if confirm := archive.approved(post.id, Step.CONFIRM):  # Article 15(2) has no box of its own
        yield f"发布前确认 {minute(confirm.signed_at)}"
    digest = manifest_digest(post.folder, post.manifest)
    yield f"第{post.revision}版 摘要 {forms.grouped_digits(digest)}"


def _history(post: Post, archive: Archive) -> Iterator[str]:
    for correction in sorted(archive.corrections_of(post.id), key=lambda c: (c.changed_on, c.id)):
        word = zh_names.CORRECTIONS.get(correction.kind, correction.kind)
        yield f"{word}（{correction.changed_on.isoformat()}）：{correction.reason}"
    for carried in archive.publications_of(post.id):
        if carried.supersedes:
            yield f"发布登记更正：{carried.reason}"
    approvals = archive.approvals.get(post.id)
    for review in approvals.earlier if approvals else ():
        if (review.step, review.decision) == (Step.FINAL, "approve"):
            signed = minute(review.signed_at)
            yield f"第{review.revision}版终审 {signed}"


# The three boxes of the approval form: who gave which opinion on which items (F-6, F-7).

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
LONGEST_OPINIONS = 240
"""Characters of opinions that a box holds; three such boxes and their signers fit on one page."""


@dataclass(frozen=True)
class _Given:
    """A verified decision on one item."""

    item: int
    review: Review
    prepared: bool
    """Whether the first reviewer is also named as a maker of the post."""


def opinions_of(posts: Sequence[Post], archive: Archive) -> tuple[forms.Opinion, ...]:
    """One box per step; items are numbered from 1 in the order of `posts`."""
    return tuple(_opinion(step, posts, archive) for step in REVIEW_STEPS)


def filled_on(posts: Iterable[Post], archive: Archive) -> str:
    """The day of the first reviews, when the form is filled in (F-8); from … to when several."""
    given = [_review(p, Step.FIRST, archive) for p in posts]
    return _span(sorted({local_date(r.signed_at).isoformat() for r in given if r}))


def _opinion(step: Step, posts: Sequence[Post], archive: Archive) -> forms.Opinion:
    reviews = [(n, p, _review(p, step, archive)) for n, p in enumerate(posts, 1)]
    given = [
        _Given(n, r, step is Step.FIRST and r.reviewer in p.declared) for n, p, r in reviews if r
    ]
    signatures = tuple(_signatures(given, archive))
    length = sum(len(remark.text) for s in signatures for remark in s.opinions)
    unsigned = tuple(n for n, _, review in reviews if not review)
    return forms.Opinion(step, LABELS[step], signatures, unsigned, length > LONGEST_OPINIONS)


def _review(post: Post, step: Step, archive: Archive) -> Review | None:
    """The decision that counts, a return included; a rejected record does not."""
    approvals = archive.approvals.get(post.id)
    state = approvals.states.get(step) if approvals else None
    return state.review if isinstance(state, Approved | Returned) else None


def _signatures(given: Iterable[_Given], archive: Archive) -> Iterable[forms.Signature]:
    groups: defaultdict[tuple[str | bool, ...], list[_Given]] = defaultdict(list)
    for one in given:
        r = one.review
        signed = (r.decision, r.reviewer, r.role, r.acting_for, r.fingerprint, r.evidence)
        groups[(*signed, one.prepared)].append(one)
    for group in groups.values():
        yield _signature(group, archive)


def _signature(group: Sequence[_Given], archive: Archive) -> forms.Signature:
    review = group[0].review
    moments = sorted(g.review.signed_at.astimezone(SHANGHAI) for g in group)
    return forms.Signature(
        tuple(g.item for g in group),
        DECISIONS.get(review.decision, review.decision),
        _signer(review, archive) + (PREPARED if group[0].prepared else ""),
        _span([f"{m:%Y-%m-%d %H:%M}" for m in moments]),
        review.fingerprint,
        EVIDENCE.get(review.evidence, review.evidence),
        tuple(_opinion_remarks(group)),
        _name(review, archive),
    )


def _opinion_remarks(group: Iterable[_Given]) -> Iterable[forms.FormRemark]:
    """Equal opinions once, with all their items."""
    items: defaultdict[str, list[int]] = defaultdict(list)
    for one in group:
        items[plain(one.review.opinion)].append(one.item)
    return (forms.FormRemark(tuple(numbers), text) for text, numbers in items.items())


def _signer(review: Review, archive: Archive) -> str:
    """Role, and the name when policy shows names; a stand-in is named as such."""
    role = ROLES.get(review.role, review.role)
    shown = archive.registers.policy.archive.get("show_names") and _name(review, archive)
    name = f"{_name(review, archive)} " if shown else ""
    return f"{name}{role}{'（代）' if review.acting_for else ''}"


def _name(review: Review, archive: Archive) -> str:
    person = archive.registers.people.get(review.reviewer)
    return plain(person.name) if person else ""


def _span(ordered: Sequence[str]) -> str:
    """``first``, or ``first 至 last``; empty when there is none."""
    return " 至 ".join(dict.fromkeys([ordered[0], ordered[-1]])) if ordered else ""


GRANULARITY, RETENTION = "day", "10年"
"""F-6 and F-10, [D]; used until policy states `form.granularity` and `archive.retention`."""


def forms_of_day(archive: Archive, day: date) -> tuple[forms.Form, ...]:
    """The forms of the posts first published on a day in Asia/Shanghai, or planned for it."""
    posts = _of_day(archive, day)
    if not posts:
        return ()
    if _stated(archive, "form.granularity", GRANULARITY, day) == "item":
        return tuple(item_form(archive, post) for post in posts)
    return (_form(archive, posts, day.isoformat()),)


def forms_of_month(archive: Archive, year: int, month: int) -> tuple[forms.Form, ...]:
    """The forms of every day of a month that has posts, in order."""
    days = {archive.first_day(p) for p in archive.posts.values() if p.publish_at}
    chosen = sorted(d for d in days if (d.year, d.month) == (year, month))
    return tuple(form for day in chosen for form in forms_of_day(archive, day))


def item_form(archive: Archive, post: Post) -> forms.Form:
    """The form of one post alone."""
    return _form(archive, (post,), post.id)


def _of_day(archive: Archive, day: date) -> tuple[Post, ...]:
    planned = [(p.publish_at, p.id, p) for p in archive.posts.values() if p.publish_at]
    posts = (post for _, _, post in sorted(planned, key=lambda row: row[:2]))
    return tuple(post for post in posts if archive.first_day(post) == day)


def _form(archive: Archive, posts: Sequence[Post], name: str) -> forms.Form:
    day = archive.first_day(posts[0])
    rows = tuple(row_of(n, post, archive) for n, post in enumerate(posts, 1))
    policy = archive.registers.policy
    manifest = (
        rows[0].manifest_digest
        if len(rows) == 1
        else lines_digest((row.post, row.manifest_digest) for row in rows)
    )
    form = forms.Form(
        name=name,
        number=forms.form_number(plain(policy.code_of(name)), name),
        title=plain(f"{policy.unit_of(name).get('full_name', '')}信息发布审批表"),
        day=day,
        boxes=boxes_of(posts, archive),
        rows=rows,
        opinions=opinions_of(posts, archive),
        filled=filled_on(posts, archive),
        retention=str(_stated(archive, "archive.retention", RETENTION, day)),
        archive=plain(str(policy.archive.get("name", ""))),
        url=f"{_address(archive, posts)}#sha256={manifest[: forms.PREFIX]}",
        manifest_digest=manifest,
        digest=NO_DIGEST,
        as_of=archive.as_of,
    )
    return replace(form, digest=_digest(form))


def _address(archive: Archive, posts: Sequence[Post]) -> str:
    """Address of the evidence of a single item; of several, the month's page, which links each."""
    home = str(archive.registers.policy.archive.get("url", "")).rstrip("/")
    if len(posts) == 1:
        return f"{home}/posts/{posts[0].year}/{posts[0].id}/evidence.json"
    return f"{home}/posts/{archive.day_of(posts[0]):%Y/%m}/"


def _stated(archive: Archive, name: str, otherwise: str, day: date) -> object:
    """A parameter that policy may leave out."""
    policy = archive.registers.policy
    return policy.value(name, day) if name in policy.parameters else otherwise


def _digest(form: forms.Form) -> Digest:
    """sha256 (hex) over UTF-8 JSON of what the form says; neither the time of printing nor the name
    beside a key is part of it, so that a form filed before names were printed stays the same."""
    value = {k: v for k, v in asdict(form).items() if k not in ("as_of", "digest")}
    for signature in (s for opinion in value["opinions"] for s in opinion["signatures"]):
        del signature["name"]
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return sha256_of(text.encode("utf-8", "surrogatepass"))
