"""Article 13(3): private data anywhere in a post, exemptions, their end, commit messages."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.model.archive import ChangeFacts, CommitMessage, Mode
from pipeline.model.calendar import Clock
from pipeline.model.documents import Document
from pipeline.model.evidence import Approved, Missing, Step
from pipeline.model.findings import Effect
from pipeline.model.posts import MediaFact, Post
from pipeline.rules.a13_content_safety import RULE
from tests.builders.named import worded
from tests.corpora.fictional import identity, mobile
from tests.rules.builders import (
    POST,
    approvals,
    archive,
    change,
    complaints,
    duties,
    line,
    objections,
    only,
    post,
    publication,
    rendition,
    review,
    values,
    where,
)
from tests.rules.governance import at, day, registers

ID, MOBILE = identity(3), mobile(6)
SHOWN = f"private-data-shown {ID[:3]}{'*' * 13}{ID[-2:]}"
EXEMPTION: dict[str, Any] = {
    "type": "penalty",
    "legal_basis": "行政处罚法第四十八条",
    "fields": ["name", "plate"],
    "subject_kind": "person",
    "expires_on": day("2029-11-03"),
    "approved_by": "ld-a",
}


def found(subject: Post, **look: Any) -> list[tuple[Effect, str]]:
    made = complaints(RULE, 10, subject, archive(subject, **look))
    return [(c.effect, f"{c.name} {c.about}".strip()) for c in made]


def exempted(kind: str = "penalty", /, **changes: Any) -> Post:
    return post(kind=kind, pii_exemption=EXEMPTION | changes)


def exemption(subject: Post, **look: Any) -> list[str]:
    made = complaints(RULE, 11, subject, archive(subject, **look))
    assert all(c.effect is Effect.REFUSE and c.remedy for c in made)
    return [c.name for c in made]


@pytest.mark.parametrize(
    "body",
    [
        "预警11月3日8时至20时有效，请拨打12345、119。\n",
        f"证件{ID[:4]}**********{ID[-4:]}，电话138****0000。\n",
        "死者家属情绪稳定，伤者张某已送医。\n",
    ],
)
def test_10_accepted_masked_values_and_hotlines(body: str) -> None:
    assert found(post(body=body)) == []


@pytest.mark.parametrize(
    ("body", "homes"),
    [
        ("伤者住址：岚城区东湖路18号家属院3号楼2单元501室。", 1),
        ("死者家庭住址为岚城区东湖路18号，3号楼2单元501室。", 1),
        ("家住：岚城区东大街12号3号楼2单元501室", 1),
        ("张某家住望江村3组12号，李某家住高岭村5组8号。", 2),
        ("被困的是安居小区3号楼2单元501室、4号楼1单元302室的住户。", 2),
    ],
)  # fmt: skip
def test_10_violated_once_by_street_and_door_of_one_home(body: str, homes: int) -> None:
    subject = post(body=f"{body}\n")
    made = complaints(RULE, 10, subject, archive(subject))
    shown = [c for c in made if values(c)["what"] == "a home address"]
    assert len(shown) == homes


def test_10_violated_in_the_text() -> None:
    subject = post(body=f"一\n\n请联系{ID}。\n")
    complaint = only(complaints(RULE, 10, subject, archive(subject)), Effect.REFUSE, SHOWN)
    assert where(complaint) == (subject.path, 42)
    assert complaint.location.column == 4
    assert ID not in f"{complaint.message}{complaint.remedy}{complaint.waivable}"


@pytest.mark.parametrize(
    "body",
    [
        f"| 姓名 | 证件 |\n|---|---|\n| 某 | {ID} |\n",
        f"[登记](https://example.cn/?id={ID})\n",
        f"[{ID}](https://example.cn/)\n",
        f"![{ID}](a.png)\n",
        "证" + "\u200b".join(ID),
    ],
)
def test_10_violated_in_tables_targets_and_labels(body: str) -> None:
    assert [e for e, _ in found(post(body=body))] == [Effect.REFUSE]


def test_10_violated_hidden_by_markup_and_seen_in_the_rendition() -> None:
    subject = post(body="联系142**0000**0006。\n")
    look = archive(subject, renditions=[rendition(text=f"联系{MOBILE}。")])
    [complaint] = complaints(RULE, 10, subject, look)
    assert values(complaint) == {"what": "a mobile number", "value": f"142{'*' * 6}06"}
    assert where(complaint) == (subject.path, 40)
    plain = post(body=f"联系{MOBILE}，**务必**。\n")
    once = archive(plain, renditions=[rendition(text=f"联系{MOBILE}，务必。")])
    assert len(complaints(RULE, 10, plain, once)) == 1


def test_10_violated_in_front_matter_file_names_snapshots_and_attachments() -> None:
    subject = post(title=f"寻{ID}", files=(f"scan-{ID}.png",))
    assert [c.location.path for c in complaints(RULE, 10, subject, archive(subject))] == [
        subject.path,
        f"{subject.folder}/scan-{ID}.png",
    ]
    base = post()
    text = replace(base, texts={f"{base.folder}/source.txt": f"一\n二{ID}"})
    assert where(complaints(RULE, 10, text, archive(text))[0]) == (f"{base.folder}/source.txt", 2)
    table = replace(base, media=(MediaFact(f"{base.folder}/list.xlsx", f"某,{ID}"),))
    assert found(table) == [(Effect.REFUSE, SHOWN)]


def test_10_violated_front_matter_that_failed_its_schema() -> None:
    base = post()
    document = Document(base.path, {"titel": [f"{ID}"]}, {("titel",): (3, 1), ("titel", 0): (4, 5)})
    subject = replace(base, document=document)
    complaint = only(complaints(RULE, 10, subject, archive(subject)), Effect.REFUSE, SHOWN)
    assert where(complaint) == (base.path, 4)


def test_10_violated_place_of_a_picture_and_notes_on_files() -> None:
    base = post()
    located = "file-shows-position"
    unread = "file-not-searched"
    for fact, effect, words in (
        (MediaFact("f", position=True), Effect.REFUSE, located),
        (MediaFact("f", author=True), Effect.NOTE, "file-names-author"),
        (MediaFact("f", unread=True), Effect.NOTE, unread),
    ):  # fmt: skip
        subject = replace(base, media=(fact,))
        complaint = only(complaints(RULE, 10, subject, archive(subject)), effect, words)
        assert where(complaint) == ("f", 0)


def test_10_boundary_what_may_be_private_is_noted() -> None:
    assert found(post(body="死者张小满，男。\n")) == [(Effect.NOTE, "private-data-possible 张**")]
    assert found(post(body="肇事车皖A00001。\n"))[0][0] is Effect.NOTE
    assert found(post(body="肇事车皖A00001。\n", kind="accident"))[0][0] is Effect.REFUSE


def test_10_boundary_published_numbers_and_own_mail() -> None:
    subject = post(body=f"电话+86 {MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}，信箱a@yjj.gov.cn。\n")
    assert len(found(subject)) == 1
    known = registers(pii__published_numbers=[f"{MOBILE[:3]}-{MOBILE[3:]}"])
    assert found(subject, registers=known) == []
    strict = registers(pii__own_domains=[".example"], pii__published_numbers=[MOBILE])
    assert [e for e, _ in found(subject, registers=strict)] == [Effect.NOTE]


def test_10_boundary_an_exemption_allows_its_kinds_until_its_end() -> None:
    body = f"死者张小满，证件{ID}。\n"
    subject = post(body=body, pii_exemption=EXEMPTION | {"fields": ["name", "identity"]})
    assert found(subject) == [(Effect.REFUSE, SHOWN)]
    over = post(body=body, pii_exemption=EXEMPTION | {"expires_on": day("2026-11-02")})
    assert [e for e, _ in found(over)] == [Effect.NOTE, Effect.REFUSE]
    last = post(body="死者张小满。", pii_exemption=EXEMPTION | {"expires_on": day("2026-11-03")})
    assert found(last) == []


def _messages(*texts: str) -> ChangeFacts:
    return ChangeFacts(
        commits=[CommitMessage(c * 40, 0, t) for c, t in zip("cd", texts, strict=False)]
    )


def test_10_violated_in_a_commit_message() -> None:
    proposal = change(facts=_messages("改错字", f"{MOBILE}打来电话"))
    words = f"commit-private-data {'d' * 10} 142{'*' * 6}06"
    only(objections(RULE, 10, proposal, archive()), Effect.REFUSE, words)
    harmless = change(facts=_messages("Merge 12345 of 2026-11-03\n\n张小满，男，35岁"))
    assert objections(RULE, 10, harmless, archive()) == []


def test_11_accepted_for_a_penalty_and_a_mandatory_disclosure() -> None:
    assert exemption(exempted()) == []
    subject = post(
        disclosure="mandatory", pii_exemption=EXEMPTION | {"type": "mandatory-disclosure"}
    )
    assert exemption(subject) == []
    assert exemption(post()) == []


def test_11_violated_type_that_does_not_fit() -> None:
    words = "exemption-type-unfit"
    assert exemption(exempted("tip")) == [words]
    assert exemption(exempted(type="mandatory-disclosure")) == [words]


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        ("identity", "an identity number"),
        ("mobile", "a mobile number"),
        ("minor", worded("name-of-child")),
    ],
)
def test_11_violated_kind_that_is_never_exempt(kind: str, what: str) -> None:
    subject = exempted(fields=["name", kind])
    made = complaints(RULE, 11, subject, archive(subject))
    complaint = only(made, Effect.REFUSE, "exemption-field-forbidden", what=what)
    assert where(complaint) == line(subject, "pii_exemption", "fields", 1)


def test_11_boundary_of_three_years() -> None:
    assert exemption(exempted(expires_on=day("2029-11-03"))) == []
    words = "exemption-too-long"
    assert exemption(exempted(expires_on=day("2029-11-04"))) == [words]
    longer = registers(exemption__max_years=4)
    assert exemption(exempted(expires_on=day("2029-11-04")), registers=longer) == []
    words = "exemption-ended"
    assert exemption(exempted(expires_on=day("2026-11-02"))) == [words]


def test_11_violated_approved_by_somebody_else() -> None:
    subject = exempted(approved_by="ld-b")
    words = "exemption-giver-differs"
    assert exemption(subject) == [words]
    signed = Approved(Step.FINAL, review(Step.FINAL, subject, reviewer="ld-b"))
    assert exemption(subject, approvals={subject.id: approvals(subject, signed)}) == []


@pytest.mark.parametrize(("who", "right"), [("ld-b", True), ("kz-a", False), ("nobody", False)])
def test_11_boundary_before_the_final_review_a_leader_in_office(who: str, right: bool) -> None:
    subject = exempted(approved_by=who)
    awaited = {subject.id: approvals(subject, Missing(Step.FINAL))}
    words = [] if right else ["exemption-giver-unfit"]
    assert exemption(subject, approvals=awaited) == words


def test_11_boundary_the_page_changes_when_the_exemption_is_over() -> None:
    subject = exempted(expires_on=day("2026-11-21"))
    carried = archive(subject, publications=(publication("2026-11-03 09:30"),))
    told = {"post": post().title, "day": "2026-11-21"}
    complaint = only(duties(RULE, 11, carried), Effect.REFUSE, "exemption-over", **told)
    assert (complaint.owes, complaint.due) == ("zz-a", at("2026-11-21 23:59").replace(second=59))
    [early] = duties(RULE, 11, replace(carried, clock=Clock(at("2026-11-21 23:59"))))
    assert early.effect is Effect.NOTE
    gone = post(kind="penalty", pii_exemption=EXEMPTION, validity="withdrawn")
    assert duties(RULE, 11, replace(carried, posts={gone.id: gone})) == []
    only(duties(RULE, 11, replace(carried, publications=())), Effect.REFUSE, "exemption-over")
    planned = post(kind="penalty", pii_exemption=EXEMPTION, publish_at=at("2026-11-23 09:00"))
    assert duties(RULE, 11, replace(carried, publications=(), posts={POST: planned})) == []


PUPIL = "云岚市实验小学三年级（2）班学生李小明获一等奖。\n"
CONSENT = {"obtained_on": day("2026-11-02"), "ref": "家长同意书存宣教科"}
PICTURE = {"file": "a.jpg", "alt": "小学生在操场练习疏散", "author": "本局", "licence": "自有"}


def _of_children(subject: Post, mode: Mode = Mode.DRAFT) -> list[tuple[Effect, str]]:
    found = complaints(RULE, 10, subject, archive(subject, mode=mode))
    return [(c.effect, c.name) for c in found if c.name.startswith(("child-", "guardian-"))]


CHILD_NAMED = (Effect.REFUSE, "child-identified")
CHILD_SHOWN = (Effect.REFUSE, "child-without-consent")
CHILD_SEEN = (Effect.REFUSE, "child-possible")


@pytest.mark.parametrize(
    "body",
    [
        PUPIL, "李小明（云岚市实验小学三年级2班）获一等奖。",
        "| 姓名 | 学校 | 班级 |\n|---|---|---|\n| 李小明 | 实验小学 | 三年级2班 |\n",
    ],
)  # fmt: skip
def test_10_violated_a_child_named_with_school_or_class(body: str) -> None:
    assert CHILD_NAMED in _of_children(post(body=body))
    assert CHILD_NAMED not in _of_children(post(body=body, guardian_consent=CONSENT))


@pytest.mark.parametrize(
    "body",
    [
        "实验小学三年级学生李某某获奖。", "高一3班学生有序疏散。",
        "三年级2班班主任王丽带领学生疏散。",
        "消防救援站三班班长李强示范。", "消防员李强走进实验小学三年级2班授课。",
        "实验小学校长周明表示，三年级学生全部安全。",
    ],
)  # fmt: skip
def test_10_accepted_pupils_without_names_and_those_who_teach_them(body: str) -> None:
    assert _of_children(post(body=body)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, [CHILD_SEEN]),
        ({"minor": "shown"}, [CHILD_SHOWN]),
        ({"minor": "masked"}, []),
        ({"minor": "none"}, []),
        ({"alt": "卡通小学生过马路的插画"}, []),
        ({"alt": "消防车驶出车库"}, []),
        ({"alt": "消防车驶出车库", "minor": "shown"}, [CHILD_SHOWN]),
    ],
)
def test_10_violated_a_childs_picture_without_masking_or_consent(
    changes: dict[str, str], expected: list[tuple[Effect, str]]
) -> None:
    pictured = post(files=["a.jpg"], media=[PICTURE | changes])
    assert _of_children(pictured) == expected
    allowed = post(files=["a.jpg"], media=[PICTURE | changes], guardian_consent=CONSENT)
    assert _of_children(allowed) == []


def test_10_boundary_consent_of_the_day_of_publication() -> None:
    late = "guardian-consent-late"
    on_the_day, after = (CONSENT | {"obtained_on": day(d)} for d in ("2026-11-03", "2026-11-04"))
    assert _of_children(post(body=PUPIL, guardian_consent=on_the_day)) == []
    assert _of_children(post(body=PUPIL, guardian_consent=after)) == [(Effect.REFUSE, late)]


def test_10_boundary_children_in_what_stands_are_noted() -> None:
    assert (Effect.NOTE, CHILD_NAMED[1]) in _of_children(post(body=PUPIL), Mode.STANDING)
