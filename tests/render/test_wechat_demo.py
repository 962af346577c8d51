"""Every demo post as a WeChat article: no problem found, and quick enough."""

import re
from html import unescape
from pathlib import Path

import pytest

from pipeline.detect.formats import pixel_size
from pipeline.detect.html_tree import tree_of
from pipeline.judge.load_governance import trust
from pipeline.parts.wechat.channel import render_wechat
from pipeline.parts.wechat.problems import check_wechat, wechat_fields
from pipeline.source.content.paths import post_folders
from pipeline.source.content.posts import read_post
from pipeline.source.git.tree_listing import Blob
from pipeline.source.git.worktree import WorkTree

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo():
    """(registers, [(post, sizes)]) of the shipped demo, read from disk."""
    paths = [p for top in ("content", "schemas") for p in (ROOT / top).rglob("*") if p.is_file()]
    files = {p.relative_to(ROOT).as_posix(): Blob("100644", "", p.stat().st_size) for p in paths}
    tree = WorkTree(ROOT, files)
    trusted = trust(tree)
    posts = []
    for folder, names in post_folders(tree).items():
        post = read_post(tree, folder, names, trusted.front_matter, ())
        found = {p: pixel_size(tree.read(p)) for p in post.manifest if p.endswith(".png")}
        posts.append((post, {path: size for path, size in found.items() if size}))
    return trusted.registers, posts


def test_every_demo_post_passes(demo):
    registers, posts = demo
    assert len(posts) > 40
    problems = {
        post.id: (found.rule, str(found.message))
        for post, sizes in posts
        for found in check_wechat(
            render_wechat(post, registers, sizes).html, wechat_fields(post, registers, sizes), post
        )
    }
    assert problems == {}


def test_every_demo_word_is_in_the_article(demo):
    registers, posts = demo
    for post, sizes in posts:
        made = render_wechat(post, registers, sizes)
        described = unescape("".join(re.findall(r'alt="([^"]*)"', made.html)))
        words = tree_of(made.html).text
        body = re.sub(r"\[\d+\]", "", words + described)  # marks of notes stand between the words
        assert all(
            re.sub(r"\[\d+\]", "", line).split()[0] in body for line in made.text.splitlines()
        ), post.id
        assert len(made.images) == made.html.count("<img "), post.id


def test_demo_fields(demo):
    registers, posts = demo
    for post, sizes in posts:
        fields = wechat_fields(post, registers, sizes)
        assert fields.author == "云岚应急"
        assert fields.content_source_url.endswith(f"/posts/{post.year}/{post.id}/")
        assert all(i.size and i.width for i in fields.images)
        assert len(fields.covers) == len(fields.images)
