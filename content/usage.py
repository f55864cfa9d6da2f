"""Where a product is named: in pages, snippets and sentences, by itself or by one of its variants."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import URLPattern, path, reverse
from wagtail.admin.admin_url_finder import register_admin_url_finder
from wagtail.admin.views.generic.usage import UsageView
from wagtail.models import ReferenceIndex
from wagtail.permission_policies import ModelPermissionPolicy

from content.naming import title_of
from shop.catalogue.models import Product

URL_NAME = "product_usage"


def references_to(thing: Any) -> Any:
    """The entries of Wagtail's index that name `thing`; of a product, those that name one of its variants as well.

    Lists by rule find their products anew each time, so they are in no index.
    """
    if not isinstance(thing, Product):
        return ReferenceIndex.get_references_to(thing)
    return ReferenceIndex.get_references_to_in_bulk(Product.objects.filter(Q(pk=thing.pk) | Q(parent=thing.pk)))


class ProductUsageView(UsageView):
    """A product's usage, for whoever may see products."""

    model = Product
    permission_policy = ModelPermissionPolicy(Product)
    permission_required = "view"
    usage_url_name = URL_NAME

    def get_queryset(self) -> Any:
        """Of the product and its variants."""
        return references_to(self.object).group_by_source_object()

    def get_edit_url(self, instance: Any) -> str | None:
        """Its page of the dashboard, for whoever may change products."""
        if self.user_has_permission("change"):
            return reverse("dashboard:catalogue-product", args=[instance.pk])
        return None

    def get_page_subtitle(self) -> str:
        """The name for editors."""
        return title_of(self.object)


class ProductFinder:
    """Leads Wagtail, which asks for where a row is edited, to where the product is named."""

    def __init__(self, user: Any = None) -> None:
        self.user = user

    def get_edit_url(self, instance: Any) -> str | None:
        """The product's usage; whoever may change the product gets there from that page."""
        if self.user is not None and not self.user.has_perm("catalogue.view_product"):
            return None
        return reverse(URL_NAME, args=[instance.pk])


register_admin_url_finder(Product, ProductFinder)


def urls() -> list[URLPattern]:
    """The address, below /cms/."""
    return [path("products/usage/<int:pk>/", ProductUsageView.as_view(), name=URL_NAME)]
