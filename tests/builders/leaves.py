"""Leaves of a log as their bytes."""

from pipeline.evidence.log.merkle import Leaf


def leaf_data(kind: str, record: str, path: str = "", post: str = "", program: str = "") -> bytes:
    """The bytes of a leaf."""
    return Leaf(kind, path, record, post, 0, program).data
