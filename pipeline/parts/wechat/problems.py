"""Whether WeChat's editor will take an article: its limits, and how a text may be nested.

Limits are those of the draft interface (developers.weixin.qq.com, draft/add, uploadimg) and of
the editor where it is stricter. REFUSE is what WeChat itself refuses or strips; NOTE is what it
takes, but not as meant. Of the editor's structure rules (wechatjs, article structure 1.0) these are
what a text can break; the others hold of all that `wechat` writes (tests/oracles). Two limits of
the interface are never met before others: 1 MB of HTML comes after 20,000 characters, and the
address for reading the original is the archive's, https and shorter than 1 KB by its schema.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.detect.html_tree import Element, tree_of
from pipeline.model.channels import ChannelRegisters
from pipeline.model.findings import Effect, Location, Message, say
from pipeline.model.posts import UNKNOWN, ChannelProblem, Post, Sizes
from pipeline.parts.wechat.part import IMAGE_BYTES
from pipeline.render.body import Body, archive_url, is_shown, read_body
from pipeline.render.tokens import well_formed

# What the WeChat editor asks for besides the article: title, author, digest, cover, 阅读原文.

COVER_RATIOS = ("2.35:1", "1:1")
"""The two crops of a cover: of the message itself, and of a forwarded card or a second article."""


@dataclass(frozen=True)
class WechatImage:
    """An image to upload; what is not known is None (pixels, bytes)."""

    file: str
    width: int | None
    height: int | None
    size: int | None


@dataclass(frozen=True)
class WechatFields:
    """The fields beside the article; `images` in order of the body, each file once."""

    title: str
    author: str
    digest: str
    content_source_url: str
    """阅读原文: the post's page in the public archive."""
    images: tuple[WechatImage, ...] = ()

    @property
    def covers(self) -> tuple[WechatImage, ...]:
        """Images that may be the cover, because their pixels are known, widest first."""
        measured = [i for i in self.images if i.width and i.height]
        return tuple(sorted(measured, key=lambda i: -(i.width or 0)))


def wechat_fields(post: Post, registers: ChannelRegisters, sizes: Sizes = UNKNOWN) -> WechatFields:
    """The fields of one post, not cut to any limit: the check complains of those."""
    policy = registers.policy
    unit = policy.unit_of(post.id)
    body = read_body(post, registers)
    return WechatFields(
        well_formed(post.title),
        well_formed(str(unit.get("short_name") or unit.get("full_name") or "")),
        well_formed(str(post.meta.get("summary", ""))),
        archive_url(post, registers) if policy.archive.get("url") else "",
        () if post.withdrawn else tuple(_images(body, sizes)),
    )


def _images(body: Body, sizes: Sizes) -> Iterator[WechatImage]:
    post = body.post
    for file in dict.fromkeys(image.file for image in body.images):
        if is_shown(file, post):
            path = f"{post.folder}/{file}"
            width, height = sizes.get(path, (None, None))
            yield WechatImage(file, width, height, post.sizes.get(path))


TITLE, TITLE_WIDTH = 64, 64  # code points; columns, a Chinese character counting two
AUTHOR = 16  # code points
DIGEST, DIGEST_EDITOR = 128, 120  # code points: the interface's limit, the editor's
CONTENT, CONTENT_NEAR = 20_000, 18_000  # characters of the HTML, tags and styles included
COVER_WIDTH = 900  # pixels
IMAGE_TYPES = (".jpg", ".jpeg", ".png")
MOST_IDENTICAL = 10  # single-child elements inside one another with one tag and one style
MOST_LEVELS = 14  # the editor prunes from 15 on
MOST_CHILDREN, MOST_EMPTY = 20, 15
NESTED_REMEDY = say("Stress the words once, and let lists and quotes stand less deep.")


Limit = Callable[[str, WechatFields], Iterator[tuple[str, Effect, Message, Message]]]
"""Takes the article's HTML and its fields, yields (name, effect, message, remedy)."""


def check_wechat(html: str, fields: WechatFields, post: Post) -> tuple[ChannelProblem, ...]:
    """Every problem of an article; an empty article (a withdrawn post) has only its fields."""
    problems = [
        ChannelProblem(name, effect, message, _location(limit, post), remedy)
        for limit in LIMITS
        for name, effect, message, remedy in limit(html, fields)
    ]
    root = tree_of(html)
    problems += [
        ChannelProblem(name, effect, message, Location(post.path, post.body_line), remedy)
        for rule, name, effect, remedy in (
            (too_deep, "elements-deep", Effect.REFUSE, NESTED_REMEDY),
            (identical_wrappers, "wrappers-identical", Effect.REFUSE, NESTED_REMEDY),
            (
                empty_children,
                "elements-empty",
                Effect.REFUSE,
                say("Delete empty items, rows and cells."),
            ),
            (
                image_alt,
                "image-undescribed",
                Effect.NOTE,
                say("Write between the brackets what the image shows."),
            ),
        )
        for message in rule(root)
    ]
    return tuple(problems)


def _location(limit: Limit, post: Post) -> Location:
    """The front-matter key that the limit is about, else the body."""
    keys: Mapping[Limit, str] = {title: "title", digest: "summary"}
    key = keys.get(limit)
    return post.at(key) if key else Location(post.path, post.body_line)


def wechat_counts(html: str, fields: WechatFields) -> Mapping[str, tuple[int, int]]:
    """Name of a limited thing → (how much there is, the limit that refuses or cuts it)."""
    return {
        "title": (len(fields.title), TITLE),
        "title-width": (columns(fields.title), TITLE_WIDTH),
        "author": (len(fields.author), AUTHOR),
        "digest": (len(fields.digest), DIGEST_EDITOR),
        "content": (len(html), CONTENT - 1),
    }


