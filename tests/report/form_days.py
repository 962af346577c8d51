"""Days of the fictional bureau for the approval form: quiet, busy, unsigned, and out of hand."""

from dataclasses import replace
from typing import Any

from pipeline.model.archive import Archive
from pipeline.model.evidence import Approvals, Approved, Step
from pipeline.model.posts import Post
from tests.rules import builders as made
from tests.rules.governance import account, at, registers

DAY = "2026-11-03"
TITLE = (
    "云岚市应急管理局关于做好2026年冬季至2027年春季森林防火、低温雨雪冰冻灾害防范应对、"
    "烟花爆竹和城镇燃气安全以及受灾群众冬春救助工作有关事项的通知（第{n}号）"
)
KEY = "SHA256:38DRYfTXW+DHvg3opdVmyr5dLH5DjVc6qgppLwGzNUM"
ACCOUNTS = (account("wx"), account("wb", "weibo"), account("sp", "channels", "av"))


def archive(*posts: Post, **changes: Any) -> Archive:
    """An archive with an address, a code and three accounts."""
    known = registers(ACCOUNTS)
    policy = replace(
        known.policy,
        archive={
            "id": "yunlan-yjj",
            "name": "云岚市应急管理局政务新媒体公开档案",
            "url": "https://archive.yunlan.example/",
        },
        unit={"full_name": "云岚市应急管理局", "organisation_code": "MB000000-0"},
    )
    return replace(made.archive(*posts), registers=replace(known, policy=policy), **changes)


def post(n: int = 1, title: str = "", **meta: Any) -> Post:
    """The nth post of the day, ten minutes after the one before."""
    minute = 10 * (n - 1)
    moment = at(f"{DAY} {8 + minute // 60:02d}:{minute % 60:02d}")
    return made.post(
        f"{DAY}-item-{n:02d}",
        title=title or f"第{n}条提示",
        **{"accounts": ["wx", "wb"], "publish_at": moment} | meta,
    )


def approvals(subject: Post, n: int = 1, opinion: str = "同意。") -> Approvals:
    """Three signatures and the confirmation, each post some minutes after the one before."""
    states = {}
    for step in Step:
        signed = at(f"{DAY} {step.number:02d}:{n % 60:02d}")
        review = made.review(step, subject, signed_at=signed, opinion=opinion, fingerprint=KEY)
        states[step] = Approved(step, review)
    return Approvals(states)


def busy(count: int = 12, opinion: str = "同意。") -> Archive:
    """Many posts with long titles and remarks, every one reviewed."""
    posts = [
        post(n, TITLE.format(n=n), remarks="会同气象、交通、卫健部门会商后发布。" * 2)
        for n in range(1, count + 1)
    ]
    given = {p.id: approvals(p, n, opinion) for n, p in enumerate(posts, 1)}
    return archive(*posts, approvals=given)


def unsigned() -> Archive:
    """Two posts of which nobody has signed the second."""
    posts = [post(1), post(2)]
    return archive(
        *posts, approvals={posts[0].id: approvals(posts[0]), posts[1].id: made.unreviewed()}
    )
