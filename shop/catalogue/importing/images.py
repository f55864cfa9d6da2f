"""Pictures of imported products: fetched or copied after the product is written, each at most once."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from urllib.parse import urlparse

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from shop.catalogue.models import ProductImage
from shop.catalogue.picture_files import UnusablePictureError, opened

from .fetching import UnreachableError, fetch
from .records import PictureRecord, Problem, ProductRecord

MAX_BYTES = 20_000_000
SUFFIXES = {
    "JPEG": ".jpg",
    # What some cameras and telephones write: a JPEG with more pictures behind the first.
    "MPO": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "AVIF": ".avif",
    "TIFF": ".tif",
    "BMP": ".bmp",
}
UNSAFE = re.compile(r"[^0-9A-Za-z._-]+")


def picture_code(product_slug: str, address: str) -> str:
    """What marks a product's picture as the one from that address, so that a second import finds it."""
    return hashlib.sha256(f"{product_slug} {address}".encode()).hexdigest()[:32]


def held_marks(product_ids: Iterable[int]) -> dict[int, set[str]]:
    """For each product the codes and file names of the pictures that it has, with one query."""
    marks: dict[int, set[str]] = defaultdict(set)
    rows = ProductImage.objects.filter(product_id__in=list(product_ids)).values_list("product_id", "code", "original")
    for product_id, code, name in rows:
        marks[product_id] |= {code or "", name}
    return marks


def missing_pictures(record: ProductRecord, marks: set[str]) -> list[PictureRecord]:
    """The record's pictures that are not among `marks`."""
    return [
        picture
        for picture in record.pictures or []
        if picture.address not in marks and picture_code(record.slug, picture.address) not in marks
    ]


def attach_pictures(
    product_id: int, record: ProductRecord, pictures: list[PictureRecord], *, folder: Path
) -> tuple[int, list[Problem]]:
    """Add `pictures` to the product. Returns how many went in, and a remark for each that did not."""
    added, problems = 0, []
    for order, picture in enumerate(pictures):
        try:
            content, suffix = _content(picture, folder)
        except UnreachableError as error:
            reason = f"the picture is left out: its address cannot be reached ({error})"
            problems.append(Problem(picture.line, picture.address, reason, rejects=False))
            continue
        except (OSError, ValueError) as error:
            problems.append(Problem(picture.line, picture.address, f"the picture is left out: {error}", rejects=False))
            continue
        # The ending is what the file is, not what its address says it is.
        name = f"{UNSAFE.sub('-', Path(urlparse(picture.address).path).stem)[-80:] or 'picture'}{suffix}"
        ProductImage.objects.create(
            product_id=product_id, original=ContentFile(content, name=name), alt_text=picture.alt,
            code=picture_code(record.slug, picture.address), display_order=order,
        )  # fmt: skip
        added += 1
    return added, problems


def _content(picture: PictureRecord, folder: Path) -> tuple[bytes, str]:
    """The picture's bytes and the ending of its kind. Raises UnreachableError or OSError where it cannot be reached and ValueError where it is no picture."""
    address = urlparse(picture.address)
    if address.scheme in {"http", "https"}:
        content = fetch(picture.address, max_bytes=MAX_BYTES)
    else:
        path = (folder / picture.address).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            content = path.read_bytes()
        else:
            content = _own(picture.address)
    if len(content) > MAX_BYTES:
        raise ValueError(f"the file is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        # With the limit of pixels that the dashboard's form has.
        with opened(BytesIO(content)) as image:
            kind = image.format or ""
            image.verify()
    except UnusablePictureError as error:
        raise ValueError(f"the file is not a picture that can be used ({error})") from None
    return content, SUFFIXES[kind]


def _own(name: str) -> bytes:
    """A file among the shop's own pictures. The storage refuses names that lead out of it."""
    try:
        with default_storage.open(name) as handle:
            return handle.read(MAX_BYTES + 1)
    except SuspiciousFileOperation:
        raise ValueError("the file lies outside the folder of the import and of the shop's pictures") from None
    except FileNotFoundError:
        raise ValueError("there is no such file beside the import or among the shop's pictures") from None
