"""What the program takes from this part."""

from pipeline.model.brings import Channel, Part

HOST = "mp.weixin.qq.com"
"""The one host that links of an article may lead to."""
IMAGE_BYTES = 1024 * 1024  # uploadimg, developers.weixin.qq.com
PART = Part(
    name="wechat",
    channels=(
        Channel(
            platform="wechat",
            code="pipeline.parts.wechat.channel:CODE",
            box="微信",
            hosts=(HOST,),
            image_bytes=IMAGE_BYTES,
        ),
    ),
)
