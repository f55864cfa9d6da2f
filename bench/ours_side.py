"""Runs inside our shop: writes the story and prints the addresses that are measured.

    python -m bench.ours_side < picks.json

Standard input holds the picks; what it prints is a JSON object of kind to addresses (product numbers for basket-add).
"""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
TITLE = "Seventy-two things for a desk"


def write_story(ids: list[int], *, grids: int) -> str:
    """Write and publish a story with `grids` grids of products picked by hand. Returns its address."""
    from wagtail.models import Site

    from content.models import StoryIndexPage, StoryPage

    found = StoryPage.objects.filter(title=TITLE).first()
    if found is None:
        home = Site.objects.get(is_default_site=True).root_page.specific
        journal = StoryIndexPage.objects.first() or home.add_child(
            instance=StoryIndexPage(title="Journal", slug="journal")
        )
        found = StoryPage(title=TITLE, standfirst="Three shelves of them, with today's prices.", body=[])
        found.body = StoryPage.body.field.to_python(story_body(ids, grids=grids))
        journal.add_child(instance=found)
    return str(found.url)


def story_body(ids: list[int], *, grids: int) -> list[dict[str, Any]]:
    """Raw blocks: a paragraph before each grid."""
    held = len(ids) // grids
    blocks: list[dict[str, Any]] = []
    for number in range(grids):
        shelf = ids[number * held : (number + 1) * held]
        text = "<p>What stands on a desk is looked at all day. These are worth the look, and they do their work.</p>"
        items = [{"type": "item", "value": pk, "id": str(uuid.uuid4())} for pk in shelf]
        blocks += [
            _block("text", {"text": text, "dropcap": number == 0}),
            _block("product_grid", {"title": f"Shelf {number + 1}", "note": "", "products": items, "row": False}),
        ]
    return blocks


def _block(kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def addresses(picks: dict[str, Any], *, grids: int) -> dict[str, list[Any]]:
    """Where each kind of page is found."""
    from django.urls import reverse

    from search.categories import address
    from shop.catalogue.models import Category, Product
    from shop.partner.models import StockRecord

    held = Product.objects.count()
    if held != picks["size"]:
        sys.exit(f"The shop holds {held} products, not the {picks['size']} that were to be loaded.")
    ids = dict(Product.objects.values_list("upc", "pk"))
    products = [Product.objects.get(upc=upc) for upc in picks["products"]]
    # Nothing is sold out while it is measured.
    StockRecord.objects.filter(product__in=products).update(num_in_stock=1_000_000)
    brands = [Category.objects.get(name=name, depth=2) for name in picks["brands"]]
    return {
        "category": [address(brand.full_slug) for brand in brands],
        "product": [product.get_absolute_url() for product in products],
        "search": [f"{reverse('search:search')}?{urlencode({'q': query})}" for query in picks["queries"]],
        "search-new": [f"{reverse('search:search')}?{urlencode({'q': query})}" for query in picks["new_queries"]],
        # As far as somebody types before looking up.
        "suggest": [f"{reverse('search:suggest')}?{urlencode({'q': query[:4]})}" for query in picks["queries"]],
        "story": [write_story([ids[upc] for upc in picks["in_story"]], grids=grids)],
        "basket-add": [product.pk for product in products],
    }


def main() -> None:
    """Run in the settings that the environment names."""
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django

    django.setup()
    from django.db import connection

    from bench.picks import GRIDS

    found = addresses(json.load(sys.stdin), grids=GRIDS)
    with connection.cursor() as cursor:
        # After a burst of writes the planner needs its statistics, as autovacuum would soon give it.
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    print(json.dumps(found))


if __name__ == "__main__":
    main()
