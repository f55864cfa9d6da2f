"""Oscar's product pages with this shop's fields, a list that stays quick, and a delete that says what it costs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from oscar.apps.dashboard.catalogue import views as oscar

from shop import slots
from shop.catalogue.models import Product
from shop.dashboard.inputs import named
from shop.dashboard.tables import RealPages
from shop.http import whole_number
from shop.partner.models import StockRecord

from .category_views import (
    CategoryCreateView,
    CategoryDeleteView,
    CategoryDetailListView,
    CategoryHideView,
    CategoryListView,
    CategoryUpdateView,
)
from .formsets import ProductCategoryFormSet, ProductImageFormSet, StockRecordFormSet
from .names import names_of
from .selectors import figures_of, narrowed, product_rows, uses_of, variants_of
from .type_views import (
    AttributeOptionGroupDeleteView,
    AttributeOptionGroupListView,
    AttributeOptionGroupUpdateView,
    ProductClassDeleteView,
)

# So many products are proposed at once, and so many pages of them can be asked for.
PROPOSED, MOST_PAGES = 20, 1000

# Oscar looks for its views here by name.
__all__ = [
    "AttributeOptionGroupDeleteView", "AttributeOptionGroupListView", "AttributeOptionGroupUpdateView",
    "CategoryCreateView", "CategoryDeleteView", "CategoryDetailListView", "CategoryHideView", "CategoryListView", "CategoryUpdateView",
    "ProductBulkActionConfirmView", "ProductClassDeleteView", "ProductCreateUpdateView", "ProductDeleteView", "ProductListView", "ProductLookupView", "ProductUnpublishView",
]  # fmt: skip


class ProductListView(RealPages, oscar.ProductListView):
    """All products, narrowed by what the form says."""

    def get_queryset(self) -> Any:
        """A fixed number of queries for any page."""
        self.form = self.form_class(self.request.GET)
        data = self.form.cleaned_data if self.form.is_valid() else {}
        return narrowed(
            product_rows(),
            text=(data.get("q") or "").strip(),
            stock=data.get("stock") or "",
            public=data.get("public") or "",
            kind=data.get("kind"),
        )

    def get_description(self, form: Any) -> str:
        """The table's caption."""
        return _("Products found") if form.is_valid() and any(form.cleaned_data.values()) else _("Products")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the filter, whether anything is found or not."""
        context = super().get_context_data(**kwargs)
        context["is_filtered"] = self.form.is_valid() and any(self.form.cleaned_data.values())
        table = context["products"]
        context["has_products"] = bool(table.paginator.count)
        shown = [row.record for row in table.page.object_list]
        figures = figures_of(shown)
        for product in shown:
            product.figures = figures[product.pk]
        return context


class ProductBulkActionConfirmView(oscar.ProductBulkActionConfirmView):
    """What is to be done to many products, each named so that it can be told from its siblings."""

    def build_display_rows(self, parent_selectable: bool, children_selectable: bool) -> Any:
        """With names and SKUs, two queries more for any number of rows."""
        rows, count = super().build_display_rows(parent_selectable, children_selectable)
        products = [row["product"] for row in rows]
        for row in rows:
            for child in row.get("children", ()):
                # Read with its parent, whose title it has.
                child.parent = row["product"]
        names = names_of(products)
        skus = dict(StockRecord.objects.filter(product__in=products).values_list("product", "partner_sku"))
        for row in rows:
            row |= {"name": names[row["product"].pk], "sku": skus.get(row["product"].pk, "")}
        return rows, count


class ProductCreateUpdateView(oscar.ProductCreateUpdateView):
    """One product or variant with all that belongs to it, saved together or not at all."""

    category_formset = ProductCategoryFormSet
    image_formset = ProductImageFormSet
    stockrecord_formset = StockRecordFormSet

    @property
    def variants_to_come(self) -> bool:
        """Whether the button says that variants follow."""
        return self.request.method == "POST" and self.request.POST.get("action") == "create-child" and not self.parent

    def get_form_kwargs(self) -> dict[str, Any]:
        """Let the form know."""
        return {**super().get_form_kwargs(), "variants_to_come": self.variants_to_come}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the variants, the parent's story and what the rooms above add."""
        context = super().get_context_data(**kwargs)
        product = self.object
        context["children"] = []
        if product is not None and product.pk:
            context["children"] = variants_of(product)
            if not self.parent:
                context["panels"] = slots.render("product.dashboard", self.request, {"product": product})
        return context

    @transaction.atomic
    def process_all_forms(self, form: Any) -> HttpResponse:
        """Nothing stays behind of a form that is wrong."""
        point = transaction.savepoint()
        answer = super().process_all_forms(form)
        if answer.status_code != 302:
            answer.render()
            transaction.savepoint_rollback(point)
        return answer

    form_valid = form_invalid = process_all_forms

    def clean(self, form: Any, formsets: dict[str, Any]) -> bool:
        """A product with variants has no price and stock of its own."""
        if self.variants_to_come and formsets["stockrecord_formset"].has_rows:
            form.add_error(
                None,
                _(
                    "A product with variants has no price and stock of its own: its variants have. "
                    "Empty the fields under “Price and stock”, or tick “Delete” there, and add the variants then."
                ),
            )
            return False
        if self.parent and not formsets["stockrecord_formset"].has_rows:
            form.add_error(None, _("A variant is what is bought: give it a SKU and a price under “Price and stock”."))
            return False
        return True


class ProductDeleteView(oscar.ProductDeleteView):
    """Says where the product is in use, and offers to hide it instead."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What is lost or left without it."""
        context = super().get_context_data(**kwargs)
        context["uses"] = uses_of(self.object)
        context["used_in"] = slots.render("product.used", self.request, {"product": self.object})
        return context

    @transaction.atomic
    def delete(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """All of it or nothing."""
        return super().delete(request, *args, **kwargs)


class ProductUnpublishView(View):
    """Takes a product out of the shop and keeps all that is known of it."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Hide it."""
        product = get_object_or_404(Product, pk=pk)
        product.is_public = False
        product.save(update_fields=["is_public", "date_updated"])
        messages.success(request, _("“%(name)s” is hidden from the shop.") % {"name": product.get_title()})
        return redirect(reverse("dashboard:catalogue-product", args=[product.pk]))


class ProductLookupView(oscar.ProductLookupView):
    """Proposals for a field that takes a product."""

    def get_queryset(self) -> Any:
        """Products and parents; a variant is shown by its parent."""
        return Product.objects.exclude(structure=Product.CHILD).order_by("title")

    def get_args(self) -> tuple[str, str, int, int]:
        """What is asked for. A page that is no number is the first; what no database takes is left out."""
        asked = {name: self.request.GET.get(name, "").replace("\x00", "") for name in ("initial", "q", "page")}
        ids = [str(pk) for text in asked["initial"].split(",") if (pk := whole_number(text.strip()))]
        page = min(whole_number(asked["page"]) or 1, MOST_PAGES)
        return ",".join(ids[:PROPOSED]), asked["q"], page, PROPOSED

    def format_object(self, obj: Product) -> dict[str, Any]:
        """As the field shows it."""
        return {"id": obj.pk, "text": named(obj)}
