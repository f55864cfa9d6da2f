"""Buyers about to press the button, what is done after something died, and what has to be true in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.basket.models import Basket, Line
from shop.basket.selectors import read_basket
from shop.basket.snapshots import sign
from shop.checkout.models import Checkout
from shop.giftcards.selectors import cover
from shop.ledger.proof import findings
from shop.ledger.selectors import held
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
from shop.payment.models import Payment, Refund, WebhookEvent
from shop.payment.reconcile import differences
from tests.concurrency.test_placement import make_checkout
from tests.factories import make_market, make_product
from tests.stripe_sandbox import Sandbox

from .mailbox import taken

_numbers = count(1)


@dataclass(frozen=True)
class Buyer:
    """Somebody with an account who has filled in everything and sees the last page."""

    user: User
    client: Client
    product: Any
    checkout: Checkout
    form: dict[str, str]
    began: datetime

    def press(self) -> Any:
        """The button: order and pay."""
        return self.client.post("/checkout/review/", self.form)

    @property
    def order(self) -> Order:
        """The one order of this checkout."""
        return Order.objects.get(basket_id=self.checkout.basket_id)

    @property
    def payment(self) -> Payment:
        """Its last payment."""
        return Payment.objects.filter(order=self.order).order_by("-pk")[0]

    @property
    def record(self) -> StockRecord:
        """What there is of the one product that is bought."""
        return StockRecord.objects.get(product=self.product)


def buyer_at_the_button(
    *, number_of: int = 1, method: str = "stripe", gift_cards: Sequence[int] = (), product: Any = None, gift: Any = None
) -> Buyer:
    """A new buyer of a new product of which there is just enough, or of this one, which is a `gift` for somebody and not sent."""
    cache.clear()
    number = next(_numbers)
    began = timezone.now() - timedelta(seconds=2)
    user = User.objects.create_user(f"buyer{number}@example.com", "x")
    bought = product or make_product(f"Bowl {number}", price="24.50", stock=number_of)
    checkout, _ = make_checkout(*[bought] * number_of)
    shipping = "none" if gift else "collect"
    Basket.objects.filter(pk=checkout.basket_id).update(owner=user)
    if gift:
        Line.objects.filter(basket=checkout.basket_id).update(gift=gift)
    about = {"user": user, "email": user.email, "shipping_code": shipping, "gift_cards": list(gift_cards)}
    Checkout.objects.filter(pk=checkout.pk).update(**about)
    basket = Basket.objects.get(pk=checkout.basket_id)
    quote = read_basket(basket, market=make_market(), user=user, shipping_code=shipping).quote
    assert quote is not None
    due = cover(gift_cards, total=quote.total_incl, currency=quote.currency).due
    client = Client()
    client.force_login(user)
    form = {"token": str(checkout.token), "seen": sign(quote), "payment": method, "due": str(due), "terms": "yes"}
    return Buyer(user, client, bought, checkout, form, began)


def buyer_who_paid(stripe: Sandbox, **how: Any) -> Buyer:
    """The money is at Stripe, and the shop has not heard of it."""
    buyer = buyer_at_the_button(**how)
    page = buyer.press()["Location"]
    assert stripe.pay(page).status == 303
    drain_all()
    return buyer


def buyer_with_paid_order(stripe: Sandbox, **how: Any) -> Buyer:
    """The shop has heard of it, and everything that follows is done."""
    buyer = buyer_who_paid(stripe, **how)
    tell(stripe)
    drain_all()
    assert buyer.order.status == "paid"
    return buyer


def buyer_with_order_paid_at_once(**how: Any) -> Buyer:
    """Nobody has to be asked for the money: it came by bank, or gift cards have paid all of it."""
    buyer = buyer_at_the_button(method="bank-transfer", **how)
    assert buyer.press().status_code == 303
    change_status(buyer.order, "paid")
    drain_all()
    return buyer


def tell(stripe: Sandbox) -> list[dict[str, Any]]:
    """Bring all of Stripe's messages; returns them, so that they can be brought again."""
    parcels = stripe.take()
    tell_again(parcels)
    return parcels


def tell_again(parcels: list[dict[str, Any]]) -> None:
    """Bring these messages."""
    for parcel in parcels:
        answer = Client().post(
            "/stripe/webhook/", parcel["body"], content_type="application/json",
            headers={"Stripe-Signature": parcel["signature"]},
        )  # fmt: skip
        assert answer.status_code == 200, answer.content


