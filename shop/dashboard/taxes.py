"""The rates of value-added tax, country by country."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from shop.catalogue.models import TaxClass
from shop.partner.models import TaxRate

from .rows import RowCreateView, RowDeleteView, RowListView, RowUpdateView


def country_choices() -> list[tuple[str, str]]:
    """The countries that the shop sells to, by name."""
    names = get_model("address", "Country").objects.filter(pk__in=settings.SHOP_COUNTRIES)
    return sorted(((row.pk, row.printable_name) for row in names), key=lambda pair: pair[1])


def is_home(row: TaxRate) -> bool:
    """Whether it is one of the rates that prices are kept with."""
    return row.country == settings.SHOP_HOME_COUNTRY


def home_stays(row: TaxRate) -> str:
    """Why a home rate cannot go."""
    return _now(
        "%(name)s stays: it is a rate of the home country, and without it nothing of its class would be taxed there. "
        "Change its rate instead, to 0 where no tax is due."
    ) % {"name": describe(row)}


def describe(row: TaxRate) -> str:
    """A rate in words, such as "Germany, standard, 19.00 %"."""
    country = dict(country_choices()).get(row.country, row.country)
    tax_class = dict(TaxClass.choices).get(row.tax_class, row.tax_class)
    return f"{country}, {tax_class}, {(row.rate * 100).quantize(Decimal('0.01')):f} %"


class TaxRateForm(forms.ModelForm):
    """A rate is typed in per cent and kept as a share."""

    percent = forms.DecimalField(
        label=_("Rate, %"),
        min_value=0,
        max_value=100,
        decimal_places=2,
        help_text=_("20 for twenty per cent. Countries without a rate pay no tax: the sale is an export."),
    )

    class Meta:
        model = TaxRate
        fields = ("country", "tax_class")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"] = forms.ChoiceField(label=_("Country"), choices=country_choices())
        self.fields["tax_class"] = forms.ChoiceField(
            label=_("Tax class"), choices=[each for each in TaxClass.choices if each[0] != TaxClass.GIFT_CARD]
        )
        if self.instance.pk:
            self.initial["percent"] = (self.instance.rate * 100).normalize().quantize(Decimal("0.01"))

    def clean(self) -> dict[str, Any]:
        """The home country's rate stays the home country's."""
        data = super().clean() or {}
        held = (self.instance.country, self.instance.tax_class)
        if self.instance.pk and is_home(self.instance) and held != (data.get("country"), data.get("tax_class")):
            raise forms.ValidationError(home_stays(self.instance))
        return data

    def save(self, commit: bool = True) -> TaxRate:
        """Keep the share."""
        self.instance.rate = self.cleaned_data["percent"] / 100
        return super().save(commit)


class TaxRates:
    """What the pages of the tax rates share."""

    base = "tax-rate"
    model: Any = TaxRate
    title = _("Tax rates")
    one = _("Tax rate")
    intro = _(
        "Prices are kept with the home country’s tax in them. Other countries pay the same price without tax, "
        "and their own rate on top."
    )


class TaxRateListView(TaxRates, RowListView):
    """All rates."""

    ordering = ("country", "-rate")
    paginate_by = 100
    columns = ((_("Country"), "country"), (_("Tax class"), "tax_class"), (_("Rate"), "rate"))

    def get_queryset(self) -> Any:
        """With the countries' names, read once."""
        self.names = dict(country_choices())
        return super().get_queryset()

    def show_country(self, row: TaxRate) -> str:
        """The country's name."""
        name = str(self.names.get(row.country, row.country))
        return _("%(country)s (home)") % {"country": name} if row.country == settings.SHOP_HOME_COUNTRY else name

    def show_tax_class(self, row: TaxRate) -> str:
        """The class in words."""
        return str(dict(TaxClass.choices).get(row.tax_class, row.tax_class))

    def show_rate(self, row: TaxRate) -> str:
        """In per cent."""
        return f"{(row.rate * 100).quantize(Decimal('0.01')):f} %"


class TaxRateCreateView(TaxRates, RowCreateView):
    """A new rate."""

    form_class = TaxRateForm


class TaxRateUpdateView(TaxRates, RowUpdateView):
    """Another rate."""

    form_class = TaxRateForm


class TaxRateDeleteView(TaxRates, RowDeleteView):
    """No rate any more."""

    def in_the_way(self, row: TaxRate) -> str:
        """Prices hold the home country's tax."""
        return home_stays(row) if is_home(row) else ""

    def consequences(self, row: TaxRate) -> list[str]:
        """What buyers there pay then."""
        country = str(dict(country_choices()).get(row.country, row.country))
        tax_class = str(dict(TaxClass.choices).get(row.tax_class, row.tax_class))
        text = _now(
            "Orders to %(country)s then pay no tax on products of the class “%(class)s”: the sale counts as an export. "
            "Orders that are placed keep the tax that they were charged."
        )
        return [text % {"country": country, "class": tax_class}]
