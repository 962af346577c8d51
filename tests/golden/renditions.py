"""Every channel of every demo post as text: one small file each, to be read in a comparison."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pipeline.program  # noqa: F401 - puts the program together
from pipeline.detect.formats import image_sizes
from pipeline.judge.load_governance import trust
from pipeline.model.channels import code_of, render_channel
from pipeline.model.part import program
from pipeline.model.posts import Rendition
from pipeline.source.content.paths import post_folders
from pipeline.source.content.posts import read_post
from pipeline.source.git.tree_listing import Blob
from pipeline.source.git.worktree import WorkTree

ROOT = Path(__file__).resolve().parents[2]
FILES = Path(__file__).parent / "renditions"


def demo() -> WorkTree:
    """The shipped demo as it lies on the disk."""
    paths = [p for top in ("content", "schemas") for p in (ROOT / top).rglob("*") if p.is_file()]
    files = {p.relative_to(ROOT).as_posix(): Blob("100644", "", p.stat().st_size) for p in paths}
    return WorkTree(ROOT, files)


def renditions() -> Iterator[tuple[str, str, Rendition]]:
    """(post id, channel, rendition) of all posts and channels, accounts or not."""
    tree = demo()
    trusted = trust(tree)
    for folder, names in sorted(post_folders(tree).items()):
        post = read_post(tree, folder, names, trusted.front_matter, ())
        sizes = image_sizes(post, tree.read)
        for channel in program().channels:
            yield post.id, channel, render_channel(channel, post, trusted.registers, sizes)


def golden() -> dict[str, str]:
    """File name → content, as it should stand in `FILES`."""
    return {f"{post}.{channel}.txt": written(made) for post, channel, made in renditions()}


def written(made: Rendition) -> str:
    """One line to each block of the HTML, so that a comparison shows what changed."""
    lines = [f"title: {made.title}", f"digest: {made.digest}"]
    lines += [f"image: {i.file} | {i.alt}" for i in made.images]
    lines += [f"link: {link.url} | {link.text}" for link in made.links]
    lines += [f"problem: {asdict(p)['effect'].name} {p.name} {p.message}" for p in made.problems]
    if texts := code_of(made.channel).texts(made):
        return "\n".join((*lines, *(f"\n--- text {n}\n{t}" for n, t in enumerate(texts, 1)), ""))
    blocks = made.html
    for end in ("</p>", "</section>", "</li>", "</tr>", "</figure>", "</blockquote>"):
        blocks = blocks.replace(end, f"{end}\n")
    html = "\n".join(filter(None, blocks.split("\n")))
    return "\n".join((*lines, "", html, ""))
