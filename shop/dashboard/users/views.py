"""Oscar's list of users with the checks that it leaves out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, Sum
from oscar.apps.dashboard.users import views as oscar

from shop.dashboard.orders.selectors import order_rows
from shop.dashboard.tables import RealPages

# The newest orders of a customer that their page shows; the list of orders finds all of them.
SHOWN_ORDERS = 50


class IndexView(RealPages, oscar.IndexView):
    """Oscar lets whoever sees the list switch accounts on and off, those of colleagues included."""

    def get_queryset(self) -> Any:
        """With the number of orders, which Oscar reads from a record that this shop does not keep."""
        return super().get_queryset().select_related(None).annotate(order_count=Count("orders"))

    def _change_users_active_status(self, users: Any, value: bool) -> Any:
        actor = self.request.user
        if not actor.has_perm("accounts.change_user"):
            raise PermissionDenied
        if not actor.is_superuser:
            users = [user for user in users if not user.is_staff]
        return super()._change_users_active_status(users, value)


class UserDetailView(oscar.UserDetailView):
    """One customer: account, addresses, orders, reviews."""

    def get_queryset(self) -> Any:
        """Without what Oscar reads of every order."""
        return self.model.objects.all()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counted from the orders themselves; a cancelled one has cost nothing."""
        context = super().get_context_data(**kwargs)
        customer = self.object
        context["totals"] = customer.orders.aggregate(
            count=Count("pk"), spent=Sum("total_incl_tax", filter=~Q(status="cancelled"))
        )
        context["currency"] = settings.SHOP_CURRENCY
        context["addresses"] = list(customer.addresses.select_related("country"))
        context["orders"] = list(order_rows().filter(user=customer)[:SHOWN_ORDERS])
        context["reviews"] = list(customer.reviews.select_related("product__parent").order_by("-date_created")[:50])
        return context
