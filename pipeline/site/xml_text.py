"""Text and values of attributes as XML has them.

The bytes of `xml.sax.saxutils`, which takes an HTTP client and TLS along: a tenth of what a build
that changes nothing needs to start.
"""

from html import escape as _escape


def escape(text: str) -> str:
    """Text between tags."""
    return _escape(text, quote=False)


def quoteattr(value: str) -> str:
    """The value of an attribute with its quotation marks."""
    text = escape(value).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else '"{}"'.format(text.replace('"', "&quot;"))
