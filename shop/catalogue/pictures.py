"""The sizes of product pictures: made by the worker, with names worked out from the original's, so that no page asks."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from shop.outbox.operations import enqueue_many, handles

from .cards import Picture
from .models import ProductImage
from .picture_files import UnusablePictureError, encode, opened, shown_size, upright

logger = logging.getLogger(__name__)

SIZES_TOPIC = "picture.sizes"
REMOVAL_TOPIC = "picture.remove"
# A picture takes about a second. Mails and searches must not wait for a hundred of them.
SECONDS_AT_ONCE = 15

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


def picture(name: str, *, alt: str = "", width: int = 0, height: int = 0, has_sizes: bool = False) -> Picture:
    """The picture stored under `name`, with its sizes once they are made. Asks neither database nor storage."""
    if not has_sizes or not width:
        known = (width, height) if width and height else UNKNOWN_SIZE
        return Picture(url=default_storage.url(name), alt=alt, width=known[0], height=known[1])
    steps = widths_for(width)
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


def enqueue_sizes(image_ids: Iterable[int]) -> None:
    """Have the sizes of these pictures made. Saving a ProductImage does it by itself; bulk writers call it."""
    enqueue_many(SIZES_TOPIC, [{"image": pk} for pk in image_ids])


def enqueue_removal(files: Iterable[tuple[str, int]]) -> None:
    """Have originals (name, width) and their sizes deleted after the commit, unless another picture uses them."""
    enqueue_many(REMOVAL_TOPIC, [{"name": name, "width": width} for name, width in files])


@handles(SIZES_TOPIC, last=True)
def sizes_wanted(payloads: Sequence[dict[str, Any]]) -> None:
    """Make the sizes of each picture that is still there; what takes too long is put back behind other work."""
    stop_at = time.monotonic() + SECONDS_AT_ONCE
    ids = list(dict.fromkeys(payload["image"] for payload in payloads))
    for place, pk in enumerate(ids):
        if time.monotonic() > stop_at:
            enqueue_sizes(ids[place:])
            return
        image = ProductImage.objects.filter(pk=pk).first()
        if image is not None and image.original and not image.has_sizes:
            make_sizes(image)


@handles(REMOVAL_TOPIC)
def removal_wanted(payloads: Sequence[dict[str, Any]]) -> None:
    """Delete files that no picture uses any more."""
    for payload in payloads:
        if not ProductImage.objects.filter(original=payload["name"]).exists():
            remove_files(payload["name"], width=payload["width"])


def make_sizes(image: ProductImage) -> None:
    """Make every size of one picture and note its shape. Harmless to repeat.

    A file that is no usable picture is logged and left as it is: trying again would not help. A file that is not
    there raises FileNotFoundError, since it may yet come.
    """
    name = image.original.name
    try:
        with default_storage.open(name) as file, opened(file) as raw:
            width, height = shown_size(raw)
            # Decoding a photograph straight at a smaller scale saves most of the time; only JPEG can.
            raw.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2))
            full = upright(raw)
    except UnusablePictureError as error:
        logger.warning("picture %s of product %s has no sizes: %s", name, image.product_id, error)
        return
    for step in widths_for(width):
        for suffix, _ in FORMATS:
            _store(size_name(name, step, suffix), encode(full, width=step, suffix=suffix))
    ProductImage.objects.filter(pk=image.pk, original=name).update(width=width, height=height, has_sizes=True)


def remove_files(name: str, *, width: int) -> None:
    """Delete an original that was `width` pixels wide, and all its sizes."""
    sizes = [size_name(name, step, suffix) for step in widths_for(width) for suffix, _ in FORMATS] if width else []
    for file in (name, *sizes):
        default_storage.delete(file)


def _store(name: str, content: bytes) -> None:
    # The storage would find another name where this one is taken, by an earlier try for example.
    default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(content))
    if stored != name:
        raise OSError(f"{name} was stored as {stored}; a size must keep the name that pages work out for it")
