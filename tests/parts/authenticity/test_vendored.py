"""The files of others that read pictures: as published, listed, with the licences they ask for."""

import re
from hashlib import sha256
from pathlib import Path

from pipeline.parts.authenticity import codes
from tests.site.conftest import Built
from tests.site.conftest import built as built

FOLDER = Path(codes.__file__).parent / "site/assets/reader"
OWN = {"SOURCES.txt", "LICENSE.txt", "NOTICES.txt"}
MARKS = {
    b"leptonica": "Leptonica",
    b"LIBTIFF": "LibTIFF",
    b"WEBPVP8": "libwebp",
    b"GIF89a": "GIFLIB",
    b"Vollbeding": "Independent JPEG Group",
    b"libpng": "libpng",
    b"deflate": "zlib",
}
"""What stands in a compiled file → the library that it is of."""


def test_each_file_is_listed_with_its_digest() -> None:
    listed = re.findall(r"^([0-9a-f]{64})  (\S+)$", (FOLDER / "SOURCES.txt").read_text(), re.M)
    files = {p.name: sha256(p.read_bytes()).hexdigest() for p in FOLDER.iterdir()}
    assert {name: digest for digest, name in listed} == {
        name: digest for name, digest in files.items() if name not in OWN
    }
    assert files.keys() >= OWN


def test_all_that_is_compiled_into_the_recogniser_is_named() -> None:
    raw = (FOLDER / "tesseract-core-simd-lstm.wasm").read_bytes()
    notices = (FOLDER / "NOTICES.txt").read_text("utf-8")
    for mark, name in MARKS.items():
        assert mark in raw, "another build: look again what it holds"
        assert name in notices, name


def test_a_site_holds_each_file_once_and_lists_it(built: Built) -> None:
    manifest = built.text("site-manifest.sha256")
    for path in FOLDER.iterdir():
        digest = sha256(path.read_bytes()).hexdigest()
        assert manifest.count(digest) == 1, path.name
        assert f"{digest}  assets/reader/{path.name}\n" in manifest, path.name
