"""Product types, categories and products."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import slugify
from oscar.core.loading import get_model

from shop.catalogue.importing.records import ProductRecord, VariantRecord
from shop.catalogue.importing.values import slug_from
from shop.catalogue.importing.writing import Writer
from shop.catalogue.models import (
    AttributeOption,
    AttributeOptionGroup,
    Brand,
    Category,
    Product,
    ProductAttribute,
    ProductClass,
    ProductImage,
    category_slugs,
)
from shop.catalogue.operations import catalogue_changed
from shop.catalogue.pictures import enqueue_sizes

from .data import Catalogue, Row, Shelf, moved
from .drawing import Order, Studio, size_of


def write_catalogue(catalogue: Catalogue) -> dict[str, Product]:
    """Makers, types, categories and products with variants, stock and attributes. Returns the products by slug."""
    with transaction.atomic():
        for row in catalogue.makers:
            Brand.objects.get_or_create(slug=row["slug"], defaults={"name": row["name"]})
        _write_types(catalogue.types)
        _write_categories(catalogue.shelves)
    return _write_products(catalogue)


def _write_types(data: Row) -> None:
    groups = {}
    for name, words in data["option_groups"].items():
        groups[name], _ = AttributeOptionGroup.objects.get_or_create(name=group_name(name))
        held = set(groups[name].options.values_list("option", flat=True))
        AttributeOption.objects.bulk_create(
            AttributeOption(group=groups[name], option=word) for word in words if word not in held
        )
    for row in data["types"]:
        kind, _ = ProductClass.objects.get_or_create(
            slug=row["code"],
            defaults={
                "name": row["name"],
                "track_stock": row.get("counted", True),
                "requires_shipping": row.get("sent", True),
            },
        )
        ProductAttribute.objects.bulk_create(
            ProductAttribute(
                product_class=kind,
                code=each["code"],
                name=each["name"],
                type=each["type"],
                option_group=groups.get(each.get("option_group", "")),
            )
            for each in row["attributes"]
            if not kind.attributes.filter(code=each["code"]).exists()
        )


def group_name(name: str) -> str:
    """The demo's groups of words, told from a shop's own."""
    return f"Fern & Kiln: {name}"


def _write_categories(shelves: list[Shelf]) -> None:
    made: dict[str, int] = {}
    for shelf in shelves:
        above = shelf.path.rpartition("/")[0]
        text = shelf.row.get("description", "")
        values = {"name": shelf.names[-1], "slug": shelf.row["slug"], "description": text, "meta_description": text}
        # Treebeard keeps the number of children on the object, so it is read anew each time.
        node = Category.objects.get(pk=made[above]).add_child(**values) if above else Category.add_root(**values)
        made[shelf.path] = node.pk


def category_ids(shelves: list[Shelf]) -> dict[str, int]:
    """The demo's categories by their path, such as "linen/napkins"."""
    held = {path: pk for pk, path in category_slugs(Category.objects.values_list("pk", flat=True)).items()}
    return {shelf.path: held[shelf.path] for shelf in shelves}


def _write_products(catalogue: Catalogue) -> dict[str, Product]:
    names = Names(
        makers={row["slug"]: row["name"] for row in catalogue.makers},
        types={row["code"]: row["name"] for row in catalogue.types["types"]},
        shelves={shelf.path: shelf.joined for shelf in catalogue.shelves},
    )
    rows = catalogue.products
    Writer().write([(record_of(row, names), None) for row in rows])
    ids = dict(Product.objects.filter(slug__in=[row["slug"] for row in rows]).values_list("slug", "pk"))
    recommendation = get_model("catalogue", "ProductRecommendation")
    recommendation.objects.bulk_create(
        recommendation(primary_id=ids[row["slug"]], recommendation_id=ids[slug], ranking=len(row["recommended"]) - at)
        for row in rows
        for at, slug in enumerate(row.get("recommended", ()))
    )
    return {product.slug: product for product in Product.objects.filter(pk__in=ids.values())}


@dataclass(frozen=True, slots=True)
class Names:
    """The importer knows makers, types and categories by their names, the files by their codes."""

    makers: Mapping[str, str]
    types: Mapping[str, str]
    shelves: Mapping[str, str]


def record_of(row: Row, names: Names) -> ProductRecord:
    """A row as the importer takes it."""
    return ProductRecord(
        slug=row["slug"],
        title=row["title"],
        variants=[_variant(row, each) for each in row.get("variants") or [{}]],
        subtitle=row.get("subtitle", ""),
        description=f"<p>{row['description']}</p>",
        brand=names.makers[row["maker"]],
        product_type=names.types[row["type"]],
        categories=[names.shelves[path] for path in row["categories"]],
        tags=row.get("tags", []),
        tax_class=row.get("tax_class", "standard"),
        flag=row.get("flag", ""),
        released_on=moved(row["released"]),
        is_public=True,
        is_discountable=True,
        meta_title=row.get("seo_title", ""),
        meta_description=row.get("seo_description", ""),
        attributes={code: _typed(value) for code, value in row.get("attributes", {}).items()},
        specification=[[str(name), str(value)] for name, value in row.get("specification", [])],
    )


