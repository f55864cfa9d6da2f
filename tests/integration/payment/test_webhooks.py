"""What arrives at /stripe/webhook/: only what Stripe signed is believed, and even that only says where to look."""

from __future__ import annotations

import json
import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from shop.accounts.deletion import delete_account
from shop.accounts.models import User
from shop.customer.links import order_path
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment import webhooks
from shop.payment.models import Dispute, Payment, Refund, WebhookEvent
from shop.payment.operations import PaymentError, begin
from shop.payment.refunds import refund
from tests.stripe_sandbox import Sandbox

from .paying import holds, mails, of, order_by_card, promised, status
from .signing import event, post, sign

pytestmark = pytest.mark.django_db


def lie(order: Order, **more: Any) -> dict[str, Any]:
    """A payment page that says it is paid."""
    return {
        "id": of(order).session_id, "object": "checkout.session", "status": "complete", "payment_status": "paid",
        "amount_total": int(order.total_incl_tax * 100), "metadata": {"payment": str(of(order).key)}, **more,
    }  # fmt: skip


def nothing_happened(order: Order) -> bool:
    return status(order) == "awaiting-payment" and holds(order) == 0 and not WebhookEvent.objects.exists()


@pytest.mark.parametrize(
    "signature",
    ["", "garbage", "t=1", "v1=abc", "t=now,v1=abc", "t=99999999999999999999,v1=0", "t=1,v1=é", "t=1,v0=abc"],
)
def test_what_is_not_signed_changes_nothing(client: Client, order: Order, signature: str) -> None:
    assert post(client, event("checkout.session.completed", lie(order)), signature).status_code == 400
    assert nothing_happened(order)


def test_a_wrong_secret_an_old_stamp_and_a_changed_body(client: Client, stripe: Sandbox, order: Order) -> None:
    body = event("checkout.session.completed", lie(order))
    good = sign(body, stripe.secret)
    assert post(client, body, sign(body, "whsec_of_somebody_else")).status_code == 400
    assert post(client, body, sign(body, "")).status_code == 400
    assert post(client, body, sign(body, stripe.secret, at=time.time() - 301)).status_code == 400
    assert post(client, body[:-1], good).status_code == 400, "truncated"
    assert post(client, body + " ", good).status_code == 400
    assert post(client, body.replace(of(order).session_id or "", "cs_other"), good).status_code == 400
    # The stamp is signed as well.
    stamp = good.partition(",")[0]
    assert post(client, body, good.replace(stamp, f"t={int(time.time()) + 60}")).status_code == 400
    assert nothing_happened(order)


def test_a_signed_lie_is_looked_up_and_not_believed(client: Client, stripe: Sandbox, order: Order) -> None:
    body = event("checkout.session.completed", lie(order, amount_total=1))
    assert post(client, body, sign(body, stripe.secret)).status_code == 200
    assert status(order) == "awaiting-payment" and holds(order) == 0 and of(order).state == "open"


def test_two_secrets_while_one_is_changed(client: Client, stripe: Sandbox, order: Order, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ("whsec_new", stripe.secret)
    for secrets in (("whsec_new",), (stripe.secret,), (stripe.secret, "whsec_new")):
        body = event("customer.created", {"id": "cus_1", "object": "customer"})
        assert post(client, body, sign(body, *secrets)).status_code == 200, secrets
    settings.STRIPE_WEBHOOK_SECRETS = ("whsec_new",)
    body = event("customer.created", {"id": "cus_1", "object": "customer"})
    assert post(client, body, sign(body, stripe.secret)).status_code == 400
    settings.STRIPE_WEBHOOK_SECRETS = ()
    assert post(client, body, sign(body, "")).status_code == 400


@pytest.mark.parametrize("kind", ["product.created", "invoice.paid", "a.kind.of.tomorrow", "balance.available", "x"])
def test_kinds_that_say_nothing_to_us_are_taken(client: Client, stripe: Sandbox, kind: str) -> None:
    body = event(kind, {"object": "something"})
    answer = post(client, body, sign(body, stripe.secret))
    assert (answer.status_code, answer.content) == (200, b"ignored")
    assert WebhookEvent.objects.get().state == "ignored"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"object": "event"}', b'{"object": "event", "id": "evt_1", "type": "x"}',
        b'{"id":"evt_1","object":"v2.core.event","type":"v1.billing.meter.no_meter_found","created":"2026-01-01T00:00:00Z"}',
    ],
)  # fmt: skip
def test_what_is_signed_and_no_event_is_refused(client: Client, stripe: Sandbox, body: bytes) -> None:
    assert post(client, body, sign(body, stripe.secret)).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_a_message_about_real_money_is_no_message_for_a_test_key(
    client: Client, stripe: Sandbox, order: Order, settings: Any
) -> None:
    body = event("checkout.session.completed", lie(order), livemode=True)
    answer = post(client, body, sign(body, stripe.secret))
    assert answer.status_code == 400 and b"test money" in answer.content
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "sk_live_x", ""
    body = event("checkout.session.completed", lie(order))
    assert post(client, body, sign(body, stripe.secret)).status_code == 400
    assert nothing_happened(order)


