"""How large the pictures of a post are, read out of a tree."""

from pipeline.detect.formats import PICTURES, ending
from pipeline.detect.images import pixel_size
from pipeline.model.posts import Post
from pipeline.source.content.post_paths import Files


def image_sizes(post: Post, tree: Files) -> dict[str, tuple[int, int]]:
    """Path → (width, height) in pixels of the post's images that can be read."""
    found = {p: pixel_size(tree.read(p)) for p in post.manifest if ending(p) in PICTURES}
    return {path: size for path, size in found.items() if size is not None}
