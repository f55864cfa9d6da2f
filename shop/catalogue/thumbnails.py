"""Small pictures for Oscar's dashboard, from the sizes that the worker makes anyway."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from oscar.core.thumbnails import AbstractThumbnailer

from .cards import Picture
from .models import ProductImage
from .pictures import WIDTHS, picture, size_name, widths_for


class SizesThumbnailer(AbstractThumbnailer):
    """Names one of our own sizes, or the original where there is none yet; makes and deletes nothing."""

    def generate_thumbnail(self, source: Any, **opts: Any) -> Picture:
        """A picture for `source`, a stored file or its name, at least `size` ("70x70") wide where it can be."""
        image = getattr(source, "instance", None)
        name = str(getattr(source, "name", source))
        if not isinstance(image, ProductImage):
            return Picture(url=default_storage.url(name), alt="", width=0, height=0)
        shown = picture(name, alt=image.alt_text, width=image.width, height=image.height, has_sizes=image.has_sizes)
        if not image.has_sizes or not image.width:
            return shown
        wanted = int(str(opts.get("size", "")).partition("x")[0] or WIDTHS[0])
        steps = widths_for(image.width)
        step = next((each for each in steps if each >= wanted), steps[-1])
        return Picture(
            url=default_storage.url(size_name(name, step, "jpg")), alt=shown.alt, width=shown.width, height=shown.height
        )

    def delete_thumbnails(self, source: Any) -> None:
        """Nothing: sizes go with their picture (shop/catalogue/pictures.py)."""
