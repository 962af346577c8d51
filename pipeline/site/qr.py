"""The address of a page as a QR code (ISO/IEC 18004), in a sixth of the time that segno takes.

Each of ten thousand pages has one. So all are of one version (6), level (L) and mask (0): the place
of every bit is the same for all, and only the bits and their check bytes are computed anew.
"""

import re
from collections.abc import Sequence
from functools import cache
from operator import itemgetter

SIDE, _DATA, _CHECK = 41, 68, 18
"""Modules of a side; data and check bytes of each of the two blocks."""
MOST = 2 * _DATA - 2
"""Bytes of the longest address."""
_FORMAT = 0b111011111000100
"""Level L and mask 0, with check bits."""
_BITS = 8 * 2 * (_DATA + _CHECK)
_DARK = re.compile("1+")


def qr_path(url: str) -> str:
    """The dark modules as a path of SVG, a stroke for each run in a row, without margin; empty for
    an address of more than `MOST` bytes."""
    raw = url.encode()
    if len(raw) > MOST:
        return ""
    head = ((4 << 8 | len(raw)) << 8 * len(raw) | int.from_bytes(raw)) << 4  # 4: mode of bytes
    data = (head.to_bytes(len(raw) + 2) + b"\xec\x11" * _DATA)[: 2 * _DATA]
    blocks = data[:_DATA], data[_DATA:]
    pairs = (zip(*part, strict=True) for part in (blocks, map(_checks, blocks)))
    word = int.from_bytes(bytes(byte for some in pairs for pair in some for byte in pair))
    places, mask = _layout()
    grid = "".join(itemgetter(*places)(format(word << 7 ^ mask, f"0{_BITS + 7}b") + "01"))
    rows = (grid[at : at + SIDE] for at in range(0, len(grid), SIDE))
    return "".join(
        f"M{run.start()} {y}.5h{run.end() - run.start()}"
        for y, row in enumerate(rows)
        for run in _DARK.finditer(row)
    )


def _checks(block: bytes) -> bytes:
    """The remainder of a block after division by the generator polynomial (Reed-Solomon)."""
    rest, top, products = 0, 8 * (_CHECK - 1), _products()
    for byte in block:
        rest = (rest & (1 << top) - 1) << 8 ^ products[byte ^ rest >> top]
    return rest.to_bytes(_CHECK)


@cache
def _products() -> tuple[int, ...]:
    """The generator polynomial times each byte of GF(256), as one number."""
    powers = [1]
    for _ in range(254):
        powers.append(powers[-1] << 1 ^ (0x11D if powers[-1] > 127 else 0))
    logs = {value: power for power, value in enumerate(powers)}

    def times(a: int, b: int) -> int:
        return powers[(logs[a] + logs[b]) % 255] if a and b else 0

    generator = [1]
    for power in powers[:_CHECK]:
        by = [times(value, power) for value in generator]
        generator = [a ^ b for a, b in zip((*generator, 0), (0, *by), strict=True)]
    rows = (bytes(times(byte, value) for value in generator[1:]) for byte in range(256))
    return tuple(map(int.from_bytes, rows))


@cache
def _layout() -> tuple[Sequence[int], int]:
    """Which bit stands in each module, of the bits with 0 and 1 behind them; and the mask."""
    fixed = _fixed()
    order = [
        (SIDE - 1 - step if (right + 1) & 2 == 0 else step, x)
        for right in (*range(SIDE - 1, 6, -2), 5, 3, 1)
        for step in range(SIDE)
        for x in (right, right - 1)
    ]
    free = [at for at in order if at not in fixed]
    places = {at: number for number, at in enumerate(free)}
    places |= {at: len(free) + dark for at, dark in fixed.items()}
    mask = int("".join("10"[sum(at) % 2] for at in free), 2)
    return [places[y, x] for y in range(SIDE) for x in range(SIDE)], mask


def _fixed() -> dict[tuple[int, int], int]:
    """(row, column) of what is the same in all codes → whether it is dark."""
    end, fixed = SIDE - 1, {}
    for at in range(SIDE):  # timing
        fixed[6, at] = fixed[at, 6] = 1 - at % 2
    for top, left in ((3, 3), (3, end - 3), (end - 3, 3)):  # finders
        for y, x in ((y, x) for y in range(-4, 5) for x in range(-4, 5)):
            if 0 <= top + y <= end and 0 <= left + x <= end:
                fixed[top + y, left + x] = int(max(abs(y), abs(x)) in (0, 1, 3))
    for y, x in ((y, x) for y in range(-2, 3) for x in range(-2, 3)):  # alignment
        fixed[end - 6 + y, end - 6 + x] = int(max(abs(y), abs(x)) != 1)
    near = (*range(6), 7, 8)
    for number in range(15):
        dark = _FORMAT >> number & 1
        fixed[(near[number], 8) if number < 8 else (8, (7, *range(5, -1, -1))[number - 8])] = dark
        fixed[(8, end - number) if number < 8 else (end - 14 + number, 8)] = dark
    fixed[end - 7, 8] = 1
    return fixed
