"""What Elasticsearch is told of a product."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from search.rows import Listed
from search.words import fold, numbers, words

from . import german
from .heads import named
from .mapping import PART
from .measures import measures

LONGEST_NUMBER = 64
MOST_LETTERS = 256
# A part of a number that says something: two characters or more.
SHORTEST_PART = 2
_BORDERS = re.compile(r"[a-z]+|\d+")


def document(row: Listed) -> dict[str, Any]:
    """The document of one product; its id is the product's."""
    held = row.said
    prices = sorted({row.price_low, row.price_high, *row.prices_between} - {None}, key=lambda price: price or 0)
    thing = named(row.title, held.brand, held.attributes, compounds=german.is_spoken())
    facets: dict[str, list[str]] = defaultdict(list)
    for code, value in row.short_facets:
        facets[code].append(value)
    return {
        "id": row.product_id,
        "title": list(held.titles) or [row.title],
        "title_words": list(
            dict.fromkeys(" ".join(words(title))[:MOST_LETTERS] for title in held.titles or [row.title])
        ),
        "names": [*held.numbers, *held.tags],
        "brand": held.brand,
        "body": held.body,
        "attributes": list(held.attributes),
        "lists": list(held.lists),
        "measures": measures((*(held.titles or [row.title]), *held.attributes, held.body)),
        "shelves": list(held.shelves),
        "shelf_words": list(dict.fromkeys(" ".join(words(shelf))[:MOST_LETTERS] for shelf in held.shelves)),
        "heads": list(thing.heads),
        "beside": list(thing.beside),
        "numbers": spellings(held.numbers),
        "brand_slug": held.brand_slug or None,
        "categories": sorted(row.category_ids),
        "kinds": [*held.kinds, *kind_words(row.title, held.brand)],
        "codes": sorted(set(facets) - {"brand"}),
        "facets": facets,
        "choices": [choice(code, value, label) for (code, value), label in row.short_facets.items()],
        "prices": [minor(price) for price in prices],
        "price_low": minor(row.price_low),
        "price_high": minor(row.price_high),
        "tax_class": row.tax_class,
        "has_price": row.price_low is not None,
        "in_stock": row.in_stock,
        "reduced": row.reduced,
        "in_offer": row.in_offer,
        "rating": row.rating,
        "released": row.released.isoformat(),
        "popularity": row.popularity,
        "title_sort": fold(row.title)[:255],
    }


def choice(code: str, value: str, label: str) -> str:
    """A facet's value as it is counted."""
    return f"{code}{PART}{value}{PART}{label}"


def kind_words(title: str, brand: str) -> list[str]:
    """The words of a title that say what sort of thing it is: those of the brand, and numbers, do not."""
    brands = set(words(brand))
    return [word for word in dict.fromkeys(words(title)) if word.isalpha() and word not in brands]


def minor(price: Decimal | None) -> int | None:
    """A price in pence or cents: whole numbers compare exactly."""
    return None if price is None else int(price * 100)


def spellings(written: Iterable[str]) -> list[str]:
    """Everything that part numbers are found by: whole, without separators, in their parts, and where letters meet digits.

    "DMC-FZ1000" gives dmc, fz1000, dmcfz1000, fz and 1000.
    """
    found = dict.fromkeys(word for number in written for word in numbers(number))
    for word in list(found):
        parts = _BORDERS.findall(word)
        if len(parts) > 1:
            found.update(dict.fromkeys(part for part in parts if len(part) >= SHORTEST_PART))
    return [word[:LONGEST_NUMBER] for word in found]
