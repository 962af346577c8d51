"""Whether Weibo takes a post: its limits (REFUSE), and what it shows otherwise (NOTE)."""

import re
from collections.abc import Iterator

from pipeline.model.findings import Effect, Location, Message, say
from pipeline.model.posts import Post
from pipeline.model.regex import regex
from pipeline.model.registers import Registers
from pipeline.model.renditions import ChannelProblem, Rendition
from pipeline.render.body import Body, archive_url, read_body
from pipeline.render.weibo import LONG, SHORT, Parts, parts_of, weibo_count

MOST_IMAGES = 9
_MENTION = regex(r"(?<![A-Za-z0-9_.+-])@([\w-]{2,30})")
_PICTURE = regex(r".+\.(?:png|jpe?g|gif)", re.IGNORECASE | re.DOTALL)


def weibo_problems(
    post: Post, registers: Registers, rendition: Rendition, body: Body | None = None
) -> Iterator[ChannelProblem]:
    """What Weibo would refuse of both texts and their images."""
    if post.withdrawn:
        return
    parts = parts_of(post, registers, body or read_body(post, registers), "")
    for text, limit in ((rendition.text, LONG), (rendition.short, SHORT)):
        yield from _length(text, limit, post)
        yield from _whole(text, limit, post, parts)
    if rendition.text.rpartition("\n")[2] == parts.link:
        yield _note(
            "cut",
            say("The text is longer than Weibo takes ({limit}) and was cut.", limit=LONG),
            Location(post.path, post.body_line),
            say("Read where it ends, or shorten the post."),
        )
    if archive_url(post, registers) not in rendition.short:
        yield _refusal(
            "link",
            say("The short text has no room for the address of the archive's page."),
            Location(post.path, 1),
            say("Shorten archive.url in content/policy.yml."),
        )
    yield from _calls(f"{rendition.text}\n{rendition.short}", post, registers)
    yield from _image_problems(post, rendition)


def _length(text: str, limit: int, post: Post) -> Iterator[ChannelProblem]:
    if (count := weibo_count(text)) > limit:
        yield _refusal(
            "content",
            say("The text counts {count}, and Weibo takes {limit}.", count=count, limit=limit),
            Location(post.path, post.body_line),
            say("Shorten the post."),
        )


def _whole(text: str, limit: int, post: Post, parts: Parts) -> Iterator[ChannelProblem]:
    """What must not be cut: the title, the source line, the label, and topics in pairs."""
    lines = text.split("\n")
    if not text.startswith(f"【{parts.title}】"):
        yield _note(
            "title",
            say("The title is too long for a text of {limit} and was cut.", limit=limit),
            post.at("title"),
            say("Shorten the title."),
        )
    if parts.source and parts.source not in lines:
        yield _refusal(
            "source",
            say("The line that names the source is not whole in a text of {limit}.", limit=limit),
            post.at("source"),
            say("Shorten the source's name in the register, or the label of the line."),
        )
    if parts.label and parts.label not in lines:
        yield _refusal(
            "ai_label",
            say("The label of what a machine wrote has no room in a text of {limit}.", limit=limit),
            post.at("ai"),
            say("Shorten archive.url in content/policy.yml."),
        )
    if not _paired(text):
        yield _refusal(
            "topics",
            say("The number signs do not pair up into topics."),
            post.at("tags"),
            say("Take the number signs out of the tags."),
        )


def _calls(texts: str, post: Post, registers: Registers) -> Iterator[ChannelProblem]:
    known = {a.name.removeprefix("@") for a in registers.accounts.values()}
    if any(m[1] not in known for m in _MENTION.finditer(texts)):
        yield _note(
            "mention",
            say("An @ calls on an account that is not one of the bureau's own."),
            Location(post.path, post.body_line),
            say("Leave a space after the @, or make sure that it is meant."),
        )


def _paired(text: str) -> bool:
    """Whether every # belongs to a topic of its own, on one line and with something in it."""
    pieces = text.split("#")
    return len(pieces) % 2 == 1 and all(p.strip() and "\n" not in p for p in pieces[1::2])


def _image_problems(post: Post, rendition: Rendition) -> Iterator[ChannelProblem]:
    for image in rendition.images:
        path, place = f"{post.folder}/{image.file}", Location(post.path, image.line)
        if path not in post.manifest:
            yield _refusal(
                "image_missing",
                say("The image {file} is not beside the post.", file=image.file),
                place,
                say("Put the file beside post.md, or correct its name."),
            )
        elif not _PICTURE.fullmatch(image.file):
            yield _note(
                "image_type",
                say("Weibo may not take the image {file}.", file=image.file),
                place,
                say("Save it as JPEG or PNG."),
            )
    if (found := len(rendition.images)) > MOST_IMAGES:
        yield _note(
            "images",
            say("{found} images, and Weibo takes {limit}.", found=found, limit=MOST_IMAGES),
            Location(post.path, rendition.images[MOST_IMAGES].line),
            say("Choose {limit} of them.", limit=MOST_IMAGES),
        )


def _refusal(rule: str, message: Message, place: Location, remedy: Message) -> ChannelProblem:
    return ChannelProblem(rule, Effect.REFUSE, message, place, remedy)


def _note(rule: str, message: Message, place: Location, remedy: Message) -> ChannelProblem:
    return ChannelProblem(rule, Effect.NOTE, message, place, remedy)
