"""Words and authors of tables, office documents and PDF; what cannot be read is called unread."""

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Mapping

import pytest

from pipeline.detect.attachments import LIMIT, Budget, look_into
from pipeline.detect.private import private_data
from pipeline.model.posts import MediaFact
from tests.builders.steps import steps_of
from tests.corpora.fictional import identity
from tests.detect.test_images import exif, image

ID = identity(3)
CORE = "<cp:coreProperties><dc:creator>{}</dc:creator></cp:coreProperties>"


def zipped(**parts: str | bytes) -> bytes:
    """A zip file; ``__`` in a name stands for a slash, ``_xml`` for its ending."""
    return packed({k.replace("__", "/").replace("_xml", ".xml"): v for k, v in parts.items()})


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return out.getvalue()


def kinds(words: str) -> list[str]:
    return [f.kind for f in private_data(words)]


def test_a_number_split_over_runs_of_a_word_document() -> None:
    runs = f"<w:p><w:r><w:t>身份证{ID[:7]}</w:t></w:r><w:r><w:t>{ID[7:]}</w:t></w:r></w:p>"
    found = look_into("a/form.docx", zipped(word__document_xml=runs))
    assert kinds(found.words) == ["identity"]
    assert (found.author, found.unread) == (False, False)


def test_cells_stand_apart() -> None:
    cells = "".join(f"<c><v>{part}</v></c>" for part in ("1380013", "8000"))
    found = look_into("list.xlsx", zipped(xl__worksheets__sheet1_xml=cells))
    assert kinds(found.words) == []


@pytest.mark.parametrize("name", ["a.docx", "a.xlsx", "a.pptx"])
def test_the_author_of_an_office_document(name: str) -> None:
    assert look_into(name, zipped(docProps__core_xml=CORE.format("someone"))).author
    assert not look_into(name, zipped(docProps__core_xml=CORE.format(""))).author


def test_ofd() -> None:
    page = f"<ofd:TextCode>{ID}</ofd:TextCode>"
    raw = zipped(OFD_xml="<ofd:Author>someone</ofd:Author>", Doc_0__Pages__Page_0__Content_xml=page)
    found = look_into("notice.ofd", raw)
    assert found.author
    assert kinds(found.words) == ["identity"]


def test_a_picture_inside_a_document_keeps_its_place() -> None:
    raw = packed({"word/media/image1.jpeg": image("JPEG", exif=exif(gps=True))})
    assert look_into("report.docx", raw).position


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_tables_in_the_encodings_that_programs_write(encoding: str) -> None:
    found = look_into("list.csv", f"姓名,证件\r\n某,{ID}\r\n".encode(encoding))
    assert kinds(found.words) == ["identity"]


def test_pdf_author_and_plain_words_and_the_rest_unread() -> None:
    stream = zlib.compress(f"BT ({ID}) Tj ET".encode())
    raw = b"%PDF-1.7\n1 0 obj\nstream\n" + stream + b"\nendstream\n<< /Author (someone) >>"
    found = look_into("plan.pdf", raw)
    assert (found.author, found.unread) == (True, True)
    assert kinds(found.words) == ["identity"]
    assert not look_into("plan.pdf", b"%PDF-1.7 << /Author () >>").author


@pytest.mark.parametrize("name", ["a.doc", "a.zip", "a.rar", "a.unknown", "noending"])
def test_what_cannot_be_read_is_said_to_be_unread(name: str) -> None:
    assert look_into(name, b"bytes").unread


def test_a_broken_or_huge_zip_is_unread() -> None:
    assert look_into("a.docx", b"PK\x03\x04 broken").unread
    assert look_into("a.docx", zipped(word__document_xml=b"0" * (LIMIT + 1))).unread
    good = zipped(word__document_xml="<w:t>x</w:t>")
    assert look_into("a.docx", good[:40] + b"\0\0\0\0" + good[44:]).unread


