"""Scans of signed paper beside the filing records: known by their digest, never opened."""

import hashlib
from collections.abc import Iterable

from pipeline.model.documents import Document
from pipeline.model.filings import SCANS
from pipeline.model.records import Fact
from pipeline.source.content.post_paths import Files
from pipeline.source.content.posts import FILE_LIMIT

ENDINGS = (".pdf", ".jpg", ".png")


def read_scans(tree: Files, paths: Iterable[str]) -> tuple[Fact, ...]:
    """The scans among these files: the id is the path, the value {sha256, size in bytes}.

    A link or a file beyond the limit for media has no digest, so no record can name it.
    """
    found = []
    for path in (p for p in paths if p.endswith(ENDINGS)):
        blob = tree.files[path]
        readable = blob.mode == "100644" and blob.size <= FILE_LIMIT
        digest = hashlib.sha256(tree.read(path)).hexdigest() if readable else ""
        found.append(Fact(SCANS, path, {"sha256": digest, "size": blob.size}, Document(path)))
    return tuple(found)
