"""Two versions of a sentence, with what went and what came marked."""

import re
from difflib import SequenceMatcher
from html import escape

from markupsafe import Markup

_LONGEST = 4000  # characters; the comparison is quadratic, and longer texts are shown as they are
_ALIKE = 0.3
"""Below this the sentences share only letters by chance, and marks inside would mislead."""

_TOKENS = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?|[A-Za-z]+|.", re.DOTALL)
"""A number or a word is replaced as a whole; Chinese goes character by character."""


def compared(old: str, new: str) -> tuple[Markup, Markup]:
    """The old sentence with <del> around what went, the new with <ins> around what came."""
    if max(len(old), len(new)) > _LONGEST:
        return _whole(old, "del"), _whole(new, "ins")
    left, right = _TOKENS.findall(old), _TOKENS.findall(new)
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return _whole(old, "del"), _whole(new, "ins")
    before, after = [], []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            before.append(escape("".join(left[a:b])))
            after.append(escape("".join(right[c:d])))
            continue
        before.append(_marked("".join(left[a:b]), "del"))
        after.append(_marked("".join(right[c:d]), "ins"))
    return Markup("".join(before)), Markup("".join(after))  # noqa: S704 — escaped piece by piece


def _whole(text: str, tag: str) -> Markup:
    return Markup(_marked(text, tag))  # noqa: S704 — escaped in `_marked`


def _marked(text: str, tag: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""
