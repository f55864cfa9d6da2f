"""What tells the variants of a product apart, and which variant a choice of options means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext
from oscar.apps.catalogue.models import ProductAttributeValue

from shop.markets import Market, home_market
from shop.partner.pricing import TaxTable
from shop.prepared import Prepared

from ..cards import OptionAxis, OptionValue, Price, Variant
from .cards import Batch, gather, product_rows

# Colour words of one axis become swatches; where one word is unknown, the axis shows words alone.
SWATCHES = {
    "ash": "#b9b4a6",
    "black": "#1e1e1c",
    "blue": "#3f6f9f",
    "bone": "#e9e1cf",
    "brass": "#b08d3f",
    "brick": "#94412c",
    "brown": "#6b4a34",
    "butter": "#e2b54a",
    "celadon": "#a9c2ac",
    "chalk": "#efe9dc",
    "charcoal": "#3a3d3c",
    "clay": "#b0694a",
    "copper": "#b0713f",
    "cream": "#f2e8d2",
    "ebonised": "#3a3936",
    "fern": "#4d6f4f",
    "flax": "#d8c7a0",
    "gold": "#c9a24b",
    "graphite": "#4a4d50",
    "green": "#4b7a4d",
    "grey": "#8b8f8c",
    "indigo": "#3a4472",
    "ink": "#2e4a63",
    "iron": "#4b4a48",
    "linen": "#ddd2ba",
    "moss": "#68754a",
    "mustard": "#c79a32",
    "natural": "#d9c7a3",
    "navy": "#26344f",
    "oak": "#b58a57",
    "oat": "#dccfb6",
    "ochre": "#c18a34",
    "olive": "#6d6f3c",
    "orange": "#cf7433",
    "pink": "#d99aa0",
    "plum": "#6d3f55",
    "purple": "#6a4a80",
    "red": "#b03a34",
    "rose": "#cf8d8d",
    "rust": "#b5522b",
    "sage": "#9cab8d",
    "sand": "#d6c19a",
    "silver": "#c0c4c6",
    "sky": "#9cbac9",
    "slate": "#5d6a72",
    "soot": "#3a3936",
    "steel": "#8d979c",
    "stone": "#b8b1a3",
    "straw": "#dcc387",
    "teal": "#35736f",
    "terracotta": "#b8603f",
    "walnut": "#6a4a32",
    "wheat": "#dcc391",
    "white": "#f7f5ef",
    "yellow": "#dcb63f",
}

# (product, attribute, its code, its name, the value as text, the attribute's type)
Row = tuple[int, int, str, str, str, str]
# Types that a visitor can choose by; a weight or a date that differs goes with the variant that was chosen.
AXIS_TYPES = ("option", "text")


def _values_query(ids: list[int]) -> QuerySet[Any, Any]:
    return (
        ProductAttributeValue.objects.filter(product__in=ids)
        .exclude(attribute__type__in=("file", "image", "entity", "richtext"))
        .order_by("attribute_id", "product_id")
        .values_list(
            *("product_id", "attribute_id", "attribute__code", "attribute__name", "attribute__type"),
            *("value_option__option", "value_text", "value_integer", "value_float", "value_boolean"),
            *("value_date", "value_multi_option__option"),
        )
    )


VALUES = Prepared(_values_query, lists=("ids",))


def attribute_rows(product_ids: Sequence[int]) -> list[Row]:
    """One query: everything that can be put in words, in a stable order."""
    rows: dict[tuple[int, int], tuple[str, str, str, list[str]]] = {}
    for product_id, attribute_id, code, name, kind, *found in VALUES.run(ids=product_ids):
        text = as_text(kind, found)
        if text:
            rows.setdefault((product_id, attribute_id), (code, name, kind, []))[3].append(text)
    return [
        (pk, attribute, code, name, ", ".join(texts), kind)
        for (pk, attribute), (code, name, kind, texts) in rows.items()
    ]


def as_text(kind: str, found: Sequence[Any]) -> str:
    """One attribute's value as a visitor reads it; empty where there is none."""
    option, text, integer, real, boolean, date, multi = found
    if kind == "boolean":
        return "" if boolean is None else gettext("Yes") if boolean else gettext("No")
    if kind in ("integer", "float"):
        value = integer if kind == "integer" else real
        return "" if value is None else number_format(f"{value:g}" if kind == "float" else value)
    if kind == "date":
        return "" if date is None else date_format(date)
    return {"option": option, "multi_option": multi}.get(kind, text) or ""