def test_only_posts_of_a_bearable_size(client: Client, stripe: Sandbox, settings: Any) -> None:
    assert client.get("/stripe/webhook/").status_code == 405
    body = event("product.created", {"id": "x", "padding": "x" * 900_000})
    assert post(client, body, sign(body, stripe.secret)).status_code == 200
    body = event("product.created", {"id": "x", "padding": "x" * 1_000_001})
    assert post(client, body, sign(body, stripe.secret)).status_code == 413
    settings.STRIPE_SECRET_KEY = ""
    assert post(client, "{}", "").status_code == 404


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("checkout.session.completed", {"id": "cs_test_foreign", "object": "checkout.session"}),
        ("payment_intent.succeeded", {"id": "pi_foreign", "object": "payment_intent"}),
        ("charge.succeeded", {"id": "ch_1", "object": "charge", "payment_intent": "pi_foreign"}),
        ("charge.succeeded", {"id": "ch_1", "object": "charge", "payment_intent": None}),
        ("refund.created", {"id": "re_foreign", "object": "refund"}),
        ("charge.dispute.created", {"id": "dp_foreign", "object": "dispute"}),
    ],
)
def test_what_is_of_another_account_is_taken_and_ignored(
    client: Client, stripe: Sandbox, kind: str, about: dict[str, Any]
) -> None:
    body = event(kind, about)
    assert post(client, body, sign(body, stripe.secret)).content == b"ignored"


def test_what_is_ours_and_cannot_be_seen_is_a_fault(client: Client, stripe: Sandbox, order: Order) -> None:
    Payment.objects.filter(order=order).update(session_id="cs_test_gone")
    body = event("checkout.session.completed", {"id": "cs_test_gone", "object": "checkout.session"})
    assert post(client, body, sign(body, stripe.secret)).status_code == 500
    assert "resource" in (row := WebhookEvent.objects.get()).error.lower() or "no such" in row.error.lower()


def other_page(stripe: Sandbox, **metadata: str) -> dict[str, Any]:
    """A page that somebody else opened with the same account of Stripe's."""
    fields = {
        "mode": "payment", "success_url": "https://other.example/", "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "gbp", "line_items[0][price_data][unit_amount]": "100",
        "line_items[0][price_data][product_data][name]": "Other",
        **{f"metadata[{name}]": value for name, value in metadata.items()},
    }  # fmt: skip
    answer = stripe.api("POST", "/checkout/sessions", fields)
    assert answer.status == 200, answer.text
    return dict(answer.json)


@pytest.mark.parametrize("mark", ["", "abc", "7" * 300, "00000000-0000-0000-0000-000000000000"])
def test_another_shops_page_with_the_same_account_pays_nothing(
    client: Client, stripe: Sandbox, order: Order, mark: str
) -> None:
    page = other_page(stripe, **({"payment": mark} if mark else {"order": order.number}))
    stripe.pay(page["url"])
    assert set(stripe.deliver(client)) == {200}
    assert status(order) == "awaiting-payment" and holds(order) == 0
    assert {row.state for row in WebhookEvent.objects.filter(type__startswith="checkout")} == {"ignored"}


