"""Makes and reads the corpora of private data and secrets: ``python -m tests.corpora.private``."""

import random
from collections.abc import Callable, Iterator, Mapping

from pipeline.detect.private import private_data
from pipeline.detect.secrets import secrecy_marks, secrets
from tests.corpora import private_numbers, private_words, secret_words
from tests.corpora.fictional import fill
from tests.corpora.frames import Row, read, write

MAKERS: Mapping[str, Callable[[random.Random], list[Row]]] = {
    **private_numbers.MAKERS,
    **private_words.MAKERS,
    **secret_words.MAKERS,
}


def _certain(kind: str) -> Callable[[str], bool]:
    return lambda text: any(f.kind == kind and f.certain for f in private_data(text))


DETECTORS: Mapping[str, Callable[[str], bool]] = {
    "identity": _certain("identity"),
    "mobile": _certain("mobile"),
    "bank_card": _certain("bank-card"),
    "private_other": lambda text: any(f.kind in private_words.SAID for f in private_data(text)),
    "secrets": lambda text: any(f.certain for f in secrets(text)),
    "secrecy": lambda text: any(f.certain for f in secrecy_marks(text)),
}
"""Corpus → whether its detector finds something in a filled text."""


def cases(name: str) -> Iterator[tuple[str, bool, str]]:
    """(text with its numbers filled in, whether something ought to be found, why)."""
    for row in read(name):
        yield fill(row["text"]), row["expect"], row["why"]


def main() -> None:
    for name, make in MAKERS.items():
        write(name, make(random.Random(name)))


if __name__ == "__main__":
    main()
