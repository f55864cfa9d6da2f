"""What a file says about products, whatever its format, and what is wrong with it.

None in a field means "the file does not speak of it": what the shop has stays. An empty value empties.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

# A price before that is said to be none. Shopify writes 0 for it, too.
NO_PRICE = Decimal(0)
Attributes = dict[str, tuple[str, str | bool | Decimal]]


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that was not taken as it stands. `rejects` is False for a remark, such as a picture that cannot be reached."""

    line: int
    value: str
    reason: str
    rejects: bool = True


@dataclass(slots=True)
class VariantRecord:
    """What is bought: the product itself (no options) or one of its variants. Prices include the home country's tax.

    `compare_at_price` is NO_PRICE where there is none.
    """

    sku: str
    options: dict[str, str]
    price: Decimal | None = None
    compare_at_price: Decimal | None = None
    currency: str | None = None
    stock: int | None = None
    weight_grams: int | None = None
    gtins: list[str] | None = None
    slug: str | None = None
    picture: str | None = field(default=None, compare=False)
    line: int = field(default=0, compare=False)


@dataclass(slots=True)
class PictureRecord:
    """A picture: a web address, or a file beside the imported one or among the shop's own."""

    address: str
    alt: str = ""
    line: int = field(default=0, compare=False)


@dataclass(slots=True)
class ProductRecord:
    """One product. Found again by `upc` where given, else by `slug`.

    `categories` are paths such as "Kitchen > Knives". `attributes` maps a code to its type (text, number or boolean)
    and value; `specification` is rows of name and value. `recommended` are slugs.
    """

    slug: str
    title: str
    variants: list[VariantRecord]
    upc: str | None = None
    subtitle: str | None = None
    description: str | None = None
    brand: str | None = None
    product_type: str | None = None
    categories: list[str] | None = None
    tags: list[str] | None = None
    tax_class: str | None = None
    flag: str | None = None
    part_number: str | None = None
    released_on: date | None = None
    is_public: bool | None = None
    is_discountable: bool | None = None
    meta_title: str | None = None
    meta_description: str | None = None
    attributes: Attributes | None = None
    specification: list[list[str]] | None = None
    recommended: list[str] | None = None
    pictures: list[PictureRecord] | None = field(default=None, compare=False)
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> str:
        """What tells this product from others in one file."""
        return f"upc:{self.upc}" if self.upc else f"slug:{self.slug}"


def drop_idle_compare_at(record: ProductRecord, held: ProductRecord | None) -> list[Problem]:
    """Take away prices before that are not above the price: they would never show, and the product's form refuses them.

    What the file does not speak of is as `held` has it. Returns a remark for each; the products go in.
    """
    known = {variant.sku: variant for variant in held.variants} if held else {}
    remarks = []
    for variant in record.variants:
        was = known.get(variant.sku)
        price = variant.price if variant.price is not None or was is None else was.price
        before = (
            variant.compare_at_price if variant.compare_at_price is not None or was is None else was.compare_at_price
        )
        if price is None or not before or before > price:
            continue
        reason = f"the price before, {before}, is not above the price of {price} and would never show: it is left out"
        remarks.append(Problem(variant.line, str(before), reason, rejects=False))
        variant.compare_at_price = NO_PRICE
    return remarks


def differs(wanted: ProductRecord, held: ProductRecord) -> bool:
    """Whether `wanted` says anything that `held` does not already have."""
    return _speaks_against(wanted, held, skip={"variants", "upc"}) or _variants_differ(wanted, held)


def _variants_differ(wanted: ProductRecord, held: ProductRecord) -> bool:
    held_by_sku = {variant.sku: variant for variant in held.variants}
    if set(held_by_sku) != {variant.sku for variant in wanted.variants}:
        return True
    return any(_speaks_against(variant, held_by_sku[variant.sku], skip=set()) for variant in wanted.variants)


def _speaks_against(wanted: object, held: object, *, skip: set[str]) -> bool:
    for spec in fields(wanted):  # type: ignore[arg-type]
        if not spec.compare or spec.name in skip:
            continue
        value = getattr(wanted, spec.name)
        if value is not None and value != getattr(held, spec.name):
            return True
    return False
