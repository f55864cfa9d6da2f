"""Oscar's products of a range, read with as few queries for many as for one."""

from __future__ import annotations

from typing import Any

from oscar.apps.dashboard.ranges import views as oscar


class RangeProductListView(oscar.RangeProductListView):
    """What is in a range, and what is left out of it."""

    def get_queryset(self) -> Any:
        """A variant is named by its parent."""
        return super().get_queryset().select_related("parent").prefetch_related("stockrecords")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the products that are left out."""
        context = super().get_context_data(**kwargs)
        context["excluded"] = (
            self.get_product_range().excluded_products.select_related("parent").prefetch_related("stockrecords")
        )
        return context
