"""Files of many posts out of git in one go, when the first of them is asked for."""

from collections.abc import Callable, Mapping

from pipeline.source.content.post_paths import Files
from pipeline.source.git.tree import Tree
from pipeline.workers import TOGETHER


def read_ahead(
    tree: Files, chosen: Mapping[str, list[str]], reviews: Mapping[str, list[str]]
) -> Callable[[str], None]:
    """What reads the files of a post out of git, and in the same go those of its neighbours."""
    if not isinstance(tree, Tree):
        return lambda _post: None
    folders = sorted(chosen, key=lambda folder: folder.rsplit("/", 1)[-1])
    places = {folder.rsplit("/", 1)[-1]: at for at, folder in enumerate(folders)}
    now = -1

    def ready(post_id: str) -> None:
        nonlocal now
        block = places[post_id] // TOGETHER
        if block != now:
            now = block
            some = folders[block * TOGETHER : (block + 1) * TOGETHER]
            ids = (folder.rsplit("/", 1)[-1] for folder in some)
            tree.prepare(p for folder in some for p in chosen[folder])
            tree.prepare(p for post in ids for p in reviews.get(post, ()))

    return ready
