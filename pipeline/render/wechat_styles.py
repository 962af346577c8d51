"""How a WeChat article looks: themes as data, one inline style to each kind of element.

WeChat strips style sheets and classes, so every declaration here is written into the article
and counts towards its 20,000 characters: the outermost section carries what is inherited, and
everything else says only what differs. Backgrounds are greys without hue, because WeChat's
dark mode turns those over with the page but leaves a tinted box bright; accents are text and
borders. No font-family, no width in pixels, line heights without unit (structure rules 1, 4, 5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_INK = "#333333"
_FAINT = "#595959"
"""The lightest grey that dark mode turns over; it leaves a lighter one as it is, too dark."""
_GREY = "#f5f5f5"
_LINE = "#d9d9d9"
_NAVY = "#123c6e"

ALERT_ACCENTS: Mapping[str, str] = MappingProxyType(
    {"red": "#801515", "orange": "#a84300", "yellow": "#7a5b00", "blue": "#124a8c"}
)
"""Signal colour → accent with a contrast of 4.5 to 1 by day and by night (WCAG 2.2, 1.4.3)."""


@dataclass(frozen=True)
class Theme:
    """One look; `styles` maps the kind of element to its CSS declarations, without spaces."""

    name: str
    styles: Mapping[str, str]


_SHARED: Mapping[str, str] = {
    "body": f"font-size:16px;line-height:1.75;color:{_INK};overflow-wrap:break-word",
    "p": "margin:0 0 16px",
    "h3": "margin:24px 0 8px;font-size:17px;font-weight:bold;line-height:1.5",
    "h4": "margin:20px 0 8px;font-weight:bold",
    "figure": "margin:0 0 16px;text-align:center",
    "img": "max-width:100%;height:auto;vertical-align:middle",
    "caption": f"margin:8px 0 0;font-size:14px;line-height:1.6;color:{_FAINT};text-align:center",
    "quote": f"margin:0 0 16px;padding:12px 14px 1px;border-left:3px solid {_LINE};"
    f"background-color:{_GREY}",
    "list": "margin:0 0 16px;padding-left:24px",
    "sublist": "margin:0;padding-left:20px",
    "item": "margin:0 0 8px",
    "code": f"background-color:{_GREY};padding:1px 4px;font-size:15px",
    "verbatim": f"margin:0 0 16px;padding:12px 14px;background-color:{_GREY};"
    "font-size:14px;line-height:1.6",
    "table-box": "margin:0 0 16px;overflow-x:auto",
    "table": "width:100%;border-collapse:collapse;font-size:14px;line-height:1.6",
    # Many columns scroll sideways in their box; squeezed, each would be two signs wide on a phone.
    "th": f"border:1px solid {_LINE};padding:6px 5px;min-width:4em;background-color:{_GREY}",
    "td": f"border:1px solid {_LINE};padding:6px 5px;min-width:4em",
    "hr": f"margin:24px 0;border:0;border-top:1px solid {_LINE}",
    "struck": "text-decoration:line-through",
    "link": f"color:{_NAVY}",
    "mark": f"font-size:12px;color:{_FAINT};vertical-align:super",
    "source": f"margin:0 0 16px;font-size:14px;color:{_FAINT}",
    "notes": f"margin:32px 0 0;padding:12px 0 0;border-top:1px solid {_LINE};"
    f"font-size:13px;line-height:1.6;color:{_FAINT};word-break:break-all",
    "note": "margin:0 0 4px",
}


def _accented(name: str, accent: str, **changes: str) -> Theme:
    heading = (
        f"margin:32px 0 12px;padding-left:10px;border-left:4px solid {accent};"
        f"font-size:18px;font-weight:bold;line-height:1.5;color:{accent}"
    )
    styles = {**_SHARED, "h2": heading, **changes}
    return Theme(name, MappingProxyType(styles))


PLAIN = _accented("plain", _NAVY)
ALERTS: Mapping[str, Theme] = MappingProxyType(
    {
        color: _accented(
            f"alert-{color}",
            accent,
            body=f"{_SHARED['body']};padding-top:16px;border-top:4px solid {accent}",
            quote=f"margin:0 0 16px;padding:12px 14px 1px;border-left:3px solid {accent};"
            f"background-color:{_GREY}",
        )
        for color, accent in ALERT_ACCENTS.items()
    }
)
"""Colour of the warning signal → theme of its article."""


def theme_of(kind: str, alert: object) -> Theme:
    """The theme of a post, from its front matter: alerts take their signal's colour (else red)."""
    if kind != "alert":
        return PLAIN
    color = str(alert.get("color")) if isinstance(alert, Mapping) else ""
    return ALERTS.get(color, ALERTS["red"])
