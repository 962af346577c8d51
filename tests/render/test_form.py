"""What the approval form says: rows, boxes, opinions, numbers and digests (附件)."""

from dataclasses import replace
from datetime import date

import pytest

from pipeline.model.archive import Archive
from pipeline.model.evidence import Step
from pipeline.model.forms import Form
from pipeline.model.policy import Parameter
from pipeline.model.posts import manifest_digest
from pipeline.parts.form.rendering import forms_of_day, forms_of_month, item_form
from tests.report import form_days as days
from tests.rules import builders as made
from tests.rules.governance import at

DAY = date.fromisoformat(days.DAY)


def form_of(archive: Archive) -> Form:
    (form,) = forms_of_day(archive, DAY)
    return form


def stated(archive: Archive, **values: object) -> Archive:
    """The archive with more parameters; dots written as ``__``."""
    registers = archive.registers
    more = {
        (name := key.replace("__", ".")): (Parameter(name, value, "", "[D]", date(2023, 3, 21)),)
        for key, value in values.items()
    }
    policy = replace(registers.policy, parameters={**registers.policy.parameters, **more})
    return replace(archive, registers=replace(registers, policy=policy))


def test_day_form_lists_the_posts_of_that_day_by_time() -> None:
    late, early = days.post(3), days.post(1)
    other = made.post("2026-11-04-other", publish_at=at("2026-11-04 00:10"))
    form = form_of(days.archive(late, other, early))
    assert [(r.number, r.post) for r in form.rows] == [(1, early.id), (2, late.id)]
    assert (form.name, form.day, form.title) == (days.DAY, DAY, "云岚市应急管理局信息发布审批表")


def test_day_is_that_of_shanghai() -> None:
    midnight = made.post("2026-11-03-night", publish_at=at("2026-11-03 00:05"))
    assert form_of(days.archive(midnight)).rows[0].post == midnight.id
    assert forms_of_day(days.archive(midnight), date(2026, 11, 2)) == ()


def test_post_without_a_day_is_on_no_form_of_a_day() -> None:
    assert forms_of_day(days.archive(days.post(1, publish_at=None)), DAY) == ()


def test_granularity_of_items_gives_each_its_form() -> None:
    archive = stated(days.archive(days.post(1), days.post(2)), form__granularity="item")
    forms = forms_of_day(archive, DAY)
    assert [f.name for f in forms] == [days.post(1).id, days.post(2).id]
    assert forms[0] == item_form(archive, days.post(1))


def test_month_has_a_form_per_day_with_posts() -> None:
    last = made.post("2026-11-30-last", publish_at=at("2026-11-30 23:59"))
    after = made.post("2026-12-01-after", publish_at=at("2026-12-01 00:00"))
    archive = days.archive(last, after, days.post(1))
    assert [f.name for f in forms_of_month(archive, 2026, 11)] == ["2026-11-03", "2026-11-30"]
    assert forms_of_month(archive, 2025, 11) == ()


def test_boxes_are_ticked_from_the_accounts() -> None:
    form = form_of(days.archive(days.post(1, accounts=["wb"]), days.post(2, accounts=["sp"])))
    assert [str(b) for b in form.boxes] == ["☑微博", "□微信", "☑其他（视频号）"]
    assert [str(b) for b in form.rows[0].boxes] == ["☑微博", "□微信"]
    assert [str(b) for b in form.rows[1].boxes] == ["□微博", "□微信", "☑其他（视频号）"]


def test_unknown_account_ticks_nothing() -> None:
    form = form_of(days.archive(days.post(1, accounts=["gone"])))
    assert [str(b) for b in form.boxes] == ["□微博", "□微信"]


@pytest.mark.parametrize(
    ("meta", "words"),
    [
        ({"origin": "original"}, "原创（救助科）"),
        ({"origin": "original", "origin_dept": "gone"}, "原创"),
        (
            {"origin": "reprint", "source": {"id": "mem", "url": "https://x.example/"}},
            "转载（来源：mem）",
        ),
        ({"origin": "forward", "source": {"id": "mem"}}, "转发（来源：mem）"),
        (
            {"origin": "forward", "source": {"id": "mem", "name": "云岚日报"}},
            "转发（来源：云岚日报）",
        ),
        ({"origin": "reprint"}, "转载（来源：未填）"),
        ({"origin": None}, "未填（来源：未填）"),
    ],
)
def test_type_and_source(meta: dict[str, object], words: str) -> None:
    assert form_of(days.archive(days.post(1, **meta))).rows[0].origin == words


def test_time_is_planned_until_an_account_has_carried_it() -> None:
    post = days.post(1)
    archive = days.archive(post)
    carried = (
        made.publication(f"{days.DAY} 09:41", post.id, "wx"),
        made.publication(f"{days.DAY} 09:38", post.id, "wb"),
    )
    late = made.publication("2026-11-04 00:01", post.id)
    assert form_of(archive).rows[0].time == "计划 08:00"
    assert form_of(replace(archive, publications=carried)).rows[0].time == "发布 09:38"
    (next_day,) = forms_of_day(replace(archive, publications=(late,)), date(2026, 11, 4))
    assert (next_day.rows[0].time, next_day.name) == ("发布 00:01", "2026-11-04")
    assert forms_of_day(replace(archive, publications=(late,)), DAY) == ()


def test_remarks_tell_departures_history_and_bytes() -> None:
    post = days.post(
        1,
        revision=2,
        remarks="会商后发布。",
        origin="reprint",
        source={"id": "mem", "exception": {"reason": "权威发布", "approved_by": "ld-a"}},
        leader_approval={"person": "ld-a", "ref": "批示3号"},
    )
    before = made.review(Step.FINAL, replace(post, meta={**post.meta, "revision": 1}))
    archive = days.archive(
        post,
        approvals={post.id: made.approvals(post, earlier=[before])},
        corrections=(made.correction(post),),
    )
    *said, bytes_ = form_of(archive).rows[0].remarks
    assert said == [
        "会商后发布。",
        "稿源例外：权威发布",
        "经领导批准：批示3号",
        "更正（2026-11-10）：更正数字。",
        "第1版终审 2026-11-02 12:00",
        "发布前确认 2026-11-02 13:00",
    ]
    digest = manifest_digest(post.folder, post.manifest)
    assert bytes_ == f"第2版 摘要 {digest[:4]} {digest[4:8]} {digest[8:12]} {digest[12:16]}"


def test_a_publication_record_that_took_anothers_place_says_why() -> None:
    post = days.post(1)
    first = made.publication(f"{days.DAY} 09:30", of=post.id)
    again = replace(first, supersedes="a" * 64, reason="时间看错")
    plain_, told = (
        form_of(days.archive(post, publications=(p,))).rows[0].remarks for p in (first, again)
    )
    assert set(told) - set(plain_) == {"发布登记更正：时间看错"}
