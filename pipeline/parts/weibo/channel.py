"""Weibo: a long text and a short one, both plain, with pictures beside them."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from markdown_it.token import Token

from pipeline.detect.classes import classes
from pipeline.model.channels import ChannelCode, ChannelRegisters, CopySheet, SavedPage
from pipeline.model.findings import Effect, Location, Message, say
from pipeline.model.lazy import regex
from pipeline.model.posts import UNKNOWN, ChannelProblem, Image, Link, Post, Rendition, Sizes
from pipeline.render.body import Body, archive_url, labelled_pictures, read_body
from pipeline.render.markup import sanitise
from pipeline.render.token_words import ListMarks, words_of
from pipeline.render.tokens import well_formed
from pipeline.report.language import harmless

# A post as Weibo shows it: a long text, a short one, and the images that go with them.
#
# Nothing is lost in silence: what does not fit is cut at a sentence and leads to the archive's
# page, and `weibo_problems` says so.


# How long a text is for Weibo, by Sina's own counting (written anew from its description).
#
# Everything is counted in half-widths and halved, rounded up: an ASCII character is one, any
# other two. A character is a UTF-16 unit, because the counter is JavaScript: an emoji beyond the
# basic plane is four. A line break is one, however it is typed. An address counts as the short
# link that Weibo makes of it; only one longer than 140 bytes costs more.

URL_WIDTH = 20  # half-widths of a short link
LONGEST_SHORTENED = 140  # bytes of an address; every further one counts
LONGEST_OWN = 41  # bytes of an address of Weibo or Sina itself that is not shortened

URL = regex(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
"""An address in running text: the characters of RFC 3986, so Chinese and space end it."""

_SHORT = regex(r"https?://t\.cn(?![\w.-])", re.IGNORECASE | re.ASCII)
_OWN = regex(
    r"https?://(?:[\w-]+\.)*(?:weibo|sina)\.(?:com\.cn|com|cn)(?![\w.-])", re.IGNORECASE | re.ASCII
)


def weibo_count(text: str) -> int:
    """The length that Weibo's limits of 140 and 2,000 mean, in full-width characters."""
    lines = text.replace("\r\n", "\n")
    addresses = [m[0] for m in URL.finditer(lines)]
    others = _half_widths(URL.sub("", lines))
    return (others + sum(map(url_width, addresses)) + 1) // 2


def url_width(url: str) -> int:
    """Half-widths of one address; its characters are ASCII, so they are its bytes."""
    size = len(url)
    if _SHORT.match(url) or (_OWN.match(url) and size <= LONGEST_OWN):
        return size
    return URL_WIDTH + max(0, size - LONGEST_SHORTENED)


def _half_widths(text: str) -> int:
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return 2 * units - len(text.encode("ascii", "ignore"))


# The words of a body as Weibo can carry them, and where they may be cut.

CELLS = "｜"  # between the cells of a table row
_LOOKED_AT = 30_000
"""No text of 2,000 is longer: at best an address of 140 characters counts as ten."""
_SENTENCE = regex(r"[。！？；…]+[”’」』）)]*|\n")


def weibo_lines(tokens: Sequence[Token]) -> str:
    """The body as plain text, a line to each block.

    List items keep their numbers, links their addresses; images travel beside the text.
    """
    lines: list[str] = []
    cells: list[str] | None = None
    marks = ListMarks()
    for token in tokens:
        marks.see(token)
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            lines.append(marks.take() + CELLS.join(filter(None, cells or ())))
            cells = None
        elif token.type in ("inline", "fence", "code_block"):
            words = weibo_safe(_words(token)).strip()
            if cells is not None:
                cells.append(words)
            elif words:
                lines.append(marks.take() + words)
    return "\n".join(filter(None, lines))


def weibo_safe(text: str) -> str:
    """The text without half-width number signs, each of which could open a topic.

    In words the full-width sign stands for it; an address loses its fragment, which no server
    ever sees (RFC 3986, 3.5).
    """
    parts: list[str] = []
    done = 0
    for url in URL.finditer(text):
        parts += (text[done : url.start()].replace("#", "＃"), url[0].partition("#")[0])
        done = url.end()
    return "".join((*parts, text[done:].replace("#", "＃")))


