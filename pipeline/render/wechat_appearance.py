"""The structure rules about what dark mode can follow (wechatjs, article structure 1.0, part 4)."""

from collections.abc import Iterator

from pipeline.model.findings import Message, say
from pipeline.render.wechat_dark import contrast, dark_background, dark_text, day_colours
from pipeline.render.wechat_tree import Element

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3


def colour_contrast(root: Element) -> Iterator[Message]:  # rule 11
    seen = set()
    for element in root.walk():
        if not element.own_text:
            continue
        text, behind = day_colours(element)
        if text is None or behind is None:
            yield say("A colour is not written as #rrggbb, so its contrast is unknown.")
        elif (text, behind) not in seen:
            seen.add((text, behind))
            night = dark_background(behind)
            least = min(contrast(text, behind), contrast(dark_text(text, night), night))
            if least < LEAST_CONTRAST:
                yield say(
                    "Text has a contrast of {found} by day or by night; {least} is needed.",
                    found=f"{least:.1f}",
                    least=LEAST_CONTRAST,
                )


def background_image(root: Element) -> Iterator[Message]:  # rule 11
    for element in root.walk():
        value = element.style.get("background", "") + element.style.get("background-image", "")
        if ("gradient" in value or "url(" in value) and element.text:
            yield say("Text stands on a gradient or an image; dark mode cannot follow.")


def positioned(root: Element) -> Iterator[Message]:  # rule 11
    for element in root.walk():
        if element.style.get("position", "").lower() in ("absolute", "fixed"):
            yield say("An element is taken out of the order of the text.")


def important(root: Element) -> Iterator[Message]:  # rule 11
    for element in root.walk():
        if any("!important" in value.lower() for value in element.style.values()):
            yield say("A style is marked !important, which dark mode cannot change.")


APPEARANCE_RULES = (colour_contrast, background_image, positioned, important)
