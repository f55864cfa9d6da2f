"""The proof is silent where all is well, and names each kind of error that is planted."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.basket.models import Line as BasketLine
from shop.giftcards.models import GiftCard
from shop.ledger.models import MoneyEntry, Proof, StockMovement
from shop.ledger.nightly import prove, prove_if_due
from shop.ledger.operations import enter
from shop.ledger.stock import Move, moved
from shop.order.models import Line, Order, Shipment, ShipmentLine
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
from shop.payment.models import Dispute, Payment, Refund
from shop.payment.refunds import refund
from shop.payment.seen import SeenDispute, SeenRefund
from shop.payment.settling import settle, settle_dispute, settle_refund
from shop.returns.models import Return, ReturnLine
from tests.factories import make_product
from tests.integration.giftcards.giving import give

from .buying import begun, found, order_of, record_of, remove, seen, tamper

pytestmark = pytest.mark.django_db


@pytest.fixture
def product() -> Any:
    return make_product("Bowl", price="20", stock=9, sku="BOWL")


@pytest.fixture
def order(product: Any) -> Order:
    """Paid by card, two bowls and a jug."""
    made = order_of(product, make_product("Jug", price="30"), quantity=2)
    assert made is not None
    settle(begun(made).pk, seen(begun_of(made)))
    made.refresh_from_db()
    assert made.status == "paid" and found() == []
    return made


def begun_of(order: Order) -> Payment:
    return Payment.objects.get(order=order)


# ------------------------------------------------------------------ nothing to say
def test_money_on_all_its_ways_adds_up(order: Order) -> None:
    made = refund(order, lines={order.lines.get(title="Bowl").pk: 1}, by=None, why="chipped")
    assert found() == []
    back = SeenRefund(
        f"re_{made.pk}", str(made.key), "pending", made.amount, "GBP", begun_of(order).intent_id or "", timezone.now()
    )
    settle_refund(back)
    assert found() == []
    settle_dispute(SeenDispute("dp_1", "needs_response", "fraud", Decimal(5), "GBP", begun_of(order).intent_id or ""))
    assert found() == []
    change_status(order, "cancelled")
    assert found() == []


@pytest.mark.parametrize("end", ["lost", "won"])
def test_a_bank_may_take_what_went_back_already(order: Order, end: str) -> None:
    payment = begun_of(order)
    made = refund(order, lines={order.lines.get(title="Jug").pk: 1}, by=None, why="chipped")
    settle_refund(
        SeenRefund("re_1", str(made.key), "succeeded", made.amount, "GBP", payment.intent_id or "", timezone.now())
    )
    settle_dispute(SeenDispute("dp_1", "needs_response", "fraud", payment.amount, "GBP", payment.intent_id or ""))
    assert found() == []
    settle_dispute(SeenDispute("dp_1", end, "fraud", payment.amount, "GBP", payment.intent_id or ""))
    assert found() == []


def test_a_wrong_amount_that_staff_knows_of_is_no_error(product: Any) -> None:
    made = order_of(product)
    assert made is not None
    settle(begun(made).pk, seen(begun_of(made), received=Decimal(3)))
    assert begun_of(made).problem and found() == []
    Payment.objects.update(problem="")
    assert found() == [f"order {made.number}: holds 3.00 GBP and still waits for its payment"]


# ------------------------------------------------------------------ planted errors
def money(kind: str) -> Any:
    return MoneyEntry.objects.filter(kind=kind)


def returned(order: Order, state: str, **values: Any) -> None:
    """A return of two jugs that nobody has asked for."""
    made = Return.objects.create(order=order, number=f"{order.number}-R9", state=state)
    ReturnLine.objects.create(back=made, line=order.lines.get(title="Jug"), quantity=2, reason="mind", **values)


PLANTED: dict[str, tuple[Callable[[Order], Any], str]] = {
    "an entry is gone": (lambda order: remove(money("captured")), "only 0.00 came"),
    "an entry is smaller": (lambda order: tamper(money("captured"), amount=1), "1.00 taken in the books"),
    "an entry in another currency": (lambda order: tamper(money("captured"), currency="EUR"), "another currency"),
    "a payment took less": (lambda order: Payment.objects.update(captured=1), "1.00 in its payments"),
    "a payment failed and took": (lambda order: Payment.objects.update(state="failed"), "is “failed” and took"),
    "an unknown state": (lambda order: Order.objects.update(status="lost"), "no state of an order"),
    "unpaid, and holds money": (lambda order: Order.objects.update(status="awaiting-payment"), "still waits"),
    "cancelled, and nothing goes back": (lambda order: Order.objects.update(status="cancelled"), "nothing sends it"),
    "cancelled with open lines": (lambda order: Order.objects.update(status="cancelled"), "2 of its lines are open"),
    "paid with a dispatched line": (
        lambda order: Line.objects.filter(title="Jug").update(dispatched=1),
        "1 of its lines are dispatched",
    ),
    "something left, and no shipment has it": (
        lambda order: Line.objects.filter(title="Jug").update(dispatched=1),
        "1 dispatched for 0.00, 0 cancelled; its shipments have 0",
    ),
    "a shipment of what did not leave": (
        lambda order: ShipmentLine.objects.create(
            shipment=Shipment.objects.create(order=order), line=order.lines.get(title="Jug"), quantity=2
        ),
        "0 dispatched for 0.00, 0 cancelled; its shipments have 2",
    ),
    "a line that is worth more than its price": (
        lambda order: Line.objects.filter(title="Jug").update(dispatched_amount=900),
        "0 dispatched for 900.00",
    ),
    "more is in returns than left": (
        lambda order: returned(order, "requested"),
        "0 left, 2 are in returns, 0 of them put on the shelf",
    ),
    "put on the shelf, and no movement says so": (
        lambda order: returned(order, "received", received=2, restocked=1),
        "0 left, 2 are in returns, 1 of them put on the shelf; its movements say 0",
    ),
    "a movement of what did not come back": (
        lambda order: moved("returned", [Move(order.lines.get(title="Jug"), 2, 0)]),
        "0 left, 0 are in returns, 0 of them put on the shelf; its movements say 2",
    ),
    "a return that is refunded by nothing": (
        lambda order: returned(order, "refunded", received=2, refunded=2, amount=60),
        "is “refunded”, 60.00 of it is paid back, and nothing sends it",
    ),
    "a return that waits and is paid": (
        lambda order: returned(order, "received", received=2, refunded=2, amount=60),
        "is “received”, 60.00 of it is paid back",
    ),
    "a cancelled line that is open": (
        lambda order: Line.objects.filter(title="Jug").update(cancelled=2, num_allocated=0),
        "is “open” for 2, and holds 0; 0 dispatched for 0.00, 2 cancelled",
    ),
    "paid twice": (
        lambda order: enter(order, "received", Decimal(7), key="twice"),
        "its total is",
    ),
    "more back than came": (
        lambda order: enter(order, "gift-card-returned", Decimal(900), key="much"),
        "more was given back than came",
    ),
    "a refund that no entry tells of": (
        lambda order: Refund.objects.create(
            order=order, payment=begun_of(order), amount=2, currency="GBP", state="succeeded", refund_id="re_x"
        ),
        "0.00 refunded in the books, 2.00 in its payments",
    ),
    "refunds above what was taken": (
        lambda order: Refund.objects.create(order=order, payment=begun_of(order), amount=900, currency="GBP"),
        "and gives back 900.00",
    ),
    "a dispute that no entry tells of": (
        lambda order: Dispute.objects.create(
            payment=begun_of(order), dispute_id="dp_x", status="lost", amount=3, currency="GBP"
        ),
        "0.00 disputed in the books, 3.00 in its payments",
    ),
    "a number changed by hand": (
        lambda order: StockRecord.objects.filter(partner_sku="BOWL").move(num_in_stock=4),
        "(BOWL): 4 on the shelf, and its movements come to 9",
    ),
    "a movement changed": (
        lambda order: tamper(StockMovement.objects.filter(kind="reserved"), promised=1),
        "(BOWL): 2 promised, and its movements come to 1",
    ),
    "a movement is gone": (
        lambda order: remove(StockMovement.objects.filter(kind="opening", sku="BOWL")),
        "(BOWL): 9 on the shelf, and its movements come to 0",
    ),
    "a promise that no line holds": (
        lambda order: StockRecord.objects.filter(partner_sku="BOWL").update(num_allocated=5),
        "(BOWL): 5 promised, and open orders hold 2",
    ),
    "below nothing": (
        lambda order: StockRecord.objects.filter(partner_sku="BOWL").update(num_allocated=-1),
        "-1 promised: below nothing",
    ),
    "a stock record deleted past us": (
        lambda order: StockRecord.objects.filter(partner_sku="BOWL")._raw_delete("default"),
        "which is deleted: its movements come to 9 on the shelf, 2 promised",
    ),
    "a gift card without its entry": (
        lambda order: GiftCard.objects.filter(pk=give("10").pk).update(balance=40),
        "holds 40.00, and its entries come to 10.00",
    ),
    "a cancelled gift card that holds": (
        lambda order: GiftCard.objects.filter(pk=give("10").pk).update(state="cancelled"),
        "is “cancelled” and holds 10.00",
    ),
    "paid by gift card in the books alone": (
        lambda order: enter(order, "gift-card-spent", Decimal(3), key="none"),
        "3.00 by gift card in the books, 0.00 off the cards",
    ),
    "paid by gift card, and no entry tells of it": (
        lambda order: Order.objects.update(gift_card_amount=5, status="awaiting-payment"),
        "still waits for its payment",
    ),
    "a closed line that holds": (
        lambda order: Line.objects.filter(title="Bowl").update(status="dispatched"),
        "is “dispatched” for 2, and holds 2",
    ),
    "a line that holds more than was ordered": (
        lambda order: Line.objects.filter(title="Bowl").update(num_allocated=8),
        "is “open” for 2, and holds 8",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_is_named(order: Order, name: str) -> None:
    harm, words = PLANTED[name]
    harm(order)
    said = found()
    assert any(words in each for each in said), said
    if "gift card" not in name and "stock" not in words and "BOWL" not in words and "promised" not in words:
        assert any(order.number in each for each in said)
    # What a foreign key would have refused is put right, so that the test can end.
    here = StockRecord.objects.values("pk")
    Line.objects.exclude(stockrecord__in=here).update(stockrecord=None)
    BasketLine.objects.exclude(stockrecord__in=here).delete()


# ------------------------------------------------------------------ command, night, staff
def run(*arguments: str) -> tuple[str, bool]:
    said = StringIO()
    try:
        call_command("ledger_prove", *arguments, stdout=said)
    except CommandError:
        return said.getvalue(), False
    return said.getvalue(), True


def test_the_command_says_what_it_saw(order: Order) -> None:
    assert run() == ("1 orders, 2 stock records, 0 findings.\n", True)
    remove(money("captured"))
    said, fine = run()
    assert not fine and f"order {order.number}: 0.00 taken in the books" in said
    lines = [json.loads(line) for line in run("--json")[0].splitlines()]
    assert lines[0]["what"] == f"order {order.number}" and lines[-1] == {"orders": 1, "records": 2, "found": 2}


def test_it_takes_few_queries_however_many_there_are(order: Order, django_assert_num_queries: Any) -> None:
    for _ in range(5):
        assert order_of(make_product(), make_product()) is not None
    with django_assert_num_queries(16):
        assert found() == []


def test_once_a_night(order: Order) -> None:
    zone = timezone.get_current_timezone()
    Proof.objects.create(orders=0, records=0, count=0, at=datetime(2026, 11, 23, 2, 50, tzinfo=zone))
    assert prove_if_due(datetime(2026, 11, 23, 2, 55, tzinfo=zone)) is None
    done = prove_if_due(datetime(2026, 11, 23, 3, 5, tzinfo=zone))
    assert done and (done.orders, done.records, done.count) == (1, 2, 0)
    Proof.objects.filter(pk=done.pk).update(at=datetime(2026, 11, 23, 3, 5, tzinfo=zone))
    assert prove_if_due(datetime(2026, 11, 24, 2, 59, tzinfo=zone)) is None
    assert prove_if_due(datetime(2026, 11, 24, 3, 0, tzinfo=zone)) is not None


def test_staff_is_told(order: Order, client: Client, settings: Any) -> None:
    settings.SHOP_STAFF_EMAIL = "staff@example.org"
    client.force_login(User.objects.create_superuser("root@example.org", "x"))
    old = Proof.objects.create(orders=0, records=0, count=0, at=timezone.now() - timedelta(days=91))
    prove()
    drain_all()
    assert not Proof.objects.filter(pk=old.pk).exists()
    assert not [each for each in mail.outbox if "staff@example.org" in each.to]
    assert "Not as the books say" not in client.get("/dashboard/").content.decode()
    remove(money("captured"))
    assert prove().count == 2
    drain_all()
    told = [each for each in mail.outbox if "staff@example.org" in each.to]
    assert len(told) == 1 and order.number in str(told[0].body) and "2 rows" in told[0].subject
    page = client.get("/dashboard/").content.decode()
    assert "Not as the books say" in page and f"order {order.number}" in page


def test_a_deleted_promise_stays_with_its_order(order: Order, product: Any) -> None:
    assert record_of(product).num_allocated == 2
    product.delete()
    assert found() == []