def longest(text: str, fits: Callable[[str], bool]) -> str:
    """The longest beginning that fits: whole, to the end of a sentence, or to a character and
    an ellipsis; empty when not even that fits."""
    if fits(text):
        return text
    text = text[:_LOOKED_AT]
    ends = [m.end() for m in _SENTENCE.finditer(text)]
    return _cut(text, ends, "", fits) or _cut(text, _between(text), "…", fits)


def _cut(text: str, ends: Sequence[int], tail: str, fits: Callable[[str], bool]) -> str:
    """Bisect for the longest that fits, then step down: addresses make lengths jump."""
    tries = range(len(ends))
    k = bisect_right(tries, 0, key=lambda i: not fits(text[: ends[i]].rstrip() + tail))
    while k and not fits(text[: ends[k - 1]].rstrip() + tail):
        k -= 1
    words = text[: ends[k - 1]].rstrip() if k else ""
    return words + tail if words else ""


def _between(text: str) -> list[int]:
    """Offsets between characters, and outside addresses."""
    inside = {i for m in URL.finditer(text) for i in range(m.start() + 1, m.end())}
    return [i for i in range(1, len(text)) if i not in inside]


def _words(token: Token) -> str:
    if token.type != "inline":
        return token.content.strip("\n")
    return "".join(_runs(token.children or ()))


def _runs(children: Sequence[Token]) -> Iterator[str]:
    """The words of a line, the address behind the words of each link."""
    address, inside = "", list[Token]()
    for child in children:
        if child.type == "link_open":
            address, inside = str(child.attrs["href"]), []
        elif child.type == "link_close":
            yield _address(address, words_of(inside))
        elif child.type != "image":
            inside.append(child)
            yield child.content


def _address(url: str, words: str) -> str:
    """The address to write out: plain text has no links."""
    scheme, _, rest = url.partition(":")
    if url.startswith("#") or url in words or rest in words:
        return ""
    return f"（{rest}）" if scheme.lower() in ("mailto", "tel") else f" {well_formed(url)} "


CHANNEL = "weibo"
LONG, SHORT = 2000, 140
"""Limits of the two texts by `weibo_count`."""
MOST_TOPICS = 3
LONGEST_TOPIC = 32

_ALERT, _DRILL = "预警", "预警演练"
_SPACE = regex(r"\s+")


@dataclass(frozen=True)
class WeiboText:
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


def render_weibo(post: Post, registers: ChannelRegisters, _sizes: Sizes = UNKNOWN) -> Rendition:
    """The rendition of channel ``weibo``: `text` is the long one, `images` are in order.

    A text of more than 2,000 is cut at a sentence and ends in the address of the archive's
    page; `short` is at most 140 and always does. Of a withdrawn post nothing is left but its
    title. Never raises.
    """
    if post.withdrawn:
        return Rendition(CHANNEL, post.title, "", "", (), ())
    body = read_body(post, registers)
    lines = weibo_lines(body.abroad if body.attachments else body.tokens)
    parts = parts_of(post, registers, body, lines)
    whole = replace(parts, link="").text
    text = whole if weibo_count(whole) <= LONG else _squeezed(parts, LONG)
    once: dict[str, Image] = {}  # they go beside the text, each once
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
        ai_label=body.ai_label,
    )


def _short(post: Post, parts: WeiboText, lines: str) -> str:
    """Title, topics, summary, label, source, and the address of the archive's page.

    When room is short the summary gives way first, then topics, then the end of the title.
    """
    summary = weibo_safe(one_line(str(post.meta.get("summary", "")))) or lines
    return _squeezed(replace(parts, body=summary), SHORT)


def topics_of(post: Post) -> tuple[str, ...]:
    """Topics without their number signs: the tags, a warning's first one naming it (暴雨预警)."""
    tags = [weibo_safe(one_line(str(t))) for t in post.meta.get("tags", ())]
    if post.kind == "alert":
        tags = [t for t in tags if t != _ALERT]
        word = _DRILL if post.drill else _ALERT
        tags[:1] = [f"{t.removesuffix(_ALERT)}{word}" for t in tags[:1]]
    fitting = (t for t in dict.fromkeys(tags) if t and weibo_count(t) <= LONGEST_TOPIC)
    return tuple(fitting)[:MOST_TOPICS]


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return _SPACE.sub(" ", well_formed(text)).strip()


