"""Oscar's list of reviews, for those who may change them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from oscar.apps.dashboard.reviews import views as oscar


class ReviewListView(oscar.ReviewListView):
    """All reviews, with their text, to be approved or rejected many at once."""

    def get_queryset(self) -> Any:
        """A review that nobody may answer for is no reason for a query a row."""
        return super().get_queryset().select_related("product__parent", "user")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Oscar asks only whether somebody may look."""
        if not request.user.has_perm("reviews.change_productreview"):
            raise PermissionDenied
        return super().post(request, *args, **kwargs)
