"""A file as its writer hands it in, made fit to stand beside a post.

A picture is decoded and written anew: upright, in sRGB, small enough for every channel, with
nothing of its making in it but the label of what a machine made (GB 45438-2025). The same bytes
give the same picture with the same release of Pillow.
"""

import io
import re
import warnings
from collections.abc import Collection
from typing import TYPE_CHECKING

from pipeline.detect.endings import ATTACHED, PICTURES, ending
from pipeline.detect.formats import crowded, matches_ending, most_pixels
from pipeline.detect.machine_made import carried_on, label_of
from pipeline.errors import Misuse
from pipeline.model.findings import say, say_size
from pipeline.model.part import program
from pipeline.source.content.posts import FILE_LIMIT

if TYPE_CHECKING:
    from PIL import Image

WIDEST = 2560
"""Pixels of the longer side; pages show at most 1,440, on finer screens twice as many."""
_QUALITIES = (88, 80, 70)
_BROKEN = say("The picture cannot be read, or is not what its name says.")
_SAVE_ANEW = say("Open it in a picture program and save it as JPEG or PNG.")


def fit_to_publish(name: str, raw: bytes, taken: Collection[str]) -> tuple[str, bytes]:
    """(name beside the post, bytes) of a file handed in; `taken`: the names that are there.

    Raises Misuse for what may not be published.
    """
    kind = ending(name)
    if kind in ("svg", "svgz", "htm", "html"):
        message = say("This kind of file is a document that can hold programs.")
        raise Misuse(message, _SAVE_ANEW)
    if kind in PICTURES:
        kind, raw = _picture(kind, raw)
    elif kind not in ATTACHED:
        allowed = ", ".join(sorted({*PICTURES, *ATTACHED}))
        message = say("Files of this kind cannot stand beside a post.")
        raise Misuse(message, say("Allowed are: {allowed}.", allowed=allowed))
    elif len(raw) > FILE_LIMIT:
        message = say("The file is larger than {limit}.", limit=say_size(FILE_LIMIT))
        raise Misuse(message, say("Reduce the image or video before adding it."))
    elif not matches_ending(name, raw):
        message = say("The file is not what its name says.")
        raise Misuse(message, say("Save it again in the program that made it."))
    return free_name(name, kind, taken), raw


def free_name(name: str, kind: str, taken: Collection[str]) -> str:
    """The given name where an address can hold it, and a number where it is taken."""
    stem = name.rpartition(".")[0]
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}", stem):
        stem = "picture" if kind in PICTURES else "file"
    stems = [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))]
    used = {other.casefold() for other in taken}
    return next(n for s in stems if (n := f"{s}.{kind}").casefold() not in used)


def _picture(kind: str, raw: bytes) -> tuple[str, bytes]:
    from PIL import Image  # a desk that is only read on does without

    if crowded(raw):
        raise Misuse(_BROKEN, _SAVE_ANEW)
    label = label_of(raw) or {}
    publisher, number = label.get("ContentPropagator", ""), label.get("PropagateID", "")
    xmp = carried_on(label, publisher, number) if label else b""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our limit is lower
            image = Image.open(io.BytesIO(raw), formats=[PICTURES[kind]])
        if image.width * image.height > (limit := most_pixels(kind)):
            message = say("The picture has more than {limit} pixels.", limit=limit)
            raise Misuse(message, say("Reduce the image or video before adding it."))
        if getattr(image, "is_animated", False) and kind != "jpg" and kind != "jpeg":
            message = say("The picture moves; WeChat takes none that do.")
            raise Misuse(message, say("Save one of its pictures as PNG, or add it as a film."))
        image.draft(None, (WIDEST, WIDEST))
        return _encoded(_upright_pixels(image), PICTURES[kind] in ("PNG", "GIF"), xmp)
    except Misuse:
        raise
    except Exception as error:  # decoders raise anything: struct.error, IndexError, SyntaxError …
        raise Misuse(_BROKEN, _SAVE_ANEW) from error


def _upright_pixels(image: "Image.Image") -> "Image.Image":
    """Upright pixels in sRGB and nothing else, no side longer than `WIDEST`."""
    from PIL import ImageCms, ImageOps

    profile = image.info.get("icc_profile")
    ImageOps.exif_transpose(image, in_place=True)
    clear = "A" in image.getbands() or "transparency" in image.info
    if profile and image.mode == "RGB":
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        own = ImageCms.createProfile("sRGB")
        ImageCms.profileToProfile(image, source, own, inPlace=True)
    mode = "RGBA" if clear else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.thumbnail((WIDEST, WIDEST))
    plain.info.clear()
    return plain


def _encoded(image: "Image.Image", drawn: bool, xmp: bytes) -> tuple[str, bytes]:
    """(ending, bytes) below the least limit of all channels: a drawing as PNG where it fits."""
    most = min(channel.image_bytes for channel in program().channels.values())
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    if drawn or image.mode == "RGBA":
        texts = PngInfo()
        if xmp:
            texts.add_itxt("XML:com.adobe.xmp", xmp.decode())
        if len(data := _saved(image, "PNG", optimize=True, pnginfo=texts)) < most:
            return "png", data
        under = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(under, image.convert("RGBA")).convert("RGB")
    while True:
        for quality in _QUALITIES:
            data = _saved(image, "JPEG", quality=quality, optimize=True, xmp=xmp)
            if len(data) < most:
                return "jpg", data
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))


def _saved(image: "Image.Image", form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
