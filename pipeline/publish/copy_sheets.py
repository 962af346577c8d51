"""What is copied to a platform by hand: a rendition, its pictures, and whether main holds it.

The terminal and the desk show the same page of it (`report.copy_page`).
"""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Fault
from pipeline.judge.judgements import standing_of
from pipeline.judge.load_governance import When
from pipeline.model.archive import Archive
from pipeline.model.channels import CopySheet, SheetPicture, code_of
from pipeline.model.findings import say
from pipeline.model.ids import PostId
from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition, Sizes
from pipeline.report.language import Translate
from pipeline.source.content.paths import Files
from pipeline.source.git.repository import Repository

TYPES = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".gif": "gif", ".webp": "webp"}
"""Ending of an image's name → its media type below ``image/``."""


def confirmed(repository: Repository, base: str, when: When, wanted: PostId) -> tuple[Archive, str]:
    """One post as the branch that is published holds it, and the commit.

    Raises Fault unless it is reviewed and confirmed there: nothing else is to be copied.
    """
    commit = repository.base(base)
    archive, _ = standing_of(repository, commit, when, wanted)
    if wanted not in archive.posts or not archive.approvals[wanted].complete:
        raise Fault(
            say(
                "{post} does not stand on {base} as reviewed and confirmed.", post=wanted, base=base
            ),
            say("Have it merged: only that may be copied."),
        )
    return archive, commit


def sheets(
    post: Post,
    tree: Files,
    registers: Registers,
    made: Rendition,
    sizes: Sizes,
    tr: Translate,
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
