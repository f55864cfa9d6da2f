"""Runs inside the stock Oscar site: loads the picked number of products, indexes them, prints what is measured.

    load.py CATALOGUE < picks.json

The database must be migrated and hold no products. Categories: first letter of the brand, and below it the brand. One
stock record each (100,000 in stock, EUR). No pictures, no attributes. What it prints last is a JSON object of kind to
addresses.
"""

from __future__ import annotations

import gzip
import itertools
import json
import os
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
import django

django.setup()

from django.contrib.flatpages.models import FlatPage
from django.contrib.sites.models import Site
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils.text import slugify
from oscar.core.loading import get_model

Category = get_model("catalogue", "Category")
Country = get_model("address", "Country")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductCategory = get_model("catalogue", "ProductCategory")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")

BATCH = 500
# Haystack commits after each batch, and each commit makes Whoosh merge what it has: its default of 1000 had not
# finished 19,406 products in 10 minutes. One batch gives the same index.
INDEX_BATCH = 50_000
STORY = "/bench-story/"


def letter_of(brand: str) -> str:
    """The name of the category above a brand's."""
    first = brand[:1].upper()
    return first if first.isascii() and first.isalpha() else "0-9"


def make_categories(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Brand to its category."""
    letters: dict[str, int] = {}
    found: dict[str, Any] = {}
    for brand in sorted({row["brand"] for row in rows}, key=str.casefold):
        letter = letter_of(brand)
        if letter not in letters:
            letters[letter] = Category.objects.add_root({"name": letter, "slug": slugify(letter)}).pk
        # treebeard works out the next path from the parent as it was read: a fresh one, or paths clash.
        parent = Category.objects.get(pk=letters[letter])
        found[brand] = Category.objects.add_child(parent, {"name": brand, "slug": slugify(brand) or "brand"})
    return found


def make_products(rows: list[dict[str, Any]], categories: dict[str, Any]) -> list[Any]:
    """The products with category and stock record."""
    kind = ProductClass.objects.create(name="Electronics", track_stock=True, requires_shipping=True)
    partner = Partner.objects.create(name="bench", code="bench")
    title_max = Product._meta.get_field("title").max_length
    slug_max = Product._meta.get_field("slug").max_length
    made = Product.objects.bulk_create(
        [
            Product(
                structure=Product.STANDALONE,
                product_class=kind,
                is_public=True,
                upc=row["id"],
                title=row["title"][:title_max],
                slug=slugify(row["title"])[:slug_max].strip("-") or "product",
                description=row["description"],
            )
            for row in rows
        ],
        batch_size=BATCH,
    )
    pairs = list(zip(made, rows, strict=True))
    ProductCategory.objects.bulk_create(
        [ProductCategory(product=product, category=categories[row["brand"]]) for product, row in pairs],
        batch_size=BATCH,
    )
    StockRecord.objects.bulk_create(
        [
            StockRecord(
                product=product,
                partner=partner,
                partner_sku=row["id"],
                price_currency="EUR",
                price=Decimal(row["price_cents"]).scaleb(-2),
                num_in_stock=100_000,
            )
            for product, row in pairs
        ],
        batch_size=BATCH,
    )
    return made


def make_story(products: list[Any], rows: list[dict[str, Any]]) -> None:
    """Stock Oscar has no stories; a flat page is what it offers. Products in it are links typed by hand."""
    paragraphs = "".join(
        f"<h2>{row['brand']}</h2><p>{row['description'] or row['title']}</p>"
        f'<p><a href="{product.get_absolute_url()}">{product.slug}</a></p>'
        for product, row in list(zip(products, rows, strict=True))[:6]
    )
    FlatPage.objects.create(url=STORY, title="Six things for a desk", content=paragraphs).sites.add(1)


def addresses(picks: dict[str, Any]) -> dict[str, list[str]]:
    """Where each kind of page is found."""
    products = [Product.objects.get(upc=upc) for upc in picks["products"]]
    brands = [Category.objects.get(name=brand, depth=2) for brand in picks["brands"]]
    return {
        "category": [brand.get_absolute_url() for brand in brands],
        "product": [product.get_absolute_url() for product in products],
        "search": [f"{reverse('search:search')}?{urlencode({'q': query})}" for query in picks["queries"]],
        "story": [STORY],
        "basket-add": [reverse("basket:add", kwargs={"pk": product.pk}) for product in products],
    }


def main() -> None:
    """Load, index, print."""
    picks = json.load(sys.stdin)
    with gzip.open(Path(sys.argv[1]), "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, picks["size"])]
    if Product.objects.exists():
        sys.exit(f"The database already holds {Product.objects.count()} products; start from an empty one.")
    with transaction.atomic():
        Site.objects.update_or_create(pk=1, defaults={"domain": "127.0.0.1", "name": "Bench"})
        Country.objects.get_or_create(
            iso_3166_1_a2="DE", defaults={"printable_name": "Germany", "name": "Germany", "is_shipping_country": True}
        )
        make_story(make_products(rows, make_categories(rows)), rows)
    call_command("rebuild_index", interactive=False, verbosity=0, batchsize=INDEX_BATCH)
    with connection.cursor() as cursor:
        # After a burst of writes the planner needs its statistics, as autovacuum would soon give it.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(json.dumps(addresses(picks)))


if __name__ == "__main__":
    main()
