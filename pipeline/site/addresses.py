"""Where things lie on the site, from its root."""

import re
import unicodedata

from pipeline.model.ids import PostId, sha256_of

_SLUG = re.compile(r"[^\w]+")


def root_of(url: str) -> str:
    """The way from a page to the site's root: ``../../``, or ``./`` at home."""
    return "../" * url.count("/") or "./"


def url_of(post: PostId) -> str:
    """Where a post's page lies."""
    return f"posts/{post[:4]}/{post}/"


def version_url(post: PostId, revision: int) -> str:
    """Where an earlier version lies: beside the post, for its links to lead where the post's do."""
    return f"posts/{post[:4]}/{post}.r{revision}/"


def tag_slug(tag: str) -> str:
    """A folder name for a tag: itself when that is safe, else with a digest that keeps it apart."""
    plain = unicodedata.normalize("NFC", tag)
    slug = _SLUG.sub("-", plain.casefold()).strip("-_")
    if slug == tag and len(slug.encode()) <= 90:
        return slug
    return f"{slug[:20]}-{sha256_of(tag.encode())[:8]}".lstrip("-")
