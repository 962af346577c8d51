"""What the WeChat editor asks for besides the article: title, author, digest, cover, 阅读原文."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.posts import Post
from pipeline.model.registers import Registers
from pipeline.render.body import Body, archive_url, is_shown, read_body
from pipeline.render.markup import UNKNOWN, Sizes
from pipeline.render.tokens import well_formed

COVER_RATIOS = {"2.35:1": 2.35, "1:1": 1.0}
"""The two crops of a cover: of the message itself, and of a forwarded card or a second article."""


@dataclass(frozen=True)
class Crop:
    """A part of an image as fractions of its width and height, from its left upper corner."""

    ratio: str
    left: float
    top: float
    right: float
    bottom: float

    def __str__(self) -> str:
        """``X1_Y1_X2_Y2`` with six decimals, as the draft interface takes it."""
        return "_".join(f"{v:.6f}" for v in (self.left, self.top, self.right, self.bottom))


@dataclass(frozen=True)
class WechatImage:
    """An image to upload; what is not known is None (pixels, bytes)."""

    file: str
    width: int | None
    height: int | None
    size: int | None

    @property
    def crops(self) -> tuple[Crop, ...]:
        """The largest centred part for each ratio of a cover; empty when pixels are unknown."""
        if not self.width or not self.height:
            return ()
        return tuple(_centred(n, r, self.width / self.height) for n, r in COVER_RATIOS.items())


@dataclass(frozen=True)
class WechatFields:
    """The fields beside the article; `images` in order of the body, each file once."""

    title: str
    author: str
    digest: str
    content_source_url: str
    """阅读原文: the post's page in the public archive."""
    images: tuple[WechatImage, ...] = ()

    @property
    def covers(self) -> tuple[WechatImage, ...]:
        """Images that may be the cover, because both crops can be computed, widest first."""
        known = [i for i in self.images if i.crops]
        return tuple(sorted(known, key=lambda i: -(i.width or 0)))


def wechat_fields(
    post: Post, registers: Registers, sizes: Sizes = UNKNOWN, body: Body | None = None
) -> WechatFields:
    """The fields of one post; nothing is cut to a limit here, so that the check can complain."""
    policy = registers.policy
    unit = policy.unit_of(post.id)
    body = body or read_body(post, registers)
    return WechatFields(
        well_formed(post.title),
        well_formed(str(unit.get("short_name") or unit.get("full_name") or "")),
        well_formed(str(post.meta.get("summary", ""))),
        archive_url(post, registers) if policy.archive.get("url") else "",
        () if post.withdrawn else tuple(_images(body, sizes)),
    )


def _images(body: Body, sizes: Sizes) -> Iterator[WechatImage]:
    post = body.post
    for file in dict.fromkeys(image.file for image in body.images):
        if is_shown(file, post):
            path = f"{post.folder}/{file}"
            width, height = sizes.get(path, (None, None))
            yield WechatImage(file, width, height, post.sizes.get(path))


def _centred(name: str, wanted: float, given: float) -> Crop:
    across, down = min(wanted / given, 1.0), min(given / wanted, 1.0)
    left, top = (1 - across) / 2, (1 - down) / 2
    return Crop(name, round(left, 6), round(top, 6), round(1 - left, 6), round(1 - top, 6))
