"""Choosers of the shop's things for the editor: products, categories, brands, saved searches."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm, SearchFilterMixin
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.widgets import BaseChooser

from content.models.snippets import SavedSearch
from content.naming import describe_deleted, named_products, product_names, title_of
from shop.catalogue.models import Brand, Category, Product
from shop.catalogue.selectors import product_cards
from shop.http import whole_number
from shop.markets import home_market
from themes import drawing


class KeepingChooser(BaseChooser):
    """A chooser that still names what was deleted, instead of showing nothing or “None”."""

    def get_value_data(self, value: Any) -> dict[str, Any] | None:
        """What the widget shows for a number or a row; for one that is gone, what it was called."""
        data = super().get_value_data(value)
        if data is None and value:
            gone = gettext("%(deleted)s: choose another, or leave it out") % {
                "deleted": describe_deleted(self.model_class, value)
            }
            return {"id": value, "title": gone, "edit_url": None}
        return data

    def get_display_title(self, instance: Any) -> str:
        """The name."""
        return title_of(instance) if isinstance(instance, Product) else str(instance)


class ProductFilterForm(SearchFilterMixin, BaseFilterForm):
    """Words, a category, and whether variants are to be seen."""

    category = forms.ModelChoiceField(
        queryset=Category.objects.all(), required=False, label=_("Category"), empty_label=_("Every category")
    )

    def filter(self, objects: Any) -> Any:
        """Products whose name, article number, brand or a variant's hold every word."""
        query = (self.cleaned_data.get("q") or "").strip()
        for word in query.split():
            objects = objects.filter(
                Q(title__icontains=word)
                | Q(upc__icontains=word)
                | Q(part_number__icontains=word)
                | Q(brand__name__icontains=word)
                | Q(stockrecords__partner_sku__icontains=word)
                | Q(parent__title__icontains=word)
            )
            self.is_searching, self.search_query = True, query
        if category := self.cleaned_data.get("category"):
            below = Category.objects.filter(path__startswith=category.path)
            objects = objects.filter(Q(categories__in=below) | Q(parent__categories__in=below))
        return objects.distinct()


class ProductColumnsMixin(views.BaseChooseView):
    """Picture, price and stock beside each name, read for the whole page of results at once."""

    filter_form_class = ProductFilterForm

    @cached_property
    def cards(self) -> dict[int, Any]:
        """The cards of the products on this page of results."""
        return product_cards([row.pk for row in self.results], market=home_market())

    @property
    def columns(self) -> list[Column]:
        """Wagtail's columns and ours."""
        picture = Column("picture", label=_("Picture"), accessor=self._picture, width="5rem")
        price = Column("price", label=_("Price"), accessor=self._price)
        stock = Column("stock", label=_("Stock"), accessor=self._stock)
        return [picture, *super().columns, price, stock]

    @property
    def title_column(self) -> Any:
        """The name for editors in place of the row's own."""
        column = super().title_column
        column.accessor = self._title
        return column

    @cached_property
    def names(self) -> dict[int, str]:
        """The names for editors of this page of results."""
        return product_names(self.results)

    def _title(self, product: Any) -> str:
        return self.names[product.pk]

    def _picture(self, product: Any) -> str:
        card = self.cards.get(product.pk)
        if card is None or card.picture is None:
            return ""
        return format_html('<img src="{}" alt="" width="48" height="60" loading="lazy">', card.picture.url)

    def _price(self, product: Any) -> str:
        card = self.cards.get(product.pk)
        return drawing.price(card.price) if card else gettext("Not published")

    def _stock(self, product: Any) -> str:
        card = self.cards.get(product.pk)
        return drawing.stock(card.stock, count=True) if card else ""


class ProductChooseView(ProductColumnsMixin, views.ChooseView):
    """The whole chooser."""


class ProductChooseResultsView(ProductColumnsMixin, views.ChooseResultsView):
    """Its list, while searching."""


