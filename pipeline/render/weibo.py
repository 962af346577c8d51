"""A post as Weibo shows it: a long text, a short one, and the images that go with them.

Nothing is lost in silence: what does not fit is cut at a sentence and leads to the archive's
page, and `weibo_problems` says so.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import escape

from pipeline.model.findings import Complaint, Effect, Location, say
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Image, Link, Rendition
from pipeline.render.markup import UNKNOWN, Sizes, file_of
from pipeline.render.reading import alt_of, links_of, located
from pipeline.render.sanitise import sanitise
from pipeline.render.source_line import source_line
from pipeline.render.tokens import parse, well_formed
from pipeline.render.weibo_count import weibo_count
from pipeline.render.weibo_text import longest, weibo_lines, weibo_safe

CHANNEL = "weibo"
LONG, SHORT = 2000, 140
"""Limits of the two texts by `weibo_count`."""
MOST_IMAGES = 9
MOST_TOPICS = 3
LONGEST_TOPIC = 32

_ALERT = "预警"
_SPACE = re.compile(r"\s+")
_MENTION = re.compile(r"(?<![A-Za-z0-9_.+-])@([\w-]{2,30})")
_PICTURE = re.compile(r".+\.(?:png|jpe?g|gif)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class _Parts:
    """The lines of a text, the first two of which make one; empty ones are left out."""

    title: str
    topics: tuple[str, ...]
    source: str
    body: str
    link: str

    @property
    def text(self) -> str:
        topics = " ".join(f"#{t}#" for t in self.topics)
        return "\n".join(filter(None, (f"【{self.title}】{topics}", self.body, *self._ends)))

    @property
    def _ends(self) -> tuple[str, str]:
        return self.source, self.link


def render_weibo(post: Post, registers: Registers, _sizes: Sizes = UNKNOWN) -> Rendition:
    """The rendition of channel ``weibo``: `text` is the long one, `images` are in order.

    A text of more than 2,000 is cut at a sentence and ends in the address of the archive's
    page. Of a withdrawn post nothing is left but its title. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    tokens = parse(post.body)
    parts = _parts(post, registers, weibo_lines(tokens))
    whole = replace(parts, link="").text
    text = whole if weibo_count(whole) <= LONG else _squeezed(parts, LONG)
    links = (Link(weibo_safe(u), t, post.body_line + n) for u, t, n in links_of(tokens))
    return Rendition(
        CHANNEL,
        post.title,
        sanitise("".join(f"<p>{escape(line)}</p>\n" for line in text.split("\n"))),
        text,
        tuple(link for link in links if link.url and link.url in text),
        tuple(
            Image(file_of(token), alt_of(token), post.body_line + line)
            for token, line in located(tokens)
            if token.type == "image"
        ),
    )


def short_text(post: Post, registers: Registers) -> str:
    """At most 140 with the address of the archive's page: title, topics, summary, source.

    When room is short the summary gives way first, then topics, then the end of the title.
    Empty for a withdrawn post.
    """
    if post.withdrawn:
        return ""
    said = weibo_safe(_line(str(post.meta.get("summary", "")))) or weibo_lines(parse(post.body))
    return _squeezed(_parts(post, registers, said), SHORT)


def archive_url(post: Post, registers: Registers) -> str:
    """Address of the post's page in the public archive."""
    base = str(registers.policy.archive.get("url", "")).rstrip("/")
    return f"{base}/posts/{post.year}/{post.id}/"


def topics_of(post: Post) -> tuple[str, ...]:
    """Topics without their number signs: the tags, a warning's first one naming it (暴雨预警)."""
    tags = [weibo_safe(_line(str(t))) for t in post.meta.get("tags", ())]
    if post.kind == "alert":
        tags = [t for t in tags if t != _ALERT]
        tags[:1] = [t if t.endswith(_ALERT) else f"{t}{_ALERT}" for t in tags[:1]]
    fitting = (t for t in dict.fromkeys(tags) if t and weibo_count(t) <= LONGEST_TOPIC)
    return tuple(fitting)[:MOST_TOPICS]


def _line(text: str) -> str:
    return _SPACE.sub(" ", well_formed(text)).strip()


def _parts(post: Post, registers: Registers, body: str) -> _Parts:
    title = weibo_safe(_line(post.title)).replace("【", "「").replace("】", "」")
    source = source_line(post, registers)
    named = weibo_safe(_line(source.text)) if source else ""
    return _Parts(title, topics_of(post), named, body, f"全文：{archive_url(post, registers)}")


