"""JSON lines, plain or gzipped: one product a line, as the electronics catalogue has them."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings

from shop.partner.pricing import rounded
from shop.payment.currencies import as_kept

from .lines import UnreadableFileError, require_lines
from .records import Attributes, Problem, ProductRecord, VariantRecord
from .values import MAX_PRICE, MAX_STOCK, attribute_code, clean_text, html_from_plain, parse_day, slug_from

KEYS = {"id", "part_number", "title", "brand", "ean", "description", "price_cents", "released", "attributes", "stock"}
# The file does not say how many there are.
DEFAULT_STOCK = 100
# A few kilobytes that were packed can become gigabytes on one line.
LONGEST_LINE = 4_000_000
# More digits than this before or after the point are no measurement.
MOST_DIGITS = 30
# Of all lines together, unpacked.
MOST_BYTES = 1_000_000_000


def read(path: Path) -> Iterator[ProductRecord | Problem]:
    """Yield a record or a problem for each line of the file.

    Raises UnreadableFileError where it has more lines or, unpacked, more bytes than are read.
    """
    with path.open("rb") as start:
        opener = gzip.open if start.read(2) == b"\x1f\x8b" else open
    with opener(path, "rb") as handle:
        number = 0
        try:
            for number, raw in enumerate(_raw_lines(cast(BinaryIO, handle)), start=1):
                require_lines(number)
                if raw.strip():
                    yield _read_line(number, raw)
        except (EOFError, zlib.error, gzip.BadGzipFile):
            reason = "the packed file is broken from here on: pack it again"
            yield Problem(number + 1, "", reason)


def _raw_lines(handle: BinaryIO) -> Iterator[bytes]:
    """Each line; of one that is longer than any product the first LONGEST_LINE bytes."""
    size = 0
    while raw := handle.readline(LONGEST_LINE):
        size = _counted(size, raw)
        yield raw
        part = raw
        while len(part) == LONGEST_LINE and not part.endswith(b"\n"):
            part = handle.readline(LONGEST_LINE)
            size = _counted(size, part)


def _counted(size: int, part: bytes) -> int:
    size += len(part)
    if size > MOST_BYTES:
        raise UnreadableFileError(f"unpacked, the file has more than {MOST_BYTES // 1_000_000:,} MB: split it")
    return size


def _read_line(number: int, raw: bytes) -> ProductRecord | Problem:
    """The product of a line, or what is wrong with it: whatever stands there, the next lines are read."""
    shown = raw[:60].decode("utf-8", "replace")
    if len(raw) == LONGEST_LINE:
        return Problem(number, shown, f"the line has {LONGEST_LINE} bytes or more: each product has a line of its own")
    try:
        data = json.loads(raw.decode("utf-8"), parse_float=Decimal)
    except UnicodeDecodeError:
        return Problem(number, raw[:60].decode("latin-1"), "the line is not UTF-8: save the file as UTF-8")
    except json.JSONDecodeError as error:
        return Problem(number, shown, f"the line is not JSON: {error.msg}")
    except RecursionError:
        return Problem(number, shown, "the line is not a product: its brackets are nested too deeply")
    except ValueError:
        # Python reads no whole number of thousands of digits.
        return Problem(number, shown, "the line holds a number with too many digits")
    try:
        return _product(number, data)
    except ValueError as error:
        named = str(data.get("id", "") if isinstance(data, dict) else data)[:60]
        return Problem(number, named.encode("utf-8", "replace").decode("utf-8"), str(error))


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
    codes = data.get("ean") or []
    if not isinstance(codes, list):
        raise ValueError(f'ean {str(codes)[:60]!r} is not a list of codes: write ["…"]')
    gtins = [clean_text(str(code), name="ean", limit=64) for code in codes]
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
    price = as_kept(Decimal(cents) / 100)
    if price > MAX_PRICE:
        raise ValueError(f"price_cents {cents} is above {MAX_PRICE * 100:.0f}")
    if rounded(price) != price:
        raise ValueError(f"price_cents {cents} cannot be paid in {settings.SHOP_CURRENCY}, which has no cents")
    return price


def _stock(value: Any) -> int:
    if value is None:
        return DEFAULT_STOCK
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"stock {str(value)[:60]!r} is not a whole number from zero up")
    if value > MAX_STOCK:
        raise ValueError(f"stock {value} is above {MAX_STOCK}")
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
                if not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
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
