"""What the program takes from this part."""

from pipeline.model.brings import Channel, Part

PART = Part(
    name="weibo",
    channels=(
        Channel(
            platform="weibo",
            code="pipeline.parts.weibo.channel:CODE",
            box="微博",
            hosts=("weibo.com", "weibo.cn"),
        ),
    ),
)
