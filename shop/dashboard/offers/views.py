"""Oscar's list of offers has no order of its own, so that pages of it could overlap; its page of one takes two buttons only."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from oscar.apps.dashboard.offers import views as oscar


class OfferListView(oscar.OfferListView):
    """All offers, the newest first unless a column is chosen."""

    def get_queryset(self) -> Any:
        """Always in some order."""
        offers = super().get_queryset()
        return offers if offers.ordered else offers.order_by("-pk")


class OfferDetailView(oscar.OfferDetailView):
    """One offer, and the orders that it was used by."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Suspend it, or let it apply again; any other button leads back to its page."""
        answer: HttpResponse | None = super().post(request, *args, **kwargs)
        return answer or redirect(reverse("dashboard:offer-detail", args=[self.offer.pk]))
