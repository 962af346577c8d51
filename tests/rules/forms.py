"""Archives with every channel rendered, as they are before anything is judged."""

from collections.abc import Sequence
from typing import Any

from pipeline.model.archive import Archive
from pipeline.model.posts import Post, Rendition
from tests.rules import builders
from tests.rules.builders import rendition

CHANNELS = ("archive", "wechat", "weibo", "app")


def archive(*posts: Post, renditions: Sequence[Rendition] = (), **changes: Any) -> Archive:
    """Every channel has its rendition, as it has before anything is judged."""
    made = [rendition(channel) for channel in CHANNELS]
    return builders.archive(*posts, renditions=(*made, *renditions), **changes)