class ProductChosenMixin(views.ChosenResponseMixin):
    """What goes back to the editor."""

    def get_display_title(self, instance: Any) -> str:
        """The name for editors."""
        return title_of(instance)

    def get_chosen_response_data(self, item: Any) -> dict[str, Any]:
        """Wagtail's, and the plain name, which is what stands in a sentence."""
        return {**super().get_chosen_response_data(item), "name": item.get_title()}


class ProductChosenView(ProductChosenMixin, views.ChosenView):
    """One was chosen."""


class ProductChosenMultipleView(ProductChosenMixin, views.ChosenMultipleView):
    """Several were chosen; they come in the order in which they were ticked."""

    def get_objects(self, pks: list[str]) -> list[Any]:
        """Those that are there."""
        wanted = [number for pk in pks if (number := whole_number(pk))]
        found = Product.objects.select_related("parent").in_bulk(wanted)
        return [found[number] for number in wanted if number in found]


class ProductChooserViewSet(ChooserViewSet):
    """Products and their variants; what is not published is named as such."""

    model = Product
    icon = "tag"
    per_page = 20
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Where this product is named")
    choose_view_class = ProductChooseView
    choose_results_view_class = ProductChooseResultsView
    chosen_view_class = ProductChosenView
    chosen_multiple_view_class = ProductChosenMultipleView
    base_widget_class = KeepingChooser
    preserve_url_parameters = ("multiple",)

    def get_object_list(self) -> Any:
        """Newest first, each product before its variants."""
        return named_products(Product.objects.all()).order_by(
            Coalesce("parent__date_created", "date_created").desc(),
            Coalesce("parent_id", "pk").desc(),
            F("parent_id").asc(nulls_first=True),
            "pk",
        )


class NamedFilterForm(SearchFilterMixin, BaseFilterForm):
    """Words in the name."""

    def filter(self, objects: Any) -> Any:
        """Rows whose name holds every word."""
        query = (self.cleaned_data.get("q") or "").strip()
        for word in query.split():
            objects = objects.filter(name__icontains=word)
            self.is_searching, self.search_query = True, query
        return objects


class NamedChooseView(views.ChooseView):
    """The whole chooser."""

    filter_form_class = NamedFilterForm


class NamedChooseResultsView(views.ChooseResultsView):
    """Its list, while searching."""

    filter_form_class = NamedFilterForm


class NamedChooserViewSet(ChooserViewSet):
    """Rows with a name."""

    per_page = 20
    choose_view_class = NamedChooseView
    choose_results_view_class = NamedChooseResultsView
    base_widget_class = KeepingChooser


class CategoryChooserViewSet(NamedChooserViewSet):
    """Categories, in the order of the tree."""

    model = Category
    icon = "folder-open-inverse"
    choose_one_text = _("Choose a category")
    choose_another_text = _("Choose another category")

    def get_object_list(self) -> Any:
        """The tree's order."""
        return Category.objects.order_by("path")


class BrandChooserViewSet(NamedChooserViewSet):
    """Brands by name."""

    model = Brand
    icon = "tag"
    choose_one_text = _("Choose a brand")
    choose_another_text = _("Choose another brand")

    def get_object_list(self) -> Any:
        """By name."""
        return Brand.objects.order_by("name")


class SavedSearchChooserViewSet(NamedChooserViewSet):
    """Saved searches by name."""

    model = SavedSearch
    icon = "search"
    choose_one_text = _("Choose a saved search")
    choose_another_text = _("Choose another saved search")


product_chooser = ProductChooserViewSet("product_chooser", url_prefix="products/choose")
category_chooser = CategoryChooserViewSet("category_chooser", url_prefix="categories/choose")
brand_chooser = BrandChooserViewSet("brand_chooser", url_prefix="brands/choose")
saved_search_chooser = SavedSearchChooserViewSet("saved_search_chooser", url_prefix="saved-searches/choose")


def widget_for(target: str) -> Any:
    """The widget that chooses a row of a model such as "catalogue.Product"."""
    chooser: dict[str, Any] = {
        "catalogue.Product": product_chooser,
        "catalogue.Category": category_chooser,
        "catalogue.Brand": brand_chooser,
        "content.SavedSearch": saved_search_chooser,
    }
    return chooser[target].widget_class()
