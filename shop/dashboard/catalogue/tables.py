"""The columns of the list of products."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django_tables2 import Column, TemplateColumn
from oscar.apps.dashboard.catalogue.tables import AttributeOptionGroupTable, CategoryTable, OptionTable
from oscar.apps.dashboard.tables import DashboardTable

from shop.catalogue.models import Product

FOLDER = "oscar/dashboard/catalogue"


class ProductTable(DashboardTable):
    """Picture, name, SKU, price, stock, published."""

    checkbox = TemplateColumn(
        verbose_name=_("Choose"), template_name=f"{FOLDER}/product_row_checkbox.html", orderable=False
    )
    image = TemplateColumn(verbose_name=_("Picture"), template_name=f"{FOLDER}/product_row_image.html", orderable=False)
    title = TemplateColumn(verbose_name=_("Name"), template_name=f"{FOLDER}/product_row_title.html", order_by="title")
    product_class = Column(verbose_name=_("Type"), order_by="product_class__name")
    price = TemplateColumn(verbose_name=_("Price"), template_name=f"{FOLDER}/product_row_price.html", orderable=False)
    stock = TemplateColumn(verbose_name=_("Stock"), template_name=f"{FOLDER}/product_row_stock.html", orderable=False)
    is_public = TemplateColumn(
        verbose_name=_("Published"), template_name=f"{FOLDER}/product_row_public.html", order_by="is_public"
    )
    actions = TemplateColumn(
        verbose_name=_("Actions"), template_name=f"{FOLDER}/product_row_actions.html", orderable=False
    )

    icon = ""

    class Meta(DashboardTable.Meta):
        model = Product
        template_name = "oscar/dashboard/table.html"
        fields: ClassVar = ("date_updated",)
        sequence: ClassVar = (
            *("checkbox", "image", "title", "product_class", "price", "stock", "is_public", "date_updated"),
            "actions",
        )
        order_by = "-date_updated"


__all__ = ["AttributeOptionGroupTable", "CategoryTable", "OptionTable", "ProductTable"]