def restart(buyer: Buyer) -> None:
    """What died is started anew, and ten minutes go by: leases run out, the worker works, the reconciliation runs."""
    work()
    reconcile(buyer)
    drain_all()
    assert not OutboxEntry.objects.filter(parked_at=None, available_at__lte=timezone.now()).exists()


def work() -> None:
    """The leases of the dead have run out, and another worker works."""
    cache.clear()
    OutboxEntry.objects.update(leased_until=None, leased_by="")
    drain_all()


def reconcile(buyer: Buyer) -> None:
    """What differs since this buyer came is mended, and nothing of it needs a person."""
    for difference in differences(window=timezone.now() - buyer.began):
        assert difference.mend is not None, difference.what
        difference.mend()


def hours_go_by(buyer: Buyer, stripe: Sandbox) -> None:
    """The buyer's page expires at Stripe, or would have, had there been one."""
    for page in pages_of(buyer, stripe):
        if page["status"] == "open":
            assert stripe.api("POST", f"/checkout/sessions/{page['id']}/expire").status == 200
    mine = Payment.objects.filter(order__basket_id=buyer.checkout.basket_id)
    mine.update(expires_at=timezone.now() - timedelta(minutes=1))


def pages_of(buyer: Buyer, stripe: Sandbox) -> list[dict[str, Any]]:
    """Every payment page that Stripe has for this buyer's order, known here or not."""
    number = Order.objects.filter(basket_id=buyer.checkout.basket_id).values_list("number", flat=True).first()
    found = stripe.api("GET", "/checkout/sessions?limit=100").json["data"]
    return [page for page in found if number and page["client_reference_id"] == number]


def unnoted(buyer: Buyer, mails: Path) -> bool:
    """Whether the mail server has taken a mail for the buyer of which we have made no note. Nobody can know, so it goes out again."""
    return len(taken(mails, buyer.user.email)) > SentMail.objects.filter(to=buyer.user.email).count()


def check_mails(buyer: Buyer, mails: Path, *kinds: str, twice: bool = False) -> None:
    """The buyer got one mail of each kind and no other.

    `twice`: the sender died when the server had just taken one. Then, and only then, it is sent again, under the same id.
    """
    sent = {f"<{mail.pk}@": mail.kind for mail in SentMail.objects.filter(to=buyer.user.email)}
    ids = taken(mails, buyer.user.email)
    assert sorted(sent.values()) == sorted(kinds), sorted(sent.values())
    assert {one.partition("@")[0] + "@" for one in ids} == set(sent)
    assert len(ids) == len(set(ids)) + (1 if twice else 0), ids


def check_bought(buyer: Buyer, stripe: Sandbox) -> None:
    """There is one order, it is paid once and in full, and what it is for is kept for it."""
    order = buyer.order
    assert order.status == "paid"
    # What gift cards do not pay.
    by_payment = [order.due] if order.due else []
    assert [payment.captured for payment in order.payments.filter(state="succeeded")] == by_payment
    assert not order.payments.filter(state__in=Payment.LIVE).exists()
    assert [page["payment_status"] for page in pages_of(buyer, stripe)].count("paid") == len(by_payment)
    assert all(page["status"] != "open" for page in pages_of(buyer, stripe))
    assert held(order.pk) == order.total_incl_tax and not Refund.objects.filter(order=order).exists()
    assert (buyer.record.num_in_stock, buyer.record.num_allocated) == (1, 1)
    assert order.status_changes.filter(new_status="paid").count() == 1
    check_books()


def check_nothing_kept(buyer: Buyer, stripe: Sandbox) -> None:
    """No order, or a cancelled one: no money is here, nobody can pay any more, and everything is free again."""
    orders = Order.objects.filter(basket_id=buyer.checkout.basket_id)
    assert list(orders.values_list("status", flat=True)) in ([], ["cancelled"])
    assert not Payment.objects.filter(order__in=orders, state__in=Payment.LIVE).exists()
    assert all(page["status"] != "open" for page in pages_of(buyer, stripe))
    assert all(held(order.pk) == 0 for order in orders)
    assert (buyer.record.num_in_stock, buyer.record.num_allocated or 0) == (1, 0)
    check_books()


def check_books() -> None:
    """Orders, payments, stock and books agree, and no message is left that could not be taken in."""
    assert [str(finding) for finding in findings()] == []
    assert not WebhookEvent.objects.filter(state="failed").exists()