def test_texts_are_read_elsewhere_and_pictures_have_no_words() -> None:
    assert look_into("source.txt", ID.encode()) == MediaFact("source.txt")
    assert look_into("a.png", image("PNG")) == MediaFact("a.png")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unpacker_that_no_office_program_asks_for_is_not_asked(method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("word/document.xml", "<w:t>x</w:t>" * 99)
    whole = out.getvalue()
    for raw in (whole, whole[:60] + bytes(20) + whole[80:]):
        assert look_into("a.docx", raw).unread


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.docx", zipped(word__document_xml="<" * 3_000_000)),
        ("a.docx", zipped(docProps__core_xml="<dc:creator> " * 200_000)),
        ("a.pdf", b"stream\n" * 400_000),
        ("a.pdf", b"stream\r\n" + zlib.compress(b"(\\" * 1_500_000) + b"\r\nendstream"),
        ("a.pdf", b"stream\r\n" + zlib.compress(b"(" + b"a" * 3_000_000) + b"\r\nendstream"),
        ("a.pdf", b"/Author " * 300_000),
        ("a.jpg", b"\xff\xd8" + b"\xff\xe1\xff\xff" + (b"<dc:creator> " * 5041)[:65533]),
        ("a.gif", b"GIF8" + b"<dc:creator> " * 200_000),
    ],
)
def test_no_file_takes_more_steps_than_its_length_allows(name: str, raw: bytes) -> None:
    assert steps_of(lambda: look_into(name, raw)) < max(100_000, len(raw))


def _lying(raw: bytes, size: int) -> bytes:
    """A zip file of one part whose headers give it another size (APPNOTE.TXT 4.3.7, 4.3.12)."""
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        where = raw.rindex(mark) + at
        raw = raw[:where] + struct.pack("<I", size) + raw[where + 4 :]
    return raw


def test_a_document_that_lies_about_its_size_is_not_unpacked() -> None:
    raw = _lying(zipped(word__document_xml=b"x" * 2 * LIMIT), 100)
    tracemalloc.start()
    try:
        assert look_into("a.docx", raw).unread
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_document_of_very_many_parts_is_left_unread() -> None:
    parts = {f"word/{n}.xml": b"" for n in range(6_000)}
    assert look_into("a.docx", packed(parts)).unread
    assert not look_into("a.docx", packed(dict(list(parts.items())[:99]))).unread


def test_strings_of_a_pdf_begin_anew_after_one_that_never_ends() -> None:
    stream = zlib.compress(b"(\\( " + b"a" * 2500 + b"(open (1) (2\\)3) " + b"(4")
    raw = b"stream\r\n" + stream + b"\r\nendstream\nstream\r\nx\nendstream"
    assert look_into("a.pdf", raw).words.split() == ["1", "2\\)3"]


def test_the_files_of_a_post_share_what_may_be_unpacked() -> None:
    """Three documents of 28 kB that unpack to 29 MB each: one of them is looked into."""
    raw, budget = zipped(word__document_xml="<w:p/>" * (LIMIT * 9 // 60)), Budget()
    facts = [look_into(f"{n}.docx", raw, budget) for n in range(3)]
    assert [f.unread for f in facts] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.docx", zipped(word__document_xml="<w:t>字</w:t>" * 400_001)),
        ("a.csv", "字".encode() * 400_001),
    ],
)
def test_words_that_are_dropped_are_said_to_be_unread(name: str, raw: bytes) -> None:
    fact = look_into(name, raw)
    assert fact.unread
    assert len(fact.words) == 400_000
    assert not look_into(name, raw, Budget(words=0)).words


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0abcd1234" * 20_001),
        ("a.jpg", b"\xff\xd8" + b"\xff\xe1\0\x02" * 20_001),
        ("a.jpg", b"\xff\xd8" + b"\xff" * 2_000),
        ("a.gif", b"GIF89a" + b"\0" * 2_000),
        ("a.gif", b"GIF89a" + b"\0" * 7 + b"\x21\x01" + b"\x01a" * 200_001),
        ("a.webp", b"RIFF\0\0\0\0WEBP" + b"abcd\0\0\0\0" * 20_001),
        ("a.docx", packed({"word/a.jpg": b"\xff\xd8" + b"\xff\xe1\0\x02" * 20_001})),
    ],
)
def test_a_picture_of_more_parts_than_any_program_writes_is_not_walked(
    name: str, raw: bytes
) -> None:
    assert steps_of(lambda: look_into(name, raw)) < 1_500_000
    assert look_into(name, raw).unread


def test_pictures_are_decoded_while_the_post_has_work_left() -> None:
    raw, budget = image("PNG"), Budget(pixels=0)
    assert look_into("a.png", raw, budget) == MediaFact("a.png", unread=True)
    assert not look_into("a.png", raw, Budget()).unread


def test_a_pdf_of_more_names_than_are_looked_at_hides_what_it_does() -> None:
    raw = b"%PDF-1.7\n" + b"/EF%\r" * 3
    assert look_into("a.pdf", raw, Budget(names=2)).acts == ("hidden",)
    assert look_into("a.pdf", raw, Budget(names=3)).acts == ()
