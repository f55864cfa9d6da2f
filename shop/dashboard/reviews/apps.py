"""Stands in the place of Oscar's `dashboard.reviews` app."""

from oscar.apps.dashboard.reviews.apps import ReviewsDashboardConfig as OscarReviewsDashboardConfig


class ReviewsDashboardConfig(OscarReviewsDashboardConfig):
    """Reviews."""

    name = "shop.dashboard.reviews"
