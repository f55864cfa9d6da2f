"""kill -9 at every step of what leaves the house and comes back, and what is true once somebody has pressed the button again."""

from __future__ import annotations

import uuid
from decimal import Decimal
from pathlib import Path

import pytest

from shop.invoices.models import Invoice
from shop.ledger.selectors import held
from shop.order.models import Order, Shipment
from shop.order.parcels import Tracking
from shop.order.shipments import dispatch
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Refund
from shop.payment.refunds import refund
from shop.returns import operations as returns
from shop.returns.models import Return
from shop.returns.operations import Came, Wanted
from tests.stripe_sandbox import Sandbox

from . import shopping
from .killing import Seen, at_every_point
from .shopping import Buyer, check_books, check_mails, restart, unnoted

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
BOWLS, PRICE = 3, Decimal("24.50")
# What was written to whoever has paid by bank and got something.
BY_BANK = ("order-placed", "order-paid", "order-dispatched")
# Somebody who bought, and the key of a form that somebody has before them.
Case = tuple[Buyer, uuid.UUID]


def send(buyer: Buyer, number: int, key: uuid.UUID) -> None:
    """So many of the bowls leave, and the worker writes to the buyer."""
    quantities = {buyer.order.lines.get().pk: number}
    dispatch(buyer.order, quantities=quantities, tracking=Tracking("dhl", "JD0001"), by=None, key=key)
    drain_all()


def sent(buyer: Buyer, number: int) -> Case:
    """So many have left, and another form is open."""
    send(buyer, number, uuid.uuid4())
    return buyer, uuid.uuid4()


def cancel(order: Order) -> None:
    """Staff cancels what is still here, and the worker sends the money."""
    change_status(order, "cancelled", why="test")
    drain_all()


def on_the_shelf(buyer: Buyer) -> tuple[int, int]:
    """How many there are, and how many of them are promised."""
    return buyer.record.num_in_stock, buyer.record.num_allocated or 0


def check_refund(buyer: Buyer, stripe: Sandbox, amount: Decimal) -> None:
    """So much went back, once, there and here; and one document says so."""
    [made] = Refund.objects.filter(order=buyer.order)
    assert (made.state, made.amount) == ("succeeded", amount)
    assert made.payment is not None
    there = stripe.api("GET", f"/refunds?payment_intent={made.payment.intent_id}").json["data"]
    assert [each["amount"] for each in there] == [int(amount * 100)]
    assert held(buyer.order.pk) == buyer.order.total_incl_tax - amount
    documents = Invoice.objects.filter(order=buyer.order).order_by("pk").values_list("kind", "total")
    assert list(documents) == [("invoice", buyer.order.total_incl_tax), ("credit-note", -amount)]


@pytest.mark.parametrize("number", [1, BOWLS], ids=["a part", "all of it"])
def test_dispatching(stripe: Sandbox, mails: Path, number: int) -> None:
    """Whoever packs dies, or the worker that writes of it: it leaves once, and the buyer reads of it once."""

    def leave(case: Case) -> None:
        send(case[0], number, case[1])

    def begin() -> Case:
        return shopping.buyer_with_order_paid_at_once(number_of=BOWLS), uuid.uuid4()

    seen = Seen()
    for case, point in at_every_point(begin, leave):
        seen.add(point)
        buyer, twice = case[0], unnoted(case[0], mails)
        leave(case)
        restart(buyer)
        assert Shipment.objects.filter(order=buyer.order).count() == 1, point
        line = buyer.order.lines.get()
        assert (line.dispatched, line.left_open) == (number, BOWLS - number), point
        assert buyer.order.status == ("dispatched" if number == BOWLS else "partly-dispatched"), point
        assert on_the_shelf(buyer) == (BOWLS - number, BOWLS - number), point
        check_mails(buyer, mails, *BY_BANK, twice=twice)
        check_books()
    seen.check(10, "COMMIT", "order_shipment", "partner_stockrecord", "a mail went out")


def test_cancelling_the_rest_of_what_has_partly_left(stripe: Sandbox, mails: Path) -> None:
    """Whoever cancels dies, or the worker that sends the money: what stayed is paid back and on the shelf, once."""

    def begin() -> Case:
        return sent(shopping.buyer_with_paid_order(stripe, number_of=BOWLS), 1)

    seen = Seen()
    for (buyer, _key), point in at_every_point(begin, lambda case: cancel(case[0].order)):
        seen.add(point)
        twice = unnoted(buyer, mails)
        cancel(buyer.order)
        restart(buyer)
        shopping.tell(stripe)
        restart(buyer)
        line = buyer.order.lines.get()
        assert (buyer.order.status, line.dispatched, line.cancelled) == ("cancelled", 1, 2), point
        assert on_the_shelf(buyer) == (2, 0), point
        check_refund(buyer, stripe, 2 * PRICE)
        check_mails(buyer, mails, "order-paid", "order-dispatched", "order-cancelled", "order-refunded", twice=twice)
        check_books()
    seen.check(20, "COMMIT", "Stripe has answered", "payment_refund", "invoices_invoice", "a mail went out")


