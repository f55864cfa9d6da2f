"""Oscar's forms of reviews with dates that need no script."""

from oscar.apps.dashboard.reviews import forms as oscar

from shop.dashboard.inputs import NativeDates


class ProductReviewSearchForm(NativeDates, oscar.ProductReviewSearchForm):
    """What reviews are looked for by."""


DashboardProductReviewForm = oscar.DashboardProductReviewForm
__all__ = ["DashboardProductReviewForm", "ProductReviewSearchForm"]
