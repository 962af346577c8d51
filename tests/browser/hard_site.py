"""``python -m tests.browser.hard_site FOLDER``: the sample site with posts that strain a layout."""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

from pipeline.render.archive import render_archive
from pipeline.site.build import build
from pipeline.site.inputs import SiteInput
from tests.site import sample
from tests.site.sample_drafts import picture
from tests.site.test_media import FILM, MP4

COLUMNS = 40
TABLE = (
    f"| {' | '.join(f'第{n}列指标' for n in range(COLUMNS))} |\n"
    f"|{'---|' * COLUMNS}\n" + f"| {' | '.join(['12345.67'] * COLUMNS)} |\n" * 3
)
PLACES = (
    "| 县区 | 场所名称 | 类别 | 面积（平方米） | 容纳人数 |\n|---|---|---|--:|--:|\n"
    "| 石壑县 | 石壑县全民健身中心 | 短期 | 18000 | 6000 |\n\n"
    "| 项目 | 说明 |\n|---|---|\n| 电话 | 全天有人接听，请说清地点、火势和有没有人被困 |\n"
)
PICTURES = {f"p{n}.png": picture(f"picture {n}", (1600 - 100 * n, 300 + 60 * n)) for n in range(12)}
HARD: dict[str, tuple[str, str, dict[str, bytes]]] = {
    "2026-11-01-endless": ("云岚" * 150, "短文。\n", {}),
    "2026-11-01-unbroken": ("https://example.example/" + "a" * 276, "`" + "x" * 400 + "`\n", {}),
    "2026-11-01-turned": ("שלום עולם \u202eתוכן של אבטחה\u202c 安全提示", "短文。\n", {}),
    "2026-11-01-markup": ("<script>alert(1)</script><img src=x onerror=alert(2)>", "短文。\n", {}),
    "2026-11-01-wide": ("宽表格", f"说明。\n\n{TABLE}\n", {}),
    "2026-11-01-places": ("五列和两列的表格", PLACES, {}),
    "2026-11-01-many": (
        "十二张图片",
        "\n\n".join(f"![第{n}张图片的说明](p{n}.png)" for n in range(12)) + "\n",
        PICTURES,
    ),
    "2026-11-01-broken": ("坏图片", "![坏了的图](bad.png)\n", {"bad.png": b"no picture"}),
    "2026-11-01-film": ("短片", "见下。\n", {"a.mp4": MP4, "a.txt": "文字稿一行。".encode()}),
}


def hard_site() -> SiteInput:
    site = sample.make()
    store: dict[str, bytes] = {}
    plain = site.archive.posts[sample.PLAIN]
    posts, renditions = dict(site.archive.posts), dict(site.archive.renditions)
    for post_id, (title, body, files) in HARD.items():
        folder = f"content/posts/2026/{post_id}"
        own = {f"{folder}/{n}": d for n, d in {"post.md": body.encode(), **files}.items()}
        store |= own
        media = [{**FILM, "transcript": "a.txt"}] if "a.mp4" in files else []
        meta = {**plain.meta, "title": title, "media": media, "tags": [title[:100]]}
        manifest = {path: hashlib.sha256(data).hexdigest() for path, data in own.items()}
        post = replace(plain, id=post_id, folder=folder, meta=meta, body=body, manifest=manifest)
        posts[post_id] = post
        renditions[post_id, "archive"] = render_archive(post, site.archive.registers)
    read = site.media
    return replace(
        sample.changed(site, posts=posts, renditions=renditions),
        media=lambda p: store[p] if p in store else read(p),
        log=None,
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1]).resolve()
    build(hard_site(), folder / "site", folder / "work")
