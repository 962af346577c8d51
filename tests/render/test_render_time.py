"""Bodies made to cost: the time of a parse grows with its length, not with its malice (A33)."""

import time

import pytest

PATHS = {
    "[": "[" * 50_000,
    "![": "![" * 15_000,
    "![[": "![[" * 10_000 + "a",
    ">": ">" * 10_000,
    "> ": "> " * 10_000,
    "- ": "- " * 10_000 + "a",
    "*": "*" * 50_000 + "a",
    "*a_": "*a_ " * 12_000,
    "a**b": "a**b" * 12_000,
    "_*": "_*" * 10_000 + "a" + "*_" * 10_000,
    "~": "~~a" * 15_000,
    "`": "".join("`" * n + " " for n in range(300)),
    "[a](": "[a](" * 12_000,
    "[](": "[" * 5_000 + "a" + "](https://x.example)" * 5_000,
    "<": "<" * 50_000,
    "<a": "<a@" * 15_000,
    "&": "&#" * 25_000,
    "definitions": "[a]: x\n" * 7_000,
    "fragments": "[a](#a)" * 4_000 + "\n\n" + "## a\n" * 4_000,
    "headings": "# a\n" * 12_000,
    "images": "![a](a.png)" * 4_000,
    "missing": "![a](x.png)" * 4_000,
    "lines": "甲\n" * 25_000,
    "rows": "|a|\n|-|\n" + "|a|\n" * 10_000,
    "filled rows": "|a" * 300 + "\n" + "|-" * 300 + "\n" + "|\n" * 3_000,
    "indent": "".join(" " * n + "- a\n" for n in range(300)),
}


@pytest.mark.parametrize("name", PATHS)
def test_no_body_takes_long(render, name):
    start = time.process_time()
    made = render(PATHS[name], ["a.png"])
    assert time.process_time() - start < 2
    assert made.html and made.text or name == "definitions"
