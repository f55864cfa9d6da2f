"""The rates of value-added tax, country by country."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from shop.catalogue.models import TaxClass
from shop.partner.models import TaxRate

from .rows import RowCreateView, RowDeleteView, RowListView, RowUpdateView


def country_choices() -> list[tuple[str, str]]:
    """The countries that the shop sells to, by name."""
    names = get_model("address", "Country").objects.filter(pk__in=settings.SHOP_COUNTRIES)
    return sorted(((row.pk, row.printable_name) for row in names), key=lambda pair: pair[1])


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
        self.fields["tax_class"] = forms.ChoiceField(label=_("Tax class"), choices=TaxClass.choices)
        if self.instance.pk:
            self.initial["percent"] = (self.instance.rate * 100).normalize().quantize(Decimal("0.01"))

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
