"""Article 13: bottom lines, secrecy, links, machine-made content, conduct, other units."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import Mode
from pipeline.model.evidence import Approved, Missing, Step
from pipeline.model.findings import Effect
from pipeline.model.law import ItemClause, PeriodClause
from pipeline.model.posts import MediaFact, Post, Rendition
from pipeline.model.records import Publication
from pipeline.rules.a13_content_safety import RULE
from pipeline.rules.a13_content_safety.text import SECRETS as KINDS
from tests.rules.builders import (
    approvals,
    archive,
    complaints,
    duties,
    line,
    only,
    post,
    publication,
    rendition,
    review,
    unreviewed,
    where,
)
from tests.rules.facts import declaration, recorded, with_facts, wording
from tests.rules.governance import PEOPLE, at, day, registers

LINES = {
    "law": "laws and regulations",
    "system": "the socialist system",
    "national_interest": "the national interest",
    "citizens_rights": "citizens' lawful rights",
    "public_order": "public order",
    "morality": "social morality",
    "truth": "true information",
}
SECRETS = {
    f"AppSecret：{'0123456789abcdef' * 2}": "app-secret",
    "access_token=72_abcdef0123456789": "token",
    "后台密码：Yl@2026jj": "password",
    "-----BEGIN PRIVATE KEY-----": "private-key",
    "LTAI0123456789abcd": "cloud-key",
}
UNIT = {"unit": "云岚市公安局", "contact": "联络员", "date": day("2026-11-02"), "evidence": "会签"}
REVIEW = {"person": "xxy-a", "date": day("2026-11-02"), "result": "releasable"}


def said(number: int, subject: Post, **look: Any) -> list[tuple[Effect, str]]:
    made = complaints(RULE, number, subject, archive(subject, **look))
    assert all(c.remedy for c in made)
    return [(c.effect, c.name) for c in made]


def confirmed(subject: Post, **changes: Any) -> dict[str, Any]:
    signed = review(Step.CONFIRM, subject, **changes)
    return {"approvals": {subject.id: approvals(subject, Approved(Step.CONFIRM, signed))}}


def test_1_accepted_all_seven() -> None:
    assert said(1, post()) == []
    clause = next(c for c in RULE.clauses if c.number == 1)
    assert isinstance(clause, ItemClause)
    assert clause.declared


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("value", [False, None])
def test_1_violated_each_line_missing_or_denied(name: str, value: bool | None) -> None:
    subject = post()
    ticks = dict.fromkeys(LINES, True) | ({} if value is None else {name: value})
    if value is None:
        del ticks[name]
    look = archive(subject, **confirmed(subject, assertions=ticks))
    found = complaints(RULE, 1, subject, look)
    only(found, Effect.REFUSE, f"bottom-line-unstated {LINES[name]}")


def test_1_boundary_wording_is_that_of_the_regulation_in_force_until_published() -> None:
    subject = post()
    old = confirmed(subject, regulation_digest="0" * 64)
    words = "bottom-lines-outdated"
    assert said(1, subject, **old) == [(Effect.REFUSE, words)]
    carried: tuple[Publication, ...] = (publication("2026-11-03 09:30"),)
    assert said(1, subject, **old, publications=carried) == []
    assert said(1, subject, **old, mode=Mode.STANDING) == []


def test_1_boundary_no_confirmation_yet_is_for_article_15() -> None:
    subject = post()
    assert said(1, subject, approvals={subject.id: unreviewed()}) == []
    assert said(1, subject, mode=Mode.DRAFT, approvals={}) == []


def test_3_accepted_talk_of_secrecy_and_a_review_by_somebody_else() -> None:
    assert said(3, post(body="保守国家秘密，密码要定期更换。\n")) == []
    assert said(3, post(secrecy_review=REVIEW | {"person": "ld-a"})) == []


@pytest.mark.parametrize("body", ["机密★10年\n", "【内部资料】\n", "内部文件，不得外传。\n"])
def test_3_violated_by_a_mark(body: str) -> None:
    subject = post(body=f"一\n\n{body}")
    complaint = only(
        complaints(RULE, 3, subject, archive(subject)), Effect.REFUSE, "secrecy-mark-shown"
    )
    assert where(complaint) == (subject.path, 42)
    assert complaint.waivable == ""


@pytest.mark.parametrize("text", SECRETS)
def test_3_violated_by_a_secret_that_is_not_repeated(text: str) -> None:
    subject = post(body=f"{text}\n")
    made = complaints(RULE, 3, subject, archive(subject))
    complaint = only(made, Effect.REFUSE, f"secret-shown {KINDS[SECRETS[text]]}")
    assert text[-8:] not in f"{complaint.message}{complaint.remedy}"


def test_3_violated_in_title_file_name_and_attachment() -> None:
    mark = (Effect.REFUSE, "secrecy-mark-shown")
    assert said(3, post(title="【内部资料】通知")) == [mark]
    base = post()
    table = replace(base, media=(MediaFact("f.docx", "份号：000012"),))
    assert said(3, table) == [mark]
    snapshot = replace(base, texts={f"{base.folder}/source.txt": "秘密"})
    assert said(3, snapshot) == [mark]


def test_3_boundary_uncertain_words_are_noted() -> None:
    assert said(3, post(body="本刊为内部资料。\n")) == [
        (Effect.NOTE, "internal-material-mentioned")
    ]
    assert said(3, post(body="小程序wx0123456789abcdef\n")) == [(Effect.NOTE, "secret-shown")]


@pytest.mark.parametrize("who", ["nobody", "wb-a", "gly-a"])
def test_3_violated_reviewer_who_may_not(who: str) -> None:
    subject = post(secrecy_review=REVIEW | {"person": who})
    made, names = complaints(RULE, 3, subject, archive(subject)), archive(subject).registers
    complaint = only(made, Effect.REFUSE, "secrecy-reviewer-unfit", person=names.name_of(who))
    assert where(complaint) == line(subject, "secrecy_review", "person")


def test_3_violated_by_the_author_and_a_co_author() -> None:
    words = [(Effect.REFUSE, "secrecy-reviewed-by-author")]
    assert said(3, post(author="xxy-a")) == words
    assert said(3, post(co_authors=["xxy-a"])) == words


@pytest.mark.parametrize(
    ("date", "right"),
    [("2026-11-01", False), ("2026-11-02", True), ("2026-11-03", True), ("2026-11-04", False)],
)
def test_3_boundary_between_writing_and_publication(date: str, right: bool) -> None:
    words = "secrecy-review-misdated"
    expected = [] if right else [(Effect.REFUSE, words)]
    assert said(3, post(secrecy_review=REVIEW | {"date": day(date)})) == expected


@pytest.mark.parametrize(
    "url", ["https://www.gov.cn/a.html", "mailto:x@example.cn", "tel:12345", "/posts/x", "#a"]
)
def test_4_accepted_links_to_pages_letters_and_calls(url: str) -> None:
    assert said(4, post(), renditions=[rendition(links=[url])]) == []


def test_4_violated_short_links_and_programs() -> None:
    subject = post()
    look = archive(subject, renditions=[rendition(links=["https://t.cn/A6x", "weixin://dl/x"])])
    short, program = complaints(RULE, 4, subject, look)
    assert short.name == "link-hides-page"
    assert program.name == "link-leads-nowhere"
    assert (where(short), where(program)) == ((subject.path, 41), (subject.path, 42))
    assert {short.effect, program.effect} == {Effect.REFUSE}


@pytest.mark.parametrize("words", ["点http://t.cn/A6x看", "HTTPS://T.CN/A6x", "搜 t.cn/A6x，"])
def test_4_violated_a_short_address_among_the_words(words: str) -> None:
    """The archive links none of them; Weibo does."""
    (found,) = complaints(RULE, 4, (subject := post(body=f"一行。\n\n{words}\n")), archive(subject))
    assert found.name == "link-hides-page"
    assert found.location.line == subject.body_line + 2


@pytest.mark.parametrize(
    "words", ["not-t.cn/x", "a@t.cn/x", "t.cn", "t.cn.example/x", "网站t.cn。"]
)
def test_4_accepted_words_that_only_look_like_a_short_address(words: str) -> None:
    assert said(4, post(body=f"{words}\n")) == []


def test_4_a_short_link_is_told_once() -> None:
    subject = post(body="[t.cn/A6x](https://t.cn/A6x)\n")
    link = replace(rendition(links=["https://t.cn/A6x"]).links[0], line=subject.body_line)
    look = archive(subject, renditions=[replace(rendition(), links=(link,))])
    assert len(complaints(RULE, 4, subject, look)) == 1


def test_4_boundary_hosts_are_policy_and_names_that_only_end_alike() -> None:
    links = [rendition(links=["https://not-t.cn/x", "https://t.cn.example/x"])]
    assert said(4, post(), renditions=links) == []
    policy = registers(content__hidden_hosts=["t.cn.example"])
    assert len(said(4, post(), renditions=links, registers=policy)) == 1


def labelled(channel: str, label: str, text: str = "") -> Rendition:
    return replace(rendition(channel, text=text or f"{label}\n正文。"), ai_label=label)


def test_5_accepted_labelled_in_every_version_or_made_by_people() -> None:
    shown = [labelled(c, "本内容由人工智能生成") for c in ("archive", "wechat")]
    assert said(5, post(ai="generated"), renditions=shown) == []
    assert said(5, post(ai="none")) == []


@pytest.mark.parametrize("ai", ["assisted", "generated"])
def test_5_violated_a_version_without_its_label(ai: str) -> None:
    subject = post(ai=ai)
    shown = [labelled("archive", "有标识"), labelled("wechat", "", "正文。")]
    look = archive(subject, renditions=shown)
    complaint = only(
        complaints(RULE, 5, subject, look), Effect.REFUSE, "ai-label-missing", channel="wechat"
    )
    assert where(complaint) == line(subject, "ai")


def test_5_boundary_label_that_is_not_in_the_text_and_label_of_a_human_text() -> None:
    hidden = [labelled("archive", "有标识", "正文。")]
    assert said(5, post(ai="generated"), renditions=hidden) == [(Effect.REFUSE, "ai-label-missing")]
    assert said(5, post(ai="none"), renditions=[labelled("archive", "有标识")]) == [
        (Effect.REFUSE, "ai-label-false")
    ]
    assert said(5, post(ai="generated", validity="withdrawn")) == []


CONDUCT = wording("staff-conduct", "information-officer", "person", every_months=6)


def test_8_accepted_declared_by_every_information_officer() -> None:
    look = recorded(archive(), "wordings", [CONDUCT])
    made = declaration(CONDUCT, "xxy-a", "2026-11-02 09:00", subject="xxy-a")
    [coming] = duties(RULE, 8, with_facts(look, made))
    assert (coming.effect, coming.owes) == (Effect.NOTE, "xxy-a")
    clause = next(c for c in RULE.clauses if c.number == 8)
    assert isinstance(clause, PeriodClause)
    assert clause.declared


def test_8_violated_never_declared_or_without_wording() -> None:
    [late] = duties(RULE, 8, recorded(archive(), "wordings", [CONDUCT]))
    assert (late.effect, late.owes) == (Effect.REFUSE, "xxy-a")
    [lost] = duties(RULE, 8, archive())
    assert lost.name == "wording-missing"


@pytest.mark.parametrize(("until", "late"), [("2026-05-22", False), ("2026-05-21", True)])
def test_8_boundary_six_months(until: str, late: bool) -> None:
    look = recorded(archive(), "wordings", [CONDUCT])
    made = declaration(CONDUCT, "xxy-a", f"{until} 09:00", subject="xxy-a", until=day(until))
    [found] = duties(RULE, 8, with_facts(look, made))
    assert found.effect is (Effect.REFUSE if late else Effect.NOTE)


def test_9_accepted_agreed_or_nobody_concerned() -> None:
    agreed = post(
        body="会同云岚市公安局检查。\n", involves_units=["云岚市公安局"], coordination=[UNIT]
    )
    assert said(9, agreed) == []
    assert said(9, post(body="公安、水利部门参加演练，教育部门协助。\n")) == []


def test_9_violated_without_agreement() -> None:
    subject = post(involves_units=["云岚市教育局", "云岚市公安局"], coordination=[UNIT])
    complaint = only(
        complaints(RULE, 9, subject, archive(subject)), Effect.REFUSE, "agreement-missing"
    )
    assert where(complaint) == line(subject, "involves_units", 0)


def test_9_boundary_agreed_on_the_day_of_the_final_review_and_after() -> None:
    units: dict[str, Any] = {"involves_units": ["云岚市公安局"]}
    assert said(9, post(coordination=[UNIT], **units)) == []
    late = post(coordination=[UNIT | {"date": day("2026-11-03")}], **units)
    words = [(Effect.REFUSE, "agreement-late")]
    assert said(9, late) == words
    awaited = {late.id: approvals(late, Missing(Step.FINAL))}
    assert said(9, late, approvals=awaited) == []
    signed = Approved(Step.FINAL, review(Step.FINAL, late, signed_at=at("2026-11-03 00:00")))
    assert said(9, late, approvals={late.id: approvals(late, signed)}) == []


def test_9_boundary_units_named_in_the_text_are_noted() -> None:
    body = "市水利局、市气象局和云岚市公安局提醒，市水利局值班。\n"
    subject = post(body=body)
    made = complaints(RULE, 9, subject, archive(subject))
    only(made, Effect.NOTE, "units-mentioned", units="水利局, 气象局, 公安局")
    alert = {"issuer": "云岚市水利局、云岚市气象局"}
    subject = post(body=body, kind="alert", alert=alert)
    made = complaints(RULE, 9, subject, archive(subject))
    only(made, Effect.NOTE, "units-mentioned", units="公安局")
    assert said(9, post(body=body, origin="reprint")) == []


def test_people_of_the_cast_hold_the_roles_these_tests_think_of() -> None:
    roles = {p.id: {t.role for t in p.tenures} for p in PEOPLE}
    assert roles["xxy-a"] == {"information-officer"}
    assert roles["gly-a"] == {"operator"}


def _beside(ai: str = "none", **told: Any) -> Post:
    subject = post(files=["a.png"], ai=ai)
    return replace(subject, media=(MediaFact(f"{subject.folder}/a.png", **told),))


def test_5_violated_a_label_that_is_denied() -> None:
    subject = _beside(made_by_machine="1")
    told = only(
        complaints(RULE, 5, subject, archive(subject)),
        Effect.REFUSE,
        "ai-label-ignored",
        file="a.png",
    )
    assert where(told) == line(subject, "ai")


def _denied(subject: Post, **look: Any) -> bool:
    made = complaints(RULE, 5, subject, archive(subject, **look))
    return any(c.name == "ai-label-ignored" for c in made)


def test_5_satisfied_a_label_that_is_heeded() -> None:
    assert not _denied(_beside("assisted", made_by_machine="1"))
    assert not _denied(_beside(made_by_machine=""))
    assert not _denied(
        replace(_beside(made_by_machine="1"), meta={"ai": "none", "validity": "withdrawn"})
    )


@pytest.mark.parametrize("act", ["script", "launch", "embedded", "encrypted", "hidden", "macro"])
def test_4_violated_a_file_that_acts(act: str) -> None:
    subject = _beside(acts=(act,))
    (told,) = complaints(RULE, 4, subject, archive(subject))
    assert (told.effect, told.location.path) == (Effect.REFUSE, f"{subject.folder}/a.png")
    assert told.remedy


def test_4_and_5_a_post_from_before_is_not_refused() -> None:
    later = registers(**{"media.checked_from": "2026-12-01"})
    assert not _denied(_beside(made_by_machine="1"), registers=later)
    subject = _beside(acts=("script",))
    assert complaints(RULE, 4, subject, archive(subject, registers=later)) == []
