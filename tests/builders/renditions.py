"""A post as all of its channels show it."""

from pipeline.model.channels import ChannelRegisters, render_channel
from pipeline.model.posts import UNKNOWN, Post, Rendition, Sizes
from pipeline.model.rendered import RenditionKey, channels_of


def render_channels(
    post: Post, registers: ChannelRegisters, sizes: Sizes = UNKNOWN
) -> dict[RenditionKey, Rendition]:
    return {
        (post.id, channel): render_channel(channel, post, registers, sizes)
        for channel in channels_of(post, registers)
    }
