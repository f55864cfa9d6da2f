"""Work that is done by the worker: mails and picture sizes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from django.db.models.signals import post_delete, post_save

from shop.outbox.operations import enqueue, handles
from shop.outbox.periodic import every

logger = logging.getLogger(__name__)

PICTURE_SIZES = "content.picture_sizes"
PICTURE_AVIF = "content.picture_avif"


def connect() -> None:
    """Listen for new pictures and register the hourly and minutely jobs. Called once, when the site is ready."""
    from wagtail.images import get_image_model
    from wagtail.models import Page, Site
    from wagtail.signals import page_published, page_unpublished, post_page_move

    from content import brand, serving
    from content.models import BrandSettings

    for signal in (post_save, post_delete):
        signal.connect(brand.KEPT.forget, sender=BrandSettings, dispatch_uid="content-brand")
        signal.connect(brand.KEPT.forget, sender=Site, dispatch_uid="content-brand-site")
        signal.connect(serving.SITES.forget, sender=Site, dispatch_uid="content-sites")
    # The brand names pages: their titles, addresses and whether they are there.
    for number, signal in enumerate((page_published, page_unpublished, post_page_move)):
        signal.connect(brand.KEPT.forget, dispatch_uid=f"content-brand-page-{number}")
    post_delete.connect(brand.KEPT.forget, sender=Page, dispatch_uid="content-brand-page-deleted")
    post_save.connect(want_sizes, sender=get_image_model(), dispatch_uid="content-picture-sizes")


def want_sizes(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A picture was saved: have its sizes made."""
    if not raw:
        enqueue(PICTURE_SIZES, {"image": instance.pk})


@handles(PICTURE_SIZES, last=True)
def make_picture_sizes(payloads: Sequence[dict[str, Any]]) -> None:
    """Make the sizes of each picture, and have the slow format made when every other picture has its own."""
    from content.pictures import QUICK, make_sizes

    for image in _images(payloads):
        make_sizes(image, QUICK)
        enqueue(PICTURE_AVIF, {"image": image.pk})


@handles(PICTURE_AVIF, last=True)
def make_avif_sizes(payloads: Sequence[dict[str, Any]]) -> None:
    """Make the sizes of each picture in the format that takes longest."""
    from content.pictures import SLOW, make_sizes

    for image in _images(payloads):
        make_sizes(image, SLOW)


def _images(payloads: Sequence[dict[str, Any]]) -> list[Any]:
    """The pictures that are meant; one that is gone by now is passed over."""
    from wagtail.images import get_image_model

    return list(get_image_model().objects.in_bulk({payload["image"] for payload in payloads}).values())


@every(60, "publish_scheduled")
def publish_scheduled() -> None:
    """Publish and take down what is due, as Wagtail's own command does."""
    from django.core.management import call_command

    call_command("publish_scheduled")
