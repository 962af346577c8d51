"""Where a build keeps what the next one need not make again, though its output folder is empty."""

from collections.abc import Callable
from typing import NamedTuple


class Shelf(NamedTuple):
    """Files by name that nobody else can have written: a sealed store's (`source.sealed`).

    A name says all that its content depends on, as ``KIND-DIGEST``.
    """

    find: Callable[[str], bytes | None]
    keep: Callable[[str, bytes], None]
