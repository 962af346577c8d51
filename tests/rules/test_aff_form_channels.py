"""Annex: what stands behind a ticked box can be published there, once, and is what was."""

from dataclasses import replace

import pytest

from pipeline.model.findings import Effect, Location, say
from pipeline.model.posts import ChannelProblem, Rendition
from pipeline.rules.aff_form import RULE
from tests.rules import builders
from tests.rules.builders import complaints, only, post, publication, rendition, where
from tests.rules.forms import archive


def refused(channel: str, name: str, effect: Effect = Effect.REFUSE) -> Rendition:
    problem = ChannelProblem(name, effect, say("Too long."), Location("p", 9), say("Shorten it."))
    return replace(rendition(channel), problems=(problem,))


def test_1_accepted_what_another_platform_refuses_is_nothing_to_a_wechat_post() -> None:
    subject = post()
    look = archive(subject, renditions=[refused("weibo", "text-long")])
    assert complaints(RULE, 1, subject, look) == []


@pytest.mark.parametrize("effect", [Effect.REFUSE, Effect.NOTE])
def test_1_violated_a_channel_refuses_what_stands_behind_its_box(effect: Effect) -> None:
    subject = post()
    look = archive(subject, renditions=[refused("wechat", "text-long", effect)])
    found = only(complaints(RULE, 1, subject, look), effect, "text-long wechat")
    assert where(found) == ("p", 9)


@pytest.mark.parametrize("name", ["title-long", "image-missing {file}", "image-undescribed"])
def test_1_boundary_titles_and_pictures_are_judged_once_elsewhere(name: str) -> None:
    subject = post()
    assert (
        complaints(RULE, 1, subject, archive(subject, renditions=[refused("wechat", name)])) == []
    )


def test_1_boundary_without_its_rendition_nothing_is_said_to_be_fine() -> None:
    subject = post()
    with pytest.raises(KeyError):
        complaints(RULE, 1, subject, builders.archive(subject))


def test_1_violated_other_words_were_given_to_the_account() -> None:
    subject = post()
    out = publication("2026-11-03 09:30", rendition=rendition("wechat", "别的话。").digest)
    found = complaints(RULE, 1, subject, archive(subject, publications=(out,)))
    assert (
        only(found, Effect.NOTE, "words-differ-carried", account="云岚wx").location.path == out.path
    )
    same = replace(out, rendition=rendition("wechat").digest)
    assert complaints(RULE, 1, subject, archive(subject, publications=(same,))) == []


def test_2_violated_an_account_carries_a_revision_twice() -> None:
    subject = post()
    once, again = publication("2026-11-03 09:30"), publication("2026-11-03 10:30")
    found = complaints(RULE, 2, subject, archive(subject, publications=(again, once)))
    assert (
        only(found, Effect.REFUSE, "revision-carried-twice", account="云岚wx", n=1).location.path
        == again.path
    )


def test_2_boundary_another_account_or_revision_is_another_publication() -> None:
    subject = post()
    out = (publication("2026-11-03 09:30"), publication("2026-11-03 09:30", on="wb"))
    later = publication("2026-11-10 09:30", revision=2)
    assert complaints(RULE, 2, subject, archive(subject, publications=(*out, later))) == []


def test_3_violated_a_title_that_its_channel_cannot_carry() -> None:
    subject = post()
    look = archive(subject, renditions=[refused("wechat", "title-long")])
    assert where(only(complaints(RULE, 3, subject, look), Effect.REFUSE, "title-long wechat")) == (
        "p",
        9,
    )
