"""The line that names where a reprint comes from (Article 9, paragraph 2; clause R09-4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.model.calendar import local_date
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.render.tokens import links_to, well_formed

# The words that mark what a machine wrote (人工智能生成合成内容标识办法, article 4; R13-5).

LABELS: Mapping[str, str] = {
    "generated": "本内容由人工智能生成",
    "assisted": "本内容由人工智能辅助生成",
}
"""Value of the front matter's `ai` → what every channel shows."""


def ai_label(post: Post) -> str:
    """The label of a post; empty when no machine wrote it, or nothing is left of it."""
    return "" if post.withdrawn else LABELS.get(str(post.meta.get("ai", "none")), "")


DEFAULT_FORMAT = "来源：{name}"
"""Used when policy gives none that can hold a name; R09-4 complains of that, not a channel."""
_NAME = "{name}"


@dataclass(frozen=True)
class SourceLine:
    """``before`` + name + ``after``; the address is empty when no link may lead there."""

    before: str
    name: str
    after: str
    url: str
    line: int
    """Line of the file on which the address stands."""

    @property
    def text(self) -> str:
        return f"{self.before}{self.name}{self.after}"


def source_line(post: Post, registers: Registers) -> SourceLine | None:
    """The line of a reprint or forward; None for anything else, or when it names no source."""
    source = post.meta.get("source")
    if post.meta.get("origin") not in ("reprint", "forward") or not isinstance(source, Mapping):
        return None
    name = _name_of(source, registers)
    if not name:
        return None
    url = well_formed(str(source.get("url", "")))
    before, _, after = _format(post, registers).partition(_NAME)
    place = post.at("source", "url")
    return SourceLine(before, name, after, url if links_to(url) else "", place.line)


def _name_of(source: Mapping[str, Any], registers: Registers) -> str:
    """The name as the register or the post gives it; a draft without one shows the id (F-4)."""
    return well_formed(registers.source_name(source) or str(source.get("id", "")))


def _format(post: Post, registers: Registers) -> str:
    """What policy says on the day of publication; the newest wording for a post without one."""
    day = local_date(post.publish_at) if post.publish_at else date.max
    try:
        label = str(registers.parameter("reprint.label_format", day))
    except KeyError:
        return DEFAULT_FORMAT
    return well_formed(label) if _NAME in label else DEFAULT_FORMAT
