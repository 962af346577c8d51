"""What lies behind the end of a picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.attachments import look_into
from pipeline.detect.formats import traces, trailing
from tests.detect.test_images import exif, image

FORMS = ("JPEG", "PNG", "GIF", "WEBP")
ZIP = b"PK\x03\x04 a whole file"


@pytest.mark.parametrize("form", FORMS)
def test_a_file_behind_a_picture_is_seen(form: str) -> None:
    raw = image(form)
    assert trailing(raw) == trailing(raw + bytes(9)) == b""
    assert trailing(raw + ZIP) == ZIP
    name = f"a.{form.lower()}"
    assert not look_into(name, raw).trailing
    assert look_into(name, raw + ZIP).trailing


def test_a_progressive_picture_ends_where_it_ends() -> None:
    assert trailing(image("JPEG", progressive=True)) == b""


def test_exif_behind_a_jpeg_is_read() -> None:
    behind = image("JPEG", exif=exif(gps=True, artist=True))
    made = traces(image("JPEG") + behind[2:])
    assert made.position and made.author


def test_a_phone_that_says_that_more_pictures_follow_is_believed() -> None:
    raw = image("JPEG")
    several = raw[:2] + b"\xff\xe2\0\x08MPF\0\0\0" + raw[2:]
    assert not look_into("a.jpg", several + raw).trailing


@pytest.mark.parametrize("form", FORMS)
def test_every_beginning_of_a_picture_is_read_without_fault(form: str) -> None:
    raw = image(form)
    for end in range(len(raw)):
        trailing(raw[:end])


@given(st.sampled_from(FORMS), st.integers(0, 400), st.binary(max_size=60))
def test_no_bytes_raise(form: str, start: int, more: bytes) -> None:
    trailing(image(form)[:start] + more)