def test_a_page_with_our_mark_and_another_amount_pays_nothing_and_staff_is_told(
    client: Client, stripe: Sandbox, order: Order
) -> None:
    """Our own page was never seen here, and somebody has made one of a pound with the same mark."""
    Payment.objects.filter(order=order).update(session_id=None, url="")
    page = other_page(stripe, payment=str(of(order).key))
    stripe.pay(page["url"])
    stripe.deliver(client)
    assert status(order) == "awaiting-payment" and holds(order) == 1, "the books say what came"
    assert "1.00 GBP came" in of(order).problem and "staff-payment" in mails(order)
    with pytest.raises(PaymentError, match="do not pay again"):
        begin(order)


def test_a_second_page_with_our_mark_is_not_ours(client: Client, stripe: Sandbox, order: Order) -> None:
    page = other_page(stripe, payment=str(of(order).key))
    stripe.pay(page["url"])
    stripe.deliver(client)
    assert status(order) == "awaiting-payment" and holds(order) == 0 and of(order).problem == ""


def test_failures_are_written_down_and_the_next_try_heals_them(client: Client, stripe: Sandbox, order: Order) -> None:
    stripe.pay(of(order).url)
    parcel = next(each for each in stripe.take() if each["type"] == "checkout.session.completed")
    stripe.fault("error_before", "GET /v1/checkout/sessions*", count=4, status=503)
    for attempt in (1, 2):
        assert post(client, parcel["body"], parcel["signature"]).status_code == 500
        row = WebhookEvent.objects.get()
        assert (row.state, row.attempts) == ("failed", attempt) and row.error.startswith("Down")
    assert status(order) == "awaiting-payment"
    stripe.clear_faults()
    assert post(client, parcel["body"], parcel["signature"]).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.attempts, row.error) == ("done", 3, "")
    assert row.payment == of(order) and status(order) == "paid"


