"""Article 2: the three reviews (第二条 三级审核).

1. 初审、复审、终审均已通过，由三个不同的人签名，复审人、终审人不是作者，签名对应的正是现在的内容。
   | Human: 审核人的判断。
   accepted: 三人依次签名通过、此后未再改动的信息。
   violated: 复审后改了一个字的信息，被退回的信息，作者本人复审的信息。
   boundary: 作者本人兼任初审；尚在审核中的信息只是等待，已经发布的，缺一级审核即为违反。
   next: 运行 `sanshen status` 查看轮到谁，由其阅读后运行 `sanshen approve`。
2. 未检：审核人是否逐字看过，签名看不出来。
   | Human: 全部。
"""

from collections.abc import Iterator

from pipeline.model.archive import Archive, Mode
from pipeline.model.evidence import REVIEW_STEPS, STEP_NAMES, Missing, Rejected, Returned
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.law import ItemClause, Unchecked, reviewed, rule
from pipeline.model.posts import Post


def approved(post: Post, archive: Archive) -> Iterator[Complaint]:  # 1
    """The state of each review; that they are of three people, the evidence itself is held to."""
    for step in REVIEW_STEPS:
        name, state = STEP_NAMES[step], archive.approvals[post.id].states[step]
        if isinstance(state, Missing):
            effect = Effect.HOLD if archive.mode is Mode.CHANGE else Effect.REFUSE
            remedy = say("请阅读后运行：sanshen approve {post}", post=post.id)
            message = say("等待{step}。", step=name)
            yield Complaint("review-missing {step}", effect, message, post.at("revision"), remedy)
        elif isinstance(state, Returned):
            message = say("{step}已退回。", step=name)
            where = Location(state.review.path)
            yield Complaint("review-returned", Effect.REFUSE, message, where, state.remedy)
        elif isinstance(state, Rejected):
            yield Complaint(state.name, Effect.REFUSE, state.reason, state.location, state.remedy)


RULE = rule(ItemClause(1, approved, applies=reviewed), Unchecked(2))
