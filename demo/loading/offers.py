"""Offers of the shop, and vouchers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from oscar.core.loading import get_model

from shop.catalogue.models import Product

from .data import Row

ConditionalOffer = get_model("offer", "ConditionalOffer")
Condition = get_model("offer", "Condition")
Benefit = get_model("offer", "Benefit")
Range = get_model("offer", "Range")
Voucher = get_model("voucher", "Voucher")

USAGES = {"single-use": "Single use", "multi-use": "Multi-use", "once-per-customer": "Once per customer"}


@transaction.atomic
def write_offers(data: Row, products: Mapping[str, Product], categories: Mapping[str, int]) -> None:
    """The ranges, the offers that everybody gets, and the vouchers, each with an offer of its own."""
    ranges = {row["slug"]: _range(row, products, categories) for row in data["ranges"]}
    for row in data["offers"]:
        start, end = _dates(row)
        _offer(row, ranges, offer_type=ConditionalOffer.SITE, start_datetime=start, end_datetime=end)
    for row in data["vouchers"]:
        start, end = _dates(row)
        voucher = Voucher.objects.create(
            name=row["name"], code=row["code"], usage=USAGES[row["usage"]], start_datetime=start, end_datetime=end
        )
        # A voucher bounds its own time; its offer is always open. No offer has the name of another.
        named = {**row, "name": f"{row['name']} ({row['code']})"}
        voucher.offers.add(_offer(named, ranges, offer_type=ConditionalOffer.VOUCHER))


def _dates(row: Row) -> tuple[Any, Any]:
    now = timezone.now()
    return now + timedelta(days=row["from_day"]), now + timedelta(days=row["to_day"])


def _offer(row: Row, ranges: Mapping[str, Any], **values: Any) -> Any:
    condition, benefit = row["condition"], row["benefit"]
    return ConditionalOffer.objects.create(
        name=row["name"],
        description=row.get("description", ""),
        condition=Condition.objects.create(
            range=ranges[condition["range"]], type=_kind(condition["type"]), value=Decimal(condition["value"])
        ),
        benefit=Benefit.objects.create(
            # Oscar takes no range for offers on delivery.
            range=ranges[benefit["range"]] if benefit["range"] else None,
            type=_kind(benefit["type"]),
            value=None if benefit["value"] is None else Decimal(benefit["value"]),
        ),
        priority=row.get("priority", 0),
        exclusive=row.get("exclusive", True),
        max_global_applications=row.get("limit"),
        **values,
    )


def _kind(word: str) -> str:
    """Oscar's name of a kind: "shipping-percentage" is "Shipping percentage"."""
    return word.replace("-", " ").capitalize()


def _range(row: Row, products: Mapping[str, Product], categories: Mapping[str, int]) -> Any:
    held = Range.objects.create(
        name=_range_name(row), description=row["description"], includes_all_products=row.get("all_products", False)
    )
    for slug in row["products"]:
        held.add_product(products[slug])
    held.included_categories.set([categories[path] for path in row["categories"]])
    return held


def _range_name(row: Row) -> str:
    return f"Fern & Kiln: {row['name']}"


def remove_offers(data: Row) -> None:
    """Take out the demo's ranges and whatever is offered on them, and its vouchers."""
    Voucher.objects.filter(code__in=[row["code"] for row in data["vouchers"]]).delete()
    ranges = Range.objects.filter(name__in=[_range_name(row) for row in data["ranges"]])
    mine = ConditionalOffer.objects.filter(condition__range__in=ranges)
    parts = list(mine.values_list("condition_id", "benefit_id"))
    mine.delete()
    Condition.objects.filter(pk__in=[pair[0] for pair in parts]).delete()
    Benefit.objects.filter(pk__in=[pair[1] for pair in parts]).delete()
    ranges.delete()
