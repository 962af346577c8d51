"""Place and author in the bytes of images and videos; damaged files raise nothing."""

import io
import struct

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipeline.detect.formats import Traces, pixel_size, traces

XMP_PLACE = b'<x:xmpmeta><rdf:Description exif:GPSLatitude="31,44N"/></x:xmpmeta>'
XMP_AUTHOR = b"<dc:creator><rdf:Seq><rdf:li>someone</rdf:li></rdf:Seq></dc:creator>"


def exif(*, gps: bool = False, artist: bool = False) -> Image.Exif:
    made = Image.Exif()
    made[0x0110] = "a camera"
    if artist:
        made[0x013B] = "someone or other"
    if gps:
        made[0x8825] = {1: "N", 2: (31.0, 44.0, 5.0), 3: "E", 4: (116.0, 29.0, 1.0)}
    return made


def image(form: str, **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6)).save(out, form, **more)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("gps", "artist"), [(True, False), (False, True), (True, True)])
def test_exif_in_every_format(form: str, gps: bool, artist: bool) -> None:
    raw = image(form, exif=exif(gps=gps, artist=artist))
    assert traces(raw) == Traces(gps, artist)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_that_tells_nothing(form: str) -> None:
    assert traces(image(form)) == Traces()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_camera_alone_is_no_author_and_no_place(form: str) -> None:
    assert traces(image(form, exif=exif())) == Traces()


@pytest.mark.parametrize(
    ("packet", "told"), [(XMP_PLACE, Traces(True)), (XMP_AUTHOR, Traces(False, True))]
)
@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_xmp_packets(form: str, packet: bytes, told: Traces) -> None:
    assert traces(image(form, xmp=packet)) == told


def test_texts_of_a_png() -> None:
    words = PngInfo()
    words.add_text("Author", "someone")
    words.add_itxt("XML:com.adobe.xmp", XMP_PLACE.decode())
    assert traces(image("PNG", pnginfo=words)) == Traces(True, True)
    program = PngInfo()
    program.add_text("Software", "a drawing program")
    assert traces(image("PNG", pnginfo=program)) == Traces()


def test_the_place_of_a_video() -> None:
    head = struct.pack(">I", 24) + b"ftypisom" + bytes(12)
    assert traces(head + b"moov\xa9xyz\x00\x12\x15\xc7+31.7350+116.4837/") == Traces(True)
    assert traces(head + b"moov") == Traces()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_every_beginning_of_a_file_is_read_without_fault(form: str) -> None:
    raw = image(form, exif=exif(gps=True, artist=True))
    for end in range(len(raw)):
        assert isinstance(traces(raw[:end]), Traces)


def test_directories_that_point_at_one_another_end() -> None:
    tiff = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8825, 4, 1, 8)
    raw = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff
    assert traces(raw) == Traces()


def test_size_from_the_header() -> None:
    assert pixel_size(image("PNG")) == (8, 6)
    assert pixel_size(b"no picture") is None