def axes_and_variants(
    parent_id: int, batch: Batch, attributes: Sequence[Row]
) -> tuple[tuple[OptionAxis, ...], tuple[Variant, ...]]:
    """The axes of a parent's variants, nothing selected yet, and the variants in the order in which they were made.

    An axis is an attribute in which the children differ.
    """
    children = batch.children.get(parent_id, [])
    texts: dict[int, dict[int, str]] = defaultdict(dict)
    names: dict[int, tuple[str, str]] = {}
    for product_id, attribute_id, code, name, text, kind in attributes:
        if product_id != parent_id and kind in AXIS_TYPES:
            texts[product_id][attribute_id] = text
            names[attribute_id] = (code, name)
    differing = [attribute for attribute in names if len({texts[child.id].get(attribute) for child in children}) > 1]
    values = {
        attribute: list(dict.fromkeys(texts[child.id].get(attribute, "") for child in children))
        for attribute in differing
    }
    variants = tuple(
        Variant(
            id=child.id,
            sku=batch.offered[child.id].sku,
            title=child.title or ", ".join(filter(None, (texts[child.id].get(one, "") for one in differing))),
            options={names[one][0]: texts[child.id].get(one, "") for one in differing},
            price=batch.offered[child.id].price,
            stock=batch.offered[child.id].stock,
            picture=batch.pictures[child.id][0] if child.id in batch.pictures else None,
            keys=tuple(
                f"{place}-{values[one].index(texts[child.id].get(one, ''))}" for place, one in enumerate(differing)
            ),
        )
        for child in children
    )
    axes = tuple(
        _axis(names[attribute], place, values[attribute], variants) for place, attribute in enumerate(differing)
    )
    return axes, variants


def _axis(name: tuple[str, str], place: int, values: Sequence[str], variants: Sequence[Variant]) -> OptionAxis:
    code, label = name
    swatches = [SWATCHES.get(value.strip().lower(), "") for value in values]
    costs = _prices(code, values, variants)
    return OptionAxis(
        code=code,
        name=label,
        values=tuple(
            OptionValue(
                value=value,
                label=value or "–",
                available=any(one.options[code] == value and one.stock.can_buy for one in variants),
                swatch=swatches[number] if all(swatches) else "",
                key=f"{place}-{number}",
                price=costs.get(value),
            )
            for number, value in enumerate(values)
        ),
    )


def _prices(code: str, values: Sequence[str], variants: Sequence[Variant]) -> dict[str, Price]:
    """What a value of this axis costs, where that goes by this axis alone and one value costs other than another."""
    found = {value: {one.price for one in variants if one.options[code] == value} for value in values}
    costs = {value: next(iter(prices)) for value, prices in found.items() if len(prices) == 1}
    if len(costs) < len(values) or len({price and price.now for price in costs.values()}) < 2:
        return {}
    return {value: price for value, price in costs.items() if price is not None}


def choose(variants: Sequence[Variant], *, variant_id: int | None = None, values: Mapping[str, str]) -> Variant | None:
    """The variant that is shown: the one named, else the first that fits `values` and can be bought, else any first.

    Values of unknown axes, and values that no variant has, are passed over.
    """
    for one in variants:
        if one.id == variant_id:
            return one
    known = {code: value for code, value in values.items() if any(one.options.get(code) == value for one in variants)}
    fitting = [one for one in variants if all(one.options[code] == value for code, value in known.items())]
    pool = fitting or list(variants)
    return next((one for one in pool if one.stock.can_buy), pool[0] if pool else None)


def selected(axes: Sequence[OptionAxis], variant: Variant | None) -> tuple[OptionAxis, ...]:
    """The axes with the values of `variant` marked."""
    if variant is None:
        return tuple(axes)
    return tuple(
        replace(
            axis,
            values=tuple(
                replace(value, selected=True) if value.value == variant.options[axis.code] else value
                for value in axis.values
            ),
        )
        for axis in axes
    )


def resolve_variant(parent_id: int, values: Mapping[str, str], *, market: Market | None = None) -> Variant | None:
    """The one public variant of a parent that has exactly these values on its axes; None where no or several have.

    `values` may hold other keys too, as a posted form does. For the basket, where a form sends axes and no variant.
    """
    rows = product_rows([parent_id])
    if parent_id not in rows:
        return None
    market = market or home_market()
    batch = gather(rows, market=market, taxes=TaxTable.for_pages(market.country))
    _, variants = axes_and_variants(parent_id, batch, attribute_rows(list(rows)))
    fitting = [one for one in variants if all(values.get(code) == value for code, value in one.options.items())]
    return fitting[0] if len(fitting) == 1 else None
