"""SVG text to pixels."""

import io
import re

import resvg_py
from PIL import Image


def rasterise(svg: str, *, width: int, part: tuple[int, int, int, int] | None = None) -> bytes:
    """The drawing as a PNG of the given width; the height follows.

    ``part`` is the left, top, width and height of what is wanted of it, in the drawing's units; the rest is not drawn.
    """
    if part:
        left, top, wide, high = part
        frame = f'viewBox="{left} {top} {wide} {high}" width="{wide}" height="{high}"'
        svg = re.sub(r'viewBox="[^"]*" width="[^"]*" height="[^"]*"', frame, svg, count=1)
    # No drawing holds text, and looking through the system's fonts takes longer than drawing a mug.
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))


def _encode(png: bytes, file_format: str, quality: int) -> bytes:
    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        picture.convert("RGB").save(out, file_format, quality=quality)
    return out.getvalue()


def to_jpeg(png: bytes, *, quality: int = 86) -> bytes:
    """A PNG as JPEG: a third of the bytes, and the stipple survives."""
    return _encode(png, "JPEG", quality)


def to_webp(png: bytes, *, quality: int = 84) -> bytes:
    """A PNG as WebP: a sixth of the bytes."""
    return _encode(png, "WEBP", quality)
