"""Oscar's pages of product types and lists of options: what is not there is not found, and what is in use stays."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from oscar.apps.dashboard.catalogue import views as oscar

from shop.catalogue.models import AttributeOptionGroup, Product, ProductAttribute
from shop.dashboard.tables import RealPages
from shop.http import whole_number


class ProductClassDeleteView(oscar.ProductClassDeleteView):
    """A type that products have stays."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete it, or say how many have it."""
        kind = self.get_object()
        if number := Product.objects.filter(product_class=kind).count():
            text = _("“%(name)s” stays: %(number)d products have this type. Give them another one first.")
            messages.error(request, text % {"name": kind.name, "number": number})
            return redirect(reverse("dashboard:catalogue-class-list"))
        return super().post(request, *args, **kwargs)


class AttributeOptionGroupListView(RealPages, oscar.AttributeOptionGroupListView):
    """All lists of options."""


class _ByNumber:
    """Oscar takes any word for a number."""

    kwargs: dict[str, Any]

    def get_object(self, queryset: Any = None) -> AttributeOptionGroup:
        """The list of options. Raises Http404."""
        pk = whole_number(self.kwargs["pk"])
        if pk is None:
            raise Http404("no number")
        found: AttributeOptionGroup = get_object_or_404(AttributeOptionGroup, pk=pk)
        return found


class AttributeOptionGroupUpdateView(_ByNumber, oscar.AttributeOptionGroupUpdateView):
    """Another name, other options."""


class AttributeOptionGroupDeleteView(_ByNumber, oscar.AttributeOptionGroupDeleteView):
    """A list that attributes take their values from stays: they would be deleted with it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Delete it, or say how many take their values from it."""
        group = self.get_object()
        if number := ProductAttribute.objects.filter(option_group=group).count():
            text = _("“%(name)s” stays: %(number)d attributes take their values from it.")
            messages.error(request, text % {"name": group.name, "number": number})
            return redirect(reverse("dashboard:catalogue-attribute-option-group-list"))
        return super().post(request, *args, **kwargs)
