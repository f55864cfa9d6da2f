"""The columns of the lists of products, categories and option lists."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django_tables2 import Column, DateColumn, TemplateColumn
from oscar.apps.dashboard.catalogue import tables as oscar

from shop.catalogue.models import Category, Product
from shop.dashboard.tables import DashboardTable

FOLDER = "oscar/dashboard/catalogue"
NAMES = {"td": {"class": "name"}}
NUMBERS = {"td": {"class": "num"}}


class ProductTable(DashboardTable):
    """Picture, name, SKU, price, stock, published."""

    checkbox = TemplateColumn(
        verbose_name=_("Choose"), template_name=f"{FOLDER}/product_row_checkbox.html", orderable=False
    )
    image = TemplateColumn(verbose_name=_("Picture"), template_name=f"{FOLDER}/product_row_image.html", orderable=False)
    title = TemplateColumn(
        verbose_name=_("Name"), template_name=f"{FOLDER}/product_row_title.html", order_by="title", attrs=NAMES
    )
    product_class = Column(verbose_name=_("Type"), order_by="product_class__name")
    price = TemplateColumn(
        verbose_name=_("Price"), template_name=f"{FOLDER}/product_row_price.html", orderable=False, attrs=NUMBERS
    )
    stock = TemplateColumn(
        verbose_name=_("Stock"), template_name=f"{FOLDER}/product_row_stock.html", orderable=False, attrs=NUMBERS
    )
    is_public = TemplateColumn(
        verbose_name=_("Published"), template_name=f"{FOLDER}/product_row_public.html", order_by="is_public"
    )
    date_updated = DateColumn(verbose_name=_("Changed"), short=True)
    actions = TemplateColumn(
        verbose_name=_("Actions"), template_name=f"{FOLDER}/product_row_actions.html", orderable=False
    )

    icon = ""

    class Meta(DashboardTable.Meta):
        model = Product
        template_name = "oscar/dashboard/table.html"
        fields: ClassVar = ()
        sequence: ClassVar = (
            *("checkbox", "image", "title", "product_class", "price", "stock", "is_public", "date_updated"),
            "actions",
        )
        order_by = "-date_updated"


class CategoryTable(DashboardTable):
    """Picture, name, what is below it, published."""

    checkbox = TemplateColumn(
        verbose_name=_("Choose"), template_name=f"{FOLDER}/category_row_checkbox.html", orderable=False
    )
    picture = TemplateColumn(
        verbose_name=_("Picture"), template_name=f"{FOLDER}/category_row_image.html", orderable=False, empty_values=()
    )
    name = TemplateColumn(
        verbose_name=_("Name"), template_name=f"{FOLDER}/category_row_name.html", orderable=False, attrs=NAMES
    )
    below = TemplateColumn(
        verbose_name=_("Categories below"),
        template_name=f"{FOLDER}/category_row_children.html",
        orderable=False,
        empty_values=(),
    )
    is_public = TemplateColumn(
        verbose_name=_("Published"), template_name=f"{FOLDER}/category_row_public.html", orderable=False
    )
    actions = TemplateColumn(
        verbose_name=_("Actions"), template_name=f"{FOLDER}/category_row_actions.html", orderable=False
    )

    class Meta(DashboardTable.Meta):
        model = Category
        template_name = "oscar/dashboard/table.html"
        fields: ClassVar = ()
        sequence: ClassVar = ("checkbox", "picture", "name", "below", "is_public", "actions")


AttributeOptionGroupTable, OptionTable = oscar.AttributeOptionGroupTable, oscar.OptionTable
__all__ = ["AttributeOptionGroupTable", "CategoryTable", "OptionTable", "ProductTable"]
