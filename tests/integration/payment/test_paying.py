"""Paying by card, from the button to the mail, through the sandbox."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.checkout.views import LOOKS
from shop.order.models import Line, Order
from shop.order.operations import expire_unpaid
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
from shop.payment.models import Payment, Refund, WebhookEvent
from shop.payment.operations import _page_lines, begin
from tests.factories import make_product
from tests.integration.orders.buying import go_to_review, put, seen_of, submit
from tests.stripe_sandbox import Sandbox

from .paying import holds, mails, of, order_by_card, promised, status

pytestmark = pytest.mark.django_db


def seen_lines(stripe: Sandbox, session_id: str | None) -> list[dict[str, Any]]:
    """What the payment page lists."""
    return list(stripe.api("GET", f"/checkout/sessions/{session_id}/line_items").json["data"])


@pytest.fixture
def euros(settings: Any, product: Any) -> None:
    """A shop that sells in euros: the debit of European banks takes nothing else."""
    settings.SHOP_CURRENCY = settings.OSCAR_DEFAULT_CURRENCY = "EUR"
    StockRecord.objects.update(price_currency="EUR")


def test_who_pays_gets_the_order_and_one_receipt(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product, quantity=2)
    assert page.startswith(stripe.address) and status(order) == "awaiting-payment" and promised(product) == 2
    back = stripe.pay(page)
    assert back.status == 303 and back.location.endswith(f"/checkout/paid/{order.number}/")
    assert status(order) == "awaiting-payment", "coming back pays nothing"
    assert set(stripe.deliver(client)) == {200}
    assert status(order) == "paid" and of(order).state == "succeeded"
    assert of(order).captured == order.total_incl_tax == holds(order)
    assert mails(order) == ["order-paid"] and promised(product) == 2


def test_the_page_lists_what_is_bought_and_comes_to_the_orders_total(
    client: Client, stripe: Sandbox, product: Any
) -> None:
    order, _page = order_by_card(client, product, quantity=2)
    seen = stripe.api("GET", f"/checkout/sessions/{of(order).session_id}").json
    assert seen["amount_total"] == int(order.total_incl_tax * 100) and seen["currency"] == "gbp"
    assert seen["metadata"] == {"payment": str(of(order).key), "order": order.number}
    [line] = [item for item in seen_lines(stripe, of(order).session_id) if item["description"] == "Bowl"]
    assert (line["quantity"], line["amount_total"]) == (2, 4900)


def test_a_price_that_cannot_be_divided_is_listed_as_one(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(client, product, quantity=3)
    Line.objects.filter(order=order).update(line_price_incl_tax=Decimal("73.00"))
    Order.objects.update(total_incl_tax=Decimal("73.00") + order.shipping_incl_tax)
    [line] = _page_lines(Order.objects.get())[:1]
    assert (line.name, line.quantity, line.total) == ("3 × Bowl", 1, Decimal("73.00"))


def test_the_delivery_is_called_so_among_the_goods(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(client, product)
    assert order.shipping_incl_tax > 0
    assert _page_lines(order)[-1].name == f"Delivery, {order.shipping_method}"


def test_a_declined_card_can_be_followed_by_another(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    assert stripe.pay(page, card="4000000000000002").status == 402
    stripe.deliver(client)
    assert status(order) == "awaiting-payment" and holds(order) == 0
    stripe.pay(page)
    stripe.deliver(client)
    assert status(order) == "paid" and holds(order) == order.total_incl_tax


@pytest.mark.parametrize(("passed", "state"), [(True, "paid"), (False, "awaiting-payment")])
def test_three_d_secure_decides(client: Client, stripe: Sandbox, product: Any, passed: bool, state: str) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page, card="4000000000003220", challenge=passed)
    stripe.deliver(client)
    assert status(order) == state


def test_a_closed_window_gives_the_stock_back_when_the_page_expires(
    client: Client, stripe: Sandbox, product: Any
) -> None:
    order, page = order_by_card(client, product)
    assert stripe.close(page).endswith(f"/checkout/paid/{order.number}/?left=yes")
    assert promised(product) == 1
    stripe.advance(2 * 3600)
    assert set(stripe.deliver(client)) == {200}
    assert status(order) == "cancelled" and promised(product) == 0 and of(order).state == "expired"
    assert mails(order) == ["order-cancelled"]


def test_who_comes_back_unpaid_can_go_on_on_the_same_page(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    left = stripe.api("GET", f"/checkout/sessions/{of(order).session_id}").json["cancel_url"]
    done = client.get(left, follow=True)
    assert "It is not paid yet" in done.content.decode() and "Refresh" not in done
    again = client.post(done.context["order"].instructions.pay_url)
    assert (again.status_code, again["Location"]) == (303, page)
    assert Payment.objects.filter(order=order).count() == 1


def test_who_closed_the_page_finds_the_order_in_the_basket(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(client, product)
    # The back button leads to the review page, which has nothing to review any more.
    words = client.get("/checkout/review/", follow=True).content.decode()
    way = f"/checkout/done/{order.checkout.token}/"
    assert f"Your order {order.number} is kept for you" in words and way in words
    assert way not in Client().get("/basket/").content.decode()
    change_status(order, "cancelled")
    assert way not in client.get("/basket/").content.decode()


def test_coming_back_has_the_worker_look_where_no_message_arrives(
    client: Client, stripe: Sandbox, product: Any
) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page)
    client.get(f"/checkout/paid/{order.number}/")
    back = client.get(f"/checkout/paid/{order.number}/", follow=True)
    # Whoever has just paid is not offered to pay, and need not look again by hand; but not for ever.
    words, path = back.content.decode(), back.request["PATH_INFO"]
    assert "which takes a moment" in words and "It is not paid yet" not in words
    assert back["Refresh"] == "2; url=?back=2"
    last = client.get(f"{path}?back={LOOKS}")
    assert "It is not paid yet" in last.content.decode() and "Refresh" not in last
    drain_all()
    again = client.get(f"{path}?back=1")
    assert "which takes a moment" not in again.content.decode() and "It is not paid yet" not in again.content.decode()
    assert "Refresh" not in again
    assert status(order) == "paid"
    stripe.deliver(client)
    assert mails(order) == ["order-paid"] and holds(order) == order.total_incl_tax


def test_stripe_away_loses_no_order(client: Client, stripe: Sandbox, product: Any) -> None:
    stripe.fault("error_before", "POST /v1/checkout/sessions", count=9, status=503)
    put(client, product)
    answer = submit(client, go_to_review(client), payment="stripe")
    order = Order.objects.get()
    assert answer["Location"] == f"/checkout/done/{order.checkout.token}/"
    assert "does not answer just now" in client.get(answer["Location"]).content.decode()
    stripe.clear_faults()
    page = begin(order)
    stripe.pay(page)
    stripe.deliver(client)
    assert status(order) == "paid" and Payment.objects.filter(order=order).count() == 1


def test_an_answer_that_is_lost_opens_no_second_page(client: Client, stripe: Sandbox, product: Any) -> None:
    stripe.fault("close_after", "POST /v1/checkout/sessions", count=2)
    put(client, product)
    submit(client, go_to_review(client), payment="stripe")
    order = Order.objects.get()
    assert of(order).session_id is None
    begin(order)
    made = [event for event in stripe.requests() if event["path"] == "/v1/checkout/sessions"]
    assert len({one["key"] for one in made if one["method"] == "POST"}) == 1
    assert len(stripe.api("GET", "/checkout/sessions").json["data"]) == 1


def test_a_bank_that_says_no_days_later_leaves_time_for_another_try(
    client: Client, stripe: Sandbox, product: Any, euros: None
) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page, iban="DE78370400440532013004")
    stripe.deliver(client)
    assert status(order) == "awaiting-payment" and of(order).state == "processing"
    assert expire_unpaid() == [], "a debit takes days"
    assert begin(order) == "", "and whoever asks to pay meanwhile is not charged twice"
    stripe.advance(3600 / 4)
    stripe.deliver(client)
    assert of(order).state == "failed" and status(order) == "awaiting-payment"
    assert mails(order) == ["payment-processing", "payment-failed"]
    page = begin(order)
    stripe.pay(page)
    stripe.deliver(client)
    assert status(order) == "paid" and holds(order) == order.total_incl_tax


def test_a_debit_that_arrives_makes_the_order_paid(client: Client, stripe: Sandbox, product: Any, euros: None) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page, iban="DE08370400440532013003")
    stripe.advance(3600 / 4)
    stripe.deliver(client)
    assert status(order) == "paid" and holds(order) == order.total_incl_tax


def test_a_cancelled_order_cannot_be_paid_any_more(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    change_status(order, "cancelled", why="customer")
    drain_all()
    assert of(order).state == "expired"
    assert stripe.pay(page).status != 303
    assert begin(order) == ""


def test_cancelling_a_paid_order_sends_the_money_back(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page)
    stripe.deliver(client)
    change_status(order, "cancelled", why="customer")
    drain_all()
    stripe.deliver(client)
    refund = Refund.objects.get()
    assert (refund.amount, refund.state) == (order.total_incl_tax, "succeeded")
    assert holds(order) == 0 and promised(product) == 0


def test_late_money_revives_an_order_whose_things_are_there(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page)
    # The message comes after somebody cancelled.
    change_status(order, "cancelled", why="staff")
    stripe.deliver(client)
    assert status(order) == "paid" and promised(product) == 1 and holds(order) == order.total_incl_tax
    drain_all()
    assert "goes on" in of(order).problem and not Refund.objects.exists()


def test_late_money_goes_back_where_the_things_are_sold(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product, quantity=5)
    stripe.pay(page)
    change_status(order, "cancelled", why="staff")
    other, _page = order_by_card(Client(), product, quantity=1)
    stripe.deliver(client)
    drain_all()
    stripe.deliver(client)
    assert status(order) == "cancelled" and holds(order) == 0
    assert Refund.objects.get().state == "succeeded" and promised(product) == 1 and status(other) == "awaiting-payment"
    assert "sent back" in of(order).problem


def test_what_costs_nothing_is_not_paid_for(client: Client, stripe: Sandbox) -> None:
    free = make_product(title="Sample", price=Decimal("0.00"), stock=5)
    put(client, free)
    page = go_to_review(client, ship="collect")
    assert "How you pay" not in page.content.decode() and 'name="due" value="0.00"' in page.content.decode()
    # As a browser sends the form: there is nothing to choose.
    answer = submit(client, page, payment="", due="0.00")
    order = Order.objects.get()
    assert answer["Location"].startswith("/checkout/done/") and status(order) == "paid"
    assert (order.total_incl_tax, order.payment_method) == (0, "") and not Payment.objects.exists()
    assert promised(free) == 1 and mails(order) == ["order-placed"]


def test_what_is_too_little_for_stripe_is_not_offered_to_it(client: Client, stripe: Sandbox, settings: Any) -> None:
    settings.SHOP_BANK = {}
    put(client, make_product(title="Bead", price=Decimal("0.29"), stock=5))
    page = go_to_review(client, ship="collect")
    assert "£0.29 is too little to be paid online" in page.content.decode()
    assert submit(client, page, payment="stripe", due="0.29").status_code == 400
    # Without the page's own word for what is due, placement refuses it.
    answer = client.post("/checkout/review/", {
        "token": str(page.context["checkout"].token), "seen": seen_of(page), "payment": "stripe", "terms": "yes",
    }, follow=True)  # fmt: skip
    assert "£0.29 is too little to be paid so." in answer.content.decode() and not Order.objects.exists()
    put(client, make_product(title="Thread", price=Decimal("0.01"), stock=5))
    page = go_to_review(client, ship="collect")
    assert submit(client, page, payment="stripe", due="0.30")["Location"].startswith(stripe.address)


def test_who_says_that_nothing_is_due_pays_all_the_same(client: Client, stripe: Sandbox, product: Any) -> None:
    put(client, product)
    page = go_to_review(client)
    for payment in ("", "stripe", "none"):
        answer = submit(client, page, payment=payment, due="0.00")
        assert answer.status_code == 409 and "How you pay" in answer.content.decode()
    assert not Order.objects.exists() and promised(product) == 0
    assert "Choose how to pay." in submit(client, page, payment="").content.decode()


def test_every_message_twice_and_in_any_order_is_the_same(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page)
    parcels = stripe.take()
    for parcel in [*reversed(parcels), *parcels, *reversed(parcels)]:
        answer = client.post(
            "/stripe/webhook/", parcel["body"], content_type="application/json",
            headers={"Stripe-Signature": parcel["signature"]},
        )  # fmt: skip
        assert answer.status_code == 200
    assert status(order) == "paid" and holds(order) == order.total_incl_tax and mails(order) == ["order-paid"]
    assert WebhookEvent.objects.count() == len({parcel["event"] for parcel in parcels})
