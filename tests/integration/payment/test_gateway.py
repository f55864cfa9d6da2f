"""Speaking to Stripe: never inside a transaction, and whatever breaks, nothing is lost and the buyer can go on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from shop.payment import gateway, operations
from shop.payment.models import Payment
from shop.payment.operations import PaymentError, begin
from tests.factories import make_product
from tests.integration.orders.buying import go_to_review, put, submit
from tests.stripe_sandbox import Sandbox

from .paying import holds, mails, of, order_by_card, promised, status

pytestmark = pytest.mark.django_db
# What the network and Stripe do, each until it is cleared.
BREAKS = ["error_before", "error_after", "close_before", "close_after", "rate_limit"]
OPEN_PAGE = "POST /v1/checkout/sessions"


def order_it(client: Client, product: Any) -> tuple[Order, Any]:
    """Order by card, whatever Stripe does; the order, and the page that comes then."""
    put(client, product)
    answer = submit(client, go_to_review(client), payment="stripe")
    assert answer.status_code == 303
    order = Order.objects.latest("pk")
    return order, client.get(answer["Location"]) if answer["Location"].startswith("/") else None


def test_nothing_is_asked_inside_a_transaction(stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(Client(), product)
    before = len(stripe.requests())
    with transaction.atomic():
        for ask in (
            lambda: gateway.session(of(order).session_id or ""),
            lambda: begin(order),
            lambda: operations.look(of(order).pk),
            lambda: operations.close(of(order).pk),
        ):
            with pytest.raises(RuntimeError, match="inside a transaction"):
                ask()
    assert len(stripe.requests()) == before


@pytest.mark.parametrize("kind", BREAKS)
def test_a_page_that_cannot_be_opened_is_opened_later(stripe: Sandbox, product: Any, kind: str) -> None:
    stripe.fault(kind, OPEN_PAGE, count=9, **({"status": 500} if kind.startswith("error") else {}))
    client = Client()
    order, page = order_it(client, product)
    assert page is not None and "does not answer just now" in page.content.decode()
    assert status(order) == "awaiting-payment" and promised(product) == 1
    again = client.post(page.context["order"].instructions.pay_url, follow=True)
    assert "does not answer just now" in again.content.decode()
    stripe.clear_faults()
    answer = client.post(page.context["order"].instructions.pay_url)
    assert answer["Location"].startswith(stripe.address)
    assert len(stripe.api("GET", "/checkout/sessions").json["data"]) == 1, "one page, however often it was asked for"
    stripe.pay(answer["Location"])
    stripe.deliver(client)
    assert status(order) == "paid" and holds(order) == order.total_incl_tax


def test_stripe_that_hangs_keeps_nobody_for_long(
    stripe: Sandbox, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "READ_SECONDS", 0.3)
    gateway._client.cache_clear()
    stripe.fault("hang_after", OPEN_PAGE, count=2, seconds=2)
    order, page = order_it(Client(), product)
    gateway._client.cache_clear()
    assert page is not None and "does not answer just now" in page.content.decode()
    assert of(order).session_id is None and status(order) == "awaiting-payment"
    stripe.clear_faults()


@pytest.mark.parametrize("kind", BREAKS)
def test_coming_back_while_stripe_is_away_is_no_fault(stripe: Sandbox, product: Any, kind: str) -> None:
    client = Client()
    order, page = order_by_card(client, product)
    stripe.pay(page)
    stripe.fault(kind, "GET /v1/checkout/sessions*", count=9)
    assert client.get(f"/checkout/paid/{order.number}/", follow=True).status_code == 200
    drain_all()
    assert OutboxEntry.objects.filter(topic=operations.LOOK, parked_at=None).exists(), "the worker goes on asking"
    stripe.clear_faults()
    stripe.deliver(client)
    assert status(order) == "paid"


@pytest.mark.parametrize("kind", BREAKS)
def test_a_page_that_cannot_be_closed_is_closed_later(stripe: Sandbox, product: Any, kind: str) -> None:
    order, page = order_by_card(Client(), product)
    change_status(order, "cancelled", why="test")
    stripe.fault(kind, "POST /v1/checkout/sessions/*", count=2)
    drain_all()
    stripe.clear_faults()
    assert OutboxEntry.objects.filter(topic=operations.CLOSE, parked_at=None).exists()
    operations.close(of(order).pk)
    assert stripe.pay(page).status != 303 and of(order).state == "expired"


@pytest.mark.parametrize("said", [400, 401, 402, 403])
def test_a_no_is_not_asked_again_and_staff_is_told(stripe: Sandbox, product: Any, said: int) -> None:
    """What was wrong, or a key that is not valid any more."""
    stripe.fault("error_before", OPEN_PAGE, count=1, status=said)
    order, page = order_it(Client(), product)
    assert page is not None and "cannot be paid online just now" in page.content.decode()
    assert (of(order).state, status(order), promised(product)) == ("failed", "awaiting-payment", 1)
    assert "no payment page could be opened" in of(order).problem and "staff-payment" in mails(order)
    assert begin(order).startswith(stripe.address), "a new try is a new payment"


def test_an_amount_that_the_currency_does_not_have(stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(Client(), product)
    Payment.objects.all().delete()
    Order.objects.filter(pk=order.pk).update(currency="JPY", total_incl_tax=Decimal("24.50"))
    order.refresh_from_db()
    with pytest.raises(PaymentError, match="cannot be paid online"):
        begin(order)
    assert "JPY is charged in steps of 1" in of(order).problem and status(order) == "awaiting-payment"


def test_yen_are_charged_in_whole_ones(stripe: Sandbox) -> None:
    order, _page = order_by_card(Client(), make_product(title="Bowl", price=Decimal("2450.00"), stock=5))
    Payment.objects.all().delete()
    lines = order.lines.get()
    lines.line_price_incl_tax = Decimal(2450)
    lines.save()
    total = Decimal(2450) + order.shipping_incl_tax.to_integral_value()
    Order.objects.filter(pk=order.pk).update(
        currency="JPY", total_incl_tax=total, shipping_incl_tax=order.shipping_incl_tax.to_integral_value()
    )
    order.refresh_from_db()
    page = begin(order)
    seen = stripe.api("GET", f"/checkout/sessions/{of(order).session_id}").json
    assert (seen["amount_total"], seen["currency"]) == (int(total), "jpy")
    stripe.pay(page)
    stripe.deliver(Client())
    assert status(order) == "paid" and of(order).captured == total


@pytest.mark.parametrize(("key", "base", "kind", "url"), [
    ("sk_test_1", "http://127.0.0.1:9", "payments", ""),
    ("sk_test_1", "", "payments", "https://dashboard.stripe.com/test/payments/pi_1"),
    ("sk_live_1", "", "disputes", "https://dashboard.stripe.com/disputes/pi_1"),
])  # fmt: skip
def test_where_staff_looks_at_stripe(settings: Any, key: str, base: str, kind: str, url: str) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = key, base
    assert gateway.page_of(kind, "pi_1") == url and gateway.page_of(kind, "") == ""
