"""The three boxes of the approval form: who said what on which items, or room for ink."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import cast

from pipeline.model.archive import Archive
from pipeline.model.evidence import Missing, Rejected, Returned, Step
from pipeline.model.findings import Location, say
from pipeline.model.forms import Form
from pipeline.parts.form.rendering import forms_of_day
from pipeline.parts.form.verbs import form_html
from pipeline.parts.form.words import words_of
from pipeline.site.evidence.bundle import _rows
from pipeline.site.inputs import SiteInput
from tests.report import form_days as days
from tests.rules import builders as made

DAY = date.fromisoformat(days.DAY)


def form_of(archive: Archive) -> Form:
    (form,) = forms_of_day(archive, DAY)
    return form


def shown(archive: Archive, **facts: object) -> Archive:
    """The archive with other facts in its policy."""
    registers = archive.registers
    policy = replace(registers.policy, archive={**registers.policy.archive, **facts})
    return replace(archive, registers=replace(registers, policy=policy))


def test_opinions_of_one_signer_stand_together() -> None:
    first, second, final = form_of(days.busy(3)).opinions
    assert [o.label for o in (first, second, final)] == [
        "初审人员意见",
        "复审人员意见",
        "终审人员意见",
    ]
    (signature,) = first.signatures
    assert (signature.items, signature.decision) == ((1, 2, 3), "同意")
    assert (signature.signer, signature.evidence) == ("信息员", "电子签名")
    assert signature.times == "2026-11-03 01:01 至 2026-11-03 01:03"
    assert signature.fingerprint == days.KEY
    assert [(r.items, r.text) for r in signature.opinions] == [((1, 2, 3), "同意。")]
    assert final.signatures[0].signer == "分管领导"


def test_the_paper_names_every_signer_beside_the_key_and_its_digest_stays() -> None:
    """What policy hides from the public is signed on the bureau's own paper."""
    archive = days.busy(2)
    form = form_of(archive)
    for opinion, name in zip(words_of(form)["opinions"], ("xxy-a", "kz-a", "ld-a"), strict=True):
        (signature,) = opinion["signatures"]
        assert signature["signer"].startswith(f"某{name} ")
        assert signature["fingerprint"] == days.KEY
        assert signature["signer"] in form_html(form)
    named = form_of(shown(archive, show_names=True))
    assert [o["signatures"][0]["signer"] for o in words_of(named)["opinions"]] == [
        o["signatures"][0]["signer"] for o in words_of(form)["opinions"]
    ]
    people = {i: replace(p, name=f"改名{i}") for i, p in archive.registers.people.items()}
    renamed = replace(archive, registers=replace(archive.registers, people=people))
    assert form_of(renamed).digest == form.digest, "a form filed before stays the same"


def test_names_are_shown_only_by_policy_and_a_stand_in_is_named() -> None:
    post = days.post(1)
    acting = made.review(Step.FINAL, post, reviewer="ld-b", acting_for="ld-a")
    given = made.approvals(post)
    states = {**given.states, Step.FINAL: replace(given.states[Step.FINAL], review=acting)}
    archive = days.archive(post, approvals={post.id: replace(given, states=states)})
    assert form_of(archive).opinions[2].signatures[0].signer == "分管领导（代）"
    named = form_of(shown(archive, show_names=True))
    assert [o.signatures[0].signer for o in named.opinions] == [
        "某xxy-a 信息员",
        "某kz-a 科室负责人",
        "某ld-b 分管领导（代）",
    ]


def test_two_keys_or_two_capacities_are_two_signatures() -> None:
    posts = [days.post(1), days.post(2)]
    archive = days.archive(*posts)
    other = made.review(Step.FIRST, posts[1], fingerprint="SHA256:other")
    given = made.approvals(posts[1])
    states = {**given.states, Step.FIRST: replace(given.states[Step.FIRST], review=other)}
    approvals = {**archive.approvals, posts[1].id: replace(given, states=states)}
    found = form_of(replace(archive, approvals=approvals)).opinions[0].signatures
    assert [(s.items, s.fingerprint) for s in found] == [
        ((1,), "SHA256:key"),
        ((2,), "SHA256:other"),
    ]


def test_only_what_verified_fills_a_box() -> None:
    post = days.post(1)
    refused = Rejected(Step.FIRST, "so-it-is", say("x"), Location("p"), say("y"))
    archive = days.archive(
        post, approvals={post.id: made.approvals(post, refused, Missing(Step.SECOND))}
    )
    form = form_of(archive)
    assert [(o.unsigned, len(o.signatures)) for o in form.opinions] == [
        ((1,), 0),
        ((1,), 0),
        ((), 1),
    ]
    assert (form.unsigned, form.filled) == (2, "")
    bare = form_of(replace(archive, approvals={}))
    assert bare.unsigned == 3
    assert "发布前确认" not in "".join(bare.rows[0].remarks)


def test_a_return_is_written_as_one() -> None:
    post = days.post(1)
    review = made.review(Step.SECOND, post, decision="return", opinion="数字有误。")
    archive = days.archive(
        post, approvals={post.id: made.approvals(post, Returned(Step.SECOND, review))}
    )
    (signature,) = form_of(archive).opinions[1].signatures
    assert (signature.decision, signature.opinions[0].text) == ("不同意，退回", "数字有误。")


def test_filled_on_the_day_of_the_first_review() -> None:
    assert form_of(days.busy(2)).filled == days.DAY
    assert form_of(days.archive(days.post(1))).filled == "2026-11-02"


def test_the_form_and_the_page_say_when_the_first_reviewer_prepared_the_post() -> None:
    own, other = days.post(1), days.post(2)
    own = replace(own, meta={**own.meta, "co_authors": ["xxy-a", "kz-a"]})
    archive = days.archive(own, other)
    first, second, _ = form_of(archive).opinions
    assert {(s.items, s.signer) for s in first.signatures} == {
        ((1,), "信息员，初审人同为整理人"),
        ((2,), "信息员"),
    }
    assert [(s.items, s.signer) for s in second.signatures] == [((1, 2), "科室负责人")]
    site = cast(SiteInput, SimpleNamespace(archive=archive))
    of_own, of_other = (
        [*_rows(site, post, filter(None, map(archive.approvals[post.id].approved, Step)))]
        for post in (own, other)
    )
    assert [row.prepared for row in of_own] == [True]
    assert of_other == []
