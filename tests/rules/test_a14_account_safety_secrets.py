"""Article 14: secrets in posts and records."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from pipeline.model.archive import Archive
from pipeline.model.documents import Document
from pipeline.model.findings import Effect
from pipeline.model.posts import Post
from pipeline.rules.a14_account_safety import RULE
from tests.rules.builders import archive, complaints, duties, line, only, post, where
from tests.rules.facts import fact, recorded, signed, with_facts
from tests.rules.standing import registers

WORD = "Yl" + "26" * 3 + "!k"
"""Put together here, so that no scanner takes this file for a leak."""
KEY = "-----BEGIN " + "OPENSSH PRIVATE KEY-----"


def told(kind: str) -> str:
    """The name and what tells it apart, which never is what was found."""
    return f"secret-written {kind}"


def judged(subject: Post) -> list[Any]:
    return complaints(RULE, 5, subject, archive(subject))


@pytest.mark.parametrize(
    "body",
    [
        "请定期修改密码，密码至少包含两种字符。\n",
        "账号密码：********\n",
        "密码应当妥善保管，不得告诉他人。\n",
    ],
)
def test_5_accepted_talk_about_passwords(body: str) -> None:
    assert judged(post(body=body)) == []


def test_5_violated_in_the_body_with_its_line() -> None:
    subject = post(body=f"第一行\n\n后台密码：{WORD}\n")
    found = only(judged(subject), Effect.REFUSE, told("password"))
    assert where(found) == (subject.path, subject.body_line + 2)


@pytest.mark.parametrize("text", [f"password: {WORD}", KEY, f"密码是{WORD}"])
def test_5_violated_in_front_matter_even_where_no_article_owns_the_key(text: str) -> None:
    subject = post(remarks=text)
    (found,) = judged(subject)
    assert (found.effect, where(found)) == (Effect.REFUSE, line(subject, "remarks"))
    assert WORD not in str(found.message) + str(found.remedy)


def test_5_violated_deep_in_front_matter() -> None:
    subject = post(media=[{"file": "a.png", "alt": f"口令：{WORD}"}])
    (found,) = judged(subject)
    assert where(found) == line(subject, "media", 0, "alt")


def test_5_violated_in_a_text_beside_the_post() -> None:
    subject = replace(post(), texts={"content/posts/2026/x/source.txt": f"一\n密码={WORD}\n"})
    (found,) = judged(subject)
    assert where(found) == ("content/posts/2026/x/source.txt", 2)


def test_5_boundary_a_secret_on_the_next_line() -> None:
    subject = post(body=f"一\n后台密码：\n{WORD}\n")
    (found,) = judged(subject)
    assert where(found) == (subject.path, subject.body_line + 2)


def test_5_boundary_a_public_id_of_an_app_is_noted() -> None:
    (found,) = judged(post(body="小程序 wx" + "0123456789abcdef" + " 已上线。\n"))
    assert (found.effect, f"{found.name} {found.about}") == (Effect.NOTE, told("app-id"))


def test_5_boundary_a_post_that_could_not_be_read() -> None:
    subject = replace(post(), document=Document("content/posts/2026/x/post.md"), meta={})
    assert judged(subject) == []


def test_5_boundary_what_only_two_texts_together_would_show() -> None:
    assert judged(post(title="密码：", body=f"{WORD}\n", remarks="口令：")) == []


def look(*more: Any) -> Archive:
    return with_facts(archive(registers=registers()), *more)


def test_5_violated_in_records_and_registers() -> None:
    word = f"密码：{WORD}"
    record = fact("incidents", summary=word)
    reason = signed("rotation", "kz-a", "section-head", "2026-11-02 09:00", deviation_reason=word)
    for found_in in (
        look(record),
        look(reason),
        recorded(look(), "devices", [fact("devices", "pc", kind=word)]),
    ):
        (found,) = duties(RULE, 5, found_in)
        assert (found.effect, f"{found.name} {found.about}") == (Effect.REFUSE, told("password"))
        assert found.location.path.startswith("content/re")


def test_5_accepted_records_with_dates_numbers_and_lists() -> None:
    value = {"on": datetime(2026, 11, 2), "followers": 3, "list": ["a", None, True]}
    assert duties(RULE, 5, look(fact("statistics", **value))) == []