def _typed(value: Any) -> tuple[str, Any]:
    if isinstance(value, bool):
        return "boolean", value
    return ("number", Decimal(str(value))) if isinstance(value, int | float) else ("text", str(value))


def _variant(row: Row, variant: Row) -> VariantRecord:
    was = variant.get("was", row.get("was"))
    options = dict(variant.get("options", {}))
    # The importer knows no other values of a variant than those it is chosen by; a number among them is no choice.
    numbers = {code: str(value) for code, value in variant.get("attributes", {}).items()} if options else {}
    return VariantRecord(
        sku=variant.get("sku") or row["sku"],
        slug=slug_from(row["slug"], *options.values()) if options else None,
        options=options | numbers,
        price=Decimal(variant.get("price") or row["price"]),
        compare_at_price=Decimal(was) if was else None,
        stock=variant.get("stock", row.get("stock", 0)),
        weight_grams=variant.get("weight_g", row.get("weight_g")),
    )


# ---------------------------------------------------------------- pictures
Wanted = tuple[str, str, int, str, Order]


def main_pictures(rows: list[Row]) -> dict[str, Order]:
    """The first picture of each product, by slug."""
    return {row["slug"]: _order(row["art"]) for row in rows}


def wanted_pictures(rows: list[Row]) -> Iterator[Wanted]:
    """Every picture of every product: (slug, SKU of the variant or "", place, alternative text, the drawing)."""
    for row in rows:
        art = row["art"]
        for place, view in enumerate(art.get("views") or ["main"]):
            yield row["slug"], "", place, _alt(row, view), _order({**art, "view": view})
        for variant in row.get("variants") or ():
            if own := variant.get("art"):
                words = ", ".join(str(value).lower() for value in variant["options"].values())
                yield row["slug"], variant["sku"], 0, f"{row['title']}, {words}", _order({**art, **own})


def _order(art: Row) -> Order:
    keys = ("kind", "glaze", "second", "ground", "seed", "view")
    return Order(**{key: art[key] for key in keys if art.get(key) is not None})


def _alt(row: Row, view: str) -> str:
    given = row["art"].get("alt", {})
    if isinstance(given, dict) and view in given:
        return str(given[view])
    if isinstance(given, str) and given and view == "main":
        return given
    return {"close": "{}, a detail", "plain": "{} in another light"}.get(view, "{}").format(row["title"])


def write_pictures(wanted: list[Wanted], studio: Studio, progress: Callable[[], None]) -> None:
    """Store the pictures as they are drawn, and have their sizes made by the worker."""
    parents = dict(Product.objects.filter(slug__in={each[0] for each in wanted}).values_list("slug", "pk"))
    children = dict(
        get_model("partner", "StockRecord")
        .objects.filter(partner_sku__in={each[1] for each in wanted if each[1]})
        .values_list("partner_sku", "product_id")
    )
    files: dict[Order, str] = {}
    rows = []
    for slug, sku, place, alt, order in wanted:
        if order not in files:
            name = f"images/products/{slug}-{slugify(sku.removeprefix(slug.upper())) or order.view}.jpg".replace(
                "--", "-"
            )
            files[order] = default_storage.save(name, ContentFile(studio.picture(order)))
        width, height = size_of(order)
        rows.append(
            ProductImage(
                product_id=children[sku] if sku else parents[slug],
                original=files[order],
                display_order=place,
                alt_text=alt,
                width=width,
                height=height,
            )
        )
        progress()
    with transaction.atomic():
        ProductImage.objects.bulk_create(rows)
        ids = list(ProductImage.objects.filter(original__in=files.values()).order_by("pk").values_list("pk", flat=True))
        enqueue_sizes(ids)
        catalogue_changed(parents.values())


@transaction.atomic
def write_category_pictures(
    shelves: list[Shelf], studio: Studio, pictures: Mapping[str, Order], progress: Callable[[], None]
) -> None:
    """Give each category the picture of the product that its row names."""
    categories, ids = Category.objects.in_bulk(), category_ids(shelves)
    for shelf in shelves:
        if shelf.row.get("picture"):
            node = categories[ids[shelf.path]]
            content = studio.picture(pictures[shelf.row["picture"]])
            node.image.save(f"{shelf.path.replace('/', '-')}.jpg", ContentFile(content), save=True)
        progress()


def remove_catalogue(catalogue: Catalogue) -> None:
    """Take out what `write_catalogue` made; makers and types that other products have stay."""
    slugs = [row["slug"] for row in catalogue.products]
    Product.objects.filter(parent__slug__in=slugs).delete()
    Product.objects.filter(slug__in=slugs).delete()
    for shelf in catalogue.shelves:
        if "/" not in shelf.path:
            for root in Category.objects.filter(depth=1, slug=shelf.path):
                root.delete()
    Brand.objects.filter(slug__in=[row["slug"] for row in catalogue.makers], products__isnull=True).delete()
    ProductClass.objects.filter(
        slug__in=[row["code"] for row in catalogue.types["types"]], products__isnull=True
    ).delete()
    AttributeOptionGroup.objects.filter(
        name__in=[group_name(name) for name in catalogue.types["option_groups"]], product_attributes__isnull=True
    ).delete()
