"""What the program takes from this part."""

from pipeline.model.brings import Channel, Part

PART = Part(
    name="app",
    channels=(
        Channel(
            platform="app",
            code="pipeline.parts.app.channel:CODE",
            box="APP",
            linked=True,
            feed="app.json",
        ),
    ),
)
