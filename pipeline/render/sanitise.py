"""The last gate of every HTML fragment: what is not on this list does not pass (threats A33).

The writer of the fragment escapes everything already; this list holds even where it errs.
"""

import nh3

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {"blockquote", "div", "figcaption", "figure", "hr", "li", "ol", "p", "pre", "ul"}
)
_TABLE = frozenset({"table", "tbody", "td", "th", "thead", "tr"})
_INLINE = frozenset({"a", "br", "code", "em", "img", "s", "span", "strong"})
TAGS = HEADINGS | _BLOCKS | _TABLE | _INLINE
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "div": frozenset({"aria-label"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ol": frozenset({"start"}),
    **dict.fromkeys(HEADINGS, frozenset({"id"})),
}
"""Tag → attributes that may have any value (addresses: of `SCHEMES`, or relative)."""
_ALIGNED = frozenset({"align-left", "align-center", "align-right"})
VALUES: dict[str, dict[str, frozenset[str]]] = {
    "a": {
        "class": frozenset({"external"}),
        "rel": frozenset({"noopener noreferrer nofollow"}),
    },
    "div": {
        "class": frozenset({"table-scroll"}),
        "role": frozenset({"region"}),
        "tabindex": frozenset({"0"}),
    },
    "img": {"loading": frozenset({"lazy"}), "decoding": frozenset({"async"})},
    "p": {"class": frozenset({"ai-label", "source-line"})},
    "pre": {"tabindex": frozenset({"0"})},
    "span": {"class": frozenset({"ai-mark", "external-mark", "file-mark"})},
    "td": {"class": _ALIGNED},
    "th": {"class": _ALIGNED, "scope": frozenset({"col"})},
}
"""Tag → attribute → the only values it may have."""
SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={"script", "style"},
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    tag_attribute_values={
        tag: {name: set(values) for name, values in names.items()} for tag, names in VALUES.items()
    },
    url_schemes=set(SCHEMES),
    link_rel=None,
)


def sanitise(html: str) -> str:
    """The fragment with only allowed tags, attributes and addresses; well-formed in any case."""
    return _CLEANER.clean(html)
