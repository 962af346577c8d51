"""What the program takes from this part."""

from pipeline.model.part import Channel, Part

PART = Part(
    name="wechat",
    channels=(Channel(platform="wechat", code="pipeline.parts.wechat.channel:CODE"),),
)
