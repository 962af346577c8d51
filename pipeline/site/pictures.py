"""What a page does to a body that was rendered: pictures get their sizes, tables scroll."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from itertools import count
from urllib.parse import quote, unquote

_IMG = re.compile(r"<img\b[^>]*>")
_CAPTION = re.compile(r'(alt="([^"]+)"[^>]*>(?:</a>)?)<figcaption>\2(.*?)</figcaption>', re.DOTALL)
_SRC = re.compile(r'\bsrc="([^"]*)"')
_MEASURE = re.compile(r' (?:width|height)="\d+"')
_SIZES = "(max-width: 44.9375em) 94vw, 44rem"


@dataclass(frozen=True)
class Picture:
    """One picture as the page shows it."""

    name: str
    width: int
    height: int
    sizes: tuple[tuple[str, int], ...]
    """(file beside the page, its width), narrow first."""
    files: Mapping[str, bytes]
    """The bytes of `sizes`, and of `LISTED` when lists show it."""
    original: bool
    """Whether the reviewed file itself is published."""

    @property
    def source(self) -> str:
        return self.name if self.original or not self.sizes else self.sizes[-1][0]


def sized(name: str, width: int) -> str:
    """The file of a picture at a width, beside the page."""
    return f"sized/{name}.{width}.webp"


def with_sizes(html: str, pictures: Mapping[str, Picture | None]) -> str:
    """The HTML with every picture in several sizes; one that cannot be shown says so in words.

    One that stands by itself is a link to its largest size, and what stands under it is never its
    alternative text again.
    """

    def one(match: re.Match[str]) -> str:
        source = _SRC.search(match[0])
        name = unquote(unescape(source[1])) if source else ""
        if name not in pictures:
            return match[0]
        shown = pictures[name]
        if shown is None:
            return _broken(match[0])
        image, large = _image(match[0], shown), escape(quote(shown.source))
        alone = html.endswith("<figure>", 0, match.start())
        return f'<a class="sn-zoom" href="{large}">{image}</a>' if alone else image

    def caption(match: re.Match[str]) -> str:
        return match[1] + (f"<figcaption>{match[3]}</figcaption>" if match[3] else "")

    return _CAPTION.sub(caption, _IMG.sub(one, html))


def _image(tag: str, shown: Picture) -> str:
    wide = ", ".join(f"{quote(name)} {width}w" for name, width in shown.sizes)
    several = f' srcset="{escape(wide)}" sizes="{_SIZES}"' if len(shown.sizes) > 1 else ""
    measure = f' width="{shown.width}" height="{shown.height}"'
    bare = _MEASURE.sub("", tag).removesuffix(">")
    return _SRC.sub(lambda _: f'src="{escape(quote(shown.source))}"', bare) + f"{measure}{several}>"


def _broken(tag: str) -> str:
    words = re.search(r'\balt="([^"]*)"', tag)
    about = f"：{words[1]}" if words and words[1] else ""
    return f'<span class="sn-broken">［图片无法显示{about}］</span>'


# Tables that scroll sideways on their own, by keyboard too (WCAG 2.1.1, 1.4.10).

_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)


def classed(html: str) -> str:
    """The HTML with a class on plain tables, so that material's script leaves them as they are.

    A rendition's tables stand in regions of their own already.
    """
    return html.replace("<table>", '<table class="sn-data">')


def scrolling(html: str, numbers: Iterator[int] | None = None) -> str:
    """The HTML with every plain table in a named region that can be focused and scrolled.

    `numbers` keeps the names apart where one page is made of several pieces.
    """
    given = numbers or count(1)
    return _TABLE.sub(
        lambda match: (
            f'<div class="sn-scroll" tabindex="0" role="region" aria-label="表格{next(given)}">'
            f'<table class="sn-data">{match[1]}</table></div>'
        ),
        html,
    )
