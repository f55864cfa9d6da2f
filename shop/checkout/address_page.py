"""The page "where to and how": its forms, its saved addresses and its deliveries, read and checked together."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.conf import settings
from django.forms import Form
from django.utils.translation import gettext as _
from oscar.apps.address.models import UserAddress

from shop.basket.selectors import BasketView, read_basket
from shop.basket.snapshots import changes, sign, unsign
from themes.formats import country_name

from .forms import NEW, AddressForm, DeliveryForm, EmailForm, country_choices, first_errors, form_initial, saved_as_json
from .models import Checkout


class AddressPage:
    """One request of the page. After `is_valid()` the answers are in `address`, `billing`, `shipping_code`, `email`."""

    def __init__(self, request: Any, checkout: Checkout | None) -> None:
        self.request = request
        self.checkout = checkout
        self.data = request.POST if request.method == "POST" else None
        self.saved = self._saved_addresses()
        kept = checkout.shipping_address if checkout else {}
        initial = form_initial(kept) or {"country": request.market.country}
        if request.user.is_authenticated and not kept:
            initial["name"] = request.user.get_full_name()
        self.countries = country_choices()
        self.form = DeliveryForm(self.data, initial=initial, countries=self.countries)
        self.email_form = EmailForm(self.data, initial={"email": checkout.email if checkout else ""})
        self.shipping_error = ""

    @cached_property
    def bill_form(self) -> AddressForm:
        """Where the bill goes; made only where it is shown or filled in."""
        return AddressForm(
            self.data if not self.same_bill else None,
            prefix="bill",
            initial=form_initial(self.checkout.billing_address) if self.checkout else {},
            countries=self.countries,
        )

    def _saved_addresses(self) -> list[UserAddress]:
        user = self.request.user
        if not user.is_authenticated:
            return []
        rows = UserAddress.objects.filter(user=user, country__in=settings.SHOP_COUNTRIES).select_related("country")
        return list(rows.order_by("-is_default_for_shipping", "pk"))

    @cached_property
    def same_bill(self) -> bool:
        """Whether the bill goes where the parcel goes."""
        if self.data is not None:
            return self.data.get("bill_same") == "yes"
        return not (self.checkout and self.checkout.billing_address)

    @cached_property
    def chosen(self) -> UserAddress | None:
        """The saved address that was chosen; another customer's is none."""
        if self.data is None:
            # What was typed before is not hidden behind the address book.
            return self.saved[0] if self.saved and not (self.checkout and self.checkout.shipping_address) else None
        return next((each for each in self.saved if str(each.pk) == self.data.get("saved", NEW)), None)

    @property
    def country(self) -> str:
        """Where it goes, as far as that is known."""
        if self.chosen is not None:
            return str(self.chosen.country_id)
        given = self.form["country"].value()
        return given if given in settings.SHOP_COUNTRIES else self.request.market.country

    @cached_property
    def basket(self) -> BasketView:
        """The basket with the prices and deliveries of that country."""
        market = replace(self.request.market, country=self.country)
        return read_basket(self.request.basket, market=market, user=self.request.user, shipping_code=self.shipping_code)

    @property
    def shipping_code(self) -> str:
        """The delivery that was chosen."""
        if self.data is not None:
            return str(self.data.get("ship", ""))
        return self.checkout.shipping_code if self.checkout else ""

    @property
    def email(self) -> str:
        """Where the receipt goes."""
        if self.request.user.is_authenticated:
            return str(self.request.user.email)
        return str(self.email_form.cleaned_data["email"])

    @property
    def address(self) -> dict[str, str]:
        """The delivery's address, for a Checkout."""
        return saved_as_json(self.chosen) if self.chosen is not None else self.form.as_json()

    @property
    def billing(self) -> dict[str, str]:
        """The bill's, empty where it is the same."""
        return {} if self.same_bill else self.bill_form.as_json()

    def is_valid(self) -> bool:
        """Check everything, so that all that is wrong is said at once."""
        checks = [self.chosen is not None or self.form.is_valid(), self.same_bill or self.bill_form.is_valid()]
        if not self.request.user.is_authenticated:
            checks.append(self.email_form.is_valid())
        codes = {option.code for option in self.basket.options}
        if self.shipping_code not in codes:
            self.shipping_error = self._no_delivery(codes)
            checks.append(False)
        return all(checks)

    def _no_delivery(self, codes: set[str]) -> str:
        """Why the delivery that was sent in does not do: another country has other ways, and other prices."""
        if not codes:
            return _("We cannot send these things to that country.")
        if not self.shipping_code or self.country == self.request.market.country:
            return _("Choose how it travels.")
        return _("It travels another way there (%(country)s). Look at what it costs, and go on.") % {
            "country": country_name(self.country)
        }

    def _moved(self) -> str:
        """What another country changes in price, against the page that was sent in."""
        if self.data is not None and not self.basket.options and not self.shipping_error:
            return self._no_delivery(set())
        seen, now = unsign(self.data.get("seen", "")) if self.data is not None else None, self.basket.quote
        if seen is None or now is None or seen.country == now.country:
            return ""
        return " ".join(change.text for change in changes(seen, now))

    def context(self) -> dict[str, Any]:
        """What the template reads."""
        wrong: list[tuple[str, str]] = []
        if self.data is not None:
            used: list[Form] = [] if self.request.user.is_authenticated else [self.email_form]
            used += [] if self.chosen is not None else [self.form]
            used += [] if self.same_bill else [self.bill_form]
            wrong = first_errors(used)
            if self.shipping_error:
                wrong.append(("how", _("Delivery")))
        quote = self.basket.quote
        return {
            "form": self.form,
            "bill_form": self.bill_form,
            "email_form": self.email_form,
            "saved": self.saved,
            "chosen": self.chosen,
            "same_bill": self.same_bill,
            "basket": self.basket,
            "shipping_code": self.basket.shipping.code if self.basket.shipping else "",
            "shipping_error": self.shipping_error,
            "moved": self._moved(),
            "wrong": wrong,
            "seen": sign(quote) if quote else "",
        }
