"""Renditions on the command line: made, held against their channel's limits, and compared."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from pipeline.cli.session import Session
from pipeline.detect.drift import Difference, drift
from pipeline.detect.images import pixel_size
from pipeline.detect.page_text import page_text
from pipeline.errors import Fault
from pipeline.model.findings import Effect, Message, say
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition
from pipeline.report.language import Translate, harmless
from pipeline.source.posts import Files

CHANNELS = ("wechat", "weibo", "app")
IMAGES = (".png", ".jpg", ".jpeg", ".webp", ".gif")
MOST_BYTES = 20_000_000
"""Of a text or page saved from a platform."""


@dataclass(frozen=True)
class Rendered:
    """A rendition with what its channel asks for besides."""

    rendition: Rendition
    fields: Mapping[str, Any]
    """The channel's own fields, as JSON has them."""
    problems: tuple[tuple[Effect, Message, Message | None], ...] = ()
    """(effect, what is wrong, what to do next)."""
    asked: object = None
    """The channel's own fields as the renderer made them."""

    @property
    def refused(self) -> bool:
        return any(effect is Effect.REFUSE for effect, _, _ in self.problems)


def image_sizes(post: Post, tree: Files) -> dict[str, tuple[int, int]]:
    """Path → (width, height) in pixels of the post's images that can be read."""
    found = {p: pixel_size(tree.read(p)) for p in post.manifest if p.lower().endswith(IMAGES)}
    return {path: size for path, size in found.items() if size is not None}


def rendered(
    channel: str, post: Post, registers: Registers, sizes: Mapping[str, tuple[int, int]]
) -> Rendered:
    """The rendition of one of `CHANNELS`; only that channel's modules are imported."""
    make = {"wechat": _wechat, "weibo": _weibo, "app": _app}[channel]
    return make(post, registers, sizes)


def _wechat(post: Post, registers: Registers, sizes: Mapping[str, tuple[int, int]]) -> Rendered:
    from pipeline.render.wechat import render_wechat
    from pipeline.render.wechat_check import check_wechat
    from pipeline.render.wechat_fields import wechat_fields

    article = render_wechat(post, registers, sizes)
    fields = wechat_fields(post, registers, sizes)
    found = check_wechat(article.html, fields)
    problems = tuple((p.effect, p.message, p.remedy) for p in found)
    return Rendered(article, {"fields": asdict(fields)}, problems, fields)


def _weibo(post: Post, registers: Registers, sizes: Mapping[str, tuple[int, int]]) -> Rendered:
    from pipeline.render.weibo import render_weibo, short_text, weibo_problems

    long, short = render_weibo(post, registers, sizes), short_text(post, registers)
    found = weibo_problems(post, registers, long, short)
    return Rendered(long, {"short": short}, tuple((c.effect, c.message, c.remedy) for c in found))


def _app(post: Post, registers: Registers, sizes: Mapping[str, tuple[int, int]]) -> Rendered:
    from pipeline.render.app import feed_item, render_app

    made = render_app(post, registers, sizes)
    return Rendered(made, {"item": feed_item(post, registers, made)})


def as_json(made: Rendered, tr: Translate) -> str:
    """The rendition, the channel's fields and its problems; version 1."""
    problems = [
        {"effect": effect.name, "message": tr(message), "remedy": tr(remedy) if remedy else ""}
        for effect, message, remedy in made.problems
    ]
    return _json({"version": 1, **asdict(made.rendition), **made.fields, "problems": problems})


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
    from pipeline.render.weibo import LONG, SHORT
    from pipeline.render.weibo_count import weibo_count

    texts = (
        (say("Long text, {count} of {limit}"), made.rendition.text, LONG),
        (say("Short text, {count} of {limit}"), made.fields["short"], SHORT),
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
    for effect, message, remedy in made.problems:
        told = (
            say("Refused by the platform: {what}", what=message)
            if effect is Effect.REFUSE
            else say("Note: {what}", what=message)
        )
        session.remark(told)
        if remedy:
            session.remark(say("Next: {what}", what=remedy))


def decoded(file: BinaryIO) -> str:
    """A saved text or page: UTF-8, or GB 18030 as Windows saves it. Raises Fault otherwise."""
    raw = file.read(MOST_BYTES + 1)
    name = getattr(file, "name", "-")
    if len(raw) > MOST_BYTES:
        raise Fault(
            say("{path} is larger than {limit} bytes.", path=name, limit=MOST_BYTES),
            say("Save the text alone, or the page without its images."),
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Fault(
        say("{path} is neither UTF-8 nor GB 18030.", path=name),
        say("Save it as text or as a web page."),
    )


def approved_texts(made: Rendered) -> tuple[str, ...]:
    """The texts a platform may show: one, or of Weibo the long or the short."""
    rendition = made.rendition
    if rendition.channel == "weibo":
        return rendition.text, made.fields["short"]
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


def told(found: Difference, approved: str) -> Message:
    """One difference as a sentence, with the line of the approved text."""
    line = approved.count("\n", 0, found.start) + 1
    if not found.new:
        return say("Line {line}, missing on the platform: {old}", line=line, old=found.old)
    if not found.old:
        return say("Line {line}, only on the platform: {new}", line=line, new=found.new)
    return say(
        "Line {line}, approved: {old} | shown: {new}", line=line, old=found.old, new=found.new
    )


def differences_json(post: str, channel: str, found: Sequence[Difference]) -> str:
    """Differences with offsets into the approved text, private numbers masked; version 1."""
    rows = [asdict(d) | {"old": harmless(d.old), "new": harmless(d.new)} for d in found]
    return _json({"version": 1, "post": post, "channel": channel, "differences": rows})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n"
