"""The words that mark what a machine wrote (人工智能生成合成内容标识办法, article 4; R13-5)."""

from collections.abc import Mapping

from pipeline.model.posts import Post

LABELS: Mapping[str, str] = {
    "generated": "本内容由人工智能生成",
    "assisted": "本内容由人工智能辅助生成",
}
"""Value of the front matter's `ai` → what every channel shows."""


def ai_label(post: Post) -> str:
    """The label of a post; empty when no machine wrote it, or nothing is left of it."""
    return "" if post.withdrawn else LABELS.get(str(post.meta.get("ai", "none")), "")
