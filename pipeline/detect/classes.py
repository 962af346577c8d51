"""Classes of words as data: `classes/NAME.txt` beside this module, read once as a part of it.

``= name`` begins a class; the lines below it are one regular expression, joined without their
breaks, in which ``«other»`` stands for a class before it, or for a part that is given. A line
``+ text`` is an example in which it stands, ``- text`` one in which it does not
(tests/detect/test_classes.py asks for both); ``#`` begins a remark.

A class is compiled where it is first searched for; parts of others never are.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from pipeline.model.lazy import regex

_PART = re.compile("«([^»]+)»")
_ASIDE = ("# ", "+ ", "- ")


def classes(name: str, **given: str) -> Mapping[str, re.Pattern[str]]:
    """Name of a class → its pattern; `given`: parts that other code reads, too."""
    forms = dict(given)
    text = Path(__file__).with_name("classes").joinpath(f"{name}.txt").read_text("utf-8")
    for block in f"\n{text}".split("\n= ")[1:]:
        title, *lines = block.split("\n")
        form = "".join(line for line in lines if not line.startswith(_ASIDE))
        forms[title] = _PART.sub(lambda part: forms[part[1]], form)
    return {title: regex(form) for title, form in forms.items()}
