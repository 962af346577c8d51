"""Article 8(1): only registered accounts, on their own hosts, also behind links."""

from dataclasses import replace

import pytest

from pipeline.model.findings import Effect
from pipeline.model.rendered import Channels
from pipeline.rules.a08_account_changes import RULE
from tests.builders.named import worded
from tests.rules.builders import (
    archive,
    complaints,
    line,
    only,
    post,
    publication,
    rendition,
    where,
)
from tests.rules.governance import account, day, registers

WEIBO = account("wb", "weibo")
FOREIGN = worded("link-to-unregistered", host="{}")


def test_1_accepted_registered_account_and_publication() -> None:
    subject = post(accounts=["wx", "wb"])
    look = archive(
        subject,
        registers=registers([account(), WEIBO]),
        publications=(
            publication("2026-11-03 09:30"),
            publication("2026-11-03 09:31", on="wb", url="https://weibo.com/99/abc"),
        ),
    )
    assert complaints(RULE, 1, subject, look) == []


def test_1_violated_unknown_account() -> None:
    subject = post(accounts=["wx", "fake"])
    found = only(
        complaints(RULE, 1, subject, archive(subject)), Effect.REFUSE, "account-unregistered"
    )
    assert where(found) == line(subject, "accounts", 1)


def test_1_violated_publication_on_unknown_account() -> None:
    subject = post()
    carried = publication("2026-11-03 09:30", on="fake")
    look = archive(subject, publications=(carried,))
    assert only(
        complaints(RULE, 1, subject, look), Effect.REFUSE, "account-unregistered"
    ).location.path == (carried.path)


@pytest.mark.parametrize(
    ("opened", "closed", "fine"),
    [
        ("2026-11-03", "2026-11-03", True),
        ("2026-11-04", None, False),
        ("2026-01-01", "2026-11-02", False),
    ],
)
def test_1_boundary_first_and_last_day_of_use(opened: str, closed: str | None, fine: bool) -> None:
    subject = post()
    one = account(opened_on=day(opened), closed_on=day(closed) if closed else None)
    carried = publication("2026-11-03 23:59")
    look = archive(subject, registers=registers([one]), publications=(carried,))
    found = complaints(RULE, 1, subject, look)
    assert [c.name for c in found] == ([] if fine else ["account-not-used"] * 2)
    if not fine:
        assert [where(c) for c in found] == [line(subject, "accounts", 0), (carried.path, 0)]


@pytest.mark.parametrize(
    "url",
    [
        "https://weibo.com/wx/1", "https://mp.weixin.qq.com.evil.example/s/1",
        "https://mp.weixin.qq.com@evil.example/s/1", "https://evil.example\\@mp.weixin.qq.com/s/1",
        "ftp://mp.weixin.qq.com/s/1", "https://[bad/s/1", "",
    ],
)  # fmt: skip
def test_1_violated_publication_on_another_host(url: str) -> None:
    subject = post()
    carried = publication("2026-11-03 09:30", url=url)
    look = archive(subject, publications=(carried,))
    assert only(
        complaints(RULE, 1, subject, look), Effect.REFUSE, "address-host-foreign"
    ).location.path == (carried.path)


def test_1_boundary_the_host_is_compared_without_case() -> None:
    subject = post()
    carried = publication("2026-11-03 09:30", url="https://MP.Weixin.QQ.com./s/1")
    assert complaints(RULE, 1, subject, archive(subject, publications=(carried,))) == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://weibo.com/wb-fake", "weibo.com"),
        ("https://m.weibo.com/u/1", "m.weibo.com"),
        ("//weibo.com/other", "weibo.com"),
        ("https://WEIBO.com/other", "weibo.com"),
        ("https://mp.weixin.qq.com/s/unknown", "mp.weixin.qq.com"),
    ],
)
def test_1_violated_link_to_an_unregistered_account(url: str, host: str) -> None:
    subject = post()
    look = archive(
        subject, registers=registers([account(), WEIBO]), renditions=[rendition(links=[url])]
    )
    found = only(complaints(RULE, 1, subject, look), Effect.NOTE, "link-account-foreign")
    assert where(found) == (subject.path, 41)


def _linked(body: str) -> list[tuple[Effect, int]]:
    """What clause 1 says of a body with a link to an account that is not registered."""
    subject = post(body=body)
    known = registers([account(), WEIBO])
    look = archive(subject, registers=known)
    look = replace(look, renditions=Channels({subject.id: subject}, known))
    return [(c.effect, c.location.line) for c in complaints(RULE, 1, subject, look)]


@pytest.mark.parametrize(
    "words",
    [
        "更多信息见[我局官方微博]({})。",
        "请关注我们：[微博]({})。",
        "欢迎关注本局[政务微博]({})，我局微博同步直播。",
        "[官方微博]({})",
        "[云岚市应急管理局微博]({})",
    ],
)
def test_1_violated_an_unregistered_account_is_called_our_own(words: str) -> None:
    found = _linked("第一段。\n\n" + words.format("https://weibo.com/u/999") + "\n")
    assert found == [(Effect.REFUSE, 42)]


@pytest.mark.parametrize(
    "words",
    [
        "详见[应急管理部官方微博]({})。",
        "据[人民日报微博]({})，我局连夜部署。",
        "[中国气象局的文章]({})",
        "原文：<{}>",
    ],
)
def test_1_boundary_a_link_to_an_account_of_others_is_noted(words: str) -> None:
    """The article bans opening accounts, not links."""
    assert _linked(words.format("https://mp.weixin.qq.com/s/abc") + "\n") == [(Effect.NOTE, 40)]


@pytest.mark.parametrize(
    "url",
    [
        "https://weibo.com/wb", "https://weibo.com/wb/status/1", "https://weibo.com/wb?from=1",
        "https://www.mem.gov.cn/x", "https://notweibo.com/x", "attachment.pdf",
        "mailto:a@weibo.com",
    ],
)  # fmt: skip
def test_1_boundary_links_that_are_free(url: str) -> None:
    subject = post()
    look = archive(
        subject, registers=registers([account(), WEIBO]), renditions=[rendition(links=[url])]
    )
    assert complaints(RULE, 1, subject, look) == []


def test_1_boundary_the_declared_source_and_own_publications_may_be_linked() -> None:
    theirs, ours = "https://weibo.com/other/1", "https://mp.weixin.qq.com/s/2026-10-01-x"
    subject = post(source={"url": theirs})
    other = publication("2026-10-01 09:00", of="2026-10-01-x")
    shown = [rendition(links=[theirs, ours])]
    assert len(complaints(RULE, 1, subject, archive(subject, renditions=shown))) == 1
    look = archive(subject, renditions=shown, publications=(other,))
    assert complaints(RULE, 1, subject, look) == []


def test_1_boundary_a_post_that_was_not_rendered_cannot_pass() -> None:
    subject = post()
    look = replace(archive(subject), renditions={})
    with pytest.raises(KeyError):
        complaints(RULE, 1, subject, look)
