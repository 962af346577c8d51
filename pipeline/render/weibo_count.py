"""How long a text is for Weibo, by Sina's own counting (written anew from its description).

Everything is counted in half-widths and halved, rounded up: an ASCII character is one, any
other two. A character is a UTF-16 unit, because the counter is JavaScript: an emoji beyond the
basic plane is four. A line break is one, however it is typed. An address counts as the short
link that Weibo makes of it; only one longer than 140 bytes costs more.
"""

import re

from pipeline.model.regex import regex

URL_WIDTH = 20  # half-widths of a short link
LONGEST_SHORTENED = 140  # bytes of an address; every further one counts
LONGEST_OWN = 41  # bytes of an address of Weibo or Sina itself that is not shortened

URL = regex(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.IGNORECASE)
"""An address in running text: the characters of RFC 3986, so Chinese and space end it."""

_SHORT = regex(r"https?://t\.cn(?![\w.-])", re.IGNORECASE | re.ASCII)
_OWN = regex(
    r"https?://(?:[\w-]+\.)*(?:weibo|sina)\.(?:com\.cn|com|cn)(?![\w.-])", re.IGNORECASE | re.ASCII
)


def weibo_count(text: str) -> int:
    """The length that Weibo's limits of 140 and 2,000 mean, in full-width characters."""
    lines = text.replace("\r\n", "\n")
    addresses = [m[0] for m in URL.finditer(lines)]
    others = _half_widths(URL.sub("", lines))
    return (others + sum(map(url_width, addresses)) + 1) // 2


def url_width(url: str) -> int:
    """Half-widths of one address; its characters are ASCII, so they are its bytes."""
    size = len(url)
    if _SHORT.match(url) or (_OWN.match(url) and size <= LONGEST_OWN):
        return size
    return URL_WIDTH + max(0, size - LONGEST_SHORTENED)


def _half_widths(text: str) -> int:
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return 2 * units - len(text.encode("ascii", "ignore"))
