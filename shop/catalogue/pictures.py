"""The sizes of product pictures: their names are worked out from the original's, so that a page asks nobody for them."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.storage import default_storage

from .cards import Picture

WIDTHS = (160, 320, 480, 640, 960, 1280)
# From the best to the plainest; the plainest is what <img> falls back to. (suffix, mime type)
FORMATS = (("avif", "image/avif"), ("webp", "image/webp"), ("jpg", "image/jpeg"))
# The width that <img src> names, for browsers that read no srcset.
PLAIN_WIDTH = 640
# Before the worker has read a picture, its place is kept with the shape that most product pictures have.
UNKNOWN_SIZE = (800, 1000)


def widths_for(width: int) -> tuple[int, ...]:
    """The widths that are made of a picture `width` pixels wide: never larger than it, its own as the last."""
    return (*(step for step in WIDTHS if step < width), min(width, WIDTHS[-1]))


def size_name(name: str, width: int, suffix: str) -> str:
    """Where one size of the original `name` is stored, such as sizes/images/products/teapot.png.480.webp."""
    return f"sizes/{name}.{width}.{suffix}"


def picture(
    name: str, *, alt: str = "", width: int = 0, height: int = 0, has_sizes: bool = False, widths: Sequence[int] = ()
) -> Picture:
    """The picture stored under `name`, with its sizes once they are made. Asks neither database nor storage."""
    if not has_sizes or not width:
        known = (width, height) if width and height else UNKNOWN_SIZE
        return Picture(url=default_storage.url(name), alt=alt, width=known[0], height=known[1])
    steps = tuple(widths) or widths_for(width)
    base = default_storage.url(f"sizes/{name}")
    srcsets = [(mime, ", ".join(f"{base}.{step}.{suffix} {step}w" for step in steps)) for suffix, mime in FORMATS]
    plain = max((step for step in steps if step <= PLAIN_WIDTH), default=steps[0])
    return Picture(
        url=f"{base}.{plain}.{FORMATS[-1][0]}",
        alt=alt,
        width=width,
        height=height,
        sources=tuple(srcsets[:-1]),
        srcset=srcsets[-1][1],
    )
