"""The code on a page says its address: the modules are those of segno, drawn as one path."""

import re

import pytest
import segno

from pipeline.site.qr import qr_code

BASE = "https://yjj.example/posts/2026/"


@pytest.mark.parametrize(
    ("url", "side"), [(BASE, 25), (f"{BASE}安全".ljust(100, "y"), 37), (BASE.ljust(900, "x"), 101)]
)
def test_a_code_is_that_of_the_standard(url: str, side: int) -> None:
    code = qr_code(url)
    grid = [[0] * side for _ in range(side)]
    for x, y, run in re.findall(r"M(\d+) (\d+)\.5h(\d+)", code.path):
        grid[int(y)][int(x) : int(x) + int(run)] = [1] * int(run)
    made = segno.make(url.encode(), error="l", mask=0, mode="byte", boost_error=False, micro=False)
    assert grid == [[*row] for row in made.matrix]
    assert (code.side, str(code)) == (side, code.path)
