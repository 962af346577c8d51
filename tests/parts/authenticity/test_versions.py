"""Which versions of a post have a code, and what leads to them."""

import json
from dataclasses import replace
from typing import cast

from pipeline.model.posts import manifest_digest
from pipeline.parts.authenticity.pages import IssuedVersion, _versions
from pipeline.site.frame.mkdocs_shell import Shell
from pipeline.site.pages.post_view import PostView
from pipeline.site.render_context import RenderContext
from tests.site import sample
from tests.site.conftest import Built
from tests.site.conftest import built as built


def view_of(ctx: RenderContext, post: str) -> PostView:
    return next(view for year in ctx.years for view in year.views if view.id == post)


def versions(built: Built, post: str, decisions: dict[int, str]) -> list[IssuedVersion]:
    """Of a post at revision 3, whose former ones were decided so."""
    folder = f"content/posts/2026/{post}"

    def media(path: str) -> bytes:
        if "/reviews/" not in path:
            return built.site.media(path)
        number = int(path.split("/r")[-1].split("/")[0])
        if number not in decisions:
            raise KeyError(path)
        subject = [{"name": f"{folder}/post.md", "digest": {"sha256": f"{number}" * 64}}]
        return json.dumps(
            {"predicate": {"decision": decisions[number]}, "subject": subject}
        ).encode()

    ctx = RenderContext(replace(built.site, media=media), Shell({}, {}, ()))
    view = view_of(ctx, post)
    card = view.card._replace(
        revision=3, reviews=(f"content/reviews/2026/{post}/r3/4-confirm.json",)
    )
    return list(_versions(ctx, cast(PostView, replace(view, card=card))))


def test_every_confirmed_revision_has_a_code_and_none_that_was_returned(built: Built) -> None:
    first, now = versions(built, sample.PLAIN, {1: "approve", 2: "return"})
    folder = f"content/posts/2026/{sample.PLAIN}"
    assert first.digest == manifest_digest(folder, {f"{folder}/post.md": "1" * 64})
    assert (first.revision, first.present, first.text) == (1, 3, "")
    assert now.revision == 3 and "煤炉" in now.text


def test_a_revision_that_was_given_up_has_none(built: Built) -> None:
    assert [v.revision for v in versions(built, sample.PLAIN, {2: "approve"})] == [2, 3]


def test_of_a_withdrawn_post_the_title_leads_to_it_and_no_word_more(built: Built) -> None:
    first, now = versions(built, sample.WITHDRAWN, {1: "approve"})
    assert now.title and not now.text
    assert not first.text


def test_the_english_line_of_a_warning_leads_to_it(built: Built) -> None:
    view = view_of(RenderContext(built.site, Shell({}, {}, ())), sample.ALERT)
    english = RenderContext(built.site, Shell({}, {}, ())).value("english")(view)
    [now] = versions(built, sample.ALERT, {})
    assert "warning" in english and english in now.text
