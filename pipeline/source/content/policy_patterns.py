"""Regular expressions from policy: only those that surely end (issue: a pattern that never ends).

Words of lexicons and terms are taken literally and never reach a regular expression. A parameter
whose schema says ``"format": "regex"`` may hold one, without anything that can backtrack beyond
measure: no unbounded repetition, no repeated group, no reference back.
"""

import re
from math import prod

from pipeline.model.findings import Message, say
from pipeline.model.regex import regex

LONGEST = 200
WAYS = 4096
"""In how many ways a pattern may be tried at one place: repetitions, options, alternatives."""
_CLASS = regex(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_ESCAPED = regex(r"\\(?:[^1-9])")
_UNBOUNDED = regex(r"[*+]|\{\d*,\}")
_REPEATED_GROUP = regex(r"\)[?*+{]")
_REFERENCE = regex(r"\\[1-9]|\(\?P=|\(\?\(")
_CHOICE = regex(r"(?<!\()\?|\|")
_REPEAT = regex(r"\{(\d+)(?:,(\d+))?\}")


def pattern_problem(pattern: str) -> Message | None:
    """Why a pattern is refused; None for one that compiles and always ends soon."""
    if len(pattern) > LONGEST:
        return say("The pattern is longer than {limit} characters.", limit=LONGEST)
    try:
        re.compile(pattern)
    except re.error:
        return say("The pattern is no regular expression.")
    # What stands in a class or behind a backslash repeats nothing.
    bare = _CLASS.sub("x", _ESCAPED.sub("x", pattern))
    if _REFERENCE.search(bare):
        return say("The pattern refers back to what it found.")
    if _UNBOUNDED.search(bare) or _REPEATED_GROUP.search(bare):
        return say("The pattern may repeat without end.")
    widths = [int(m[2] or m[1]) - int(m[1]) + 1 for m in _REPEAT.finditer(bare)]
    if prod(widths) * 2 ** len(_CHOICE.findall(bare)) > WAYS:
        return say("The pattern can be tried in more than {limit} ways.", limit=WAYS)
    return None
