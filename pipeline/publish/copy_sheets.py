"""What is copied to a platform by hand: a rendition and its pictures (`report.copy_page`)."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from pipeline.model.channels import CopySheet, SheetPicture, code_of
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition, Sizes
from pipeline.report.language import Translate
from pipeline.source.content.paths import Files

TYPES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
"""Ending of an image's name → its media type below ``image/``."""


def sheets(
    post: Post, tree: Files, registers: Registers, made: Rendition, sizes: Sizes, tr: Translate
) -> Iterator[CopySheet]:
    """What the copy page shows of a rendition: one sheet or more, as its channel has it."""
    sheet = CopySheet(
        made,
        pictures=tuple(_pictures(post, tree, made, sizes)),
        problems=tuple(tr(p.message) for p in made.problems),
    )
    yield from code_of(made.channel).sheets(post, registers, sizes, sheet)


def _pictures(post: Post, tree: Files, made: Rendition, sizes: Sizes) -> Iterator[SheetPicture]:
    """Each image once, in order, with its bytes for the preview."""
    for file, alt in {i.file: i.alt for i in made.images}.items():
        path = f"{post.folder}/{file}"
        if path in post.manifest:
            width, height = sizes.get(path, (None, None))
            yield SheetPicture(file, alt, width, height, post.sizes.get(path), _data(path, tree))


def _data(path: str, tree: Files) -> str:
    kind = TYPES.get(Path(path).suffix.lower())
    return f"data:image/{kind};base64,{b64encode(tree.read(path)).decode()}" if kind else ""
