"""Tables that scroll sideways on their own, by keyboard too (WCAG 2.1.1, 1.4.10)."""

import re
from collections.abc import Iterator
from itertools import count

_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)


def classed(html: str) -> str:
    """The HTML with a class on plain tables, so that material's script leaves them as they are.

    A rendition's tables stand in regions of their own already.
    """
    return html.replace("<table>", '<table class="sn-data">')


def scrolling(html: str, numbers: Iterator[int] | None = None) -> str:
    """The HTML with every plain table in a named region that can be focused and scrolled.

    `numbers` keeps the names apart where one page is made of several pieces.
    """
    given = numbers or count(1)
    return _TABLE.sub(
        lambda found: (
            f'<div class="sn-scroll" tabindex="0" role="region" aria-label="表格{next(given)}">'
            f'<table class="sn-data">{found[1]}</table></div>'
        ),
        html,
    )
