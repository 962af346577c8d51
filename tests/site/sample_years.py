"""The sample bureau with older years: lists of more than a page, an alert that is long open."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pipeline.model.calendar import SHANGHAI
from pipeline.model.posts import Post
from pipeline.site.inputs import SiteInput
from tests.site import sample

YEARS = {"2022": 3, "2023": 4, "2024": 4, "2025": 65}
"""Posts of each older year; those of 2025 alone fill more than a page of a list."""
SOURCE = "2026-09-21-tip"
"""Whose text they all have."""
OPEN = "2022-03-01-n0"
"""Its alert is lifted two days after the time of the sample."""
EXPIRES = "2024-03-01-n0"
"""Holds to the day after that of the sample."""
LIFTED = datetime(2026, 11, 24, 20, 0, tzinfo=SHANGHAI)


def ids() -> list[str]:
    """Of all posts older than the sample's own."""
    return [
        f"{year}-{3 + n // 28:02d}-{1 + n % 28:02d}-n{n}"
        for year, count in YEARS.items()
        for n in range(count)
    ]


def make() -> SiteInput:
    return holding(sample.make(), {post: {} for post in ids()})


def holding(site: SiteInput, posts: dict[str, dict[str, Any]]) -> SiteInput:
    """A site with these posts besides, by id with what is special in their front matter."""
    archive, read, source = site.archive, site.media, site.archive.posts[SOURCE]
    rendition = archive.renditions[SOURCE, "archive"]
    more = {post: _post(source, post, meta) for post, meta in posts.items()}
    stored = {p.path: read(source.path) for p in more.values()}
    grown = sample.changed(
        site,
        posts={**archive.posts, **more},
        renditions={**archive.renditions, **{(post, "archive"): rendition for post in more}},
    )
    return replace(grown, media=lambda p: stored[p] if p in stored else read(p))


def _post(source: Post, post: str, meta: dict[str, Any]) -> Post:
    day = datetime.fromisoformat(f"{post[:10]}T09:00:00+08:00")
    alert = {"level": 2, "color": "orange", "issuer": "云岚市气象台", "issued_at": day,
             "starts_at": day, "lifted_at": LIFTED, "areas": ["北山"]}  # fmt: skip
    given: dict[str, Any] = {"title": f"旧闻 {post}", "publish_at": day} | (
        {"alert": alert} if post == OPEN else {}
    )
    given |= {"expires_on": date(2026, 11, 23)} if post == EXPIRES else {}
    folder = f"content/posts/{post[:4]}/{post}"
    digest = source.manifest[source.path]
    return replace(
        source,
        id=post,
        folder=folder,
        meta={**source.meta, **given, **meta},
        manifest={f"{folder}/post.md": digest},
    )
