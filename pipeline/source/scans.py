"""Scans of signed paper beside the filing records: known by their digest, never opened."""

import hashlib

from pipeline.model.documents import Document
from pipeline.model.filings import FOLDER, SCANS
from pipeline.model.records import Fact
from pipeline.source.listing import files_under
from pipeline.source.posts import FILE_LIMIT, Files

ENDINGS = (".pdf", ".jpg", ".png")


def read_scans(tree: Files) -> tuple[Fact, ...]:
    """Every stored scan, by path: its id is the path, its value {sha256, size in bytes}.

    A link or a file beyond the limit for media has no digest, so no record can name it.
    """
    found = []
    for path in (p for p in files_under(tree.files, FOLDER) if p.endswith(ENDINGS)):
        blob = tree.files[path]
        readable = blob.mode == "100644" and blob.size <= FILE_LIMIT
        digest = hashlib.sha256(tree.read(path)).hexdigest() if readable else ""
        found.append(Fact(SCANS, path, {"sha256": digest, "size": blob.size}, Document(path)))
    return tuple(found)