def parts_of(post: Post, registers: ChannelRegisters, body: Body, words: str) -> WeiboText:
    """What a text is made of before it is fitted into its limit."""
    title = weibo_safe(one_line(post.title)).replace("【", "「").replace("】", "」")
    source = weibo_safe(one_line(body.source.text)) if body.source else ""
    link = f"全文：{archive_url(post, registers)}"
    label = body.label + _pictures_label(body)
    return WeiboText(title, topics_of(post), label, source, words, link)


def _pictures_label(body: Body) -> str:
    """That a machine made pictures, which travel beside the text: all of them, or which."""
    made, names = labelled_pictures(body.post), list(dict.fromkeys(i.file for i in body.images))
    marks = [made.get(name, "") for name in names]
    if not any(marks):
        return ""
    if len(set(marks)) == 1:
        return marks[0]
    return "".join(f"（第{n}张{mark[1:]}" for n, mark in enumerate(marks, 1) if mark)


def _squeezed(parts: WeiboText, limit: int) -> str:
    """The text within its limit: link, label, source and title, then topics, then the body."""

    def fits(name: str) -> Callable[[str], bool]:
        return lambda value: _within(replace(made, **{name: value}), limit)  # type: ignore[arg-type]

    made = WeiboText("…", (), "", "", "", "")
    for name in ("link", "label"):
        if fits(name)(getattr(parts, name)):
            made = replace(made, **{name: getattr(parts, name)})
    made = replace(made, source=longest(parts.source, fits("source")))
    made = replace(made, title=longest(parts.title, fits("title")) or made.title)
    for topic in parts.topics:
        more = replace(made, topics=(*made.topics, topic))
        made = more if _within(more, limit) else made
    return replace(made, body=longest(parts.body, fits("body"))).text


def _within(parts: WeiboText, limit: int) -> bool:
    return weibo_count(parts.text) <= limit


# Whether Weibo takes a post: its limits (REFUSE), and what it shows otherwise (NOTE).

MOST_IMAGES = 9
_MENTION = regex(r"(?<![A-Za-z0-9_.+-])@([\w-]{2,30})")
_PICTURE = regex(r".+\.(?:png|jpe?g|gif)", re.IGNORECASE | re.DOTALL)


def weibo_problems(
    post: Post, registers: ChannelRegisters, rendition: Rendition
) -> Iterator[ChannelProblem]:
    """What Weibo would refuse of both texts and their images."""
    if post.withdrawn:
        return
    parts = parts_of(post, registers, read_body(post, registers), "")
    text = Location(post.path, post.body_line)
    for shown, limit in ((rendition.text, LONG), (rendition.short, SHORT)):
        if (count := weibo_count(shown)) > limit:
            message = say(
                "The text counts {count}, and Weibo takes {limit}.", count=count, limit=limit
            )
            yield _refusal("text-long", message, text, say("Shorten the post."))
        yield from _cut_parts(shown, limit, post, parts)
    if rendition.text.rpartition("\n")[2] == parts.link:
        message = say("The text is longer than Weibo takes ({limit}) and was cut.", limit=LONG)
        yield _note("text-cut", message, text, say("Read where it ends, or shorten the post."))
    if archive_url(post, registers) not in rendition.short:
        message = say("The short text has no room for the address of the archive's page.")
        remedy = say("Shorten archive.url in content/policy.yml.")
        yield _refusal("address-cut", message, Location(post.path, 1), remedy)
    own = {a.name.removeprefix("@") for a in registers.accounts.values()}
    if any(m[1] not in own for m in _MENTION.finditer(f"{rendition.text}\n{rendition.short}")):
        message = say("An @ calls on an account that is not one of the bureau's own.")
        remedy = say("Leave a space after the @, or make sure that it is meant.")
        yield _note("mention-foreign", message, text, remedy)
    yield from _image_problems(post, rendition)


def _cut_parts(text: str, limit: int, post: Post, parts: WeiboText) -> Iterator[ChannelProblem]:
    """What must not be cut: the title, the source line, the label, and topics in pairs."""
    lines = text.split("\n")
    if not text.startswith(f"【{parts.title}】"):
        message = say("The title is too long for a text of {limit} and was cut.", limit=limit)
        yield _note("title-cut", message, post.at("title"), say("Shorten the title."))
    if parts.source and parts.source not in lines:
        message = say("The line that names the source is not whole in a text of {limit}.",
                      limit=limit)  # fmt: skip
        remedy = say("Shorten the source's name in the register, or the label of the line.")
        yield _refusal("source-cut", message, post.at("source"), remedy)
    if parts.label and parts.label not in lines:
        message = say("The label of what a machine wrote has no room in a text of {limit}.",
                      limit=limit)  # fmt: skip
        remedy = say("Shorten archive.url in content/policy.yml.")
        yield _refusal("label-cut", message, post.at("ai"), remedy)
    if not _paired(text):
        message = say("The number signs do not pair up into topics.")
        remedy = say("Take the number signs out of the tags.")
        yield _refusal("topics-unpaired", message, post.at("tags"), remedy)


