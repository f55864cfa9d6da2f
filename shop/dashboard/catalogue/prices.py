"""New prices for many products at once, held to the rules of a single product's form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.catalogue import forms as oscar

from shop.catalogue.importing.values import MAX_PRICE
from shop.catalogue.models import Product
from shop.partner.models import StockRecord
from shop.partner.pricing import rounded
from themes.formats import money

from ..inputs import in_coins
from .names import names_of

# As many refused prices as somebody reads.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Change:
    """How prices change: those of `single` products to their own, the others all in one way."""

    single: dict[int, Decimal]
    to: Decimal | None = None
    by: Decimal | None = None
    percent: Decimal | None = None

    def of(self, record: StockRecord) -> Decimal | None:
        """The new price of a record; None where it stays, because it has none or nothing was said of it."""
        own = self.single.get(record.product_id, self.to)
        if own is not None:
            return own
        if record.price is None:
            return None
        new: Decimal
        if self.by is not None:
            new = record.price + self.by
        elif self.percent is not None:
            new = record.price * (100 + self.percent) / 100
        else:
            return None
        return rounded(new)


def refused(change: Change, records: Iterable[StockRecord]) -> list[tuple[int, str]]:
    """Every price that a single product's form would refuse: the product's id and why."""
    found: list[tuple[StockRecord, str]] = []
    for record in records:
        new, before = change.of(record), record.compare_at_price
        if new is None:
            continue
        given = record.product_id in change.single or change.to is not None
        if new < 0 or (new == 0 and not given):
            text = _now("“%(name)s” would cost %(new)s. Lower it less, or leave it out.")
        elif new > MAX_PRICE:
            text = _now("“%(name)s” would cost %(new)s, which is more than a price can be.")
        elif before is not None and before <= new:
            text = _now(
                "“%(name)s” would cost %(new)s, and its price before is %(before)s, which must be higher to be shown. "
                "Leave it out, or change or empty its price before first."
            )
        else:
            continue
        prices = {
            "new": money(new, record.price_currency),
            "before": money(before or Decimal(0), record.price_currency),
        }
        found.append((record, text % {"name": "%(name)s", **prices}))
    names = names_of(record.product for record, _text in found)
    return [(record.product_id, text % {"name": names[record.product_id]}) for record, text in found]


class SetProductPriceForm(oscar.SetProductPriceForm):
    """One of three ways for all that is chosen, or single prices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = settings.SHOP_CURRENCY
        for name, label, text in (
            ("new_price", _("New price"), _("All that is chosen costs this, in %(currency)s.")),
            (
                "increase_by_amount",
                _("Raise by an amount"),
                _("2.00 raises 10.00 to 12.00, and -3.00 lowers it to 7.00, in %(currency)s."),
            ),
            (
                "increase_by_percentage",
                _("Raise by per cent"),
                _("10 raises 10.00 to 11.00, and -10 lowers it to 9.00. Less than -99 is refused."),
            ),
        ):
            self.fields[name].label = label
            self.fields[name].help_text = text % {"currency": currency}
        single = [name for name in self.fields if name.startswith("price_")]
        in_coins(self.fields, "new_price", "increase_by_amount", *single)
        partners = self.fields["partners"]
        partners.help_text = _("Only prices of these partners change.")
        if len(partners.queryset) == 1:  # type: ignore[attr-defined]
            partners.widget = forms.MultipleHiddenInput()

    def clean_increase_by_percentage(self) -> Decimal | None:
        """Nothing is given away by a slip of the keyboard."""
        percent: Decimal | None = self.cleaned_data["increase_by_percentage"]
        if percent is not None and percent < -99:
            raise ValidationError(
                _("%(percent)s %% would leave nothing of the price. Lower it by up to 99 %%, or give a new price."),
                params={"percent": percent},
            )
        return percent

    def clean(self) -> dict[str, Any]:
        """Every price that would come out is looked at before any is written."""
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        problems = refused(self.change(), self.records())
        for pk, text in problems[:NAMED]:
            self.add_error(f"price_{pk}" if f"price_{pk}" in data and data[f"price_{pk}"] is not None else None, text)
        if len(problems) > NAMED:
            self.add_error(None, _now("And %(count)s more.") % {"count": len(problems) - NAMED})
        return data

    def change(self) -> Change:
        """What was asked for."""
        data = self.cleaned_data
        return Change(
            single=self.get_specific_prices(),
            to=data.get("new_price"),
            by=data.get("increase_by_amount"),
            percent=data.get("increase_by_percentage"),
        )

    def chosen(self) -> Any:
        """The products that were ticked, one by one or all of a kind."""
        data, products = self.cleaned_data, self.fields["selected_products"].queryset  # type: ignore[attr-defined]
        kinds = [
            kind
            for name, kind in (
                ("select_all_parents", Product.PARENT),
                ("select_all_children", Product.CHILD),
                ("select_all_standalones", Product.STANDALONE),
            )
            if data.get(name)
        ]
        return products.filter(pk__in=data["selected_products"].values("pk")) | products.filter(structure__in=kinds)

    def records(self) -> Any:
        """The prices that change, with what names their products."""
        return (
            StockRecord.objects.filter(
                product__in=self.chosen().values("pk"), partner__in=self.cleaned_data["partners"]
            )
            .select_related("product__parent")
            .order_by("pk")
        )
