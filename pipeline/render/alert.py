"""A warning at a time, in words.

A page may be read long after its build. So a warning that is not over is written in words that stay
true, and `assets/reading.js` replaces them by the state at the reader's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.model import zh_names
from pipeline.model.calendar import minute
from pipeline.render.xml_text import clean

_ALERT_TIMES = ("issued_at", "starts_at", "ends_at")
TIMES = (*_ALERT_TIMES, "lifted_at")
BY_ITS_TIMES = "以预警时段为准"
"""What a page says of the validity of a post whose warning is not over."""


@dataclass(frozen=True)
class Alert:
    """A warning with level and colour in words, and its state at `as_of`."""

    words: str
    colour: str
    state: str
    """生效中, 未开始, 已解除 or 已过期."""
    issuer: str
    issued_at: str
    starts_at: str
    ends_at: str
    lifted_at: str
    areas: tuple[str, ...]
    turns: tuple[str, str, str]
    """Start, end and lifting in RFC 3339, empty when there is none: for the reader's clock."""

    @property
    def over(self) -> bool:
        """Whether its state no longer depends on the time of a build."""
        return self.state in ("已解除", "已过期")

    @property
    def in_force(self) -> bool:
        return self.state == "生效中"

    @property
    def lasting(self) -> str:
        """Its state in words that stay true whenever the page is read."""
        if self.over:
            return self.state
        return f"{'' if self.in_force else f'{self.starts_at} 起，'}有效至 {self.ends_at}"


def alert_of(stated: Mapping[str, Any] | None, as_of: datetime) -> Alert | None:
    """A post's warning at a time, from what `Card.alert` states; a drill warns of nothing."""
    if not stated or stated.get("exercise"):
        return None
    alert = {**stated} | {k: datetime.fromisoformat(stated[k]) for k in TIMES if stated.get(k)}
    colour = str(alert.get("color", ""))
    lifted = alert.get("lifted_at")
    level = zh_names.LEVELS.get(alert.get("level", 0), "")
    times = {k: minute(alert[k]) if alert.get(k) else "" for k in _ALERT_TIMES}
    return Alert(
        words=f"{zh_names.COLOURS.get(colour, '')}预警 {level}".strip(),
        colour=colour,
        state=alert_state(alert, as_of),
        issuer=clean(str(alert.get("issuer", ""))),
        **times,
        lifted_at=minute(lifted) if lifted and lifted <= as_of else "",
        areas=tuple(clean(str(a)) for a in alert.get("areas", ())),
        turns=(_stamp(alert, "starts_at"), _stamp(alert, "ends_at"), _stamp(alert, "lifted_at")),
    )


def _stamp(alert: Mapping[str, Any], key: str) -> str:
    moment: datetime | None = alert.get(key)
    return moment.isoformat() if moment else ""


def alert_state(alert: Mapping[str, Any], as_of: datetime) -> str:
    """A lifted alert is lifted even after its end; an end is the first moment no longer warned."""
    lifted, start, end = (alert.get(k) for k in ("lifted_at", "starts_at", "ends_at"))
    if lifted and lifted <= as_of:
        return "已解除"
    if end and end <= as_of:
        return "已过期"
    return "未开始" if start and start > as_of else "生效中"
