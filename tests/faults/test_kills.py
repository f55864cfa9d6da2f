"""kill -9 at every step of placing, paying, cancelling and sending back, and what is true after a restart."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from shop.ledger.selectors import held
from shop.mail.models import SentMail
from shop.mail.operations import deliver
from shop.order.models import Order
from shop.order.operations import expire_unpaid
from shop.order.states import change_status
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from shop.payment.models import Payment, Refund
from shop.payment.operations import begin
from tests.stripe_sandbox import Sandbox

from . import shopping
from .killing import Seen, at_every_point
from .mailbox import taken
from .shopping import Buyer, buyer_at_the_button, check_bought, check_mails, check_nothing_kept, restart

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
WENT_OUT = "a mail went out"


def bring(parcels: list[dict[str, Any]]) -> Callable[[], None]:
    """The web process takes in these messages."""
    return lambda: shopping.tell_again(parcels)


def test_placing_and_the_buyer_presses_again(stripe: Sandbox, mails: Path) -> None:
    """The web process dies over the button. Whoever presses it again has one order, one page, and pays once."""
    seen = Seen()
    for buyer, point in at_every_point(buyer_at_the_button, Buyer.press):
        seen.add(point)
        # At once, before anybody has compared anything with Stripe.
        buyer.press()
        assert stripe.pay(begin(buyer.order)).status == 303, point
        shopping.tell(stripe)
        restart(buyer)
        check_bought(buyer, stripe)
        check_mails(buyer, mails, "order-paid")
    seen.check(25, "COMMIT", "Stripe is asked", "Stripe has answered", "INSERT INTO", "stockrecord")


def test_placing_and_the_buyer_goes_away(stripe: Sandbox, mails: Path) -> None:
    """The web process dies over the button, and nobody comes back: nothing is held for ever."""
    for buyer, point in at_every_point(buyer_at_the_button, Buyer.press):
        restart(buyer)
        shopping.hours_go_by(buyer, stripe)
        restart(buyer)
        # Nobody can pay any more from here on, whatever was left behind.
        expire_unpaid(older_than=timedelta(0))
        restart(buyer)
        shopping.tell(stripe)
        check_nothing_kept(buyer, stripe)
        check_mails(buyer, mails, *(["order-cancelled"] if Order.objects.filter(user=buyer.user).exists() else []))
        assert point or Payment.objects.filter(order__user=buyer.user).exists()


@pytest.mark.parametrize("again", [True, False], ids=["told again", "never told again"])
def test_the_message_of_a_payment(stripe: Sandbox, mails: Path, again: bool) -> None:
    """The web process dies over the message. Stripe sends it again, or gives up: the order is paid, once."""

    def begin_with_message() -> tuple[Buyer, list[dict[str, Any]]]:
        buyer = shopping.buyer_who_paid(stripe)
        told = stripe.take()
        return buyer, [parcel for parcel in told if parcel["type"] == "checkout.session.completed"]

    seen = Seen()
    for (buyer, parcels), point in at_every_point(begin_with_message, lambda case: bring(case[1])()):
        seen.add(point)
        if again:
            # Nobody compares with Stripe: the message alone has to be enough.
            shopping.tell_again(parcels)
            shopping.work()
        else:
            restart(buyer)
        assert (buyer.order.status, buyer.payment.state) == ("paid", "succeeded"), point
        assert held(buyer.order.pk) == buyer.order.total_incl_tax, point
        check_bought(buyer, stripe)
        check_mails(buyer, mails, "order-paid")
    seen.check(10, "COMMIT", "Stripe has answered", "moneyentry", "webhookevent")


def test_the_worker_after_a_payment(stripe: Sandbox, mails: Path) -> None:
    """The worker dies over what a payment left to do. Its rows wait for the next one, and no second mail is written."""

    def begin_with_work() -> Buyer:
        buyer = shopping.buyer_who_paid(stripe)
        shopping.tell(stripe)
        assert OutboxEntry.objects.filter(topic="mail.send").count() == 1
        return buyer

    seen = Seen()
    for buyer, point in at_every_point(begin_with_work, lambda _: drain_all()):
        seen.add(point)
        # Between the server's word and our own note of it nobody can know: the same mail goes out once more, under its id.
        unnoted = bool(taken(mails, buyer.user.email)) and not SentMail.objects.filter(to=buyer.user.email).exists()
        restart(buyer)
        check_bought(buyer, stripe)
        check_mails(buyer, mails, "order-paid", twice=unnoted)
    seen.check(8, "a mail goes out", WENT_OUT, "outbox_outboxentry")


def test_the_reconciliation(stripe: Sandbox, mails: Path) -> None:
    """The worker dies while it mends what no message told. The next run mends the rest."""

    def begin_untold() -> Buyer:
        buyer = shopping.buyer_who_paid(stripe)
        stripe.take()
        return buyer

    seen = Seen()
    for buyer, point in at_every_point(begin_untold, shopping.reconcile):
        seen.add(point)
        restart(buyer)
        assert (buyer.order.status, buyer.payment.state) == ("paid", "succeeded"), point
        assert held(buyer.order.pk) == buyer.order.total_incl_tax, point
        check_bought(buyer, stripe)
        check_mails(buyer, mails, "order-paid")
    seen.check(10, "COMMIT", "Stripe has answered")


def test_cancelling_and_sending_the_money_back(stripe: Sandbox, mails: Path) -> None:
    """Whoever cancels dies, or the worker that sends the money: it goes back once, all of it."""

    def cancel(buyer: Buyer) -> None:
        change_status(buyer.order, "cancelled", by=buyer.user, why="customer")
        drain_all()

    seen = Seen()
    for buyer, point in at_every_point(lambda: shopping.buyer_with_paid_order(stripe), cancel):
        seen.add(point)
        restart(buyer)
        change_status(buyer.order, "cancelled", by=buyer.user, why="customer")
        restart(buyer)
        shopping.tell(stripe)
        restart(buyer)
        [refund] = Refund.objects.filter(payment__order=buyer.order)
        assert (refund.state, refund.amount) == ("succeeded", buyer.order.total_incl_tax), point
        sent = stripe.api("GET", f"/refunds?payment_intent={refund.payment.intent_id}").json["data"]
        assert len(sent) == 1, point
        check_nothing_kept(buyer, stripe)
    seen.check(20, "COMMIT", "Stripe is asked", "payment_refund")


@pytest.mark.parametrize("sold", [False, True], ids=["its things are there", "its things are sold"])
def test_money_that_comes_late(stripe: Sandbox, mails: Path, sold: bool) -> None:
    """The order expired, and then the message came: dying over it revives the order once, or sends the money back once."""

    def begin_late() -> tuple[Buyer, list[dict[str, Any]]]:
        buyer = shopping.buyer_who_paid(stripe)
        change_status(buyer.order, "cancelled", why="not paid in time", tell_customer=False)
        if sold:
            record = buyer.record
            record.num_in_stock = 0
            record.save()
        OutboxEntry.objects.all().delete()
        return buyer, [parcel for parcel in stripe.take() if parcel["type"] == "checkout.session.completed"]

    seen = Seen()
    for (buyer, parcels), point in at_every_point(begin_late, lambda case: bring(case[1])()):
        seen.add(point)
        shopping.tell_again(parcels)
        restart(buyer)
        if sold:
            assert buyer.order.status == "cancelled" and held(buyer.order.pk) == 0, point
            assert Refund.objects.filter(payment__order=buyer.order, state="succeeded").count() == 1, point
            shopping.check_books()
        else:
            check_bought(buyer, stripe)
            check_mails(buyer, mails, "order-paid")
    seen.check(10, "COMMIT")


def test_expiry(stripe: Sandbox, mails: Path) -> None:
    """The worker dies while it cancels what nobody paid, by bank or by card: its things are free once."""

    def begin_unpaid() -> Buyer:
        buyer = buyer_at_the_button(method="bank-transfer")
        assert buyer.press().status_code == 303
        drain_all()
        Order.objects.filter(pk=buyer.order.pk).update(date_placed=timezone.now() - timedelta(days=400))
        return buyer

    def expire(_: Buyer) -> None:
        call_command("orders_expire", verbosity=0)

    seen = Seen()
    for buyer, point in at_every_point(begin_unpaid, expire):
        seen.add(point)
        expire(buyer)
        restart(buyer)
        assert buyer.order.status == "cancelled", point
        check_nothing_kept(buyer, stripe)
        check_mails(buyer, mails, "order-placed", "order-cancelled")
    seen.check(7, "COMMIT", "num_allocated")


def test_without_the_outbox_a_killed_process_loses_the_mail(
    stripe: Sandbox, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a mail that is sent after the commit, instead of being written down in it, is lost by some kill."""

    def send_at_once(kind: str, *, to: str, context: Any, language: str = "") -> None:
        payload = {"id": str(uuid.uuid4()), "kind": kind, "to": to, "context": dict(context), "language": language}
        transaction.on_commit(lambda: deliver(payload))

    monkeypatch.setattr("shop.mail.operations.send", send_at_once)
    lost = []

    def begin_paid() -> tuple[Buyer, list[dict[str, Any]]]:
        buyer = shopping.buyer_who_paid(stripe)
        return buyer, [parcel for parcel in stripe.take() if parcel["type"] == "checkout.session.completed"]

    for (buyer, parcels), point in at_every_point(begin_paid, lambda case: bring(case[1])()):
        shopping.tell_again(parcels)
        restart(buyer)
        if not taken(mails, buyer.user.email):
            lost.append(point)
    assert lost
