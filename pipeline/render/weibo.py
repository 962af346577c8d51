"""A post as Weibo shows it: a long text, a short one, and the images that go with them.

Nothing is lost in silence: what does not fit is cut at a sentence and leads to the archive's
page, and `weibo_check` says so.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

from pipeline.model.marks import labelled_pictures
from pipeline.model.posts import Post
from pipeline.model.regex import regex
from pipeline.model.registers import Registers
from pipeline.model.renditions import Image, Link, Rendition
from pipeline.render.body import Body, archive_url, read_body
from pipeline.render.markup import UNKNOWN, Sizes
from pipeline.render.sanitise import sanitise
from pipeline.render.tokens import well_formed
from pipeline.render.weibo_count import weibo_count
from pipeline.render.weibo_text import longest, weibo_lines, weibo_safe

CHANNEL = "weibo"
LONG, SHORT = 2000, 140
"""Limits of the two texts by `weibo_count`."""
MOST_TOPICS = 3
LONGEST_TOPIC = 32

_ALERT = "预警"
_SPACE = regex(r"\s+")


@dataclass(frozen=True)
class Parts:
    """The lines of a text, the first two of which make one; empty ones are left out."""

    title: str
    topics: tuple[str, ...]
    label: str
    """That a machine wrote or helped."""
    source: str
    body: str
    link: str

    @property
    def text(self) -> str:
        topics = " ".join(f"#{t}#" for t in self.topics)
        lines = (f"【{self.title}】{topics}", self.body, self.label, self.source, self.link)
        return "\n".join(filter(None, lines))


def render_weibo(
    post: Post, registers: Registers, _sizes: Sizes = UNKNOWN, body: Body | None = None
) -> Rendition:
    """The rendition of channel ``weibo``: `text` is the long one, `images` are in order.

    A text of more than 2,000 is cut at a sentence and ends in the address of the archive's
    page; `short` is at most 140 and always does. Of a withdrawn post nothing is left but its
    title. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    body = body or read_body(post, registers)
    lines = weibo_lines(body.abroad if body.attachments else body.tokens)
    parts = parts_of(post, registers, body, lines)
    whole = replace(parts, link="").text
    text = whole if weibo_count(whole) <= LONG else _squeezed(parts, LONG)
    once: dict[str, Image] = {}  # they go beside the text, where nobody sees one twice
    for image in body.images:
        once.setdefault(image.file, image)
    links = (Link(weibo_safe(url), words, line) for url, words, line in body.links_abroad)
    return Rendition(
        CHANNEL,
        post.title,
        sanitise("".join(f"<p>{escape(line)}</p>\n" for line in text.split("\n"))),
        text,
        tuple(link for link in links if link.url and link.url in text),
        tuple(once.values()),
        short=_short(post, parts, lines),
        ai_label=body.label,
    )


def _short(post: Post, parts: Parts, lines: str) -> str:
    """Title, topics, summary, label, source, and the address of the archive's page.

    When room is short the summary gives way first, then topics, then the end of the title.
    """
    said = weibo_safe(one_line(str(post.meta.get("summary", "")))) or lines
    return _squeezed(replace(parts, body=said), SHORT)


def topics_of(post: Post) -> tuple[str, ...]:
    """Topics without their number signs: the tags, a warning's first one naming it (暴雨预警)."""
    tags = [weibo_safe(one_line(str(t))) for t in post.meta.get("tags", ())]
    if post.kind == "alert":
        tags = [t for t in tags if t != _ALERT]
        tags[:1] = [t if t.endswith(_ALERT) else f"{t}{_ALERT}" for t in tags[:1]]
    fitting = (t for t in dict.fromkeys(tags) if t and weibo_count(t) <= LONGEST_TOPIC)
    return tuple(fitting)[:MOST_TOPICS]


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return _SPACE.sub(" ", well_formed(text)).strip()


def parts_of(post: Post, registers: Registers, body: Body, words: str) -> Parts:
    """What a text is made of before it is fitted into its limit."""
    title = weibo_safe(one_line(post.title)).replace("【", "「").replace("】", "」")
    source = weibo_safe(one_line(body.source.text)) if body.source else ""
    link = f"全文：{archive_url(post, registers)}"
    label = body.label + _pictures_label(body)
    return Parts(title, topics_of(post), label, source, words, link)


def _pictures_label(body: Body) -> str:
    """That a machine made pictures, which travel beside the text: all of them, or which."""
    made, names = labelled_pictures(body.post), list(dict.fromkeys(i.file for i in body.images))
    marks = [made.get(name, "") for name in names]
    if not any(marks):
        return ""
    if len(set(marks)) == 1:
        return marks[0]
    return "".join(f"（第{n}张{mark[1:]}" for n, mark in enumerate(marks, 1) if mark)


def _squeezed(parts: Parts, limit: int) -> str:
    """The text within its limit: link, label, source and title, then topics, then the body."""

    def fits(name: str) -> Callable[[str], bool]:
        return lambda value: _within(replace(made, **{name: value}), limit)  # type: ignore[arg-type]

    made = Parts("…", (), "", "", "", "")
    for name in ("link", "label"):
        if fits(name)(getattr(parts, name)):
            made = replace(made, **{name: getattr(parts, name)})
    made = replace(made, source=longest(parts.source, fits("source")))
    made = replace(made, title=longest(parts.title, fits("title")) or made.title)
    for topic in parts.topics:
        more = replace(made, topics=(*made.topics, topic))
        made = more if _within(more, limit) else made
    return replace(made, body=longest(parts.body, fits("body"))).text


def _within(parts: Parts, limit: int) -> bool:
    return weibo_count(parts.text) <= limit
