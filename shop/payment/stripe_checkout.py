"""Paying on Stripe's own page, as a way to pay that the checkout knows (methods.py)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.customer.links import order_signature
from shop.order.models import Order
from themes.formats import moment

from . import gateway, operations, reasons
from .currencies import least
from .methods import STRIPE, Instructions, NotNow, Payable, waits_since
from .models import Payment


class StripeCheckout:
    """Cards, wallets and what else Stripe offers in the customer's country. No script of ours stands on its page."""

    code = STRIPE
    name = gettext_lazy("Card, wallet or bank")
    description = gettext_lazy("You pay on the next page, at Stripe. We never see your card.")
    # The mail of a paid order is its receipt.
    confirms_at_once = False

    @property
    def hold(self) -> Any:
        """How long an order without a payment under way waits for another try."""
        return settings.SHOP_RETRY_TIME

    def is_offered(self) -> bool:
        """Where the shop has a key of Stripe's."""
        return gateway.is_configured()

    def takes(self, amount: Decimal, currency: str) -> bool:
        """Not what is too little for Stripe."""
        return amount >= least(currency)

    def start(self, payable: Payable) -> str:
        """The address of the payment page. Raises NotNow."""
        try:
            return operations.begin(Order.objects.get(number=payable.number))
        except operations.PaymentError as error:
            raise NotNow(str(error)) from error

    def instructions(self, payable: Payable) -> Instructions:
        """A button that leads to the payment page; none while a bank has not answered."""
        names = ("state", "failure", "instead", "expires_at", "updated_at")
        known = list(Payment.objects.filter(order__number=payable.number).order_by("-pk").only(*names))
        if any(each.state == Payment.State.PROCESSING for each in known):
            text = _("Your bank has not confirmed the payment yet. That can take some days; you need do nothing.")
            return Instructions(text=text, is_under_way=True)
        failure = reasons.to_buyer(next((each.failure for each in known if each.failure), ""))
        until = self._held_until(payable, known)
        held_until = moment(until) if until else ""
        text = _("It is not paid yet. We hold your things for a while.")
        if held_until:
            text = _("It is not paid yet. We hold your things until %(moment)s.") % {"moment": held_until}
        return Instructions(
            text=f"{failure} {text}" if failure else text,
            held_until=held_until,
            pay_url=reverse("checkout:pay", args=[payable.number, order_signature(payable.number)]),
        )

    def _held_until(self, payable: Payable, known: Sequence[Payment]) -> datetime | None:
        """Until the page closes that is open, else until the clock cancels the order (`expire_unpaid`); nothing where that is over."""
        live = next((each for each in known if each.is_live), None)
        if live is not None:
            # One that is closed for another way to pay takes no order with it.
            until = None if live.instead else live.expires_at
        elif payable.placed_at is None:
            until = None
        else:
            tried_at = max((each.updated_at for each in known if not each.instead), default=None)
            until = waits_since(payable.placed_at, tried_at, payable.way_chosen_at) + self.hold
        return until if until is not None and until > timezone.now() else None
