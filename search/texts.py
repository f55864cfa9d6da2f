"""What a product says in words: as merchants wrote it for Elasticsearch, and spelt for the database's text index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shop.catalogue.html import plain_text
from shop.catalogue.models import Product
from shop.partner.models import StockRecord

from .fulltext import Text
from .words import numbers, words

# Of each kind of text as many words are indexed; a tsvector takes a megabyte.
MOST_WORDS = 2000
# The same for the raw description.
LONGEST_BODY = 20_000
MOST_ATTRIBUTES = 200


@dataclass(frozen=True, slots=True)
class Said:
    """The texts of a product together with its variants'."""

    # Its own title first, then the line under it and its variants' titles.
    titles: tuple[str, ...] = ()
    brand: str = ""
    brand_slug: str = ""
    # Part numbers, SKUs, UPCs and EANs as they are written.
    numbers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    body: str = ""
    # "Colour: blue", for each attribute and each row of the specification.
    attributes: tuple[str, ...] = ()
    # Values that are longer than a facet's, whole: mostly lists of what it fits.
    lists: tuple[str, ...] = ()
    # The names of its product type and of the categories it stands in, those above them included.
    shelves: tuple[str, ...] = ()
    # What tells its sort from others: "class:<slug>", and "category:<id>" of the deepest ones.
    kinds: tuple[str, ...] = ()


def said(
    product: Product,
    variants: Sequence[Product],
    stock: Mapping[int, StockRecord],
    attributes: Mapping[tuple[str, str], str],
    names: Mapping[str, str],
    shelves: Sequence[str],
    deepest: Sequence[int],
    lists: tuple[str, ...] = (),
) -> Said:
    """Gather the texts. `names` are those of attributes by code, `shelves` those of its categories."""
    found: dict[str, None] = {}
    for part in (product, *variants):
        sku = stock[part.pk].partner_sku if part.pk in stock else ""
        for number in (part.part_number, part.upc or "", sku, *map(str, part.gtins)):
            if number:
                found[number] = None
    rows = [f"{names.get(code, code)}: {label}" for (code, _value), label in attributes.items()]
    rows += [f"{row[0]}: {row[1]}" for row in product.specification if len(row) == 2]
    sort = product.product_class
    return Said(
        titles=tuple(
            dict.fromkeys(text for text in (product.title, product.subtitle, *(one.title for one in variants)) if text)
        ),
        brand=product.brand.name if product.brand else "",
        brand_slug=product.brand.slug if product.brand else "",
        numbers=tuple(found),
        tags=tuple(map(str, product.tags)),
        # A space for each tag, so that the end of a paragraph ends a word.
        body=plain_text(product.description.replace("<", " <"))[:LONGEST_BODY],
        attributes=tuple(rows[:MOST_ATTRIBUTES]),
        lists=lists[:MOST_ATTRIBUTES],
        shelves=tuple(dict.fromkeys([*([sort.name] if sort else []), *shelves])),
        kinds=(*([f"class:{sort.slug}"] if sort else []), *(f"category:{pk}" for pk in deepest)),
    )


def spelt(product_id: int, held: Said, attributes: Mapping[tuple[str, str], str]) -> Text:
    """The same as the database's text index takes it."""
    own, *others = held.titles or ("",)
    title = words(own)
    title += [word for text in others for word in words(text) if word not in title]
    names = words(held.brand)
    names += [word for tag in held.tags for word in words(tag)]
    names += numbers(" ".join(held.numbers))
    labels = [word for label in attributes.values() for word in words(label)]
    return Text(
        product_id=product_id,
        title=title[:MOST_WORDS],
        names=list(dict.fromkeys(names))[:MOST_WORDS],
        body=words(held.body)[:MOST_WORDS],
        attributes=labels[:MOST_WORDS],
    )
