"""What a writer hands in is published without a word about its making, or refused with a reason."""

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageCms, ImageDraw

from pipeline.detect.attachments import look_into
from pipeline.detect.formats import traces, trailing
from pipeline.detect.machine_made import carried_on, label_of
from pipeline.errors import Misuse
from pipeline.new.uploads import WIDEST, fit_to_publish
from pipeline.parts.wechat.part import IMAGE_BYTES

SIZE = (600, 400)


def telling() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    exif[0x013B] = "某某"
    exif[0x8825] = {1: "N", 2: (31.0, 44.0, 5.0), 3: "E", 4: (116.0, 30.0, 1.0)}
    return exif


def drawn(form: str, size: tuple[int, int] = SIZE, mode: str = "RGB", **more: object) -> bytes:
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="black")
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def noise(width: int, height: int, form: str) -> bytes:
    raw = random.Random(1).randbytes(width * height * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), raw).save(out, form)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "form"), [("a.jpg", "JPEG"), ("a.png", "PNG"), ("a.webp", "WEBP")]
)
def test_nothing_but_the_picture_is_left_and_it_stands_upright(name: str, form: str) -> None:
    xmp = b"<x:xmpmeta><dc:creator>A</dc:creator> exif:GPSLatitude</x:xmpmeta>"
    extra = {"comment": b"13800000000"} if form == "JPEG" else {}
    raw = drawn(form, exif=telling(), xmp=xmp, **extra) + b"PK\x03\x04 a whole file behind it"
    assert traces(raw).position and traces(raw).author
    new, data = fit_to_publish(name, raw, ())
    image = Image.open(io.BytesIO(data))
    assert image.size == (400, 600) and not image.getexif()
    assert image.convert("L").getpixel((390, 10)) < 60, "what was left above is right above"
    assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not trailing(data) and b"1380000" not in data
    fact = look_into(new, data)
    assert not (fact.position or fact.author or fact.broken or fact.trailing)
    assert fit_to_publish(name, raw, ()) == (new, data), "the same bytes, the same picture"


def test_a_large_picture_becomes_small_enough_for_every_channel() -> None:
    for name, raw in (("n.png", noise(900, 700, "PNG")), ("s.png", drawn("PNG", (6000, 200)))):
        new, data = fit_to_publish(name, raw, ())
        assert len(data) < IMAGE_BYTES < 1.1 * 2**20
        assert max(Image.open(io.BytesIO(data)).size) <= WIDEST
        assert new == ("n.jpg" if name == "n.png" else "s.png")


def test_colours_of_another_space_stay_what_they_are() -> None:
    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.new("CMYK", SIZE, (0, 255, 255, 0)).save(out, "JPEG")
    _, data = fit_to_publish("a.jpg", out.getvalue(), ())
    assert Image.open(io.BytesIO(data)).mode == "RGB"
    _, data = fit_to_publish("b.png", drawn("PNG", icc_profile=profile), ())
    assert "icc_profile" not in Image.open(io.BytesIO(data)).info
    out = io.BytesIO()
    Image.new("RGBA", SIZE, (9, 9, 9, 9)).save(out, "WEBP")
    see_through = out.getvalue()
    _, data = fit_to_publish("c.webp", see_through, ())
    assert Image.open(io.BytesIO(data)).format == "PNG"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_the_label_of_what_a_machine_made_stays(form: str) -> None:
    label = {"Label": "1", "ContentProducer": "某模型", "ProduceID": "7"}
    raw = drawn(form, xmp=carried_on(label, "", "")) if form != "PNG" else drawn(form)
    if form == "PNG":
        from PIL.PngImagePlugin import PngInfo

        texts = PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", carried_on(label, "", "").decode())
        raw = drawn(form, pnginfo=texts)
    _, data = fit_to_publish(f"a.{form.lower()}", raw, ())
    assert label_of(data) == label_of(raw) == label


def bomb() -> bytes:
    """A picture of 50,000 × 50,000 pixels in a hundred bytes."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunks = [head, b"IDAT" + zlib.compress(b""), b"IEND"]
    framed = (struct.pack(">I", len(c) - 4) + c + zlib.crc32(c).to_bytes(4) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


MOVING = drawn("GIF", save_all=True, append_images=[Image.new("RGB", SIZE, "red")])


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("a.jpg", drawn("PNG")),
        ("a.png", drawn("PNG")[:200]),
        ("a.png", bomb()),
        ("a.gif", MOVING),
        ("a.pdf", b"MZ\x90\0"),
        ("a.exe", b"MZ\x90\0"),
        ("a.docm", b"PK\x03\x04"),
        ("a.md", b"---\n"),
        ("post", b""),
        ("a.pdf", b"%PDF-" + bytes(20_000_001)),
    ],
)
def test_what_cannot_be_published_is_refused(name: str, raw: bytes) -> None:
    with pytest.raises(Misuse) as refused:
        fit_to_publish(name, raw, ())
    assert refused.value.remedy and "a." not in str(refused.value.message)


def test_a_name_is_one_that_an_address_can_hold_and_that_is_free() -> None:
    pdf, still = b"%PDF-1.7", drawn("GIF")
    assert fit_to_publish("附件：名单.pdf", pdf, ["post.md"]) == ("file.pdf", pdf)
    assert fit_to_publish("../../post.pdf", pdf, ())[0] == "file.pdf"
    assert fit_to_publish("plan.pdf", pdf, ["Plan.pdf", "plan-2.pdf"])[0] == "plan-3.pdf"
    assert fit_to_publish("微信图片.gif", still, ["picture.png"])[0] == "picture-2.png"
