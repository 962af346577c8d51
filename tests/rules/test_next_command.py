"""For every approved post there is a next command that succeeds with true data (Article 11).

In memory: whatever the hour, the kind, the accounts and the holidays, no clause refuses a post that
was approved in order and is recorded as it happened, neither as a proposal nor on main.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.law.engine import judge_post
from pipeline.model.archive import Archive, Mode
from pipeline.model.evidence import Approvals, Approved, Review, Step
from pipeline.model.findings import Effect
from pipeline.model.posts import Post
from pipeline.model.rendered import Channels
from tests.rules.builders import archive, correction, post, publication, review, situated
from tests.rules.governance import account, at, day, registers
from tests.rules.test_bad_registers import trusted
from tests.rules.test_front_matter import FULL, PLAIN, WHOLE

LINK = "[通知](https://www.mem.gov.cn/a)\n"
WARNING = WHOLE.convert({**PLAIN, "alert": FULL["alert"]})["alert"]
KINDS: dict[str, dict[str, Any]] = {
    "tip": {},
    "owed": {"disclosure": "mandatory"},
    "alert": {"kind": "alert", "title": "云岚市发布大风蓝色预警", "topic": "emergency"},
    "accident": {
        "kind": "accident",
        "title": "云麓区一厂房发生火灾",
        "body": "昨日20时，云麓区一厂房发生火灾，无人员伤亡，明火已扑灭。" + LINK,
    },
}
ADDRESSES = {"wx": "https://mp.weixin.qq.com/s/", "wb": "https://weibo.com/1/"}
NEAR = st.sampled_from([0, 3, 10, 1435, 1437, 1439])
"""Minutes of a day: about midnight."""
MINUTES = st.one_of(NEAR, st.integers(0, 1439))
DAYS = st.one_of(
    st.sampled_from([day("2026-09-30"), day("2026-10-08"), day("2026-12-31"), day("2027-01-01")]),
    st.dates(day("2026-01-05"), day("2027-06-30")),
)


def reviews(subject: Post, start: datetime, gaps: list[int]) -> dict[Step, Review]:
    """The four steps, each some minutes after the one before, good for thirty days."""
    signed: dict[Step, Review] = {}
    for step, gap in zip(Step, gaps, strict=True):
        start += timedelta(minutes=gap)
        ends = max(start, subject.publish_at or start) + timedelta(days=30)
        signed[step] = replace(review(step, subject), signed_at=start, not_after=ends)
    return signed


def refusals(subject: Post, look: Archive) -> set[str]:
    """What refuses or holds the post, as a proposal that records and on main."""
    return {
        f"{mode.value} {finding.clause} {finding.message}"
        for mode in (Mode.CHANGE, Mode.STANDING)
        for finding in judge_post(subject, situated(look, mode=mode), trusted().rulebook).findings
        if finding.effect is not Effect.NOTE
    }


@settings(max_examples=max(1, settings().max_examples // 3))
@given(
    kind=st.sampled_from(sorted(KINDS)),
    planned=st.builds(lambda d, m: at(f"{d} 00:00") + timedelta(minutes=m), DAYS, MINUTES),
    made=st.sampled_from([0, 1, 60]),
    wait=st.builds(timedelta, days=st.integers(0, 3), minutes=MINUTES),
    gaps=st.lists(st.sampled_from([1, 3, 600, 4320]), min_size=4, max_size=4),
    accounts=st.sampled_from([["wx"], ["wb"], ["wx", "wb"]]),
    out=st.lists(st.builds(timedelta, days=st.sampled_from([0, 1, 40]), minutes=MINUTES),
                 min_size=4, max_size=4),
    corrected=st.booleans(),
)  # fmt: skip
def test_an_approved_post_is_never_refused_for_when_it_went_out(
    kind: str, planned: datetime, made: int, wait: timedelta, gaps: list[int], accounts: list[str],
    out: list[timedelta], corrected: bool,
) -> None:  # fmt: skip
    """Signed late, past midnight, over holidays and the turn of the year; late disclosures; a
    correction after everything went out."""
    written = (planned - timedelta(days=made)).date()
    meta: dict[str, Any] = {"body": "出门前关好门窗，记得带伞。" + LINK, **KINDS[kind]}
    if kind == "alert":
        hour = timedelta(hours=1)
        meta["alert"] = {**WARNING, "issued_at": planned - hour, "starts_at": planned,
                         "ends_at": planned + hour}  # fmt: skip
        del meta["alert"]["lifted_at"]
    secrecy = {"person": "xxy-a", "date": written, "result": "releasable"}
    first = post(id=f"{planned:%Y-%m-%d}-x", publish_at=planned, created_on=written,
                 accounts=accounts, secrecy_review=secrecy, **meta)  # fmt: skip
    rules = registers(
        (account(interaction=True), account("wb", "weibo", interaction=True)), years=(2026, 2027)
    )
    facts = {"id": "yunlan-yjj", "since": day("2026-01-02"), "url": "https://archive.example/"}
    rules = replace(rules, policy=replace(rules.policy, archive=facts))
    signed, now = reviews(first, planned + wait, gaps), planned + wait
    carried, waits = [], iter(out)
    subject, earlier = first, ()
    corrections = ()
    for revision in (1, 2) if corrected else (1,):
        if revision == 2:
            subject = replace(first, meta={**first.meta, "revision": 2})
            earlier, signed = tuple(signed.values()), reviews(subject, now, gaps)
            corrections = (correction(subject, changed_on=now.date()),)
        now = max(now, signed[Step.CONFIRM].signed_at)
        for name in accounts:
            now += next(waits)
            carried.append(replace(
                publication(f"{now:%Y-%m-%d %H:%M}", of=subject.id, on=name), published_at=now,
                revision=revision, title=subject.title, manifest=subject.manifest,
                url=f"{ADDRESSES[name]}{revision}", recorded_at=now + timedelta(minutes=2),
            ))  # fmt: skip
        states = {step: Approved(step, one) for step, one in signed.items()}
        look = archive(
            subject, registers=rules, as_of=now + timedelta(minutes=5), publications=carried,
            approvals={subject.id: Approvals(states, earlier)}, corrections=corrections,
        )  # fmt: skip
        look = replace(look, renditions=Channels({subject.id: subject}, rules))
        assert refusals(subject, look) == set()
