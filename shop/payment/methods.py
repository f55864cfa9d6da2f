"""How an order may be paid. A method is a small object; the checkout knows no more of it than this protocol.

An order is always placed first, with its stock reserved, and then paid. `start` is called after the placement's
transaction and outside any, so that a provider may be asked there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from themes.formats import money

# The code of the way that leads over Stripe's page (stripe_checkout.py).
STRIPE = "stripe"


@dataclass(frozen=True, slots=True)
class Payable:
    """What a method is told about an order."""

    number: str
    total: Decimal
    currency: str
    email: str
    # Where it goes, which tells from where the money comes.
    country: str = ""
    # Since when it waits for its money, before anything was tried, and since when by the way to pay that was chosen later.
    placed_at: datetime | None = None
    way_chosen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Instructions:
    """What the customer has to do: a sentence, then rows of name and value."""

    text: str
    rows: tuple[tuple[str, str], ...] = ()
    # Where a button posts to, in order to pay.
    pay_url: str = ""
    # Whether a payment is on its way already, so that there is nothing to do but to wait.
    is_under_way: bool = False
    # Until when the things are held at least, as `text` says it; nothing where that is not known.
    held_until: str = ""


def waits_since(placed_at: datetime, tried_at: datetime | None, way_chosen_at: datetime | None) -> datetime:
    """Since when an order waits for its money: placed, last tried to be paid (`tried_at`), or turned to another way to pay.

    The last is counted for as long as a transfer would take.
    """
    since = max(placed_at, tried_at or placed_at)
    if way_chosen_at is None:
        return since
    return max(since, min(way_chosen_at, since + timedelta(days=settings.SHOP_PAYMENT_DAYS)))


class NotNow(Exception):  # noqa: N818  (it says what is so)
    """The payment cannot begin just now; the order is kept. `str()` is for the buyer."""


class PaymentMethod(Protocol):
    """One way to pay."""

    code: str
    # Text or a translation that is looked up when it is shown.
    name: Any
    description: Any
    # Whether the order's own mail goes out before the money is there.
    confirms_at_once: bool

    @property
    def hold(self) -> timedelta:
        """How long an unpaid order waits, while no payment is under way; then it is cancelled."""

    def is_offered(self) -> bool:
        """Whether the checkout may offer it now. Orders that were placed with it keep their instructions."""

    def takes(self, amount: Decimal, currency: str) -> bool:
        """Whether so much can be paid with it."""

    def start(self, payable: Payable) -> str:
        """Begin paying a placed order. Returns an address to send the customer to, or "" for the thank-you page.

        Raises NotNow.
        """

    def instructions(self, payable: Payable) -> Instructions:
        """What the thank-you page and the mail say about paying."""


class BankTransfer:
    """The customer sends the money from their own bank; staff marks the order paid when it arrives."""

    code = "bank-transfer"
    name = gettext_lazy("Bank transfer")
    description = gettext_lazy("You get our account and a reference on the next page and by e-mail.")
    confirms_at_once = True

    @property
    def hold(self) -> timedelta:
        """Banks take their days."""
        return timedelta(days=settings.SHOP_PAYMENT_DAYS)

    def is_offered(self) -> bool:
        """Where the shop has said which account is its own (SHOP_BANK)."""
        return bool(settings.SHOP_BANK)

    def takes(self, amount: Decimal, currency: str) -> bool:
        """A bank sends a penny, too."""
        return True

    def start(self, payable: Payable) -> str:
        """Nothing to begin."""
        return ""

    def instructions(self, payable: Payable) -> Instructions:
        """Our account, the amount, and the order's number as the reference."""
        labels = {
            "holder": _("To"),
            "bank": _("Bank"),
            "sort_code": _("Sort code"),
            "account": _("Account"),
            "iban": _("IBAN"),
            "bic": _("BIC"),
        }
        bank = dict(settings.SHOP_BANK)
        # A bank abroad knows no sort codes, and one at home needs no IBAN beside them.
        if payable.country not in ("", settings.SHOP_HOME_COUNTRY) and "iban" in bank:
            bank = {name: value for name, value in bank.items() if name not in ("sort_code", "account")}
        elif "account" in bank:
            bank = {name: value for name, value in bank.items() if name not in ("iban", "bic")}
        return Instructions(
            text=_("Send the money within %(days)d days. We hold your things until then.")
            % {"days": settings.SHOP_PAYMENT_DAYS},
            rows=(
                (_("Amount"), money(payable.total, payable.currency)),
                (_("Reference"), payable.number),
                *((label, bank[name]) for name, label in labels.items() if name in bank),
            ),
        )


_methods: dict[str, PaymentMethod] = {}


def register(method: PaymentMethod, *, first: bool = False) -> None:
    """Offer a method in the checkout, behind the others or before them; the first that is offered is chosen at first."""
    held = {code: each for code, each in _methods.items() if code != method.code}
    _methods.clear()
    _methods.update({method.code: method, **held} if first else {**held, method.code: method})


def methods(amount: Decimal | None = None, currency: str = "") -> tuple[PaymentMethod, ...]:
    """What is offered, in order, for so much where an amount is given; nothing where the shop takes no money yet."""
    offered = (each for each in _methods.values() if each.is_offered())
    return tuple(each for each in offered if amount is None or each.takes(amount, currency))


def method(code: str) -> PaymentMethod:
    """The method with this code, offered now or once. Raises KeyError for one that there never was."""
    return _methods[code]


register(BankTransfer())
