"""Renditions on the command line: made, held against their channel's limits, and compared."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import BinaryIO

from pipeline.cli.session import Session
from pipeline.detect.drift import Difference, drift, page_text
from pipeline.errors import Fault
from pipeline.model.findings import Effect, Message, say, say_size
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import CHANNEL_PLATFORMS
from pipeline.publish.copy_sheets import Rendered
from pipeline.render.weibo import LONG, SHORT, weibo_count
from pipeline.report.language import Translate, harmless
from pipeline.source.content.text import typed_elsewhere

CHANNELS = CHANNEL_PLATFORMS
MOST_BYTES = 20_000_000
"""Of a text or page saved from a platform."""


def as_json(made: Rendered, tr: Translate) -> str:
    """The rendition, the channel's fields and its problems; version 1."""
    problems = [
        {
            "effect": p.effect.name,
            "message": tr(p.message),
            "remedy": tr(p.remedy) if p.remedy else "",
        }
        for p in made.problems
    ]
    rendition = asdict(made.rendition) | {"digest": made.rendition.digest}
    return _json({"version": 1, **rendition, **made.fields, "problems": problems})


def ready(made: Rendered, post: Post, sizes: Mapping[str, tuple[int, int]], tr: Translate) -> str:
    """What is pasted: HTML, or of Weibo both texts with the images that go with them."""
    if made.rendition.channel != "weibo":
        return made.rendition.html.rstrip("\n") + "\n" if made.rendition.html else ""
    if not made.rendition.text:
        return ""
    return "\n\n".join(_sections(made, post, sizes, tr)) + "\n"


def _sections(
    made: Rendered, post: Post, sizes: Mapping[str, tuple[int, int]], tr: Translate
) -> Iterator[str]:
    texts = (
        (say("Long text, {count} of {limit}"), made.rendition.text, LONG),
        (say("Short text, {count} of {limit}"), made.rendition.short, SHORT),
    )
    for name, text, limit in texts:
        heading = say(name.text, count=weibo_count(text), limit=limit)
        yield f"== {tr(heading)} ==\n{text}"
    images = made.rendition.images
    if images:
        heading = say("Images, in this order: {count}", count=len(images))
        rows = (
            f"{n}. {' '.join(filter(None, (i.file, _size(i.file, post, sizes), i.alt)))}"
            for n, i in enumerate(images, start=1)
        )
        yield "\n".join((f"== {tr(heading)} ==", *map(harmless, rows)))


def _size(file: str, post: Post, sizes: Mapping[str, tuple[int, int]]) -> str:
    size = sizes.get(f"{post.folder}/{file}")
    return f"{size[0]}×{size[1]}" if size else ""


def remarks(session: Session, post: Post, registers: Registers, made: Rendered) -> None:
    """To stderr: an account that is missing, and what the channel refuses or shows otherwise."""
    channel = made.rendition.channel
    platforms = {registers.accounts[a].platform for a in post.accounts if a in registers.accounts}
    if channel not in platforms:
        session.remark(say("{post} names no account on {channel}.", post=post.id, channel=channel))
    if post.withdrawn:
        session.remark(say("{post} is withdrawn: there is nothing to publish.", post=post.id))
    for problem in made.problems:
        message = (
            say("Refused by the platform: {what}", what=problem.message)
            if problem.effect is Effect.REFUSE
            else say("Note: {what}", what=problem.message)
        )
        session.remark(message)
        if problem.remedy:
            session.remark(say("Next: {what}", what=problem.remedy))


def decoded(file: BinaryIO) -> str:
    """A saved text or page: UTF-8, or GB 18030 as Windows saves it. Raises Fault otherwise."""
    raw = file.read(MOST_BYTES + 1)
    name = getattr(file, "name", "-")
    if len(raw) > MOST_BYTES:
        raise Fault(
            say("{path} is larger than {limit}.", path=name, limit=say_size(MOST_BYTES)),
            say("Save the text alone, or the page without its images."),
        )
    text = typed_elsewhere(raw)
    if text is not None:
        return text
    raise Fault(
        say("{path} is neither UTF-8 nor GB 18030.", path=name),
        say("Save it as text or as a web page."),
    )


def approved_texts(made: Rendered) -> tuple[str, ...]:
    """The texts a platform may show: one, or of Weibo the long or the short."""
    rendition = made.rendition
    if rendition.channel == "weibo":
        return rendition.text, made.rendition.short
    words = page_text(rendition.html)
    return (f"{rendition.title}\n{words}" if words else "",)


def closest(
    approved: Sequence[str],
    shown: str,
    channel: str,
    may_lack: Collection[str],
    may_add: Collection[str],
) -> tuple[str, tuple[Difference, ...]]:
    """The approved text that the platform's differs least from, and how."""
    compared = [(text, drift(text, shown, channel, may_lack, may_add)) for text in approved]
    return min(compared, key=lambda pair: sum(len(d.old) + len(d.new) for d in pair[1]))


def difference_message(difference: Difference, approved: str) -> Message:
    """One difference as a sentence, with the line of the approved text."""
    line = approved.count("\n", 0, difference.start) + 1
    old, new = (text.replace("\n", " ⏎ ") for text in (difference.old, difference.new))
    if not new:
        return say("Line {line}, missing on the platform: {old}", line=line, old=old)
    if not old:
        return say("Line {line}, only on the platform: {new}", line=line, new=new)
    return say("Line {line}, approved: {old} | shown: {new}", line=line, old=old, new=new)


def differences_json(post: str, channel: str, differences: Sequence[Difference]) -> str:
    """Differences with offsets into the approved text, private numbers masked; version 1."""
    rows = [asdict(d) | {"old": harmless(d.old), "new": harmless(d.new)} for d in differences]
    return _json({"version": 1, "post": post, "channel": channel, "differences": rows})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"
