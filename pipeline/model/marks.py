"""Words that the site adds to a text from what stands in files: labels, kinds and sizes."""

from collections.abc import Mapping

from pipeline.model.posts import Post

PICTURES: Mapping[str, str] = {
    "1": "（图片由人工智能生成）",
    "2": "（图片可能由人工智能生成）",
    "3": "（图片疑似由人工智能生成）",
}
"""`MediaFact.made_by_machine` → what stands under the picture (人工智能生成合成内容标识办法,
article 6)."""


def labelled_pictures(post: Post) -> dict[str, str]:
    """Name of each file beside the post that a machine made → the words under it as a picture."""
    return {
        fact.path.removeprefix(f"{post.folder}/"): PICTURES[fact.made_by_machine]
        for fact in post.media
        if fact.made_by_machine
    }


def file_mark(name: str, size: int | None) -> str:
    """Kind and size (bytes) of a file: ``（PDF，120 KB）``; of an unknown size, the kind alone."""
    kind = name.rpartition(".")[2].upper()
    return f"（{kind}，{_measure(size)}）" if size is not None else f"（{kind}）"


def _measure(size: int) -> str:
    return f"{max(1, round(size / 1024))} KB" if size < 1024**2 else f"{size / 1024**2:.1f} MB"
