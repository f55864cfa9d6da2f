"""What was seen becomes a state: by what the objects say alone, and only forward."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from shop.accounts.models import User
from shop.order.models import Order
from shop.payment import currencies
from shop.payment.models import Payment
from shop.payment.seen import SeenSession
from shop.payment.settling import settle, state_of
from tests.factories import make_product
from tests.integration.accounts.making import make_order

from .paying import holds

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def payment() -> Payment:
    """A payment that is open, of an order that waits for it."""
    user = User.objects.create_user("ada@example.com", "x")
    order = make_order(user, make_product(price=Decimal("24.50"), stock=5), status="awaiting-payment")
    return Payment.objects.create(
        order=order,
        amount=order.total_incl_tax,
        currency=order.currency,
        session_id="cs_1",
        state="open",
        expires_at=NOW,
    )


def seen(payment: Payment, **more: Any) -> SeenSession:
    """Its page as it was opened."""
    told = SeenSession(
        id="cs_1", key=str(payment.key), status="open", url="https://pay.example/1", amount=payment.amount,
        currency=payment.currency, expires_at=NOW, created_at=NOW,
    )  # fmt: skip
    return replace(told, **more)


def paid(payment: Payment, **more: Any) -> SeenSession:
    """Its page once all was paid."""
    told = {
        "status": "complete", "intent_id": "pi_1", "intent_status": "succeeded", "received": payment.amount,
        "received_currency": payment.currency,
    }  # fmt: skip
    return seen(payment, **{**told, **more})


def status(payment: Payment) -> str:
    return Order.objects.values_list("status", flat=True).get(pk=payment.order_id)


@pytest.mark.parametrize(
    "tampered",
    [
        {"received": Decimal("0.01")},
        {"received": Decimal("24.49")},
        {"received": Decimal("24.51")},
        {"received": Decimal("2450.00")},
        {"received_currency": "USD"},
        {"received_currency": "JPY"},
        {"key": "00000000-0000-0000-0000-000000000000"},
        {"key": ""},
    ],
)
def test_what_is_not_what_was_asked_for_pays_nothing(payment: Payment, settings: Any, tampered: dict[str, Any]) -> None:
    settle(payment.pk, paid(payment, **tampered))
    settle(payment.pk, paid(payment, **tampered))
    payment.refresh_from_db()
    assert status(payment) == "awaiting-payment" and payment.problem
    assert payment.state == "succeeded", "the money is there, and stays parked for staff"


@pytest.mark.parametrize(
    ("page", "intent", "state"),
    [
        ("open", "", "open"),
        ("open", "requires_payment_method", "open"),
        ("open", "requires_action", "open"),
        ("complete", "processing", "processing"),
        ("complete", "requires_action", "processing"),
        ("complete", "requires_confirmation", "processing"),
        ("complete", "something of tomorrow", "processing"),
        ("complete", "", "processing"),
        ("complete", "requires_payment_method", "failed"),
        ("complete", "canceled", "failed"),
        ("expired", "", "expired"),
        ("expired", "requires_payment_method", "expired"),
    ],
)
def test_what_a_page_means(payment: Payment, page: str, intent: str, state: str) -> None:
    assert state_of(seen(payment, status=page, intent_status=intent)) == state


def test_money_counts_more_than_what_the_page_says(payment: Payment) -> None:
    for page in ("open", "complete", "expired"):
        assert state_of(paid(payment, status=page)) == "succeeded"
    assert state_of(paid(payment, received=Decimal(0))) == "processing", "nothing has come"


def test_in_every_order_it_ends_the_same(payment: Payment) -> None:
    steps = [
        seen(payment),
        seen(payment, status="complete", intent_id="pi_1", intent_status="processing"),
        paid(payment),
    ]
    before = {field.name: getattr(payment, field.name) for field in Payment._meta.fields}
    for order in itertools.permutations([*steps, steps[0]]):
        Order.objects.filter(pk=payment.order_id).update(status="awaiting-payment")
        Payment.objects.filter(pk=payment.pk).update(**{**before, "state": "open"})
        for each in order:
            settle(payment.pk, each)
        payment.refresh_from_db()
        assert (payment.state, status(payment), payment.captured) == ("succeeded", "paid", payment.amount)
        assert holds(payment.order) == payment.amount


@pytest.mark.parametrize(
    ("currency", "amount", "units"),
    [
        ("JPY", "1000", 1000), ("KRW", "5", 5), ("jpy", "1", 1), ("GBP", "24.50", 2450), ("EUR", "0.01", 1),
        ("KWD", "1.23", 1230), ("ISK", "500", 50000), ("UGX", "1", 100), ("USD", "99999999.99", 9999999999),
    ],
)  # fmt: skip
def test_amounts_as_stripe_counts_them(currency: str, amount: str, units: int) -> None:
    assert currencies.to_minor(Decimal(amount), currency) == units
    assert currencies.from_minor(units, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("currency", "amount"),
    [("GBP", "0.30"), ("eur", "0.50"), ("CZK", "15"), ("JPY", "50"), ("HUF", "175"), ("ISK", "50"), ("KWD", "0.50")],
)
def test_the_least_that_is_charged_is_one_that_can_be(currency: str, amount: str) -> None:
    assert currencies.least(currency) == Decimal(amount) and currencies.to_minor(Decimal(amount), currency) > 0


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "0.50"), ("ISK", "0.50"), ("KWD", "1.235"), ("GBP", "0.001")])
def test_amounts_that_cannot_be_charged_say_the_step(currency: str, amount: str) -> None:
    with pytest.raises(currencies.AmountError, match=f"{currency} is charged in steps of"):
        currencies.to_minor(Decimal(amount), currency)
