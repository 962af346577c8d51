"""The digests as files: what a reader of their format finds; pictures in little."""

import hashlib
import io
import json
from base64 import b64decode
from zlib import crc32

from PIL import Image

from pipeline.parts.authenticity.codes import check_code_of
from pipeline.parts.authenticity.pages import (
    IssuedVersion,
    grams,
    keys_of,
    little,
    part_files,
    sentences,
)

BODY = "入冬以来，我市气温明显下降。用煤炉取暖的房间要装烟囱，并常开窗；拨打 12345 咨询。"


def version(number: int, text: str = BODY) -> IssuedVersion:
    digest, title = hashlib.sha256(str(number).encode()).hexdigest(), f"关于第{number}号取暖的提醒"
    return IssuedVersion(f"posts/2026/{number}/", 1, 1, digest, title, text)


def holders(files: dict[str, bytes], key: int) -> list[int]:
    """A second reading of the format, from its description alone."""
    shards = json.loads(files["authenticity/p/part.json"])["shards"]
    lines = files[f"authenticity/p/s/{(key >> 2) % shards:x}.txt"].decode().splitlines()
    rows = dict(line.split(" ") for line in lines)
    row = rows.get(f"{key >> 12:05x}")
    return [int(number, 16) for number in row.split(",")] if row else []


def test_a_version_is_found_by_sentences_title_signs_code_and_phrase() -> None:
    versions = [version(n, BODY.replace("12345", f"1234{n}")) for n in range(8)]
    files = dict(part_files("p", versions))
    check = check_code_of(versions[3].digest)
    for name in (f"\t{check.code}", f"\t{''.join(check.phrase)}", "拨打12343咨询"):
        assert holders(files, crc32(name.encode())) == [3]
    assert holders(files, crc32("取暖的提".encode())) == [*range(8)]
    rows = json.loads(files["authenticity/p/d/0.json"])
    assert rows[3] == ["posts/2026/3/", 1, 1]


def test_sentences_are_letters_and_figures_whatever_the_marks() -> None:
    one = list(sentences("第１条：用煤炉取暖，（要）装烟囱。版本 1.5 以上!好"))
    assert one == ["第1条用煤炉取暖要装烟囱", "版本15以上"]
    assert list(sentences("水位165.38米比昨天低。")) == ["水位16538米比昨天低"]


def test_no_key_but_a_sentence_depends_on_a_figure() -> None:
    assert list(grams("拨打12345咨询热线")) == list(grams("拨打54321咨询热线"))


def test_of_a_key_that_many_share_the_newest_are_named() -> None:
    files = dict(part_files("p", [version(n) for n in range(300)]))
    common = holders(files, crc32("用煤炉取暖的房间要装烟囱并常开窗".encode()))
    assert common == [*range(236, 300)]


def test_digests_grow_with_posts_and_no_faster() -> None:
    def size(count: int) -> int:
        texts = (
            "".join(chr(0x4E00 + (n * 37 + i * 7919) % 8000) for i in range(600))
            for n in range(count)
        )
        files = part_files("p", [version(n, text) for n, text in enumerate(texts)])
        return sum(len(data) for _, data in files)

    assert size(400) < 2.3 * size(200)


def test_a_withdrawn_version_is_found_by_its_title_alone() -> None:
    assert keys_of(version(1, "")) < keys_of(version(1))


def test_a_picture_in_little_is_twelve_rows_of_grey() -> None:
    image = Image.new("L", (240, 120), 0)
    image.paste(255, (0, 0, 240, 60))
    out = io.BytesIO()
    image.save(out, "PNG")
    name, width, height, shades = little("a.png", out.getvalue()) or []
    assert (name, width, height) == ("a.png", 240, 120)
    packed = b64decode(str(shades))
    assert packed == b"\xff" * 72 + b"\x00" * 72


def test_what_is_no_picture_has_no_digest() -> None:
    assert little("a.png", b"nothing") is None
    assert little("a.txt", b"nothing") is None
