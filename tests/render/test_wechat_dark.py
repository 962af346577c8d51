"""Dark mode: colours turn over as in the client."""

import pytest

from tests.oracles.wechat_dark import NIGHT, colour_of, dark_background, dark_text
from tests.oracles.wechat_structure import contrast


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#fff", (255, 255, 255)),
        ("#123C6E", (18, 60, 110)),
        ("1px solid #d9d9d9", (217, 217, 217)),
        ("rgb(1, 2,3)", (1, 2, 3)),
        ("red", None),
        ("#12345", None),
    ],
)
def test_colours_are_read(value, colour):
    assert colour_of(value) == colour


def test_contrast_is_that_of_the_guidelines():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((119, 119, 119), (255, 255, 255)) == pytest.approx(4.48, abs=0.01)


def test_backgrounds():
    assert dark_background((255, 255, 255)) == pytest.approx(NIGHT)
    assert max(dark_background((245, 245, 245))) < 40
    tint = dark_background((255, 244, 229))  # a tint stays a tint, at the brightness of 190
    assert tint[0] > tint[2] and tint[0] == pytest.approx(197, abs=2)
    assert dark_background((160, 28, 28)) == (160, 28, 28)
    assert min(dark_background((0, 0, 0))) > 50


def test_text():
    assert dark_text((25, 25, 25), NIGHT) == pytest.approx((163, 163, 163), abs=1)
    assert dark_text((255, 255, 255), NIGHT) == (255, 255, 255)
    assert dark_text((102, 102, 102), NIGHT) == (102, 102, 102)  # the client leaves it so
    assert contrast(dark_text((18, 60, 110), NIGHT), NIGHT) > 4.5
    assert dark_text((51, 51, 51), (190, 190, 190)) == (51, 51, 51)
