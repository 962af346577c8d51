"""Facts about an image file: its size in pixels, read from the header alone (Pillow)."""

import io

from PIL import Image


def pixel_size(raw: bytes) -> tuple[int, int] | None:
    """(width, height), or None for what is no image or cannot be trusted."""
    try:
        with Image.open(io.BytesIO(raw), formats=("PNG", "JPEG", "WEBP", "GIF")) as image:
            return image.size
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None
