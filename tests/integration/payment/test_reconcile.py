"""What no message told is found by comparing, both ways; nothing is mended that nobody asked for."""

from __future__ import annotations

import io
import logging
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from shop.order.models import Order
from shop.order.operations import expire_unpaid
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all, enqueue
from shop.payment import gateway, jobs, operations
from shop.payment.models import Dispute, Payment, Refund
from shop.payment.refunds import refund
from shop.payment.settling import settle_dispute
from tests.stripe_sandbox import Sandbox

from .paying import holds, of, order_by_card, promised, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(stripe: Sandbox, order: Order) -> Order:
    """It is paid, and known to be; from now on no message arrives."""
    stripe.pay(of(order).url)
    stripe.deliver(Client())
    assert status(order) == "paid"
    order.refresh_from_db()
    return order


def reconcile(*options: str) -> tuple[str, bool]:
    """What the command says, and whether it left nothing."""
    out = io.StringIO()
    try:
        call_command("payments_reconcile", *options, stdout=out)
    except CommandError as error:
        return f"{out.getvalue()}{error}", False
    return out.getvalue(), True


def mend() -> str:
    """Mend all; a second look finds nothing."""
    said, is_whole = reconcile("--commit")
    assert is_whole, said
    assert reconcile() == ("0 differences, 0 mended.\n", True)
    return said


def test_where_all_agrees_nothing_is_said(paid: Order) -> None:
    assert reconcile() == ("0 differences, 0 mended.\n", True)


def test_a_payment_that_nobody_told_of(stripe: Sandbox, order: Order) -> None:
    stripe.pay(of(order).url)
    said, is_whole = reconcile()
    assert f"order {order.number}: the payment is “open” here and “succeeded” at Stripe (--commit mends it)" in said
    assert "1 difference, 0 mended." in said and "1 difference is left" in said
    assert not is_whole and status(order) == "awaiting-payment"
    assert "(mended)" in mend()
    assert status(order) == "paid" and holds(order) == order.total_incl_tax


def test_a_page_that_expired_unheard(stripe: Sandbox, order: Order, product: Any) -> None:
    stripe.advance(2 * 3600)
    mend()
    assert status(order) == "cancelled" and promised(product) == 0 and of(order).state == "expired"


def test_messages_that_are_dropped(client: Client, stripe: Sandbox, order: Order) -> None:
    stripe.fault("drop", "*", count=99)
    stripe.pay(of(order).url)
    assert stripe.deliver(client) == []
    stripe.clear_faults()
    mend()
    assert status(order) == "paid" and holds(order) == order.total_incl_tax


def test_a_page_whose_address_was_lost(client: Client, stripe: Sandbox, order: Order) -> None:
    """Killed between Stripe's answer and our writing it down."""
    page = of(order).url
    Payment.objects.update(session_id=None, url="", state="created")
    stripe.pay(page)
    mend()
    assert status(order) == "paid" and of(order).session_id


def test_a_page_that_was_never_opened_holds_no_stock_for_ever(stripe: Sandbox, product: Any) -> None:
    """Killed before Stripe was asked."""
    stripe.fault("error_before", "POST /v1/checkout/sessions", count=9, status=503)
    client = Client()
    from tests.integration.orders.buying import go_to_review, put, submit

    put(client, product)
    submit(client, go_to_review(client), payment="stripe")
    stripe.clear_faults()
    order = Order.objects.get()
    assert expire_unpaid(older_than=timedelta(0)) == [] and promised(product) == 1
    Payment.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "no page was ever opened" in mend()
    assert expire_unpaid(older_than=timedelta(0)) == [order.number] and promised(product) == 0


