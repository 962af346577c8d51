"""Whether WeChat's editor will take an article: its limits, and its structure rules.

Limits are those of the draft interface (developers.weixin.qq.com, draft/add, uploadimg) and of
the editor where it is stricter. REFUSE is what WeChat itself refuses or strips; NOTE is what it
takes, but not as meant.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping

from pipeline.model.findings import Effect, Location, Message, say
from pipeline.model.posts import Post
from pipeline.model.renditions import ChannelProblem
from pipeline.render.wechat_fields import COVER_RATIOS, WechatFields
from pipeline.render.wechat_structure import STRUCTURE_RULES, STYLE_REMEDY
from pipeline.render.wechat_tree import Start, each, tree_of

TITLE, TITLE_WIDTH = 64, 64  # code points; columns, a Chinese character counting two
AUTHOR = 16  # code points
DIGEST, DIGEST_EDITOR = 128, 120  # code points: the interface's limit, the editor's
CONTENT, CONTENT_NEAR = 20_000, 18_000  # characters of the HTML, tags and styles included
CONTENT_BYTES = IMAGE_BYTES = 1024 * 1024
SOURCE_URL_BYTES = 1024
COVER_WIDTH = 900  # pixels
IMAGE_TYPES = (".jpg", ".jpeg", ".png")
ALT_REMEDY = say("Write between the brackets what the image shows.")


Limit = Callable[[str, WechatFields], Iterator[tuple[Effect, Message, Message]]]
"""Takes the article's HTML and its fields, yields (effect, message, remedy)."""


def check_wechat(html: str, fields: WechatFields, post: Post) -> tuple[ChannelProblem, ...]:
    """Every problem of an article; an empty article (a withdrawn post) has only its fields."""
    found = [
        ChannelProblem(limit.__name__, effect, message, _place(limit.__name__, post), remedy)
        for limit in LIMITS
        for effect, message, remedy in limit(html, fields)
    ]
    root = tree_of(html)
    found += [
        ChannelProblem(rule.__name__, effect, message, Location(post.path, post.body_line), remedy)
        for rules, effect, remedy in (
            (STRUCTURE_RULES, Effect.REFUSE, STYLE_REMEDY),
            ((image_alt,), Effect.NOTE, ALT_REMEDY),
        )
        for rule in rules
        for message in rule(root)
    ]
    return tuple(found)


def _place(rule: str, post: Post) -> Location:
    """The front-matter key that the limit is about, else the body."""
    key = {"title": "title", "digest": "summary"}.get(rule)
    return post.at(key) if key else Location(post.path, post.body_line)


def wechat_counts(html: str, fields: WechatFields) -> Mapping[str, tuple[int, int]]:
    """Name of a limited thing → (how much there is, the limit that refuses or cuts it)."""
    return {
        "title": (len(fields.title), TITLE),
        "title-width": (columns(fields.title), TITLE_WIDTH),
        "author": (len(fields.author), AUTHOR),
        "digest": (len(fields.digest), DIGEST_EDITOR),
        "content": (len(html), CONTENT - 1),
        "content-bytes": (len(html.encode()), CONTENT_BYTES - 1),
    }


def columns(text: str) -> int:
    """Width as the editor's counter shows it: wide and full-width characters count two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def title(_: str, fields: WechatFields) -> Iterator[tuple[Effect, Message, Message]]:
    remedy = say("Shorten the title.")
    if not fields.title.strip():
        yield Effect.REFUSE, say("There is no title."), say("Write a title.")
    elif len(fields.title) > TITLE:
        yield Effect.REFUSE, _over(say("title"), len(fields.title), TITLE), remedy
    elif (width := columns(fields.title)) > TITLE_WIDTH:
        found = say(
            "The title is {width} columns wide; WeChat's counter ends at {limit}.",
            width=width,
            limit=TITLE_WIDTH,
        )
        yield Effect.NOTE, found, remedy


def author(_: str, fields: WechatFields) -> Iterator[tuple[Effect, Message, Message]]:
    if len(fields.author) > AUTHOR:
        remedy = say("Give the unit a shorter `short_name` in content/policy.yml.")
        yield Effect.REFUSE, _over(say("author"), len(fields.author), AUTHOR), remedy


def digest(_: str, fields: WechatFields) -> Iterator[tuple[Effect, Message, Message]]:
    count = len(fields.digest)
    if count > DIGEST_EDITOR:
        effect = Effect.REFUSE if count > DIGEST else Effect.NOTE
        yield effect, _over(say("digest"), count, DIGEST_EDITOR), say("Shorten the summary.")
    elif not count:
        found = say("There is no digest; WeChat takes the first 54 characters of the text.")
        yield Effect.NOTE, found, say("Write a summary.")


def content(html: str, _: WechatFields) -> Iterator[tuple[Effect, Message, Message]]:
    remedy = say("Shorten the text, or split it into two posts.")
    if len(html) >= CONTENT_NEAR:
        effect = Effect.REFUSE if len(html) >= CONTENT else Effect.NOTE
        yield effect, _over(say("article with its styles"), len(html), CONTENT - 1), remedy


def content_bytes(html: str, _: WechatFields) -> Iterator[tuple[Effect, Message, Message]]:
    count = len(html.encode())
    if count >= CONTENT_BYTES:
        found = say("The article has {count} bytes; the limit is 1 MB.", count=count)
        yield Effect.REFUSE, found, say("Shorten the text, or split it into two posts.")


def content_source_url(_: str, fields: WechatFields) -> Iterator[tuple[Effect, Message, Message]]:
    url = fields.content_source_url
    if len(url.encode()) > SOURCE_URL_BYTES or not url.startswith(("http://", "https://")):
        found = say("The address for reading the original is missing or longer than 1 KB.")
        yield Effect.REFUSE, found, say("Set the archive's `url` in content/policy.yml.")


def image_type(_: str, fields: WechatFields) -> Iterator[tuple[Effect, Message, Message]]:
    for image in fields.images:
        if not image.file.lower().endswith(IMAGE_TYPES):
            found = say("WeChat takes no image of this type: {file}.", file=image.file)
            yield Effect.REFUSE, found, say("Save the image as PNG or JPEG.")


def image_size(_: str, fields: WechatFields) -> Iterator[tuple[Effect, Message, Message]]:
    for image in fields.images:
        if (image.size or 0) >= IMAGE_BYTES:
            found = say("The image {file} has 1 MB or more.", file=image.file)
            yield Effect.REFUSE, found, say("Make the image smaller, to under 1 MB.")


@each
def image_alt(start: Start) -> Iterator[Message]:
    if start.tag == "img" and not start.attributes.get("alt", "").strip():
        yield say("An image has no alternative text.")


def cover(_: str, fields: WechatFields) -> Iterator[tuple[Effect, Message, Message]]:
    """Both crops of the widest image are looked at; one that is not known cannot be judged."""
    if not fields.covers:
        return
    best = fields.covers[0]
    if (best.width or 0) < COVER_WIDTH:
        found = say(
            "No image is {limit} pixels wide, so the cover ({ratios}) will look coarse.",
            limit=COVER_WIDTH,
            ratios="、".join(COVER_RATIOS),
        )
        yield Effect.NOTE, found, say("Upload a wider image as cover.")


def _over(what: Message, count: int, limit: int) -> Message:
    return say(
        "The {what} has {count} characters; the limit is {limit}.",
        what=what,
        count=count,
        limit=limit,
    )


LIMITS: tuple[Limit, ...] = (
    title,
    author,
    digest,
    content,
    content_bytes,
    content_source_url,
    image_type,
    image_size,
    cover,
)
