"""A cover with its crops drawn in: what the message shows, what a card shows, what both show."""

from collections.abc import Mapping
from html import escape

Part = tuple[float, float, float, float]
"""Left, top, right, bottom as fractions of width and height."""
LEGEND = "绿框内为安全区：{ratios}两种裁切都看得见，文字和人物放在框内。"
STYLE = """
.frames { position: relative; display: block; width: fit-content; margin: 4px 0; }
.frame { position: absolute; box-sizing: border-box; border: 1px dashed #fff;
  outline: 1px dashed #333; outline-offset: -2px; }
.frame.safe { border: 3px solid #1b7f3b; outline: 1px solid #fff; outline-offset: 0; }
"""


def cover_frames(data: str, alt: str, crops: Mapping[str, str]) -> str:
    """The picture (a ``data:`` address) with a frame to each crop, and one to what all share.

    `crops`: ratio → ``X1_Y1_X2_Y2``; one that cannot be read is left out. Empty without any.
    """
    parts = {ratio: part for ratio, text in crops.items() if (part := _part(text))}
    if not parts:
        return ""
    frames = "".join(_frame("frame", part) for part in parts.values())
    safe = _common(tuple(parts.values()))
    legend = f"<span>{escape(LEGEND.format(ratios='、'.join(parts)))}</span>" if safe else ""
    drawn = frames + (_frame("frame safe", safe) if safe else "")
    return f'<span class="frames"><img src="{data}" alt="{escape(alt)}">{drawn}</span>{legend}'


def _part(text: str) -> Part | None:
    try:
        left, top, right, bottom = map(float, text.split("_"))
    except ValueError:
        return None
    return (left, top, right, bottom) if 0 <= left < right <= 1 and 0 <= top < bottom <= 1 else None


def _common(parts: tuple[Part, ...]) -> Part | None:
    """What lies in every part; None when nothing does."""
    left, top = max(p[0] for p in parts), max(p[1] for p in parts)
    right, bottom = min(p[2] for p in parts), min(p[3] for p in parts)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _frame(name: str, part: Part) -> str:
    left, top, right, bottom = part
    place = f"left:{left:.2%};top:{top:.2%};width:{right - left:.2%};height:{bottom - top:.2%}"
    return f'<span class="{name}" style="{place}"></span>'
