"""What the shop tells us: a product's page was shown, something went into the basket. Thin, and never at their cost."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from django.http import HttpRequest

from shop import slots
from shop.basket.signals import product_added
from shop.catalogue.signals import product_shown

from .recording import SOURCE, arrival, note_add, note_click


def connect() -> None:
    """Listen, and fill the place that says where a product's page was opened from. Jobs register with the import."""
    from . import operations  # noqa: F401

    product_shown.connect(clicked, dispatch_uid="search.insight.clicked")
    product_added.connect(added, dispatch_uid="search.insight.added")
    slots.register("product.source", came_from)


def clicked(*, request: HttpRequest, product_id: int, **kwargs: Any) -> None:
    """A click, where the address says that it was one."""
    note_click(request, product_id)


def added(*, request: HttpRequest, product_id: int, source: str, **kwargs: Any) -> None:
    """Into the basket, where the form says that it was searched for."""
    note_add(request, product_id, source)


def came_from(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """The search that led to this page, as a form's `from`."""
    came = arrival(request)
    return escape(f"{SOURCE}{came[0]}") if came else ""
