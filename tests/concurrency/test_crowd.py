"""Two hundred buyers for twenty things, a voucher with five uses, an offer with a limit; and what happens without the locks."""

from __future__ import annotations

import uuid
from collections import Counter
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher, VoucherApplication

from shop.basket.models import Basket, Line
from shop.checkout.models import Checkout
from shop.ledger.selectors import held
from shop.order.models import Order, OrderDiscount
from shop.order.operations import Placed, PriceChanged, StockChanged
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
from shop.payment.models import Payment
from shop.payment.operations import begin
from tests.factories import make_offer, make_product
from tests.integration.payment.conftest import stripe
from tests.stripe_sandbox import Sandbox

from .test_placement import AtOnce, make_checkout, make_voucher, placing, without_guard

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
BUYERS, THINGS, USES, ROUNDS = 200, 20, 5, 10
__all__ = ["stripe"]


def crowd(product: Any, number: int = BUYERS, *, voucher: Voucher | None = None) -> list[Any]:
    """So many buyers who are about to press the button, each to pay by card: copies of one, each with a basket of their own."""
    first, quote = make_checkout(product, voucher=voucher)
    Checkout.objects.update(payment_code="stripe")
    first.refresh_from_db()
    line = Line.objects.get(basket=first.basket_id)
    baskets = Basket.objects.bulk_create(Basket() for _ in range(number - 1))
    Line.objects.bulk_create(_copy(line, basket=basket) for basket in baskets)
    if voucher:
        held = Basket.vouchers.through
        held.objects.bulk_create(held(basket_id=basket.pk, voucher_id=voucher.pk) for basket in baskets)
    checkouts = Checkout.objects.bulk_create(_copy(first, basket=basket, token=uuid.uuid4()) for basket in baskets)
    return [placing(checkout, quote) for checkout in (first, *checkouts)]


def _copy(row: Any, **other: Any) -> Any:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{**values, "id": None, **{f"{name}_id" if name == "basket" else name: getattr(value, "pk", value)
                                                 for name, value in other.items()}})  # fmt: skip


def pay(sandbox: Sandbox, order: Order) -> None:
    """Go to the page and pay."""
    assert sandbox.pay(begin(order)).status == 303


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_hundred_buyers_of_twenty_things(at_once: AtOnce, stripe: Sandbox, round_: int) -> None:
    product = make_product(price=Decimal("24.50"), stock=THINGS)
    results = at_once(crowd(product))
    assert Counter(type(one) for one in results) == {Placed: THINGS, StockChanged: BUYERS - THINGS}
    orders = list(Order.objects.all())
    assert len(orders) == THINGS
    at_once([partial(pay, stripe, order) for order in orders])
    # Messages of twenty payments, mixed as they come, by four that deliver at once.
    parcels = stripe.take()
    at_once([partial(deliver, parcels[start::4]) for start in range(4)])
    drain_all()
    assert set(Order.objects.values_list("status", flat=True)) == {"paid"}
    assert Payment.objects.filter(state="succeeded").count() == Payment.objects.count() == THINGS
    assert all(held(order.pk) == order.total_incl_tax for order in orders)
    record = product.stockrecords.get()
    assert (record.net_stock_level, record.num_allocated) == (0, THINGS)


def deliver(parcels: list[dict[str, Any]]) -> None:
    """Bring some of the provider's messages."""
    for parcel in parcels:
        answer = Client().post(
            "/stripe/webhook/",
            parcel["body"],
            content_type="application/json",
            headers={"Stripe-Signature": parcel["signature"]},
        )
        assert answer.status_code == 200, answer.content


def crowds(*, voucher: Voucher | None = None) -> list[Any]:
    """Two hundred buyers again, of so many different things that nobody has to wait for another's stock."""
    products = [make_product(price="20", stock=BUYERS) for _ in range(THINGS)]
    return [press for product in products for press in crowd(product, BUYERS // THINGS, voucher=voucher)]


def check_uses(results: list[Any]) -> None:
    """As many orders as uses, each at half its price; everybody else is told of the price before anything is ordered."""
    assert Counter(type(one) for one in results) == {Placed: USES, PriceChanged: BUYERS - USES}
    offer = ConditionalOffer.objects.get()
    assert (offer.num_applications, offer.num_orders, offer.status) == (USES, USES, ConditionalOffer.CONSUMED)
    assert offer.total_discount == 10 * USES
    assert list(Order.objects.values_list("total_incl_tax", flat=True)) == [Decimal("10.00")] * USES
    assert StockRecord.objects.aggregate(promised=Sum("num_allocated"))["promised"] == USES


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_hundred_buyers_with_a_voucher_of_five_uses(at_once: AtOnce, round_: int) -> None:
    check_uses(at_once(crowds(voucher=make_voucher(max_global_applications=USES))))
    assert VoucherApplication.objects.count() == Voucher.objects.get().num_orders == USES


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_hundred_buyers_under_an_offer_with_a_limit(at_once: AtOnce, round_: int) -> None:
    make_offer("Half", everything=True, percent=50, max_global_applications=USES)
    check_uses(at_once(crowds()))
    assert OrderDiscount.objects.filter(offer_id=ConditionalOffer.objects.get().pk).count() == USES


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_basket_submitted_sixteen_times(at_once: AtOnce, round_: int) -> None:
    product = make_product(stock=50)
    [press] = crowd(product, 1)
    results = at_once([press] * 16)
    assert Counter(type(one) for one in results) == {Placed: 16}
    assert len({one.order.pk for one in results}) == Order.objects.count() == 1
    assert sum(one.is_new for one in results) == 1
    assert product.stockrecords.get().num_allocated == 1


def test_control_without_the_locks_more_is_sold_than_there_is(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    without_guard(monkeypatch)
    product = make_product(stock=THINGS)
    results = at_once(crowd(product))
    assert sum(isinstance(one, Placed) for one in results) > THINGS
    assert product.stockrecords.get().net_stock_level < 0