def columns(text: str) -> int:
    """Width as the editor's counter shows it: wide and full-width characters count two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def title(_: str, fields: WechatFields) -> Iterator[tuple[str, Effect, Message, Message]]:
    remedy = say("Shorten the title.")
    if not fields.title.strip():
        yield "title-missing", Effect.REFUSE, say("There is no title."), say("Write a title.")
    elif len(fields.title) > TITLE:
        message = _over(say("title"), len(fields.title), TITLE)
        yield "title-long", Effect.REFUSE, message, remedy
    elif (width := columns(fields.title)) > TITLE_WIDTH:
        message = say("The title is {width} columns wide; WeChat's counter ends at {limit}.",
                      width=width, limit=TITLE_WIDTH)  # fmt: skip
        yield "title-wide", Effect.NOTE, message, remedy


def author(_: str, fields: WechatFields) -> Iterator[tuple[str, Effect, Message, Message]]:
    if len(fields.author) > AUTHOR:
        remedy = say("Give the unit a shorter `short_name` in content/policy.yml.")
        message = _over(say("author"), len(fields.author), AUTHOR)
        yield "author-long", Effect.REFUSE, message, remedy


def digest(_: str, fields: WechatFields) -> Iterator[tuple[str, Effect, Message, Message]]:
    count = len(fields.digest)
    if count > DIGEST_EDITOR:
        effect = Effect.REFUSE if count > DIGEST else Effect.NOTE
        message = _over(say("digest"), count, DIGEST_EDITOR)
        yield "digest-long", effect, message, say("Shorten the summary.")
    elif not count:
        message = say("There is no digest; WeChat takes the first 54 characters of the text.")
        yield "digest-missing", Effect.NOTE, message, say("Write a summary.")


def content(html: str, _: WechatFields) -> Iterator[tuple[str, Effect, Message, Message]]:
    remedy = say("Shorten the text, or split it into two posts.")
    if len(html) >= CONTENT_NEAR:
        effect = Effect.REFUSE if len(html) >= CONTENT else Effect.NOTE
        message = _over(say("article with its styles"), len(html), CONTENT - 1)
        yield "article-long", effect, message, remedy


def image_type(_: str, fields: WechatFields) -> Iterator[tuple[str, Effect, Message, Message]]:
    for image in fields.images:
        if not image.file.lower().endswith(IMAGE_TYPES):
            message = say("WeChat takes no image of this type: {file}.", file=image.file)
            yield "image-type {file}", Effect.REFUSE, message, say("Save the image as PNG or JPEG.")


def image_size(_: str, fields: WechatFields) -> Iterator[tuple[str, Effect, Message, Message]]:
    for image in fields.images:
        if (image.size or 0) >= IMAGE_BYTES:
            message = say("The image {file} has 1 MB or more.", file=image.file)
            remedy = say("Make the image smaller, to under 1 MB.")
            yield "image-large {file}", Effect.REFUSE, message, remedy


def too_deep(root: Element) -> Iterator[Message]:  # structure rule 10
    if (levels := max((e.depth for e in root.walk()), default=0)) > MOST_LEVELS:
        yield say(
            "Elements stand {levels} levels deep; the most is {limit}.",
            levels=levels,
            limit=MOST_LEVELS,
        )


def identical_wrappers(root: Element) -> Iterator[Message]:  # structure rule 10
    deep = [e for e in root.walk() if e.depth > MOST_IDENTICAL]
    for element in deep:
        if _same_around(element) == MOST_IDENTICAL:  # the one past the limit, reported once
            yield say(
                "More than {limit} identical elements wrap one another.", limit=MOST_IDENTICAL
            )


def _same_around(element: Element) -> int:
    """How many parents in a row wrap only this and have the same tag and style."""
    count = 0
    while (parent := element.parent) and parent.elements == [element] and not parent.own_text:
        if _look(parent) != _look(element):
            break
        count, element = count + 1, parent
        if count > MOST_IDENTICAL:  # more makes no difference
            break
    return count


def _look(element: Element) -> tuple[str, str]:
    return element.tag, element.attributes.get("style", "")


def empty_children(root: Element) -> Iterator[Message]:  # structure rule 10
    for element in (root, *root.walk()):
        if len(element.elements) <= MOST_CHILDREN:
            continue
        bare = [e for e in element.elements if e.tag not in ("br", "hr", "img") and _bare(e)]
        if len(bare) > MOST_EMPTY:
            yield say("An element holds {count} empty ones.", count=len(bare))


def _bare(element: Element) -> bool:
    return not element.text and all(e.tag != "img" for e in element.walk())


def image_alt(root: Element) -> Iterator[Message]:
    for element in root.walk():
        if element.tag == "img" and not element.attributes.get("alt", "").strip():
            yield say("An image has no alternative text.")


def cover(_: str, fields: WechatFields) -> Iterator[tuple[str, Effect, Message, Message]]:
    """The widest image with known pixels."""
    if not fields.covers:
        return
    best = fields.covers[0]
    if (best.width or 0) < COVER_WIDTH:
        message = say("No image is {limit} pixels wide, so the cover ({ratios}) will look coarse.",
                      limit=COVER_WIDTH, ratios="、".join(COVER_RATIOS))  # fmt: skip
        yield "cover-coarse", Effect.NOTE, message, say("Upload a wider image as cover.")


def _over(what: Message, count: int, limit: int) -> Message:
    return say(
        "The {what} has {count} characters; the limit is {limit}.",
        what=what,
        count=count,
        limit=limit,
    )


LIMITS: tuple[Limit, ...] = (title, author, digest, content, image_type, image_size, cover)
