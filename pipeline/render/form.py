"""The approval form of a day or of one post, from what stands in the archive (附件; pure).

The annex's grid has several rows under three signatures, so one form lists the items of a day;
`form.granularity` may ask for a form per item instead. Either way every row is reviewed on its own.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date

from pipeline.model.archive import Archive
from pipeline.model.forms import PREFIX, Form, form_number, lines_digest
from pipeline.model.posts import Post
from pipeline.render.form_opinions import filled_on, opinions_of
from pipeline.render.form_rows import boxes_of, plain, row_of

GRANULARITY, RETENTION = "day", "10年"
"""F-6 and F-10, [D]; used until policy states `form.granularity` and `archive.retention`."""


def forms_of_day(archive: Archive, day: date) -> tuple[Form, ...]:
    """The forms of the posts first published on a day in Asia/Shanghai, or planned for it."""
    posts = _of_day(archive, day)
    if not posts:
        return ()
    if _stated(archive, "form.granularity", GRANULARITY, day) == "item":
        return tuple(item_form(archive, post) for post in posts)
    return (_form(archive, posts, day.isoformat()),)


def forms_of_month(archive: Archive, year: int, month: int) -> tuple[Form, ...]:
    """The forms of every day of a month that has posts, in order."""
    days = {archive.first_day(p) for p in archive.posts.values() if p.publish_at}
    chosen = sorted(d for d in days if (d.year, d.month) == (year, month))
    return tuple(form for day in chosen for form in forms_of_day(archive, day))


def item_form(archive: Archive, post: Post) -> Form:
    """The form of one post alone."""
    return _form(archive, (post,), post.id)


def _of_day(archive: Archive, day: date) -> tuple[Post, ...]:
    found = [(p.publish_at, p.id, p) for p in archive.posts.values() if p.publish_at]
    return tuple(p for _, _, p in sorted(found, key=lambda f: f[:2]) if archive.first_day(p) == day)


def _form(archive: Archive, posts: Sequence[Post], name: str) -> Form:
    day = archive.first_day(posts[0])
    rows = tuple(row_of(n, post, archive) for n, post in enumerate(posts, 1))
    policy = archive.registers.policy
    manifest = (
        rows[0].manifest_digest
        if len(rows) == 1
        else lines_digest((row.post, row.manifest_digest) for row in rows)
    )
    form = Form(
        name=name,
        number=form_number(plain(policy.code_of(name)), name),
        title=plain(f"{policy.unit_of(name).get('full_name', '')}信息发布审批表"),
        day=day,
        boxes=boxes_of(posts, archive),
        rows=rows,
        opinions=opinions_of(posts, archive),
        filled=filled_on(posts, archive),
        retention=str(_stated(archive, "archive.retention", RETENTION, day)),
        archive=plain(str(policy.archive.get("name", ""))),
        url=f"{_address(archive, posts)}#sha256={manifest[:PREFIX]}",
        manifest_digest=manifest,
        digest="",
        as_of=archive.as_of,
    )
    return replace(form, digest=_digest(form))


def _address(archive: Archive, posts: Sequence[Post]) -> str:
    """The evidence of a single item; of several, the month's page, from where each is one step."""
    home = str(archive.registers.policy.archive.get("url", "")).rstrip("/")
    if len(posts) == 1:
        return f"{home}/posts/{posts[0].year}/{posts[0].id}/evidence.json"
    return f"{home}/posts/{archive.day_of(posts[0]):%Y/%m}/"


def _stated(archive: Archive, name: str, otherwise: str, day: date) -> object:
    """A parameter that policy may leave out."""
    policy = archive.registers.policy
    return policy.value(name, day) if name in policy.parameters else otherwise


def _digest(form: Form) -> str:
    """sha256 (hex) over UTF-8 JSON of what the form says; the time of printing is no part of it."""
    value = {k: v for k, v in asdict(form).items() if k not in ("as_of", "digest")}
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