def _paired(text: str) -> bool:
    """Whether every # belongs to a topic of its own, on one line and with something in it."""
    pieces = text.split("#")
    return len(pieces) % 2 == 1 and all(p.strip() and "\n" not in p for p in pieces[1::2])


def _image_problems(post: Post, rendition: Rendition) -> Iterator[ChannelProblem]:
    for image in rendition.images:
        location = Location(post.path, image.line)
        if f"{post.folder}/{image.file}" not in post.manifest:
            message = say("The image {file} is not beside the post.", file=image.file)
            remedy = say("Put the file beside post.md, or correct its name.")
            yield _refusal("image-missing {file}", message, location, remedy)
        elif not _PICTURE.fullmatch(image.file):
            message = say("Weibo may not take the image {file}.", file=image.file)
            yield _note("image-type {file}", message, location, say("Save it as JPEG or PNG."))
    if (count := len(rendition.images)) > MOST_IMAGES:
        message = say("{found} images, and Weibo takes {limit}.", found=count, limit=MOST_IMAGES)
        location = Location(post.path, rendition.images[MOST_IMAGES].line)
        remedy = say("Choose {limit} of them.", limit=MOST_IMAGES)
        yield _note("images-many", message, location, remedy)


def _refusal(name: str, message: Message, location: Location, remedy: Message) -> ChannelProblem:
    return ChannelProblem(name, Effect.REFUSE, message, location, remedy)


def _note(name: str, message: Message, location: Location, remedy: Message) -> ChannelProblem:
    return ChannelProblem(name, Effect.NOTE, message, location, remedy)


_TEXT, _PICTURES = say("Text (characters)"), say("Pictures (how many)")


class WeiboChannel(ChannelCode):
    """Weibo, whose box takes plain text alone: no sheet has HTML to copy."""

    tab = say("Weibo")
    page = SavedPage(
        classes=("detail_wbtext", "WB_text", "weibo-text"),
        added=classes("drift")["weibo"],
        tail=regex(r"(?<!\s)\s*+(?:展开|收起)(?:全文)?[a-z]?$"),
    )

    def render(self, post: Post, registers: ChannelRegisters, sizes: Sizes) -> Rendition:
        made = render_weibo(post, registers, sizes)
        return replace(made, problems=tuple(weibo_problems(post, registers, made)))

    def sections(
        self, post: Post, sizes: Sizes, made: Rendition
    ) -> Iterator[tuple[Message | None, str]]:
        if not made.text:
            return
        for name, text, limit in (
            (say("Long text, {count} of {limit}"), made.text, LONG),
            (say("Short text, {count} of {limit}"), made.short, SHORT),
        ):
            yield say(name.text, count=weibo_count(text), limit=limit), text
        if made.images:
            rows = (
                f"{n}. {' '.join(filter(None, (i.file, _size(i.file, post, sizes), i.alt)))}"
                for n, i in enumerate(made.images, start=1)
            )
            heading = say("Images, in this order: {count}", count=len(made.images))
            yield heading, "\n".join(map(harmless, rows))

    def sheets(
        self, post: Post, registers: ChannelRegisters, sizes: Sizes, sheet: CopySheet
    ) -> Iterator[CopySheet]:
        long = replace(sheet.rendition, html="")
        counts = {_TEXT: (weibo_count(long.text), LONG), _PICTURES: (len(long.images), MOST_IMAGES)}
        yield replace(sheet, rendition=long, counts=counts, name=say("Weibo, long text"))
        short = replace(long, text=long.short)
        counts = {_TEXT: (weibo_count(short.text), SHORT)}
        yield CopySheet(short, counts=counts, name=say("Weibo, short text"))

    def texts(self, made: Rendition) -> tuple[str, ...]:
        return made.text, made.short


def _size(file: str, post: Post, sizes: Sizes) -> str:
    size = sizes.get(f"{post.folder}/{file}")
    return f"{size[0]}×{size[1]}" if size else ""


CODE = WeiboChannel()
