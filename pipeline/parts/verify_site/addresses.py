"""What the pages and style sheets of a site name: addresses that its readers' browsers open."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

_ATTRIBUTE = re.compile(
    r"""\b(href|src|poster|(?:image)?srcset)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I
)
_LOADED = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", re.I)
_BASE = "https://this.invalid/"


def addresses(path: str, raw: bytes) -> Iterator[str]:
    """The files of the site that the one at `path` names; none but for pages and style sheets."""
    text = raw.decode("utf-8", "replace")
    if path.endswith(".css"):
        values = _LOADED.findall(text)
    elif path.endswith(".html"):
        linked = ((name, unescape("".join(words))) for name, *words in _ATTRIBUTE.findall(text))
        values = [v for name, words in linked for v in _values(name, words)]
    else:
        return
    for value in values:
        try:
            goes = urlsplit(urljoin(_BASE + path, value))
        except ValueError:  # no address at all
            continue
        if f"{goes.scheme}://{goes.netloc}/" == _BASE:
            file = unquote(goes.path).lstrip("/")
            yield f"{file}index.html" if file.endswith("/") or not file else file


def _values(name: str, words: str) -> list[str]:
    if not name.lower().endswith("srcset"):
        return [words.strip()]
    return [size.split()[0] for size in words.split(",") if size.strip()]
