"""Make things for tests with one call. Prices are home prices in pounds, tax included."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils.text import slugify
from oscar.core.loading import get_model
from PIL import Image

from shop.catalogue.models import (
    AttributeOption,
    AttributeOptionGroup,
    Brand,
    Category,
    Product,
    ProductAttribute,
    ProductClass,
    ProductImage,
)
from shop.markets import Market, home_market
from shop.partner.models import StockRecord
from shop.partner.operations import ensure_partner

_numbers = itertools.count(1)


def make_market(country: str = "GB", currency: str = "GBP") -> Market:
    """A market as the middleware would resolve it."""
    home = home_market(host="testserver")
    return Market(host=home.host, language=home.language, country=country, currency=currency)


def make_class(name: str = "Things", *, track_stock: bool = True) -> ProductClass:
    """A product type; the same name gives the same one."""
    made, _ = ProductClass.objects.get_or_create(
        slug=slugify(name), defaults={"name": name, "track_stock": track_stock, "requires_shipping": True}
    )
    return made


def make_brand(name: str = "Harrow Pottery") -> Brand:
    """A brand; the same name gives the same one."""
    return Brand.objects.get_or_create(slug=slugify(name), defaults={"name": name})[0]


def make_category(path: str = "For the table", *, is_public: bool = True) -> Category:
    """A category from names joined by " > ", with those above it; the same names give the same one."""
    parent: Category | None = None
    for name in path.split(" > "):
        siblings = parent.get_children() if parent else Category.get_root_nodes()
        found = siblings.filter(name=name).first()
        if found is None:
            values = {"name": name, "slug": slugify(name), "is_public": is_public}
            # Treebeard keeps the number of children on the object, so it is read anew each time.
            found = Category.objects.get(pk=parent.pk).add_child(**values) if parent else Category.add_root(**values)
        parent = found
    assert parent is not None
    return parent


def make_stock(
    product: Product,
    price: Decimal | str | int | None = "10.00",
    *,
    stock: int = 10,
    compare_at: Decimal | str | None = None,
    currency: str = "GBP",
    sku: str = "",
    **values: Any,
) -> StockRecord:
    """A stock record of the shop's own partner."""
    return StockRecord.objects.create(
        product=product,
        partner=ensure_partner(),
        partner_sku=sku or f"SKU-{next(_numbers)}",
        price=None if price is None else Decimal(price),
        compare_at_price=None if compare_at is None else Decimal(compare_at),
        price_currency=currency,
        num_in_stock=stock,
        **values,
    )


def picture_bytes(width: int = 400, height: int = 500, *, format: str = "PNG", mode: str = "RGB") -> bytes:
    """A picture file in memory."""
    buffer = io.BytesIO()
    Image.new(mode, (width, height)).save(buffer, format=format)
    return buffer.getvalue()


def make_picture(
    product: Product, *, width: int = 400, height: int = 500, alt: str = "", order: int = 0
) -> ProductImage:
    """A picture of a product, stored as a small PNG."""
    return ProductImage.objects.create(
        product=product,
        original=ContentFile(picture_bytes(width, height), name=f"picture-{next(_numbers)}.png"),
        alt_text=alt,
        display_order=order,
    )


def set_attribute(product: Product, name: str, value: Any) -> None:
    """Give a product a value of an attribute of its type, making the attribute where it is missing.

    A str becomes an option (as facets and variants want), a number, bool or float an attribute of that kind.
    """
    product_class = product.get_product_class()
    code = slugify(name).replace("-", "_")
    kinds = {bool: "boolean", int: "integer", float: "float"}
    kind = kinds.get(type(value), "option")
    attribute = ProductAttribute.objects.filter(product_class=product_class, code=code).first()
    if attribute is None:
        group = None
        if kind == "option":
            group, _ = AttributeOptionGroup.objects.get_or_create(name=f"{product_class.slug} {code}")
        attribute = ProductAttribute.objects.create(
            product_class=product_class, name=name, code=code, type=kind, option_group=group
        )
    if kind == "option":
        value, _ = AttributeOption.objects.get_or_create(group=attribute.option_group, option=value)
    attribute.save_value(product, value)


