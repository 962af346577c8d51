"""Scans of signed paper: known by digest, never followed, never opened."""

import hashlib

from pipeline.source.content.records import read_scans
from pipeline.source.git.tree_listing import Blob

FOLDER = "content/records/filings/2026/"


class Shelf:
    """A tree in memory."""

    def __init__(self, **files: tuple[str, bytes]) -> None:
        self._raw = {FOLDER + n.replace("_", "."): raw for n, (_, raw) in files.items()}
        modes = {FOLDER + n.replace("_", "."): mode for n, (mode, _) in files.items()}
        self.files = {p: Blob(modes[p], "", len(raw)) for p, raw in self._raw.items()}

    def read(self, path: str) -> bytes:
        return self._raw[path]


def test_every_scan_is_known_by_its_bytes_in_order_of_paths() -> None:
    shelf = Shelf(b_png=("100644", b"2"), a_pdf=("100644", b"1"), a_yml=("100644", b"x"))
    found = read_scans(shelf, sorted(shelf.files))
    assert [(f.kind, f.id, f["sha256"], f["size"]) for f in found] == [
        ("scans", f"{FOLDER}a.pdf", hashlib.sha256(b"1").hexdigest(), 1),
        ("scans", f"{FOLDER}b.png", hashlib.sha256(b"2").hexdigest(), 1),
    ]


def test_a_link_and_a_giant_have_no_digest() -> None:
    shelf = Shelf(a_pdf=("120000", b"/etc/passwd"), b_jpg=("100644", b"1"))
    shelf.files[f"{FOLDER}b.jpg"] = Blob("100644", "", 20_000_001)
    assert [f["sha256"] for f in read_scans(shelf, sorted(shelf.files))] == ["", ""]
