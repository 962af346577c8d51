"""The codes on pages are those of segno, which takes longer for one than the rest of a page.

Addresses of full length: what fills a shorter one up means nothing, and segno has another filling.
"""

import re

import pytest
import segno

from pipeline.site.qr import MOST, SIDE, qr_path

BASE = "https://yjj.example/posts/2026/"


@pytest.mark.parametrize("url", [BASE.ljust(MOST, "x"), f"{BASE}安全".ljust(MOST - 4, "y")])
def test_a_code_is_that_of_the_standard(url: str) -> None:
    grid = [[0] * SIDE for _ in range(SIDE)]
    for x, y, run in re.findall(r"M(\d+) (\d+)\.5h(\d+)", qr_path(url)):
        grid[int(y)][int(x) : int(x) + int(run)] = [1] * int(run)
    made = segno.make(
        url.encode(), version=6, error="l", mask=0, mode="byte", boost_error=False, eci=False
    )
    assert grid == [[*row] for row in made.matrix]


def test_an_address_that_is_too_long_has_no_code() -> None:
    assert qr_path("x" * (MOST + 1)) == ""
