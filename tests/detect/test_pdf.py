"""What acts when somebody opens a PDF or an office document, however it is written."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.attachments import LIMIT, look_into
from tests.detect.test_attachments import packed

HEAD = b"%PDF-1.7\n"


def acts(raw: bytes) -> tuple[str, ...]:
    return look_into("a.pdf", HEAD + raw).acts


def objects(inside: bytes, filters: bytes = b"/FlateDecode") -> bytes:
    head = b"1 0 obj << /Type /ObjStm /Filter " + filters + b" >>\nstream\r\n"
    return head + inside + b"\r\nendstream\nendobj"


@pytest.mark.parametrize(
    ("raw", "act"),
    [
        (b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>", "script"),
        (b"<< /S /J#61vaScript /JS 5 0 R >>", "script"),
        (b"<< /S /#4a#41#76aScript >>".replace(b"#41", b"#61"), "script"),
        (b"<< /XFA 7 0 R >>", "script"),
        (b"<< /S /Launch /F (cmd.exe) >>", "launch"),
        (b"<< /S /L#61unch >>", "launch"),
        (b"<< /Type /EmbeddedFile >>", "embedded"),
        (b"<< /Type /Filespec /EF << /F 9 0 R >> >>", "embedded"),
        (b"<< /E#46 9 0 R >>", "embedded"),
        (b"trailer << /Encrypt 5 0 R >>", "encrypted"),
    ],
)
def test_what_acts_is_seen_plain_and_packed(raw: bytes, act: str) -> None:
    assert acts(raw) == (act,)
    assert acts(objects(zlib.compress(raw))) == (act,)
    assert acts(b"% stream\n" + raw + b"\nendstream") == (act,)


@pytest.mark.parametrize(
    "raw",
    [
        b"<< /EncryptMetadata true /JavaScriptish /Launcher /EFG 1 0 R /XFAX [] >>",
        b"(Launch of JavaScript) << /Names << /EmbeddedFiles << /Names [] >> >> >>",
        objects(zlib.compress(b"<< /Type /Page >>")),
    ],
)
def test_what_only_looks_like_it_is_not(raw: bytes) -> None:
    assert acts(raw) == ()


def test_objects_that_nothing_here_unpacks_are_called_hidden() -> None:
    assert acts(objects(b"abc", b"/LZWDecode")) == ("hidden",)
    assert acts(objects(zlib.compress(b"0" * (LIMIT + 1))) + objects(b"late")) == ("hidden",)
    assert acts(b"<< /Filter /LZWDecode >>\nstream\nabc\nendstream") == ()


def test_macros_of_an_office_document() -> None:
    part = {"word/document.xml": "<w:t>x</w:t>"}
    assert look_into("a.docx", packed(part)).acts == ()
    assert look_into("a.docx", packed(part | {"word/vbaProject.bin": b"x"})).acts == ("macro",)


PIECES = st.sampled_from(
    [b"stream\n", b"endstream", b"/ObjStm", b"/J#61vaScript", b"#", b"/EF", b"%", b"<<", b"\n",
     zlib.compress(b"/Launch")]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.binary(max_size=9)), max_size=20))
def test_no_bytes_raise(pieces: list[bytes]) -> None:
    acts(b"".join(pieces))
