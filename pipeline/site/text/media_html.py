"""Pictures in a rendition get their sizes; films and sound get players with captions or words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote, unquote

from pipeline.detect.formats import ending
from pipeline.model.marks import labelled_pictures
from pipeline.model.posts import Post
from pipeline.site.pages.media import PLAYED, Picture

_IMG = re.compile(r"<img\b[^>]*>")
_SRC = re.compile(r'\bsrc="([^"]*)"')
_MEASURE = re.compile(r' (?:width|height)="\d+"')
_SIZES = "(max-width: 44.9375em) 94vw, 44rem"


def with_sizes(html: str, pictures: Mapping[str, Picture | None]) -> str:
    """The HTML with every picture in several sizes; one that cannot be shown says so in words."""

    def one(found: re.Match[str]) -> str:
        source = _SRC.search(found[0])
        name = unquote(unescape(source[1])) if source else ""
        if name not in pictures:
            return found[0]
        shown = pictures[name]
        return _image(found[0], shown) if shown else _broken(found[0])

    return _IMG.sub(one, html)


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


@dataclass(frozen=True)
class Player:
    """One film or sound of a post."""

    kind: str
    """``video`` or ``audio``."""
    file: str
    about: str
    credit: str
    captions: str
    """WebVTT file beside the page, or nothing."""
    transcript: tuple[str, ...]
    """Paragraphs of what is said and seen."""
    label: str
    """That a machine made it; else empty."""


def players(post: Post, served: Mapping[str, bytes]) -> tuple[Player, ...]:
    """Players of the media that front matter names and that are published."""
    rows: Sequence[Mapping[str, object]] = post.meta.get("media", ())
    made = labelled_pictures(post)
    return tuple(
        Player(
            PLAYED[ending(str(row["file"]))],
            str(row["file"]),
            str(row.get("alt", "")),
            str(row.get("author", "")),
            _captions(str(row.get("captions", "")), served),
            _transcript(str(row.get("transcript", "")), served),
            _label(str(row["file"]), made),
        )
        for row in rows
        if str(row.get("file")) in served and ending(str(row["file"])) in PLAYED
    )


def _label(file: str, made: Mapping[str, str]) -> str:
    kind = "视频" if PLAYED[ending(file)] == "video" else "音频"
    return made.get(file, "").replace("图片", kind)


def _captions(name: str, served: Mapping[str, bytes]) -> str:
    return name if name in served and ending(name) == "vtt" else ""


def _transcript(name: str, served: Mapping[str, bytes]) -> tuple[str, ...]:
    text = served.get(name, b"").decode("utf-8", "replace")
    return tuple(line.strip() for line in text.splitlines() if line.strip())
