"""The rows of the approval form: one post each, in the words of the annex."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from pipeline.model.archive import Archive
from pipeline.model.calendar import SHANGHAI, minute
from pipeline.model.evidence import Step
from pipeline.model.forms import Box, Row, grouped_digits, manifest_digest
from pipeline.model.posts import Post
from pipeline.render.source_line import source_line

PLATFORMS: Mapping[str, str] = {
    "weibo": "微博",
    "wechat": "微信",
    "app": "APP",
    "channels": "视频号",
    "douyin": "抖音",
    "toutiao": "头条号",
    "other": "其他平台",
}
ORIGINS: Mapping[str, str] = {"original": "原创", "reprint": "转载", "forward": "转发"}
CORRECTIONS: Mapping[str, str] = {
    "correction": "更正",
    "update": "更新",
    "withdrawal": "撤回",
    "expiry": "失效",
}
_GETA = "〓"
"""The printer's mark for a character that no font holds."""


def row_of(number: int, post: Post, archive: Archive) -> Row:
    """One post as a row of the form (F-1 … F-5)."""
    return Row(
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


def boxes_of(posts: Sequence[Post], archive: Archive) -> tuple[Box, ...]:
    """The form's own boxes in order, then 其他（…） for any other platform used (F-1)."""
    known = archive.registers.accounts
    used = {known[a].platform for p in posts for a in p.accounts if a in known}
    channels = archive.registers.parameter("form.channels", archive.day_of(posts[0]))
    own = [Box(PLATFORMS.get(c, c), c in used) for c in channels]
    rest = [word for platform, word in PLATFORMS.items() if platform in used - set(channels)]
    return (*own, *([Box(f"其他（{'、'.join(rest)}）", True)] if rest else []))


def plain(text: str) -> str:
    """Text without controls and turns of direction; what is no character is shown as 〓."""
    kept = (_kept(c) for c in text)
    return " ".join("".join(kept).split(" ")).strip()


def _kept(character: str) -> str:
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
    word = ORIGINS.get(given, "未填")
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
    confirmed = _confirmed(post, archive)
    if confirmed:
        yield confirmed
    yield f"第{post.revision}版 摘要 {grouped_digits(manifest_digest(post.folder, post.manifest))}"


def _history(post: Post, archive: Archive) -> Iterator[str]:
    for correction in sorted(archive.corrections_of(post.id), key=lambda c: (c.changed_on, c.id)):
        word = CORRECTIONS.get(correction.kind, correction.kind)
        yield f"{word}（{correction.changed_on.isoformat()}）：{correction.reason}"
    for carried in archive.publications_of(post.id):
        if carried.supersedes:
            yield f"发布登记更正：{carried.reason}"
    approvals = archive.approvals.get(post.id)
    for review in approvals.earlier if approvals else ():
        if (review.step, review.decision) == (Step.FINAL, "approve"):
            signed = minute(review.signed_at)
            yield f"第{review.revision}版终审 {signed}"


def _confirmed(post: Post, archive: Archive) -> str:
    """Article 15(2) has no box on the form, so its record is a remark."""
    approvals = archive.approvals.get(post.id)
    review = approvals.approved(Step.CONFIRM) if approvals else None
    if review is None:
        return ""
    return f"发布前确认 {minute(review.signed_at)}"
