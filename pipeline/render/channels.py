"""All channels of a post, rendered before anything judges it."""

from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.model.renditions import Rendition
from pipeline.render.archive import render_archive
from pipeline.render.markup import UNKNOWN, Sizes

CHANNELS = (render_archive,)
"""Every channel's renderer; a new channel is one more of them."""


def render_channels(
    post: Post, registers: Registers, sizes: Sizes = UNKNOWN
) -> dict[tuple[str, str], Rendition]:
    """(post id, channel) → rendition, in the shape of `Archive.renditions`."""
    made = (render(post, registers, sizes) for render in CHANNELS)
    return {(post.id, rendition.channel): rendition for rendition in made}
