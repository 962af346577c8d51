"""A file beside a post is what its name says and can be read, or it is said to be broken."""

import io
import random
import zlib

import pytest
from PIL import Image

from pipeline.detect.attachments import look_into
from pipeline.detect.endings import PICTURES
from pipeline.detect.formats import MOST_PIXELS, decoded, is_displayable

SIZE = (640, 400)
OTHERS = {
    "a.pdf": b"%PDF-1.7\n",
    "a.mp4": b"\0\0\0\x18ftypmp42",
    "a.avif": b"\0\0\0\x1cftypavif",
    "a.webm": b"\x1aE\xdf\xa3",
    "a.mp3": b"ID3\x03",
    "a.ogg": b"OggS\0",
    "a.vtt": b"WEBVTT\n",
}


def drawn(form: str, size: tuple[int, int] = SIZE) -> bytes:
    out = io.BytesIO()
    noise = random.Random(7).randbytes(size[0] * size[1])  # noqa: S311
    Image.frombytes("L", size, noise).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_is_sound_whole_and_by_its_name(kind: str) -> None:
    raw = drawn(PICTURES[kind])
    assert is_displayable(f"a.{kind}", raw) and is_displayable(f"A.{kind.upper()}", raw)
    assert not is_displayable(f"a.{kind}", raw[: len(raw) // 2])
    assert not is_displayable(f"a.{kind}", b"")
    for other in {form for form in PICTURES.values() if form != PICTURES[kind]}:
        assert not is_displayable(f"a.{kind}", drawn(other))


def test_a_picture_is_shown_whole() -> None:
    raw = drawn("JPEG")
    whole = decoded("a.jpg", raw)
    assert whole is not None and whole.size == SIZE


def test_more_pixels_than_a_build_may_hold() -> None:
    width, height = 10_000, MOST_PIXELS["PNG"] // 10_000
    for rows, fits in ((height, True), (height + 1, False)):
        assert is_displayable("a.png", drawn_large(width, rows)) is fits


def test_a_small_webp_of_many_pixels_is_not_decoded() -> None:
    """Lossless, of one colour: 500 bytes that its decoder spreads over two hundred megabytes."""
    for rows, fits in ((2_500, True), (2_501, False)):
        out = io.BytesIO()
        Image.new("L", (5_000, rows)).save(out, "WEBP", lossless=True)
        assert len(out.getvalue()) < 3_000
        assert (decoded("a.webp", out.getvalue()) is not None) is fits
        assert look_into("a.webp", out.getvalue()).broken is not fits


def test_a_jpeg_of_more_passes_than_encoders_make_is_not_decoded() -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(out, "JPEG", progressive=True)
    raw = out.getvalue()
    end, last = raw.rindex(b"\xff\xd9"), raw.rindex(b"\xff\xda")
    once = raw.count(b"\xff\xda")
    for passes, fits in ((once, True), (32, True), (33, False)):
        repeated = raw[:end] + raw[last:end] * (passes - once) + raw[end:]
        assert (decoded("a.jpg", repeated) is not None) is fits
        assert look_into("a.jpg", repeated).broken is not fits


def drawn_large(width: int, height: int) -> bytes:
    """A white PNG of one bit a pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        checked = name + data
        return len(data).to_bytes(4, "big") + checked + zlib.crc32(checked).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((1, 0, 0, 0, 0))
    rows = zlib.compress((b"\0" + b"\xff" * ((width + 7) // 8)) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("name", OTHERS)
def test_other_kinds_are_known_by_how_they_begin(name: str) -> None:
    assert is_displayable(name, OTHERS[name] + b"rest")
    assert not is_displayable(name, b"MZ" + OTHERS[name])


def test_a_kind_that_is_never_served_is_no_matter() -> None:
    assert (
        is_displayable("a.docx", b"anything")
        and is_displayable("a.svg", b"<svg/>")
        and is_displayable("none", b"")
    )


@pytest.mark.parametrize("kind", PICTURES)
def test_spoiled_pictures_never_raise(kind: str) -> None:
    draw, raw = random.Random(kind), drawn(PICTURES[kind], (64, 40))  # noqa: S311
    verdicts = set()
    for _ in range(300):
        spoiled = bytearray(raw)
        for _ in range(draw.randrange(1, 6)):
            spoiled[draw.randrange(min(len(raw), draw.choice((40, len(raw)))))] = draw.randrange(
                256
            )
        verdicts.add(look_into(f"a.{kind}", bytes(spoiled)).broken)
    assert True in verdicts
