"""Oscar's forms of reviews with dates that need no script."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.reviews import forms as oscar

from shop.dashboard.inputs import NativeDates, label, name_nothing


class ProductReviewSearchForm(NativeDates, oscar.ProductReviewSearchForm):
    """What reviews are looked for by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label(self.fields, {"date_from": _("From"), "date_to": _("To"), "status": _("State")})
        name_nothing(self.fields)


DashboardProductReviewForm = oscar.DashboardProductReviewForm
__all__ = ["DashboardProductReviewForm", "ProductReviewSearchForm"]
