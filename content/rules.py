"""Rules that products are chosen by, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

ORDERS = [
    ("newest", _("Newest first")),
    ("best-selling", _("Best-selling first")),
    ("rating", _("Best reviewed first")),
    ("price", _("Price, low first")),
    ("-price", _("Price, high first")),
    ("title", _("By name")),
    ("relevance", _("The shop’s own order")),
]


# As search/types.py has them.
Sort = Literal["relevance", "newest", "price", "-price", "rating", "title", "best-selling"]


@dataclass(frozen=True, slots=True)
class ProductRule:
    """Which products, in which order, how many. Two equal rules are asked once a page."""

    category_id: int | None = None
    brand_id: int | None = None
    on_sale: bool = False
    new: bool = False
    in_stock: bool = False
    saved_search_id: int | None = None
    order: Sort = "newest"
    limit: int = 8