def _squeezed(parts: _Parts, limit: int) -> str:
    """The text within its limit: link, source and title first, then topics, then the body."""

    def fits(name: str) -> Callable[[str], bool]:
        return lambda value: _within(replace(made, **{name: value}), limit)  # type: ignore[arg-type]

    made = _Parts("…", (), "", "", "")
    if fits("link")(parts.link):
        made = replace(made, link=parts.link)
    made = replace(made, source=longest(parts.source, fits("source")))
    made = replace(made, title=longest(parts.title, fits("title")) or made.title)
    for topic in parts.topics:
        more = replace(made, topics=(*made.topics, topic))
        made = more if _within(more, limit) else made
    return replace(made, body=longest(parts.body, fits("body"))).text


def _within(parts: _Parts, limit: int) -> bool:
    return weibo_count(parts.text) <= limit


def weibo_problems(
    post: Post, registers: Registers, rendition: Rendition, short: str
) -> Iterator[Complaint]:
    """What Weibo would refuse (REFUSE), or show in another way than the archive does (NOTE)."""
    if post.withdrawn:
        return
    for text, limit in ((rendition.text, LONG), (short, SHORT)):
        yield from _text_problems(text, limit, post, registers)
    if rendition.text.rpartition("\n")[2] == _parts(post, registers, "").link:
        yield Complaint(
            Effect.NOTE,
            say("The text is longer than Weibo takes ({limit}) and was cut.", limit=LONG),
            Location(post.path, post.body_line),
            say("Read where it ends, or shorten the post."),
        )
    if archive_url(post, registers) not in short:
        yield Complaint(
            Effect.REFUSE,
            say("The short text has no room for the address of the archive's page."),
            Location(post.path, 1),
            say("Shorten archive.url in content/policy.yml."),
        )
    yield from _calls(f"{rendition.text}\n{short}", post, registers)
    yield from _image_problems(post, rendition)


def _text_problems(text: str, limit: int, post: Post, registers: Registers) -> Iterator[Complaint]:
    place = Location(post.path, post.body_line)
    if (count := weibo_count(text)) > limit:
        yield Complaint(
            Effect.REFUSE,
            say("The text counts {count}, and Weibo takes {limit}.", count=count, limit=limit),
            place,
            say("Shorten the post."),
        )
    parts = _parts(post, registers, "")
    if not text.startswith(f"【{parts.title}】"):
        yield Complaint(
            Effect.NOTE,
            say("The title is too long for a text of {limit} and was cut.", limit=limit),
            post.at("title"),
            say("Shorten the title."),
        )
    if parts.source and parts.source not in text.split("\n"):
        yield Complaint(
            Effect.REFUSE,
            say("The line that names the source is not whole in a text of {limit}.", limit=limit),
            post.at("source"),
            say("Shorten the source's name in the register, or the label of the line."),
        )
    if not _paired(text):
        yield Complaint(
            Effect.REFUSE,
            say("The number signs do not pair up into topics."),
            post.at("tags"),
            say("Take the number signs out of the tags."),
        )


def _calls(texts: str, post: Post, registers: Registers) -> Iterator[Complaint]:
    known = {a.name.removeprefix("@") for a in registers.accounts.values()}
    if any(m[1] not in known for m in _MENTION.finditer(texts)):
        yield Complaint(
            Effect.NOTE,
            say("An @ calls on an account that is not one of the bureau's own."),
            Location(post.path, post.body_line),
            say("Leave a space after the @, or make sure that it is meant."),
        )


def _paired(text: str) -> bool:
    """Whether every # belongs to a topic of its own, on one line and with something in it."""
    pieces = text.split("#")
    return len(pieces) % 2 == 1 and all(p.strip() and "\n" not in p for p in pieces[1::2])


def _image_problems(post: Post, rendition: Rendition) -> Iterator[Complaint]:
    for image in rendition.images:
        place = Location(post.path, image.line)
        if f"{post.folder}/{image.file}" not in post.manifest:
            yield Complaint(
                Effect.REFUSE,
                say("The image {file} is not beside the post.", file=image.file),
                place,
                say("Put the file beside post.md, or correct its name."),
            )
        elif not _PICTURE.fullmatch(image.file):
            yield Complaint(
                Effect.NOTE,
                say("Weibo may not take the image {file}.", file=image.file),
                place,
                say("Save it as JPEG or PNG."),
            )
    if (found := len(rendition.images)) > MOST_IMAGES:
        yield Complaint(
            Effect.NOTE,
            say("{found} images, and Weibo takes {limit}.", found=found, limit=MOST_IMAGES),
            Location(post.path, rendition.images[MOST_IMAGES].line),
            say("Choose {limit} of them.", limit=MOST_IMAGES),
        )
