"""The instruments a policy rests on, and whether a source names one of them (Articles 1 and 18)."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from pipeline.model.archive import Archive
from pipeline.model.posts import Post

# From which day the regulation binds (Article 17).


def in_force_from(archive: Archive) -> date:
    """The day of `regulation.in_force_from`; a policy without it (which refuses) spares nothing."""
    if "regulation.in_force_from" not in archive.registers.policy.parameters:
        return date.min
    return date.fromisoformat(archive.registers.parameter("regulation.in_force_from", date.min))


def bound(post: Post, archive: Archive) -> bool:
    """Whether a post is judged: all are but those that stand and are dated before the regulation.

    A change that brings one in or alters it is judged whatever its date, so that no date of old
    carries anything past the reviews.
    """
    since = in_force_from(archive)
    if post.publish_day is not None and post.publish_day >= since:
        return True
    return archive.change is not None or archive.day_of(post) >= since


LAYERS = ("national", "provincial", "city", "bureau")
"""From the highest to the lowest; the stricter of two wins, whatever its layer."""

UNNUMBERED = "无文号"
"""Stands where a published text has no document number."""

_ARTICLE = re.compile(r"第(?:[一二三四五六七八九]|十[一二三四五六七八]?)条|附件")
"""第一条 to 第十八条, and the annex."""
_PREFIX = "中华人民共和国"


def mark_of(source: str) -> str:
    """The letter of evidence a source begins with: S, V, K or D; empty when there is none."""
    return source[1] if re.match(r"\[[SVKD]\] ", source) else ""


def names_article(source: str) -> bool:
    """Whether a source names an article of the regulation, or its annex."""
    return _ARTICLE.search(source) is not None


def cited(source: str, basis: tuple[Mapping[str, Any], ...]) -> Iterator[Mapping[str, Any]]:
    """The entries of `legal_basis` that a source names by number or by title."""
    text = _plain(source)
    for entry in basis:
        names = (_plain(entry["number"]), _plain(entry["title"]).removeprefix(_PREFIX))
        if any(name and name != UNNUMBERED and name in text for name in names):
            yield entry


def _plain(text: str) -> str:
    return re.sub(r"[\s《》]", "", text)
