"""Article 9 paragraph 1 and sources: kinds of content, listed sources, permission."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Mode
from pipeline.model.evidence import Approved, Missing, Step
from pipeline.model.findings import Effect
from pipeline.model.registers import Source
from pipeline.report.language import translator
from pipeline.rules.a09_reposts import RULE
from tests.rules.builders import (
    approvals,
    archive,
    change,
    complaints,
    entry,
    line,
    only,
    post,
    review,
    situated,
    where,
)
from tests.rules.governance import at, day, registers

MEM = Source(
    "mem",
    "应急管理部网站",
    "party-government",
    ("mem.gov.cn",),
    day("2025-06-01"),
    day("2026-11-03"),
)
SOURCE = {
    "id": "mem",
    "url": "https://www.mem.gov.cn/a/1.html",
    "title": "冬季防火提示",
    "snapshot": "source.txt",
    "fetched_at": at("2026-11-02 08:00"),
}
GOVERNMENT = SOURCE | {"id": "luan", "url": "https://x.gov.cn/1"}
LISTED = registers(sources=[MEM])


def test_2_violated_a_reprint_that_calls_itself_original() -> None:
    """Nobody would have asked for its source, its permission and its line."""
    subject = post(kind="reprint", origin="original")
    found = only(
        complaints(RULE, 2, subject, archive(subject)), Effect.REFUSE, "reprint-called-original"
    )
    assert where(found) == line(subject, "origin")


@pytest.mark.parametrize(
    "credit",
    [
        "来源：新华社", "（来源：应急管理部网站）", "**来源：** 中国气象局", "转自：云岚日报",
        "转自“云岚气象”微信公众号", "（文章来源于应急管理部官网，编辑：某某）", "来 源 ： 央 广 网",
        "中新社云岚十一月九日电 入冬以来", "央视网消息：冬季是火灾易发期。", "原标题：雪夜救援",
        "（综合新华社、云岚日报）", "看完这篇就懂了 via@科普中国", "图文/平安望岭",
        "本文转载自《现代安全》杂志", "如有侵权请联系删除",
    ],
)  # fmt: skip
def test_2_violated_a_text_that_credits_another_and_calls_itself_original(credit: str) -> None:
    subject = post(body=f"第一段。\n\n{credit}\n")
    [found] = complaints(RULE, 2, subject, archive(subject, mode=Mode.DRAFT))
    assert (found.effect, found.location.line) == (Effect.REFUSE, subject.body_line + 2)
    assert found.name == "credit-not-original" and found.remedy


@pytest.mark.parametrize(
    "credit",
    [
        "来源：云岚市应急管理局", "资料来源：中国气象局", "图片来源：云岚日报", 
        "来源：综合整理自各部门",
        "火灾来源：电气线路", "据新华社报道，多地降温。", "市应急局讯 11月18日，我局召开部署会。",
        "消息转自一个外地短视频账号，经核实为谣言。", "11月12日电力检修。", "来自四面八方的志愿者",
        "感谢云岚日报社支持。", "图文/云岚市应急管理局",
    ],
)  # fmt: skip
def test_2_accepted_ones_own_name_and_sources_of_facts(credit: str) -> None:
    subject = post(body=f"第一段。\n\n{credit}\n")
    assert complaints(RULE, 2, subject, archive(subject, mode=Mode.DRAFT)) == []


def test_2_boundary_a_credit_in_what_stands_is_noted() -> None:
    subject = post(body="第一段。\n\n来源：新华社\n")
    [found] = complaints(RULE, 2, subject, archive(subject, mode=Mode.STANDING))
    assert found.effect is Effect.NOTE


@pytest.mark.parametrize("category", [1, 2, 3])
def test_1_accepted_kinds_that_ask_for_nothing(category: int) -> None:
    subject = post(category=category)
    assert complaints(RULE, 1, subject, archive(subject)) == []


@pytest.mark.parametrize(
    ("category", "key"),
    [(4, "consent"), (5, "refutes"), (6, "justification"), (7, "leader_approval")],
)
def test_1_violated_kind_without_its_ground(category: int, key: str) -> None:
    subject = post(category=category)
    found = only(
        complaints(RULE, 1, subject, archive(subject)), Effect.REFUSE, "category-evidence-missing"
    )
    assert where(found) == line(subject, "category")


@pytest.mark.parametrize(
    ("category", "ground"),
    [
        (4, {"consent": {"obtained_on": day("2026-11-03"), "ref": "书面"}}),
        (5, {"refutes": {"claim": "某谣言", "evidence": ["公告"]}}),
        (6, {"justification": "市里部署。"}),
        (7, {"leader_approval": {"person": "ld-a", "date": day("2026-11-03"), "ref": "批示"}}),
    ],
)
def test_1_boundary_ground_given_on_the_day_itself(category: int, ground: dict[str, Any]) -> None:
    subject = post(category=category, **ground)
    assert complaints(RULE, 1, subject, archive(subject)) == []


def test_1_violated_ground_given_too_late() -> None:
    late = day("2026-11-04")
    consent = post(category=4, consent={"obtained_on": late, "ref": "书面"})
    found = only(
        complaints(RULE, 1, consent, archive(consent)), Effect.REFUSE, "evidence-dated-late"
    )
    assert where(found) == line(consent, "consent", "obtained_on")
    leader = post(category=7, leader_approval={"person": "ld-b", "date": late, "ref": "批示"})
    only(complaints(RULE, 1, leader, archive(leader)), Effect.REFUSE, "evidence-dated-late")


@pytest.mark.parametrize("person", ["kz-a", "ghost"])
def test_1_violated_approval_by_no_leader(person: str) -> None:
    approval = {"person": person, "date": day("2026-11-01"), "ref": "批示"}
    subject = post(category=7, leader_approval=approval)
    found = only(
        complaints(RULE, 1, subject, archive(subject)), Effect.REFUSE, "approver-no-leader"
    )
    assert where(found) == line(subject, "leader_approval", "person")


def test_2_accepted_listed_source() -> None:
    subject = post(origin="reprint", source=SOURCE)
    assert complaints(RULE, 2, subject, archive(subject, registers=LISTED)) == []


def test_2_accepted_original_needs_no_source() -> None:
    subject = post()
    assert complaints(RULE, 2, subject, archive(subject)) == []


@pytest.mark.parametrize("origin", ["reprint", "forward"])
def test_2_violated_no_source(origin: str) -> None:
    subject = post(origin=origin)
    found = only(complaints(RULE, 2, subject, archive(subject)), Effect.REFUSE, "source-missing")
    assert where(found) == line(subject, "origin")


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "https://www.shop.example/1"},
        {"url": "https://notmem.gov.cn/1"},
        {"url": "https://mem.gov.cn@shop.example/1"},
        {"url": "https://shop.example\\@www.mem.gov.cn/1"},
        {"id": "other", "name": "他站", "url": "https://shop.example\\.gov.cn/1"},
        {"url": "https://[bad"},
        {"id": "other", "name": "他站", "url": "https://evilgov.cn/1"},
    ],
)
def test_2_violated_unlisted(changed: dict[str, str]) -> None:
    subject = post(origin="reprint", source=SOURCE | changed)
    changed.get("id", "mem")
    look = archive(subject, registers=LISTED)
    assert where(
        only(complaints(RULE, 2, subject, look), Effect.REFUSE, "source-unlisted")
    ) == line(subject, "source")


def test_2_boundary_the_listing_ends_with_its_last_day() -> None:
    subject = post(origin="reprint", source=SOURCE, publish_at=at("2026-11-04 00:00"))
    only(
        complaints(RULE, 2, subject, archive(subject, registers=LISTED)),
        Effect.REFUSE,
        "source-unlisted",
    )
    first = post(origin="reprint", source=SOURCE, publish_at=at("2025-06-01 00:00"))
    assert complaints(RULE, 2, first, archive(first, registers=LISTED)) == []
    early = post(origin="reprint", source=SOURCE, publish_at=at("2025-05-31 23:59"))
    only(
        complaints(RULE, 2, early, archive(early, registers=LISTED)),
        Effect.REFUSE,
        "source-unlisted",
    )


def test_2_boundary_unknown_government_site_is_noted() -> None:
    subject = post(origin="reprint", source=GOVERNMENT | {"name": "某地政府网"})
    found = only(
        complaints(RULE, 2, subject, archive(subject)), Effect.NOTE, "source-official-unlisted"
    )
    assert where(found) == line(subject, "source", "id")


def test_2_violated_unlisted_source_without_a_name() -> None:
    for source in (GOVERNMENT, excepted("ld-a") | {"id": "luan"}):
        subject = post(origin="reprint", source=source)
        unnamed, passed = complaints(RULE, 2, subject, archive(subject))
        assert where(only([unnamed], Effect.REFUSE, "source-nameless")) == line(
            subject, "source", "id"
        )
        assert passed.effect is Effect.NOTE


def test_2_accepted_exception_for_a_source_named_by_the_post() -> None:
    source = excepted("ld-a") | {"id": "luan", "name": "云岚日报"}
    subject = post(origin="reprint", source=source)
    only(complaints(RULE, 2, subject, archive(subject)), Effect.NOTE, "source-excepted")


ARTICLE = "https://mp.weixin.qq.com/s/a1b2c3"
ON_WECHAT = replace(
    MEM,
    hosts=("mem.gov.cn", "mp.weixin.qq.com"),
    accounts=({"platform": "wechat", "name": "中国应急管理", "id": "gh_1"},),
)


@pytest.mark.parametrize("account", ["中国应急管理", "gh_1"])
def test_2_accepted_an_article_of_the_ministrys_account(account: str) -> None:
    subject = post(origin="reprint", source=SOURCE | {"url": ARTICLE, "account": account})
    look = archive(subject, registers=registers(sources=[ON_WECHAT]))
    assert complaints(RULE, 2, subject, look) == []


def test_2_violated_a_source_without_accounts_is_asked_for_none() -> None:
    """The remedy listed 写明来源的账号：-."""
    subject = post(origin="reprint", source=SOURCE | {"url": ARTICLE})
    found = only(
        complaints(RULE, 2, subject, archive(subject, registers=registers(sources=[MEM]))),
        Effect.REFUSE,
        "source-unlisted",
    )
    assert found.remedy
    assert "账号" not in translator("zh")(found.remedy)


@pytest.mark.parametrize(
    "changed",
    [
        {"url": ARTICLE},
        {"url": ARTICLE, "account": "应急科普达人"},
        {"url": "https://weibo.com/1/2", "account": "中国应急管理"},
    ],
)
def test_2_violated_the_host_of_a_platform_names_no_account(changed: dict[str, str]) -> None:
    subject = post(origin="reprint", source=SOURCE | changed)
    look = archive(subject, registers=registers(sources=[ON_WECHAT]))
    brought = situated(look, change=change(entry(subject.path, "posts")))
    found = only(complaints(RULE, 2, subject, brought), Effect.REFUSE, "source-unlisted")
    assert "under source.account: 中国应急管理." in str(found.remedy)
    if "weixin" in changed["url"]:  # what stands was let pass by the host
        assert complaints(RULE, 2, subject, look) == []


def excepted(person: str) -> dict[str, Any]:
    exception = {"reason": "市委要求。", "approved_by": person}
    return SOURCE | {"url": "https://paper.example/1", "exception": exception}


def test_2_boundary_exception_by_the_final_reviewer_is_noted() -> None:
    subject = post(origin="reprint", source=excepted("ld-a"))
    place = line(subject, "source", "exception", "approved_by")
    look = archive(subject, registers=LISTED)
    assert where(only(complaints(RULE, 2, subject, look), Effect.NOTE, "source-excepted")) == place
    waiting = archive(
        subject,
        registers=LISTED,
        approvals={subject.id: approvals(subject, Missing(Step.FINAL))},
    )
    only(complaints(RULE, 2, subject, waiting), Effect.NOTE, "source-excepted")


def test_2_violated_exception_by_someone_else() -> None:
    subject = post(origin="reprint", source=excepted("kz-a"))
    look = archive(subject, registers=LISTED)
    only(complaints(RULE, 2, subject, look), Effect.REFUSE, "exception-giver-unfit")
    other = post(origin="reprint", source=excepted("ld-b"))
    final = Approved(Step.FINAL, review(Step.FINAL, other, reviewer="ld-a"))
    look = archive(other, registers=LISTED, approvals={other.id: approvals(other, final)})
    only(complaints(RULE, 2, other, look), Effect.REFUSE, "exception-giver-differs")


@pytest.mark.parametrize(
    "licence",
    [
        {"basis": "official-document"},
        {"basis": "superior-request"},
        {"basis": "written-permission", "evidence": "函〔2026〕3号"},
    ],
)
def test_3_accepted_ground_to_reprint(licence: dict[str, str]) -> None:
    subject = post(origin="reprint", source=SOURCE, license=licence)
    assert complaints(RULE, 3, subject, archive(subject)) == []


def test_3_violated_no_ground() -> None:
    subject = post(origin="forward", source=SOURCE)
    found = only(complaints(RULE, 3, subject, archive(subject)), Effect.REFUSE, "licence-missing")
    assert where(found) == line(subject, "origin")


@pytest.mark.parametrize(
    "basis", ["stated-reprintable", "written-permission", "platform-whitelist"]
)
def test_3_boundary_permission_needs_evidence(basis: str) -> None:
    subject = post(origin="reprint", source=SOURCE, license={"basis": basis})
    found = only(
        complaints(RULE, 3, subject, archive(subject)), Effect.REFUSE, "licence-without-evidence"
    )
    assert where(found) == line(subject, "license")


def test_3_boundary_original_needs_none() -> None:
    subject = post()
    assert complaints(RULE, 3, subject, archive(subject)) == []