def ask_and_approve(case: Case) -> None:
    """The buyer asks with the form's key, staff says yes, and the worker writes. Each presses again what the page still shows."""
    buyer, key = case
    wanted = {buyer.order.lines.get().pk: Wanted(2, "mind")}
    back = returns.ask(buyer.order, lines=wanted, by=buyer.user, key=key)
    returns.approve(back, send_to="Returns\nMill Lane", by=None)
    drain_all()


def test_a_return_that_is_asked_for_and_approved(stripe: Sandbox, mails: Path) -> None:
    """The web process dies over a return's first steps: there is one, with what was asked for."""

    def begin() -> Case:
        return sent(shopping.buyer_with_order_paid_at_once(number_of=BOWLS), BOWLS)

    seen = Seen()
    for case, point in at_every_point(begin, ask_and_approve):
        seen.add(point)
        buyer, twice = case[0], unnoted(case[0], mails)
        ask_and_approve(case)
        restart(buyer)
        [back] = Return.objects.filter(order=buyer.order)
        assert back.state == "approved" and back.send_to == "Returns\nMill Lane", point
        assert list(back.lines.values_list("quantity", "received")) == [(2, 0)], point
        assert list(back.changes.order_by("pk").values_list("new_state", flat=True)) == ["requested", "approved"], point
        check_mails(buyer, mails, *BY_BANK, *["order-return"] * 2, twice=twice)
        check_books()
    seen.check(10, "COMMIT", "returns_return", "returns_returnline", "a mail went out")


def take_in_and_pay_back(case: Case) -> None:
    """Two came, and one of them is as good as new; both are paid back. Whoever comes again goes on where the page stands."""
    back = Return.objects.get(order=case[0].order)
    line = back.lines.get().pk
    if back.state in ("approved", "received"):
        returns.receive(back, lines={line: Came(2, 1)}, by=None)
    returns.give_back(back, lines={line: 2}, by=None)
    drain_all()


def test_a_return_that_is_received_and_refunded(stripe: Sandbox, mails: Path) -> None:
    """Whoever takes it in dies, or the worker that sends the money: one is on the shelf, and two are paid back."""

    def begin() -> Case:
        case = sent(shopping.buyer_with_paid_order(stripe, number_of=BOWLS), BOWLS)
        ask_and_approve(case)
        return case

    seen = Seen()
    for case, point in at_every_point(begin, take_in_and_pay_back):
        seen.add(point)
        buyer, twice = case[0], unnoted(case[0], mails)
        take_in_and_pay_back(case)
        restart(buyer)
        shopping.tell(stripe)
        restart(buyer)
        back = Return.objects.get(order=buyer.order)
        assert list(back.lines.values_list("received", "restocked", "refunded")) == [(2, 1, 2)], point
        steps = ["requested", "approved", "received", "refunded"]
        assert list(back.changes.order_by("pk").values_list("new_state", flat=True)) == steps, point
        assert on_the_shelf(buyer) == (1, 0), point
        check_refund(buyer, stripe, 2 * PRICE)
        kinds = ["order-paid", "order-dispatched", *["order-return"] * 4]
        check_mails(buyer, mails, *kinds, twice=twice)
        check_books()
    seen.check(25, "COMMIT", "Stripe has answered", "returns_return", "partner_stockrecord", "a mail went out")


def test_a_refund_and_its_credit_note(stripe: Sandbox, mails: Path) -> None:
    """Whoever refunds dies, or the worker that asks Stripe and writes the document: both are there once, numbered without a gap."""

    def begin() -> Case:
        return shopping.buyer_with_paid_order(stripe), uuid.uuid4()

    def pay_back(case: Case) -> None:
        refund(case[0].order, extra=Decimal("5.00"), by=None, why="test", key=case[1])
        drain_all()

    seen = Seen()
    for case, point in at_every_point(begin, pay_back):
        seen.add(point)
        buyer, twice = case[0], unnoted(case[0], mails)
        pay_back(case)
        restart(buyer)
        shopping.tell(stripe)
        restart(buyer)
        check_refund(buyer, stripe, Decimal("5.00"))
        assert buyer.order.status == "paid" and on_the_shelf(buyer) == (1, 1), point
        check_mails(buyer, mails, "order-paid", "order-refunded", twice=twice)
        check_books()
    seen.check(12, "COMMIT", "Stripe is asked", "invoices_series", "invoices_invoice", "a mail went out")
