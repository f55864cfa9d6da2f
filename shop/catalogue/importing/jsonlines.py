"""JSON lines, plain or gzipped: one product a line, as the electronics catalogue has them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from .records import Attributes, Problem, ProductRecord, VariantRecord
from .values import MAX_PRICE, attribute_code, clean_text, html_from_plain, parse_day, slug_from

KEYS = {"id", "part_number", "title", "brand", "ean", "description", "price_cents", "released", "attributes", "stock"}
# The file does not say how many there are.
DEFAULT_STOCK = 100


def read(path: Path) -> Iterator[ProductRecord | Problem]:
    """Yield a record or a problem for each line of the file."""
    with path.open("rb") as start:
        opener = gzip.open if start.read(2) == b"\x1f\x8b" else open
    with opener(path, "rb") as handle:
        for number, raw in enumerate(handle, start=1):
            if not raw.strip():
                continue
            try:
                yield _product(number, json.loads(raw.decode("utf-8"), parse_float=Decimal))
            except UnicodeDecodeError:
                yield Problem(number, raw[:60].decode("latin-1"), "the line is not UTF-8: save the file as UTF-8")
            except json.JSONDecodeError as error:
                yield Problem(number, raw[:60].decode("utf-8", "replace"), f"the line is not JSON: {error.msg}")
            except ValueError as error:
                yield Problem(number, _shown(raw), str(error))


def _shown(raw: bytes) -> str:
    data = json.loads(raw)
    return str(data.get("id", ""))[:60] if isinstance(data, dict) else str(data)[:60]


def _product(number: int, data: Any) -> ProductRecord:
    if not isinstance(data, dict):
        raise ValueError("the line is not an object with a product's fields")
    if unknown := sorted(set(data) - KEYS):
        raise ValueError(f"unknown field {unknown[0]!r}: known are {', '.join(sorted(KEYS))}")
    upc = clean_text(str(data.get("id") or ""), name="id", limit=64)
    if not upc:
        raise ValueError("id is empty: every product needs one")
    title = clean_text(str(data.get("title") or ""), name="title", limit=2000)[:255]
    if not title:
        raise ValueError("title is empty: a product needs a name")
    brand = clean_text(str(data.get("brand") or ""), name="brand", limit=128)
    released = data.get("released")
    gtins = [clean_text(str(code), name="ean", limit=64) for code in data.get("ean") or []]
    variant = VariantRecord(
        sku=upc,
        options={},
        price=_price(data.get("price_cents")),
        stock=_stock(data.get("stock")),
        gtins=gtins,
        line=number,
    )
    return ProductRecord(
        slug=slug_from(title[:200], upc), upc=upc, title=title, variants=[variant], brand=brand, line=number,
        description=html_from_plain(clean_text(str(data.get("description") or ""), name="description", limit=100_000)),
        product_type="Electronics", categories=[f"{brand[0].upper()} > {brand}"] if brand else [],
        part_number=clean_text(str(data.get("part_number") or ""), name="part_number", limit=255),
        released_on=parse_day(str(released), name="released") if released else None,
        is_public=True, attributes=_attributes(data.get("attributes") or {}), specification=[],
    )  # fmt: skip


def _price(cents: Any) -> Decimal:
    if isinstance(cents, bool) or not isinstance(cents, int):
        raise ValueError(f"price_cents {str(cents)[:60]!r} is not a whole number of cents")
    if cents < 0:
        raise ValueError(f"price_cents {cents} is below zero")
    price = Decimal(cents) / 100
    if price > MAX_PRICE:
        raise ValueError(f"price_cents {cents} is above {MAX_PRICE * 100:.0f}")
    return price.quantize(Decimal("0.01"))


def _stock(value: Any) -> int:
    if value is None:
        return DEFAULT_STOCK
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"stock {str(value)[:60]!r} is not a whole number from zero up")
    return value


def _attributes(given: Any) -> Attributes:
    if not isinstance(given, dict):
        raise ValueError("attributes is not a map of name to {type, value}")
    attributes: Attributes = {}
    for name, entry in given.items():
        if (
            not isinstance(entry, dict)
            or entry.get("type") not in {"text", "number", "boolean"}
            or "value" not in entry
        ):
            raise ValueError(f"attribute {name!r} is not {{type: text|number|boolean, value: …}}")
        kind, value = entry["type"], entry["value"]
        try:
            if kind == "number":
                value = Decimal(str(value)).normalize()
                if not value.is_finite():
                    raise ArithmeticError
            elif kind == "boolean":
                value = bool(value)
            else:
                value = clean_text(str(value), name=name, limit=100_000)
        except ArithmeticError:
            raise ValueError(f"attribute {name!r} is a number and has the value {str(value)[:60]!r}") from None
        if value != "":
            attributes[attribute_code(name)] = (kind, value)
    return attributes
