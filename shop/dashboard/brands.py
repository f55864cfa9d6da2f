"""The brands that products can have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Brand

from .rows import RowCreateView, RowDeleteView, RowListView, RowUpdateView


class BrandForm(forms.ModelForm):
    """Name and slug; the slug is made from the name where it is left empty."""

    class Meta:
        model = Brand
        fields = ("name", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = _("What addresses of filtered lists say. Left empty, it is made from the name.")

    def clean_slug(self) -> str:
        """The slug, or one made from the name."""
        return self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", ""))


class Brands:
    """What the pages of the brands share."""

    base = "brand"
    model: Any = Brand
    title = _("Brands")
    one = _("Brand")


class BrandListView(Brands, RowListView):
    """All brands with how many products each has."""

    ordering = ("name",)
    columns = ((_("Name"), "name"), (_("Slug"), "slug"), (_("Products"), "product_count"))

    def get_queryset(self) -> Any:
        """Counted in the one query."""
        counted = Count("products", filter=Q(products__parent=None))
        return super().get_queryset().annotate(product_count=counted)


class BrandCreateView(Brands, RowCreateView):
    """A new brand."""

    form_class = BrandForm


class BrandUpdateView(Brands, RowUpdateView):
    """Another name."""

    form_class = BrandForm


class BrandDeleteView(Brands, RowDeleteView):
    """Its products stay, without a brand."""
