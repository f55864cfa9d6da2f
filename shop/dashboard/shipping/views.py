"""Delivery methods: list, add, change, delete."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shop.dashboard.inputs import in_coins
from shop.dashboard.rows import RowCreateView, RowDeleteView, RowListView, RowUpdateView
from shop.dashboard.taxes import country_choices
from shop.shipping.models import ShippingMethod
from themes.formats import money


class MethodForm(forms.ModelForm):
    """One way of delivery."""

    class Meta:
        model = ShippingMethod
        fields = (
            *("name", "code", "description", "is_active", "position", "countries"),
            *("price", "included_grams", "price_per_kg", "max_grams", "free_above", "days_min", "days_max"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["countries"] = forms.MultipleChoiceField(
            label=_("Countries"),
            choices=country_choices(),
            required=False,
            help_text=_("None chosen means everywhere the shop sells to."),
        )
        self.fields["price"].help_text = _("Includes tax.")
        in_coins(self.fields, "price", "price_per_kg", "free_above")

    def clean(self) -> dict[str, Any]:
        """The slowest parcel is not faster than the fastest."""
        data = super().clean() or {}
        least, most = data.get("days_min"), data.get("days_max")
        if least is not None and most is not None and least > most:
            self.add_error(
                "days_max",
                _("It is %(most)s and the least is %(least)s: give at least as many days.")
                % {"most": most, "least": least},
            )
        return data


def _others(row: ShippingMethod) -> list[ShippingMethod]:
    return list(ShippingMethod.objects.filter(is_active=True).exclude(pk=row.pk))


def left_without(methods: list[ShippingMethod]) -> set[str]:
    """The countries that the shop sells to and that none of these deliver to."""
    if any(not method.countries for method in methods):
        return set()
    return {code for code, _name in country_choices()} - {code for method in methods for code in method.countries}


class Methods:
    """What the pages of the delivery methods share."""

    base = "shipping-method"
    model: Any = ShippingMethod
    title = _("Delivery methods")
    one = _("Delivery method")


class MethodListView(Methods, RowListView):
    """All of them in the order in which the checkout offers them."""

    columns = (
        (_("Name"), "name"),
        (_("Countries"), "countries"),
        (_("Price"), "price"),
        (_("Free from"), "free_above"),
        (_("Working days"), "days"),
        (_("Offered"), "is_active"),
    )

    def show_countries(self, row: ShippingMethod) -> str:
        """The codes, or everywhere."""
        return ", ".join(row.countries) or _now("Everywhere")

    def show_price(self, row: ShippingMethod) -> str:
        """As money."""
        return money(row.price, settings.SHOP_CURRENCY)

    def show_free_above(self, row: ShippingMethod) -> str:
        """As money, or nothing."""
        return "—" if row.free_above is None else money(row.free_above, settings.SHOP_CURRENCY)

    def show_days(self, row: ShippingMethod) -> str:
        """From and to."""
        return f"{row.days_min}–{row.days_max}"

    def show_is_active(self, row: ShippingMethod) -> str:
        """Yes or no."""
        return _now("Yes") if row.is_active else _now("No")


class MethodCreateView(Methods, RowCreateView):
    """A new one."""

    form_class = MethodForm


class MethodUpdateView(Methods, RowUpdateView):
    """A change."""

    form_class = MethodForm


class MethodDeleteView(Methods, RowDeleteView):
    """Orders keep the name of theirs."""

    def in_the_way(self, row: ShippingMethod) -> str:
        """Without any delivery nobody can buy."""
        if row.is_active and not _others(row):
            return _now(
                "“%(name)s” is the only delivery that is offered: without it nobody could order. Add another one first."
            ) % {"name": row.name}
        return ""

    def consequences(self, row: ShippingMethod) -> list[str]:
        """Where nothing can be delivered to any more."""
        kept = _now("Orders that are placed keep this delivery and its price.")
        others = _others(row)
        lost = left_without(others) - left_without([*others, row]) if row.is_active else set()
        if not lost:
            return [kept]
        names = ", ".join(name for code, name in country_choices() if code in lost)
        return [_now("Nobody could order to these countries any more: %(names)s.") % {"names": names}, kept]
