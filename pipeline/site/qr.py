"""The address of a page as a QR code (ISO/IEC 18004): the smallest one of level L.

Each of ten thousand pages has one, so all have mask 0: trying all eight takes five times as long.
"""

import re
from typing import NamedTuple

_DARK = re.compile(b"\1+")


class Code(NamedTuple):
    """Without margin."""

    path: str
    """The dark modules as a path of SVG, a stroke for each run in a row."""
    side: int
    """Modules of a side."""

    def __str__(self) -> str:
        """As themes write it that know one size of code only."""
        return self.path


def qr_code(url: str) -> Code:
    """Raises segno.DataOverflowError for an address of more than 2,953 bytes."""
    import segno  # few commands draw a code

    made = segno.make(
        url.encode(), mode="byte", error="l", mask=0, micro=False, boost_error=False, eci=False
    )
    path = "".join(
        f"M{run.start()} {y}.5h{run.end() - run.start()}"
        for y, row in enumerate(made.matrix)
        for run in _DARK.finditer(row)
    )
    return Code(path, len(made.matrix))
