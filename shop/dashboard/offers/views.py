"""Oscar's list of offers has no order of its own, so that pages of it could overlap."""

from typing import Any

from oscar.apps.dashboard.offers import views as oscar


class OfferListView(oscar.OfferListView):
    """All offers, the newest first unless a column is chosen."""

    def get_queryset(self) -> Any:
        """Always in some order."""
        offers = super().get_queryset()
        return offers if offers.ordered else offers.order_by("-pk")
