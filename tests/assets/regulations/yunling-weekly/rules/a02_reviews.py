"""Article 2: the three reviews (第二条 三级审核).

1. 初审、复审、终审均已通过，签名对应的正是现在的内容。
   | Human: 审核人的判断。
   accepted: 三人依次签名通过、此后未再改动的信息。
   violated: 复审后改了一个字的信息，或者被退回的信息。
   boundary: 尚在审核中的信息只是等待；已经发布的，缺一级审核即为违反。
   next: 运行 `sanshen status` 查看轮到谁，由其阅读后运行 `sanshen approve`。
2. 三级审核由三个人完成，复审人、终审人不是作者本人。
   | Human: 审核人是否真正看过。
   accepted: 三个不同的人，作者不在复审、终审之列。
   violated: 同一人签了两级。
   boundary: 作者本人兼任初审。
   next: 请另一名有权限的人审核新的修订版。
"""

from collections import Counter
from collections.abc import Iterator

from pipeline.model.archive import Archive, Mode
from pipeline.model.evidence import REVIEW_STEPS, STEP_NAMES, Missing, Rejected, Returned, Step
from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.law import ItemClause, reviewed, rule
from pipeline.model.posts import Post


def approved(post: Post, archive: Archive) -> Iterator[Complaint]:  # 1
    """The state of each of the three reviews."""
    for step in REVIEW_STEPS:
        name, state = STEP_NAMES[step], archive.approvals[post.id].states[step]
        if isinstance(state, Missing):
            effect = Effect.HOLD if archive.mode is Mode.CHANGE else Effect.REFUSE
            remedy = say("请阅读后运行：sanshen approve {post}", post=post.id)
            yield Complaint(effect, say("等待{step}。", step=name), post.at("revision"), remedy)
        elif isinstance(state, Returned):
            message = say("{step}已退回。", step=name)
            yield Complaint(Effect.REFUSE, message, Location(state.review.path), state.remedy)
        elif isinstance(state, Rejected):
            yield Complaint(Effect.REFUSE, state.reason, state.location, state.remedy)


def three_people(post: Post, archive: Archive) -> Iterator[Complaint]:  # 2
    """Who signed which step."""
    approvals = archive.approvals[post.id]
    signed = {step: r.reviewer for step in REVIEW_STEPS if (r := approvals.approved(step))}
    remedy = say("请另一名有权限的人审核新的修订版。")
    for person, steps in Counter(signed.values()).items():
        own = person in post.declared and {signed.get(s) for s in (Step.SECOND, Step.FINAL)}
        if steps > 1 or (own and person in own):
            message = say("{person}不能审核：每级由不同的人审核，复审、终审不审本人所写。",
                          person=archive.registers.name_of(person))  # fmt: skip
            yield Complaint(Effect.REFUSE, message, post.at("author"), remedy)


RULE = rule(
    ItemClause(1, approved, applies=reviewed),
    ItemClause(2, three_people, ("author",), applies=reviewed),
)
