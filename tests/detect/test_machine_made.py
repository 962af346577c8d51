"""The label of what a machine made, in every place and encoding that the standard allows."""

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipeline.detect.attachments import Budget, look_into
from pipeline.detect.machine_made import MADE, carried_on, label_of
from tests.detect.test_images import image

LABEL = {
    "Label": "1",
    "ContentProducer": "某模型公司",
    "ProduceID": "a-1",
    "ReservedCode1": '{"sign": "x}"}',
    "ContentPropagator": "某平台",
    "PropagateID": "p-1",
}
TEXT = json.dumps({**LABEL, "ReservedCode2": ""}, ensure_ascii=False)
XMP = carried_on(LABEL, "某平台", "p-1")
COMMENT = json.dumps({"AIGC": json.loads(TEXT)}, ensure_ascii=False)


def exif(comment: bytes) -> Image.Exif:
    made = Image.Exif()
    made[0x9286] = comment
    return made


def png_text(packed: bool, xmp: bool) -> bytes:
    words = PngInfo()
    if xmp:
        words.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=packed)
    else:
        words.add_text("AIGC", TEXT, zip=packed)
    return image("PNG", pnginfo=words)


AI_LABELS = (
    image("JPEG", xmp=XMP),
    image("WEBP", xmp=XMP),
    *(png_text(packed, xmp) for packed in (False, True) for xmp in (False, True)),
    image("JPEG", exif=exif(b"UNICODE\0" + COMMENT.encode("utf-16-le"))),
    image("JPEG", exif=exif(b"UNICODE\0" + COMMENT.encode("utf-16-be"))),
    image("PNG", exif=exif(b"ASCII\0\0\0" + json.dumps({"AIGC": LABEL}).encode())),
    b"ID3\3\0\0\0\0\0\0TXXX\0\0\0\0\0\0\1" + f"AIGC\0{TEXT}".encode("utf-16"),
    b"\0\0\0\x18ftypisom" + bytes(12) + b"udta----meanname\0\0\0\0AIGCdata" + TEXT.encode(),
    b"RIFF\0\0\0\0WAVELIST\0\0\0\0INFOICMT" + TEXT.encode("gb18030"),
)  # fmt: skip
"""One file for every place and encoding."""


@pytest.mark.parametrize("raw", AI_LABELS)
def test_a_label_is_read_wherever_it_stands(raw: bytes) -> None:
    assert label_of(raw) == LABEL


@pytest.mark.parametrize("kind", ["trained", "compositeWithTrained"])
def test_content_credentials_and_iptc_name_the_kind_of_source(kind: str) -> None:
    uri = f"http://cv.iptc.org/newscodes/digitalsourcetype/{kind}AlgorithmicMedia"
    assert label_of(image("PNG") + uri.encode()) == MADE
    assert label_of(b"http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture") is None


@pytest.mark.parametrize(
    "words", ["DigitalSourceType='", "<a:DigitalSourceType>", '"DigitalSourceType": "']
)
def test_a_kind_of_source_is_read_without_its_address(words: str) -> None:
    assert label_of(f"{words}trainedAlgorithmicMedia".encode()) == MADE
    assert label_of(b"an essay on trainedAlgorithmicMedia") is None


@pytest.mark.parametrize("value", ["1", "{'Label': '1'}", '{"label": "1", "ProduceID": "2"}', ""])
def test_what_bears_the_standards_name_is_labelled_whatever_it_says(value: str) -> None:
    words = PngInfo()
    words.add_text("AIGC", value)
    assert label_of(image("PNG", pnginfo=words)) == MADE
    for frame in (b"\3AIGC\0", b"\1" + "AIGC\0".encode("utf-16"), b"\2\xfe\xff\0A\0I\0G\0C\0\0"):
        assert label_of(b"ID3\4\0\0\0\0\0\0TXXX\0\0\0\0\0\0" + frame + value.encode()) == MADE


def test_a_label_of_one_field_is_known_by_its_name() -> None:
    comment = b'ASCII\0\0\0{"AIGC": {"Label": 2}}'
    assert label_of(image("JPEG", exif=exif(comment))) == {"Label": "2"}


def test_a_picture_too_large_to_look_into_is_still_labelled() -> None:
    fact = look_into("a.png", png_text(packed=False, xmp=True), Budget(pixels=0))
    assert (fact.unread, fact.made_by_machine) == (True, "1")


def test_a_picture_inside_a_document_is_labelled() -> None:
    document = io.BytesIO()
    with zipfile.ZipFile(document, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", "<w:t>甲</w:t>")
        parts.writestr("word/media/image1.png", png_text(packed=True, xmp=False))
    assert look_into("a.docx", document.getvalue()).made_by_machine == "1"
    assert look_into("a.docx", document.getvalue()).words == "甲\n"


def test_a_label_that_cannot_be_read_is_still_a_label() -> None:
    assert label_of(XMP.replace(b"{", b"[")) == MADE
    assert label_of(XMP.replace(b"TC260:AIGC=", b"TC260:Other=").replace(b"Label", b"x")) is None


@pytest.mark.parametrize("value", ["2", "3"])
def test_what_may_be_machine_made_stays_a_maybe(value: str) -> None:
    told = look_into("a.png", image("JPEG", xmp=carried_on(LABEL | {"Label": value}, "", "")))
    assert told.made_by_machine == value


@pytest.mark.parametrize(
    "raw", [image("PNG"), image("JPEG"), b'{"Label": "1"}', b'{"Label": ' * 500, b'{"Label"']
)
def test_nothing_else_is_a_label(raw: bytes) -> None:
    assert label_of(raw) is None


def test_half_a_sign_in_a_label_can_be_carried_on() -> None:
    label = label_of(b'{"Label": "1", "ProduceID": "a\\ud800b"}')
    assert label == {"Label": "1", "ProduceID": "ab"}
    assert label_of(carried_on(label, "某局", "1")) == label | {
        "ContentPropagator": "某局",
        "PropagateID": "1",
    }


def test_the_next_publisher_takes_the_place_of_the_last() -> None:
    read = label_of(carried_on(LABEL, "云岚市应急管理局", "post/a.png"))
    assert read == LABEL | {"ContentPropagator": "云岚市应急管理局", "PropagateID": "post/a.png"}


def test_words_about_labels_are_no_label() -> None:
    assert look_into("a.txt", TEXT.encode()).made_by_machine == ""
    assert look_into("a.csv", TEXT.encode()).made_by_machine == ""


PIECES = st.sampled_from(
    [b'{"Label":', b'"1"', b"}", b"&quot;Label&quot;", '"Label"'.encode("utf-16-le"), b"\x89PNG",
     b"tEXtAIGC", b"TXXX", b"DigitalSourceType=", b"zTXt", b"iTXt", b"\0\0\1", XMP,
     TEXT.encode(), b"\0", b"{", b"\\"]
)  # fmt: skip


@given(st.lists(st.one_of(PIECES, st.binary(max_size=9)), max_size=20))
def test_no_bytes_raise(pieces: list[bytes]) -> None:
    label_of(b"".join(pieces))
