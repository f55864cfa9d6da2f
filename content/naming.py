"""What the shop's things are called for editors: variants by their options, and what was deleted by the name it had."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.signals import pre_delete
from django.utils.translation import gettext, ngettext
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from shop.catalogue.models import Brand, Category, Product
from shop.catalogue.selectors import option_texts
from shop.http import whole_number
from shop.partner.models import StockRecord

DELETED = "wagtail.delete"


def connect() -> None:
    """Note the name of whatever a block may still hold the number of. Saved searches are noted by Wagtail's own view."""
    for model in (Product, Category, Brand):
        pre_delete.connect(note_name, sender=model, dispatch_uid=f"content-name-of-deleted-{model.__name__}")


def note_name(sender: Any, instance: Any, **kwargs: Any) -> None:
    """Write what is being deleted into Wagtail's log, where site history shows it too."""
    log(instance, DELETED, title=str(instance), deleted=True)


def named_products(products: QuerySet[Any]) -> QuerySet[Any]:
    """`products` with what `product_names` needs of each, in the same query."""
    records = StockRecord.objects.filter(product=OuterRef("pk")).order_by("pk").values("partner_sku")
    children = Product.objects.filter(parent=OuterRef("pk")).order_by().values("parent")
    return products.select_related("parent").annotate(
        sku=Subquery(records[:1]), variant_count=Subquery(children.annotate(count=Count("pk")).values("count"))
    )


def product_names(products: Iterable[Any]) -> dict[int, str]:
    """Names of rows of `named_products` by number: one query for the options of all variants, none without variants."""
    rows = list(products)
    options = option_texts([row.pk for row in rows if row.is_child])
    return {row.pk: _product_name(row, options.get(row.pk, "")) for row in rows}


def _product_name(product: Any, options: str) -> str:
    title = product.get_title()
    if product.is_child and product.title and product.parent.title not in product.title:
        title = f"{product.parent.title}: {product.title}"
    elif product.is_child and options and not product.title:
        title = f"{title}: {options}"
    if product.variant_count:
        count = ngettext("%(count)d variant", "%(count)d variants", product.variant_count)
        title = f"{title} ({count % {'count': product.variant_count}})"
    elif code := product.sku or product.upc:
        title = f"{title} ({code})"
    if not product.is_public or (product.parent_id and not product.parent.is_public):
        title = gettext("%(title)s (not published)") % {"title": title}
    return title


def title_of(product: Any) -> str:
    """The name for editors of one product, however it was read."""
    return describe(Product, product.pk)


def describe(model: Any, number: Any) -> str:
    """The name for editors of the row with this number, also where it is gone."""
    pk = whole_number(str(number or ""))
    if pk is None:
        return gettext("Nothing chosen")
    if model is Product:
        found = product_names(named_products(Product.objects.filter(pk=pk))).get(pk)
    else:
        row = model.objects.filter(pk=pk).first()
        found = str(row) if row is not None else None
    return found if found is not None else describe_deleted(model, number)


def describe_deleted(model: Any, number: Any) -> str:
    """What a row that is gone was called; only its number where nobody noted the name."""
    name = (
        ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id=str(number), action=DELETED
        )
        .values_list("label", flat=True)
        .first()
    )
    values = {"number": number, "name": name}
    if name:
        return gettext("Deleted: “%(name)s” (no. %(number)s)") % values
    return gettext("Deleted, no. %(number)s") % values
