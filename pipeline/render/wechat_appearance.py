"""The structure rules about what dark mode can follow (wechatjs, article structure 1.0, part 4)."""

from collections.abc import Iterator
from functools import lru_cache

from pipeline.model.findings import Message, say
from pipeline.render.wechat_dark import Colour, contrast, dark_background, dark_text, day_colours
from pipeline.render.wechat_tree import Element, Start, each

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
            least = _least_contrast(text, behind)
            if least < LEAST_CONTRAST:
                yield say(
                    "Text has a contrast of {found} by day or by night; {least} is needed.",
                    found=f"{least:.1f}",
                    least=LEAST_CONTRAST,
                )


def background_image(root: Element) -> Iterator[Message]:  # rule 11
    covered = {s for s in root.starts if _covers(s)}
    for element in root.walk() if covered else ():
        if element.start in covered and element.text:
            yield say("Text stands on a gradient or an image; dark mode cannot follow.")


@lru_cache(maxsize=1024)
def _least_contrast(text: Colour, behind: Colour) -> float:
    """By day or by night, whichever is less."""
    night = dark_background(behind)
    return min(contrast(text, behind), contrast(dark_text(text, night), night))


@each
def positioned(start: Start) -> Iterator[Message]:  # rule 11
    if start.style.get("position", "").lower() in ("absolute", "fixed"):
        yield say("An element is taken out of the order of the text.")


@each
def important(start: Start) -> Iterator[Message]:  # rule 11
    if any("!important" in value.lower() for value in start.style.values()):
        yield say("A style is marked !important, which dark mode cannot change.")


def _covers(start: Start) -> bool:
    value = start.style.get("background", "") + start.style.get("background-image", "")
    return "gradient" in value or "url(" in value


APPEARANCE_RULES = (colour_contrast, background_image, positioned, important)