def make_product(
    title: str = "",
    *,
    price: Decimal | str | int | None = "10.00",
    stock: int = 10,
    compare_at: Decimal | str | None = None,
    categories: Iterable[Category | str] = (),
    brand: Brand | str | None = None,
    variants: Iterable[Mapping[str, Any]] | None = None,
    attributes: Mapping[str, Any] | None = None,
    product_class: ProductClass | str = "Things",
    picture: bool = False,
    sku: str = "",
    **values: Any,
) -> Product:
    """A product that can be bought.

    Without `variants` it is a standalone product with `price`, `stock` and `compare_at`; `price=None` leaves it
    without a stock record. Each variant is a mapping with "attributes" and, where they differ, "price", "stock",
    "compare_at", "sku", "picture" and fields of Product. `values` are fields of Product.
    """
    number = next(_numbers)
    title = title or f"Thing {number}"
    kind = make_class(product_class) if isinstance(product_class, str) else product_class
    # A list, so that an empty one still makes a parent.
    children = None if variants is None else list(variants)
    product = Product.objects.create(
        title=title,
        slug=values.pop("slug", "") or f"{slugify(title)}-{number}",
        structure=Product.STANDALONE if children is None else Product.PARENT,
        product_class=kind,
        brand=make_brand(brand) if isinstance(brand, str) else brand,
        **values,
    )
    for category in categories:
        product.categories.add(make_category(category) if isinstance(category, str) else category)
    for name, value in (attributes or {}).items():
        set_attribute(product, name, value)
    if picture:
        make_picture(product)
    if children is None:
        if price is not None:
            make_stock(product, price, stock=stock, compare_at=compare_at, sku=sku)
        return product
    for child in children:
        make_variant(product, **{"price": price, "stock": stock, "compare_at": compare_at, **child})
    return product


def make_gift_card(price: Decimal | str = "50.00") -> Product:
    """A gift card as it is sold: neither counted nor sent, and taxed when it is spent."""
    kind = make_class("Gift card", track_stock=False)
    kind.requires_shipping = False
    kind.save()
    return make_product("Gift card", price=price, product_class=kind, tax_class="gift-card")


def make_variant(
    parent: Product,
    *,
    attributes: Mapping[str, Any] | None = None,
    price: Decimal | str | int | None = "10.00",
    stock: int = 10,
    compare_at: Decimal | str | None = None,
    sku: str = "",
    picture: bool = False,
    **values: Any,
) -> Product:
    """A variant of a parent product."""
    child = Product.objects.create(
        structure=Product.CHILD, parent=parent, slug=f"{parent.slug}-{next(_numbers)}", **values
    )
    for name, value in (attributes or {}).items():
        set_attribute(child, name, value)
    if picture:
        make_picture(child)
    if price is not None:
        make_stock(child, price, stock=stock, compare_at=compare_at, sku=sku)
    return child


def make_offer(
    name: str = "Seconds week",
    *,
    products: Iterable[Product] = (),
    categories: Iterable[Category] = (),
    classes: Iterable[ProductClass] = (),
    without: Iterable[Product] = (),
    without_categories: Iterable[Category] = (),
    everything: bool = False,
    percent: int = 10,
    **values: Any,
) -> Any:
    """A site offer of `percent` off one of the products in a range of its own."""
    held = get_model("offer", "Range").objects.create(name=f"{name} range", includes_all_products=everything)
    for product in products:
        held.add_product(product)
    held.included_categories.set(categories)
    held.classes.set(classes)
    held.excluded_products.add(*without)
    held.excluded_categories.set(without_categories)
    condition = get_model("offer", "Condition").objects.create(range=held, type="Count", value=1)
    benefit = get_model("offer", "Benefit").objects.create(range=held, type="Percentage", value=percent)
    return get_model("offer", "ConditionalOffer").objects.create(
        name=name, condition=condition, benefit=benefit, **{"offer_type": "Site", **values}
    )
