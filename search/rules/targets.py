"""The products, brands, categories and values that rules name: found by what people have at hand, and named again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from oscar.core.loading import get_model

from shop.catalogue.cards import ProductCard
from shop.catalogue.models import Brand, Category
from shop.catalogue.selectors import product_cards
from shop.dashboard.inputs import ProductField
from shop.markets import Market

from ..models import ListingFacet
from ..rows import facet_value
from ..types import Kind
from ..words import fold, stem
from .content import Entry

PATH = " > "
# So many are named to somebody who typed a name that is none, out of so many with one of its words.
NEAR, MOST_LOOKED_AT, MOST_WORDS = 5, 50, 8
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Target:
    """What an entry is about, as it is now. `is_gone`: it is deleted or not shown, and the entry is skipped."""

    label: str
    url: str = ""
    card: ProductCard | None = None
    is_gone: bool = False


def find(kind: Kind, text: str) -> tuple[str, str]:
    """The value and the name of what `text` means. Raises ValidationError that says what was looked for."""
    text = " ".join(text.split())
    if not text:
        raise ValidationError(_("Say what it is about."))
    if kind == "product":
        product = ProductField().clean(text)
        return str(product.pk), product.get_title()
    if kind == "brand":
        brands = list(Brand.objects.filter(Q(slug__iexact=text) | Q(name__iexact=text))[:2])
        brand = _only(brands, text, _("brand"), _near(Brand.objects.order_by("name"), text))
        return brand.slug, brand.name
    if kind == "category":
        category = find_category(text)
        return str(category.pk), category.full_name
    return _value(text)


def find_category(text: str) -> Category:
    """A category by its name, or by its way where several have that name. Raises ValidationError."""
    names = [name.strip() for name in text.split(PATH.strip()) if name.strip()]
    named = list(Category.objects.filter(name__iexact=names[-1] if names else "")[:50])
    fitting = [row for row in named if len(names) < 2 or _way(row).endswith(PATH.join(names).casefold())]
    if len(fitting) > 1:
        ways = ", ".join(f"“{row.full_name}”" for row in fitting[:3])
        raise ValidationError(
            _("Several categories are called so: write the way to it, such as one of %(ways)s."), params={"ways": ways}
        )
    near = _near(Category.objects.browsable(), names[-1] if names else "")
    found: Category = _only(fitting, text, _("category"), near)
    return found


def _near(rows: QuerySet[Any], text: str) -> Iterator[str]:
    """What is called nearly so: with all of these words, or else with one of them, whatever their number."""
    asked = [stem(word) for word in fold(text).split()][:MOST_WORDS]
    named = Q()
    for word in asked:
        named |= Q(name__icontains=word)
    held = list(rows.filter(named)[:MOST_LOOKED_AT]) if asked else []
    held.sort(key=lambda row: -sum(word in fold(row.name) for word in asked))
    for row in held[:NEAR]:
        yield str(getattr(row, "full_name", row.name))


def _way(category: Category) -> str:
    return str(category.full_name).casefold()


def _only(fitting: Sequence[Row], text: str, what: str, near: Iterable[str]) -> Row:
    if len(fitting) != 1:
        said = _("No %(what)s is called “%(text)s”.")
        if names := "; ".join(near):
            said = _("No %(what)s is called “%(text)s”. There are: %(near)s.")
        raise ValidationError(said, params={"what": what, "text": text[:80], "near": names})
    return fitting[0]


def _value(text: str) -> tuple[str, str]:
    name, sign, value = text.replace(":", "=", 1).partition("=")
    name, value = name.strip(), value.strip()
    if not sign or not name or not value:
        raise ValidationError(
            _("“%(text)s” names no value: write the attribute, a colon and the value, such as Glaze: Rust."),
            params={"text": text[:80]},
        )
    attributes = get_model("catalogue", "ProductAttribute").objects.filter(Q(code__iexact=name) | Q(name__iexact=name))
    held = dict(attributes.values_list("code", "name"))
    row = ListingFacet.objects.filter(code__in=held, value=facet_value(value)).order_by("code", "label").first()
    if row is None:
        raise ValidationError(
            _("No product has “%(value)s” as its “%(name)s”."), params={"value": value[:80], "name": name[:80]}
        )
    return f"{row.code}={row.value}", f"{held[row.code]}: {row.label}"


def look_up(entries: Iterable[Entry], *, market: Market) -> dict[tuple[str, str], Target]:
    """What the entries are about now. One query a kind, and those of the products' cards."""
    asked: dict[str, dict[str, str]] = {}
    for entry in entries:
        asked.setdefault(entry.kind, {})[entry.value] = entry.label
    found: dict[tuple[str, str], Target] = {}
    if products := asked.get("product"):
        cards = product_cards([int(value) for value in products if value.isdecimal()], market=market)
        for value in products:
            if card := cards.get(int(value)) if value.isdecimal() else None:
                found["product", value] = Target(card.title, card.url, card)
    if brands := asked.get("brand"):
        for slug, name in Brand.objects.filter(slug__in=brands).values_list("slug", "name"):
            found["brand", slug] = Target(name)
    if categories := asked.get("category"):
        for row in Category.objects.browsable().filter(pk__in=[value for value in categories if value.isdecimal()]):
            found["category", str(row.pk)] = Target(row.name, row.get_absolute_url())
    if values := asked.get("attribute"):
        pairs = Q()
        for code, _sign, value in (text.partition("=") for text in values):
            pairs |= Q(code=code, value=value)
        held = ListingFacet.objects.filter(pairs).order_by().values_list("code", "value").distinct()
        found |= {("attribute", f"{code}={value}"): Target(values[f"{code}={value}"]) for code, value in held}
    return found | {
        (kind, value): Target(label or value, is_gone=True)
        for kind, labels in asked.items()
        for value, label in labels.items()
        if (kind, value) not in found
    }
