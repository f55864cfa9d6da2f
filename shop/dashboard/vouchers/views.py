"""Oscar's lists of vouchers, read with as few queries for many rows as for one."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.db.models.functions import Coalesce
from oscar.apps.dashboard.vouchers import views as oscar


class VoucherListView(oscar.VoucherListView):
    """All vouchers that are in no set, or those looked for."""

    def get_queryset(self) -> Any:
        """With the set of each."""
        return super().get_queryset().select_related("voucher_set")


class VoucherStatsView(oscar.VoucherStatsView):
    """One voucher: what it gives, and who used it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the orders of the discounts."""
        context = super().get_context_data(**kwargs)
        context["discounts"] = context["discounts"].select_related("order")[:200]
        context["offers"] = offers_of(self.object)
        return context


class VoucherSetListView(oscar.VoucherSetListView):
    """All sets with how often their codes were used."""

    def get_queryset(self) -> Any:
        """Counted in the one query."""
        return super().get_queryset().annotate(orders=Coalesce(Sum("vouchers__num_orders"), 0))


class VoucherSetDetailView(oscar.VoucherSetDetailView):
    """One set with its codes. All of them stand for the same offers."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With one of the codes, from which offers and usage are read."""
        context = super().get_context_data(**kwargs)
        one = self.voucher_set.vouchers.first()
        context["one"] = one
        context["offers"] = offers_of(one) if one else []
        return context


def offers_of(voucher: Any) -> list[Any]:
    """What a voucher stands for, with what the page says of each."""
    return list(voucher.offers.select_related("benefit__range", "condition__range"))
