"""Files beside a post as a browser may have them: pictures resized.

What is published is checked by content and not by name. A picture that carries data about its
making (EXIF with a place, a name, a device), or anything behind its end, is shown in sizes made
here, which carry none, and its original is not published; its digest still stands in the manifest
that was signed. Only the label of what a machine made goes into every size (GB 45438-2025).
"""

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipeline.detect.endings import PICTURES, ending
from pipeline.detect.formats import decoded, pixel_size, trailing
from pipeline.detect.machine_made import carried_on, label_of
from pipeline.site.pictures import Picture, sized

if TYPE_CHECKING:  # a build that draws no picture anew does without
    from PIL import Image

PLAYED = {"mp4": "video", "webm": "video", "mp3": "audio", "m4a": "audio", "ogg": "audio"}
WIDTHS = (480, 960, 1440)
LISTED, _LISTED_SIZE = "sized/list.webp", (320, 180)
"""The picture that lists show of a post, beside its page, and what it measures: all the same, so
that a list holds the room for each."""
_LEAST = 0.9
"""Of a picture, what has to be left for its middle to be cut out: half a chart says little."""
_QUALITY = 82
_TELLING = {"exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment", "Raw profile type exif"}


def picture(
    name: str, data: bytes, propagator: str = "", content: str = "", listed: bool = False
) -> Picture | None:
    """A picture with its sizes; None when it cannot be read, is too large or lies about its type.

    `listed`: whether lists show it, in a size of their own.

    A machine's label goes into each with the name of who publishes and the id of the `content`
    that it stands in. The same bytes give the same sizes with the same release of Pillow.
    """
    image = decoded(name, data)
    try:
        label = label_of(data) if image else None
        xmp = carried_on(label, propagator, f"{content}/{name}") if label else b""
        size = pixel_size(data)
        if image is None or size is None:
            return None
        return _picture(name, image, size, bool(trailing(data)), xmp, listed)
    except (OSError, ValueError, SyntaxError):  # its data about itself, or its other frames
        return None


def _picture(
    name: str, image: "Image.Image", size: tuple[int, int], private: bool, xmp: bytes, listed: bool
) -> Picture:
    """`size`: (width, height) of the file, of which the decoded picture may have fewer pixels;
    `private`: there is more in the file than meets the eye; `xmp`: what each size carries."""
    from PIL import Image, ImageOps

    private = private or bool(image.getexif()) or bool(_TELLING & image.info.keys())
    private = private or bool(getattr(image, "text", None))
    still, lies = not getattr(image, "is_animated", False), image.size
    ImageOps.exif_transpose(image, in_place=True)
    width, height = size if image.size == lies else size[::-1]
    turned, small = _webp_pixels(image), {}
    if listed:
        cut = ImageOps.fit(turned, _LISTED_SIZE, Image.Resampling.HAMMING)
        wide = turned.width * cut.height / (turned.height * cut.width)
        left = min(wide, 1 / wide)
        if 0.01 < left < _LEAST:  # whole, but for a mere line, and clear beside it
            cut = ImageOps.pad(turned.convert("RGBA"), cut.size, color="#0000")
        small[LISTED] = _encoded(cut, xmp)
    if not still and not private:
        return Picture(name, width, height, (), small, True)
    wanted = [w for w in WIDTHS if w < width]
    if private or wanted:
        wanted.append(min(width, WIDTHS[-1]))
    files = {sized(name, w): _webp(turned, w, xmp) for w in dict.fromkeys(wanted)}
    sizes = tuple(zip(files, dict.fromkeys(wanted), strict=True))
    return Picture(name, width, height, sizes, {**files, **small}, not private)


def _webp(plain: "Image.Image", width: int, xmp: bytes) -> bytes:
    """The picture at a width, with nothing but its pixels and the packet `xmp`."""
    from PIL.Image import Resampling

    height = max(1, round(plain.height * width / plain.width))
    if width != plain.width:
        plain = plain.resize((width, height), Resampling.LANCZOS)
    return _encoded(plain, xmp)


def _webp_pixels(image: "Image.Image") -> "Image.Image":
    """The pixels as a WebP takes them; of what needs no other, no copy: a large picture fills
    two hundred megabytes."""
    clear = "A" in image.getbands() or "transparency" in image.info
    mode = "RGBA" if clear else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _encoded(plain: "Image.Image", xmp: bytes) -> bytes:
    from PIL import WebPImagePlugin  # noqa: F401 — `save` would import the forty others, too

    out = io.BytesIO()
    plain.save(out, "WEBP", quality=_QUALITY, method=2, exif=b"", xmp=xmp)
    return out.getvalue()


def pictures(
    files: Iterable[tuple[str, bytes]], propagator: str, content: str, listed: str = ""
) -> dict[str, Picture | None]:
    """Name → picture, of those files whose ending says that they are one; `listed`: the name of
    the one that lists show."""
    return {
        name: picture(name, data, propagator, content, name == listed)
        for name, data in files
        if ending(name) in PICTURES
    }
