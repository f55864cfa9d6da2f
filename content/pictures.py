"""Wagtail's images as the Picture that templates draw.

A page never makes a picture's size while a visitor waits: the worker makes them when an image is saved, and a page
uses those that are there. Until then it shows the original.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects

from shop.catalogue.cards import Picture

WIDTHS = (480, 800, 1200, 1600)
# From the best to the plainest; the plainest is what <img> falls back to.
FORMATS = (("avif", "image/avif"), ("webp", "image/webp"), ("jpeg", "image/jpeg"))
# AVIF takes ten times as long as the others together, so it is made after them.
QUICK, SLOW = ("webp", "jpeg"), ("avif",)
PLAIN_WIDTH = 800


def filter_specs(width: int, formats: Iterable[str] = QUICK) -> list[str]:
    """Wagtail's names of the sizes that an image of this width has in these formats; never larger than itself."""
    largest = min(width, WIDTHS[-1])
    steps = [*(step for step in WIDTHS if step < largest), largest]
    return [f"width-{step}|format-{name}" for step in steps for name in formats]


def load_renditions(images: Iterable[Any]) -> None:
    """One query for the sizes of all these images, whatever their number; None are passed over."""
    rows = [image for image in images if image is not None]
    if rows:
        prefetch_related_objects(rows, "renditions")


def picture_of(image: Any, *, alt: str | None = None) -> Picture | None:
    """The picture with the sizes that are there. Give its renditions first (`load_renditions`), or it asks for them.

    `alt` is what is seen; the image's own words where it is left out, none where the editor called it decorative.
    """
    if image is None:
        return None
    if alt is None:
        contextual = getattr(image, "contextual_alt_text", None)
        alt = image.description if contextual is None else contextual
    by_format: dict[str, dict[int, Any]] = {name: {} for name, _ in FORMATS}
    for rendition in image.renditions.all():
        size, _, kind = rendition.filter_spec.partition("|format-")
        if kind in by_format and size.startswith("width-") and not rendition.focal_point_key:
            by_format[kind][rendition.width] = rendition
    plain_kind, _ = FORMATS[-1]
    plain = by_format[plain_kind]
    if image.is_svg() or not plain:
        return Picture(url=image.file.url, alt=alt or "", width=image.width, height=image.height)
    chosen = max((width for width in plain if width <= PLAIN_WIDTH), default=min(plain))
    return Picture(
        url=plain[chosen].url,
        alt=alt or "",
        width=image.width,
        height=image.height,
        # A format with a part of the sizes would have the browser take a wrong one.
        sources=tuple(
            (mime, _srcset(by_format[name])) for name, mime in FORMATS[:-1] if by_format[name].keys() == plain.keys()
        ),
        srcset=_srcset(plain),
    )


def _srcset(renditions: dict[int, Any]) -> str:
    return ", ".join(f"{renditions[width].url} {width}w" for width in sorted(renditions))


def make_sizes(image: Any, formats: Iterable[str] = QUICK) -> None:
    """Make every size of an image in these formats that it has not got yet; vector pictures need none."""
    if not image.is_svg():
        image.get_renditions(*filter_specs(image.width, formats))
