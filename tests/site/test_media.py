"""Media of every bad kind: what cannot be shown says so, what tells too much is not published."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pipeline.detect.formats import matches_ending
from pipeline.model.posts import Post
from pipeline.render.archive import render_archive
from pipeline.site.evidence.bundle import bundle
from pipeline.site.inputs import SiteInput
from pipeline.site.pages.media import LISTED, WIDTHS, picture
from pipeline.site.pictures import with_sizes
from pipeline.site.text import players
from tests.site import sample
from tests.site.conftest import Built
from tests.site.sample_drafts import picture as drawn
from tests.site.sample_log import build

PLACE = b"31.2304"


def jpeg(
    size: tuple[int, int] = (1600, 900), *, telling: bool = False, turned: bool = False
) -> bytes:
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    if telling:
        exif[0x010F] = PLACE.decode()  # the maker, here a place
    if turned:
        exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70, exif=exif)
    return out.getvalue()


def holding(site: SiteInput, files: Mapping[str, bytes], body: str) -> tuple[SiteInput, Post]:
    """The sample with other files beside one post."""
    post = site.archive.posts[sample.PLAIN]
    stored = {f"{post.folder}/{name}": data for name, data in files.items()}
    manifest = {path: hashlib.sha256(data).hexdigest() for path, data in stored.items()}
    source = site.media(post.path)
    manifest[post.path] = hashlib.sha256(source).hexdigest()
    changed = replace(post, manifest=manifest, body=body)
    with_files = sample.changed(
        site,
        posts={**site.archive.posts, post.id: changed},
        renditions={
            **site.archive.renditions,
            (post.id, "archive"): render_archive(changed, site.archive.registers),
        },
    )
    media = site.media
    read = replace(with_files, media=lambda p: stored[p] if p in stored else media(p))
    return read, changed


def page(site: SiteInput, tmp_path: Path, built: Built) -> tuple[str, set[str]]:
    build(site, tmp_path / "out", built.work)
    folder = tmp_path / "out/posts/2026" / sample.PLAIN
    names = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    return (folder / "index.html").read_text("utf-8"), names


@pytest.mark.parametrize(
    ("size", "seen"),
    [
        ((1600, 900), (320, 180)), ((1600, 1000), (320, 180)), ((1200, 900), (240, 180)),
        ((900, 1200), (135, 180)), ((1200, 300), (320, 80)), ((9000, 20), (320, 180)),
    ],
)  # fmt: skip
def test_lists_show_a_picture_whole_or_nearly_so(
    size: tuple[int, int], seen: tuple[int, int]
) -> None:
    """Four corners of one colour each: none is cut off; beside them nothing, in light and dark."""
    image = Image.new("RGB", size, "white")
    ten = size[0] // 10, size[1] // 10
    for x in (0, size[0] - ten[0]):
        for y in (0, size[1] - ten[1]):
            image.paste("red", (x, y, x + ten[0], y + ten[1]))
    out = io.BytesIO()
    image.save(out, "PNG")
    made = picture("a.png", out.getvalue(), listed=True)
    assert made
    with Image.open(io.BytesIO(made.files[LISTED])) as little:
        assert little.size == (320, 180)
        clear = little.convert("RGBA")
    box = clear.getchannel("A").getbbox()
    assert box and (box[2] - box[0], box[3] - box[1]) == seen
    corners = [(x, y) for x in (box[0] + 4, box[2] - 5) for y in (box[1] + 2, box[3] - 3)]
    for corner in corners if size[1] > 20 else ():
        red, green, *_ = clear.getpixel(corner)
        assert red > 200 and green < 90, corner


def test_sizes_are_narrower_than_the_original_and_carry_nothing_but_pixels() -> None:
    found = picture("a.jpg", jpeg(telling=True))
    assert found is not None
    assert [w for _, w in found.sizes] == [*WIDTHS]
    assert not found.original
    for (name, width), data in zip(found.sizes, found.files.values(), strict=True):
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.width, name) == ("WEBP", width, f"sized/a.jpg.{width}.webp")
            assert not image.getexif()
        assert PLACE not in data


def test_a_small_clean_picture_is_shown_as_it_is() -> None:
    found = picture("a.png", drawn("small", (300, 200)))
    assert found is not None
    assert (found.sizes, found.original, found.source) == ((), True, "a.png")


def test_a_picture_turned_by_exif_stands_upright() -> None:
    found = picture("a.jpg", jpeg((800, 400), turned=True))
    assert found is not None
    assert (found.width, found.height, found.original) == (400, 800, False)


def test_text_in_a_png_keeps_the_original_back() -> None:
    told, out = PngInfo(), io.BytesIO()
    told.add_text("Author", "somebody")
    Image.new("RGB", (200, 100)).save(out, "PNG", pnginfo=told)
    found = picture("a.png", out.getvalue())
    assert found is not None
    assert not found.original
    assert [w for _, w in found.sizes] == [200]


def test_the_same_bytes_give_the_same_sizes() -> None:
    data = drawn("twice", (1000, 700))
    assert picture("a.png", data) == picture("a.png", data)


def test_twenty_seven_megapixels_become_a_page_that_loads(tmp_path: Path, built: Built) -> None:
    out = io.BytesIO()
    Image.new("RGB", (6000, 4500), "#1d5596").save(out, "PNG", compress_level=1)
    site, _ = holding(built.site, {"huge.png": out.getvalue()}, "![大图](huge.png)\n")
    html, names = page(site, tmp_path, built)
    assert "sized/huge.png.1440.webp 1440w" in html
    assert 'width="6000" height="4500"' in html
    assert {"huge.png", "sized/huge.png.480.webp"} <= names


def test_the_head_names_the_picture_that_the_first_screen_shows(
    tmp_path: Path, built: Built
) -> None:
    link = '<link rel="preload" as="image" '
    small, large, poster = drawn("small", (300, 200)), drawn("large", (1500, 1000)), drawn("poster")
    later = f"{'字' * 201}\n\n![小图](small.png)\n"
    cases = (
        ("![小图](small.png)\n", (), f'{link}href="small.png">'),
        ("![大图](large.png)\n", (), f'{link}href="large.png" imagesrcset="sized/large.png.480'),
        (later, (), ""),
        (later, [FILM], f'{link}href="poster.png">'),
    )
    for number, (body, media, expected) in enumerate(cases):
        files = {"small.png": small, "large.png": large, "poster.png": poster, "a.mp4": MP4}
        site, post = holding(built.site, files, body)
        posts = {**site.archive.posts, post.id: replace(post, meta={**post.meta, "media": media})}
        html, _ = page(sample.changed(site, posts=posts), tmp_path / str(number), built)
        assert html.count(link) == bool(expected), body[:20]
        assert expected in html.partition('<link rel="stylesheet"')[0]
    assert link not in built.text(f"posts/2026/{sample.ALERT}/index.html")


def test_a_large_jpeg_is_decoded_at_a_part_of_its_size_and_keeps_its_measure() -> None:
    out = io.BytesIO()
    turned = Image.Exif()
    turned[0x0112] = 6  # upright after a quarter turn
    Image.new("RGB", (3_000, 2_000), "red").save(out, "JPEG", exif=turned)
    made = picture("a.jpg", out.getvalue())
    assert made is not None
    assert (made.width, made.height) == (2_000, 3_000)
    assert [width for _, width in made.sizes] == [480, 960, 1440]
    shown = Image.open(io.BytesIO(made.files["sized/a.jpg.1440.webp"]))
    assert shown.size == (1_440, 2_160)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.png", drawn("cut")[:200]),
        ("empty.jpg", b""),
        ("page.png", b"<html><script>alert(1)</script>"),
        ("other.png", jpeg((200, 100))),  # a JPEG that calls itself PNG
        ("bomb.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0"),
    ],
)
def test_a_picture_that_cannot_be_shown_says_so_and_is_not_published(
    tmp_path: Path, built: Built, name: str, data: bytes
) -> None:
    site, _ = holding(built.site, {name: data}, f"前文。\n\n![烟道示意图]({name})\n\n后文。\n")
    html, names = page(site, tmp_path, built)
    assert "图片无法显示：烟道示意图" in html
    assert "前文。" in html
    assert "后文。" in html
    assert name not in names


def test_a_missing_picture_and_an_svg_with_script_are_words(tmp_path: Path, built: Built) -> None:
    files = {"x.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"}
    site, _ = holding(built.site, files, "![甲](x.svg)\n\n![乙](gone.png)\n")
    html, names = page(site, tmp_path, built)
    assert "图片缺失：x.svg" in html
    assert "图片缺失：gone.png" in html
    assert not {n for n in names if n.endswith((".svg", "gone.png"))}


@pytest.mark.parametrize(
    ("name", "data", "served"),
    [
        ("a.pdf", b"%PDF-1.7 ...", True),
        ("a.pdf", b"<html>", False),
        ("a.mp4", b"\0\0\0\x18ftypisom", True),
        ("a.mp4", b"MZ\x90", False),
        ("a.vtt", b"WEBVTT\n", True),
        ("a.vtt", b"no captions", False),
        ("a.txt", "正文".encode(), True),
        ("a.txt", "正文".encode("gb18030"), False),
        ("a.md", b"a\0b", False),
        ("a.html", b"<p>", False),
        ("a.svg", b"<svg/>", False),
        ("a.exe", b"MZ", False),
        ("noending", b"x", False),
    ],
)
def test_only_what_is_what_it_says_is_published(name: str, data: bytes, served: bool) -> None:
    assert matches_ending(name, data) is served


def test_what_is_kept_back_stays_in_the_manifest(built: Built) -> None:
    site, post = holding(built.site, {"a.jpg": jpeg(telling=True)}, "![图](a.jpg)\n")
    found = bundle(site, post)
    assert "a.jpg" not in found.files
    assert b"a.jpg" in found.files["evidence.json"]
    assert PLACE not in b"".join(found.files.values())


FILM = {"file": "a.mp4", "alt": "短片", "author": "宣教科", "licence": "own"}
MP4 = b"\0\0\0\x18ftypisom" + bytes(40)


@pytest.mark.parametrize(
    ("more", "files", "words", "lacks"),
    [
        ({"captions": "a.vtt"}, {"a.vtt": b"WEBVTT\n"}, '<track kind="captions"', "没有字幕"),
        ({"transcript": "a.txt"}, {"a.txt": "各位居民：".encode()}, "各位居民：", "没有字幕"),
        ({}, {}, "没有字幕或文字稿", "<track"),
        ({"captions": "a.srt"}, {"a.srt": b"1\n"}, "没有字幕或文字稿", "<track"),
    ],
)
def test_a_film_has_captions_or_its_words_or_says_that_it_has_neither(
    tmp_path: Path,
    built: Built,
    more: dict[str, str],
    files: dict[str, bytes],
    words: str,
    lacks: str,
) -> None:
    site, post = holding(built.site, {"a.mp4": MP4, **files}, "短片见下。\n")
    filmed = replace(post, meta={**post.meta, "media": [{**FILM, **more}]})
    posts = {**site.archive.posts, post.id: filmed}
    site = sample.changed(site, posts=posts)
    html, names = page(site, tmp_path, built)
    assert '<video controls preload="none"' in html
    assert words in html
    assert lacks not in html
    assert "a.mp4" in names


def test_a_film_that_is_none_has_no_player(built: Built) -> None:
    post = replace(built.site.archive.posts[sample.PLAIN], meta={"media": [FILM]})
    assert players(post, {}, {}) == ()
    poster = picture("poster.png", drawn("x"))
    (player,) = players(post, {"a.mp4": MP4}, {"poster.png": poster, "other.png": None})
    assert (player.kind, player.poster) == ("video", poster)


def test_only_pictures_of_the_post_are_touched() -> None:
    html = '<p><img src="other.png" alt="x" loading="lazy"></p>'
    assert with_sizes(html, {}) == html
    assert "［图片无法显示：x］" in with_sizes(html, {"other.png": None})


def test_names_with_blanks_and_chinese_are_found(built: Built) -> None:
    site, post = holding(built.site, {"图 一.png": drawn("x")}, "![图](<图 一.png>)\n")
    found = bundle(site, post)
    html = with_sizes(site.archive.renditions[post.id, "archive"].html, found.pictures)
    assert "sized/%E5%9B%BE%20%E4%B8%80.png.480.webp 480w" in html
    assert "sized/图 一.png.480.webp" in found.files


def test_lists_show_the_picture_of_the_present_version_alone(built: Built) -> None:
    before = built.site.archive.posts[sample.PLAIN]
    meta = {**before.meta, "media": [{"file": "a.png"}]}
    pictured = sample.changed(
        built.site, posts={**built.site.archive.posts, before.id: replace(before, meta=meta)}
    )
    site, present = holding(pictured, {"a.png": drawn("x")}, "")
    earlier = replace(present, meta={**meta, "revision": present.revision + 1})
    assert LISTED in bundle(site, present).files
    assert LISTED not in bundle(site, earlier).files
