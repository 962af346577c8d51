"""Asking other hosts: no redirect is followed, and no answer may take for ever."""

import signal
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

TIMEOUT = 30.0
"""Seconds without a byte."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Only the host that was named is asked."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Time for a whole answer: `TIMEOUT` begins anew with each byte that a server lets drip."""
    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return

    def late(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