def test_an_effect_that_fails_leaves_nothing_half_done_and_is_seen(
    client: Client, stripe: Sandbox, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = webhooks.settle

    def break_off(payment_id: int, seen: Any) -> Any:
        real(payment_id, seen)
        raise IntegrityError("in the middle")

    stripe.pay(of(order).url)
    parcel = next(each for each in stripe.take() if each["type"] == "checkout.session.completed")
    monkeypatch.setattr(webhooks, "settle", break_off)
    assert post(client, parcel["body"], parcel["signature"]).status_code == 500
    assert status(order) == "awaiting-payment" and holds(order) == 0
    assert "in the middle" in WebhookEvent.objects.get().error
    monkeypatch.setattr(webhooks, "settle", real)
    assert post(client, parcel["body"], parcel["signature"]).status_code == 200
    assert status(order) == "paid" and mails(order) == ["order-paid"]


def test_a_refund_and_a_dispute_told_before_the_payment(client: Client, stripe: Sandbox, order: Order) -> None:
    """All messages in the opposite order: the same end."""
    stripe.pay(of(order).url)
    seen = stripe.api("GET", f"/checkout/sessions/{of(order).session_id}").json
    stripe.api("POST", "/refunds", {"payment_intent": seen["payment_intent"], "amount": 500})
    stripe.dispute(seen["payment_intent"], amount=1000)
    parcels = stripe.take()
    for parcel in reversed(parcels):
        assert post(client, parcel["body"], parcel["signature"]).status_code == 200
    assert status(order) == "paid" and holds(order) == order.total_incl_tax - 15
    assert Refund.objects.get().why == "made at Stripe" and Dispute.objects.get().status == "needs_response"
    for parcel in parcels:
        post(client, parcel["body"], parcel["signature"])
    assert holds(order) == order.total_incl_tax - 15 and Refund.objects.count() == Dispute.objects.count() == 1


def test_messages_delayed_past_expiry(client: Client, stripe: Sandbox, order: Order, product: Any) -> None:
    stripe.pay(of(order).url)
    parcels = stripe.take()
    stripe.advance(3 * 24 * 3600)
    for parcel in parcels:
        body = json.loads(parcel["body"])
        assert post(client, parcel["body"], sign(parcel["body"], stripe.secret)).status_code == 200, body["type"]
    assert status(order) == "paid" and promised(product) == 1


@pytest.mark.parametrize(("status_at_end", "left"), [("won", Decimal(0)), ("lost", None)])
def test_a_dispute_is_won_or_lost(
    client: Client, stripe: Sandbox, order: Order, status_at_end: str, left: Decimal | None
) -> None:
    stripe.pay(of(order).url)
    stripe.deliver(client)
    dispute = stripe.dispute(of(order).intent_id or "")
    stripe.deliver(client)
    assert holds(order) == 0 and "asks for" in of(order).problem and "staff-payment" in mails(order)
    stripe.close_dispute(dispute["id"], status_at_end)
    stripe.deliver(client)
    assert Dispute.objects.get().status == status_at_end
    # Staff is told of the end, too, also where the beginning was dealt with.
    assert f"is over: {status_at_end}" in of(order).problem and mails(order).count("staff-payment") == 2
    assert holds(order) == (order.total_incl_tax if status_at_end == "won" else 0)
    assert status(order) == "paid"


def test_money_for_what_its_buyer_cancelled_goes_back(client: Client, stripe: Sandbox, product: Any) -> None:
    buyer = User.objects.create_user("ada@example.com", "x")
    client.force_login(buyer)
    order, page = order_by_card(client, product)
    stripe.pay(page)
    change_status(order, "cancelled", by=buyer, why="customer")
    stripe.deliver(client)
    drain_all()
    assert status(order) == "cancelled" and holds(order) == 0 and promised(product) == 0
    assert "cancelled by hand" in of(order).problem


@pytest.mark.parametrize("cancelled", [True, False], ids=["by its buyer", "by the clock"])
def test_money_for_somebody_who_has_gone_goes_back(
    client: Client, stripe: Sandbox, product: Any, cancelled: bool
) -> None:
    """The account is deleted, and with it the name beside the cancellation and the address that anything could go to."""
    buyer = User.objects.create_user("ada@example.com", "x")
    client.force_login(buyer)
    order, page = order_by_card(client, product)
    stripe.pay(page)
    change_status(
        order, "cancelled", by=buyer if cancelled else None, why="customer" if cancelled else "not paid in time"
    )
    delete_account(buyer)
    stripe.deliver(client)
    drain_all()
    assert status(order) == "cancelled" and holds(order) == 0 and promised(product) == 0
    assert ("cancelled by hand" if cancelled else "account was deleted") in of(order).problem


def test_money_for_what_a_guest_cancelled_goes_back(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page)
    assert client.post(f"{order_path(order.number)}cancel/").status_code == 303
    stripe.deliver(client)
    drain_all()
    assert status(order) == "cancelled" and holds(order) == 0 and "cancelled by hand" in of(order).problem


def test_who_was_quicker_at_stripe_is_not_sent_the_money_twice(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product, quantity=5)
    stripe.pay(page)
    change_status(order, "cancelled", why="staff")
    order_by_card(Client(), product)
    seen = stripe.api("GET", f"/checkout/sessions/{of(order).session_id}").json
    stripe.api("POST", "/refunds", {"payment_intent": seen["payment_intent"]})
    for parcel in reversed(stripe.take()):
        assert post(client, parcel["body"], parcel["signature"]).status_code == 200
    drain_all()
    stripe.deliver(client)
    assert holds(order) == 0 and status(order) == "cancelled"
    assert len(stripe.api("GET", "/refunds").json["data"]) == 1


def test_a_refund_with_a_foreign_mark_is_one_made_at_stripe(client: Client, stripe: Sandbox, product: Any) -> None:
    first, page = order_by_card(Client(), product)
    stripe.pay(page)
    second, page = order_by_card(Client(), product)
    stripe.pay(page)
    stripe.deliver(client)
    wanted = refund(first, extra=Decimal(5), by=None, why="test")
    for mark in (str(wanted.key), "nonsense"):
        fields = {"payment_intent": of(second).intent_id, "amount": 100, "metadata[refund]": mark}
        assert stripe.api("POST", "/refunds", fields).status == 200
    assert set(stripe.deliver(client)) == {200}
    wanted.refresh_from_db()
    assert wanted.state == "wanted" and holds(first) == first.total_incl_tax
    assert holds(second) == second.total_incl_tax - 2
    drain_all()
    assert holds(first) == first.total_incl_tax - 5
