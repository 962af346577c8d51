"""Text and values of attributes as XML has them.

The bytes of `xml.sax.saxutils`, which takes an HTTP client and TLS along: a tenth of what a build
that changes nothing needs to start.
"""

import re
from html import escape as _escape

_NOT_TEXT = re.compile("[\0-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # Unicode 16, UAX 9


def escape(text: str) -> str:
    """Text between tags."""
    return _escape(text, quote=False)


def quoteattr(value: str) -> str:
    """The value of an attribute with its quotation marks."""
    text = escape(value).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else '"{}"'.format(text.replace('"', "&quot;"))


def clean(text: str) -> str:
    """The text without what no feed can hold (XML 1.0, 2.2), nor what turns the words around."""
    return text if text.isprintable() else _NOT_TEXT.sub("\ufffd", _TURNS.sub("", text))