def test_a_page_that_is_open_for_an_order_that_is_gone(stripe: Sandbox, order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(status="cancelled")
    assert "its payment page is still open" in mend()
    assert stripe.pay(of(order).url).status != 303


def test_a_refund_made_at_stripe_and_one_that_came_back(stripe: Sandbox, paid: Order) -> None:
    made = stripe.api("POST", "/refunds", {"payment_intent": of(paid).intent_id, "amount": 700}).json
    assert "is not written down here" in mend()
    assert holds(paid) == paid.total_incl_tax - 7 and Refund.objects.get().why == "made at Stripe"
    stripe.set_refund(made["id"], "failed")
    assert "“failed” at Stripe" in mend()
    assert holds(paid) == paid.total_incl_tax and "came back" in of(paid).problem


def test_a_refund_whose_answer_was_lost_is_sent_once(stripe: Sandbox, paid: Order) -> None:
    wanted = refund(paid, extra=Decimal(5), by=None, why="test")
    stripe.fault("close_after", "POST /v1/refunds", count=2)
    drain_all()
    wanted.refresh_from_db()
    assert wanted.state == "wanted"
    mend()
    wanted.refresh_from_db()
    assert wanted.state == "succeeded" and holds(paid) == paid.total_incl_tax - 5
    drain_all()
    assert len(stripe.api("GET", "/refunds").json["data"]) == 1


def test_a_refund_that_stripe_has_forgotten_the_key_of_is_not_sent_twice(stripe: Sandbox, paid: Order) -> None:
    wanted = refund(paid, extra=Decimal(5), by=None, why="test")
    # Sent a day ago, without our ever hearing of it; the key is forgotten there since.
    fields = {"payment_intent": of(paid).intent_id, "amount": 500, "metadata[refund]": str(wanted.key)}
    stripe.api("POST", "/refunds", fields)
    Refund.objects.update(created_at=timezone.now() - timedelta(days=1))
    operations.send_refund(wanted.pk)
    assert len(stripe.api("GET", "/refunds").json["data"]) == 1
    wanted.refresh_from_db()
    assert wanted.state == "succeeded" and holds(paid) == paid.total_incl_tax - 5


def test_a_refund_that_the_worker_lost(stripe: Sandbox, paid: Order) -> None:
    wanted = refund(paid, extra=Decimal(5), by=None, why="test")
    OutboxEntry.objects.all().delete()
    assert reconcile()[1], "the worker may take an hour"
    Refund.objects.update(updated_at=timezone.now() - timedelta(hours=2))
    assert "was never sent" in mend()
    wanted.refresh_from_db()
    assert wanted.state == "succeeded"


def test_a_dispute_that_nobody_told_of(stripe: Sandbox, paid: Order) -> None:
    dispute = stripe.dispute(of(paid).intent_id or "")
    assert "“unknown” here and “needs_response” at Stripe" in mend()
    assert holds(paid) == 0
    stripe.close_dispute(dispute["id"], "won")
    mend()
    assert Dispute.objects.get().status == "won" and holds(paid) == paid.total_incl_tax


def test_a_look_at_a_dispute_from_before_the_last_one_changes_nothing(stripe: Sandbox, paid: Order) -> None:
    made = stripe.dispute(of(paid).intent_id or "")
    seen = gateway.seen_dispute(made["id"])
    looks = ("warning_needs_response", "needs_response", "warning_under_review", "won", "under_review")
    became = [settle_dispute(replace(seen, status=look)) for look in looks]
    kept = [dispute.status for dispute in became if dispute]
    assert kept == ["warning_needs_response", "needs_response", "needs_response", "won", "won"]
    assert holds(paid) == paid.total_incl_tax


def test_what_a_person_has_to_look_at_stays(stripe: Sandbox, paid: Order) -> None:
    Payment.objects.update(captured=Decimal("1.00"))
    said, is_whole = reconcile("--commit")
    assert not is_whole and "1.00 were taken here" in said and "somebody has to look at it" in said


def test_our_page_is_unknown_there(stripe: Sandbox, order: Order) -> None:
    Payment.objects.update(session_id="cs_test_gone")
    said, is_whole = reconcile("--commit")
    assert not is_whole and "does not know the payment page cs_test_gone" in said


def test_a_page_that_stays_unknown_there_holds_no_stock_for_ever(stripe: Sandbox, order: Order, product: Any) -> None:
    """The shop has got the key of another account: nobody can pay there any more, and nobody would ever tell."""
    Payment.objects.update(session_id="cs_test_gone", expires_at=timezone.now() - timedelta(hours=23))
    assert not reconcile("--commit")[1] and of(order).is_live, "the key may be a mistake"
    with pytest.raises(gateway.Refused):
        operations.close(of(order).pk)
    Payment.objects.update(expires_at=timezone.now() - timedelta(hours=25))
    assert "does not know the payment page" in mend()
    assert of(order).state == "failed" and "does not know its payment page" in of(order).problem
    assert operations.close(of(order).pk).state == "failed"
    assert expire_unpaid(older_than=timedelta(0)) == [order.number] and promised(product) == 0


def test_a_key_that_is_refused_gives_up_no_payment(stripe: Sandbox, order: Order, settings: Any) -> None:
    Payment.objects.update(expires_at=timezone.now() - timedelta(days=9))
    settings.STRIPE_SECRET_KEY = "sk_live_of_a_sandbox"
    assert not reconcile("--commit")[1] and of(order).is_live


def test_refunds_and_disputes_that_are_unknown_there_stop_nothing(stripe: Sandbox, paid: Order) -> None:
    Refund.objects.create(order=paid, payment=of(paid), amount=1, currency="GBP", state="pending", refund_id="re_gone")
    Dispute.objects.create(payment=of(paid), dispute_id="dp_gone", status="needs_response", amount=1, currency="GBP")
    stripe.dispute(of(paid).intent_id or "")
    said, is_whole = reconcile("--commit")
    assert not is_whole and "refund re_gone is not known" in said and "dispute dp_gone is not known" in said
    assert "2 differences are left" in said and Dispute.objects.count() == 2, "the third was mended"


def test_one_that_cannot_be_mended_stops_no_other(
    stripe: Sandbox, product: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    first, page = order_by_card(Client(), product)
    stripe.pay(page)
    second, page = order_by_card(Client(), product)
    stripe.pay(page)
    real = operations.settle
    from shop.payment import reconcile as module

    def settle(payment_id: int, seen: Any) -> Any:
        if payment_id == of(first).pk:
            raise RuntimeError("broken")
        return real(payment_id, seen)

    monkeypatch.setattr(module, "settle", settle)
    said, is_whole = reconcile("--commit")
    assert not is_whole and "could not be mended: broken" in said
    assert (status(first), status(second)) == ("awaiting-payment", "paid")
    with caplog.at_level(logging.ERROR):
        jobs.payments_reconcile()
    assert "could not be mended" in caplog.text
    monkeypatch.undo()
    jobs.payments_reconcile()
    assert status(first) == "paid"


def test_the_clock_does_it_and_bears_that_stripe_is_away(stripe: Sandbox, order: Order, settings: Any) -> None:
    stripe.pay(of(order).url)
    stripe.fault("error_before", "GET *", count=9, status=503)
    jobs.payments_reconcile()
    assert status(order) == "awaiting-payment"
    stripe.clear_faults()
    jobs.payments_reconcile()
    assert status(order) == "paid"
    settings.STRIPE_SECRET_KEY = ""
    jobs.payments_reconcile()


def test_the_command_says_how_it_ends(stripe: Sandbox, order: Order, settings: Any, capsys: Any) -> None:
    stripe.fault("error_before", "GET *", count=9, status=503)
    said, is_whole = reconcile()
    assert not is_whole and "Stripe stopped answering after 0 differences" in said
    stripe.clear_faults()
    assert reconcile("--days", "0") == ("--days 0: it has to be 1 or more.", False)
    with pytest.raises(SystemExit) as ended:
        call_command("payments_reconcile", "--help")
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert "--commit" in said and "--days" in said and "both ways" in said
    settings.STRIPE_SECRET_KEY = ""
    assert reconcile() == ("STRIPE_SECRET_KEY is not set: there is nothing to compare with.", False)


@pytest.mark.parametrize("topic", ["payment.close", "payment.look", "payment.refund", "giftcards.issue"])
def test_work_of_what_was_taken_out_with_the_demo_is_let_go(topic: str) -> None:
    enqueue(topic, {"payment": 10**9, "refund": 10**9, "order": 10**9})
    drain_all()
    assert not OutboxEntry.objects.exists()
