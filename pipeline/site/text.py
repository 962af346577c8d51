"""网页标签 of government websites, as their search engines read them (国办发〔2017〕47号).

Of the site (site/overrides/main.html) name, domain and code are mandatory; of a column name,
description, keywords and type; of an article title, date and source, and its column stands beside
them. `Author` is left out, for policy decides whether names are public; `Description` is the
page's own, since HTML takes no account of capitals in the names of `meta`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.detect.endings import ending
from pipeline.model import zh_names
from pipeline.model.posts import Post
from pipeline.render.body import labelled_pictures
from pipeline.site.pages.media import PLAYED
from pipeline.site.pictures import Picture

# Films and sound get players with captions or words.


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
    poster: Picture | None
    """What a film shows before it plays."""


def players(
    post: Post, served: Mapping[str, bytes], pictures: Mapping[str, Picture | None]
) -> tuple[Player, ...]:
    """Players of the media that front matter names and that are published, films first.

    The poster of a film is the picture of its name (``clip.png`` of ``clip.mp4``), else the one
    that is called ``poster``.
    """
    rows: Sequence[Mapping[str, object]] = post.meta.get("media", ())
    made = labelled_pictures(post)
    posters = {name.rpartition(".")[0]: shown for name, shown in sorted(pictures.items())}
    rows = sorted(rows, key=lambda row: PLAYED.get(ending(str(row["file"]))) != "video")
    return tuple(
        Player(
            PLAYED[ending(str(row["file"]))],
            str(row["file"]),
            str(row.get("alt", "")),
            str(row.get("author", "")),
            _captions(str(row.get("captions", "")), served),
            _transcript(str(row.get("transcript", "")), served),
            _label(str(row["file"]), made),
            posters.get(str(row["file"]).rpartition(".")[0]) or posters.get("poster"),
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


def column(url: str, name: str, about: str, above: Sequence[str] = ()) -> Mapping[str, str]:
    """The labels of a page that lists or explains; none of one that is no place of its own."""
    if url and not url.endswith("/"):
        return {}
    return {
        "ColumnName": name,
        "ColumnDescription": about,
        "ColumnKeywords": ",".join((name, *above, "政务新媒体", "政务公开")),
        "ColumnType": _type(url),
    }


def _type(url: str) -> str:
    """栏目类别, of those the guideline lists."""
    section, _, below = url.partition("/")
    if section == "categories" and below:
        return zh_names.CATEGORY_COLUMN_TYPES.get(below.partition("/")[0], "工作动态")
    return zh_names.COLUMN_TYPES.get(section, "信息公开目录")
