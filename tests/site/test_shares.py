"""Shares of a build made apart and put together: the bytes of one build, or a clear fault."""

from pathlib import Path

import pytest

from pipeline.errors import Fault
from pipeline.site.build import Plan, build_shard
from pipeline.site.shards import Shard
from tests.site import sample
from tests.site.conftest import Built, tree
from tests.site.sample_log import build


def test_shares_assembled_give_the_bytes_of_one_build(built: Built, tmp_path: Path) -> None:
    folders = tuple(tmp_path / f"share-{n}" for n in (1, 2, 3))
    made = [
        build_shard(built.site, folder, built.work, Shard(number, 3)).made
        for number, folder in enumerate(folders, 1)
    ]
    assert all(made)
    build(built.site, tmp_path / "out", built.work, Plan(shards=folders))
    assert tree(tmp_path / "out") == tree(built.out)


def test_a_damaged_share_changes_no_byte_and_none_at_all_is_a_fault(
    built: Built, tmp_path: Path
) -> None:
    folder = tmp_path / "share"
    build_shard(built.site, folder, built.work, Shard(1, 1))
    page = folder / f"part/posts/2026/{sample.PLAIN}/index.html"
    page.write_bytes(page.read_bytes().replace("烟囱".encode(), "炉子".encode()))
    (folder / f"part/posts/2026/{sample.ALERT}/index.html").unlink()
    build(built.site, tmp_path / "out", built.work, Plan(shards=(folder,)))
    assert tree(tmp_path / "out") == tree(built.out)
    with pytest.raises(Fault, match="holds no share"):
        build(built.site, tmp_path / "out", built.work, Plan(shards=(tmp_path,)))


@pytest.mark.parametrize("text", ["0/2", "3/2", "1/0", "1/300"])
def test_a_share_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Shard(*map(int, text.split("/")))
