"""Every message of a payment's story twice, in many orders, late, and lost: in the end everything is as if each had come once, at once."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import permutations
from math import factorial
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from shop.ledger.models import MoneyEntry
from shop.ledger.proof import findings
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.operations import expire_unpaid
from shop.outbox.operations import drain_all
from shop.partner.models import StockRecord
from shop.payment.models import Dispute, Payment, Refund, WebhookEvent
from shop.payment.reconcile import differences
from shop.payment.refunds import refund
from tests.factories import make_product
from tests.stripe_sandbox import Sandbox

from .paying import order_by_card
from .signing import post, sign

# By the hundred, and so only on the database that shops have.
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
DECLINED, CHALLENGED = "4000000000000002", "4000000000003220"
ARRIVES, FAILS = "DE08370400440532013003", "DE78370400440532013004"
DAYS = 3 * 24 * 3600
# So many orders of a story's messages are tried, or so many by chance.
ALL, MIXED = 120, 6
Parcels = list[dict[str, Any]]
Story = Callable[[Sandbox, str], None]
Told = tuple[Order, Parcels, str, Decimal | None]


def intent(stripe: Sandbox) -> str:
    """The money of the only payment page."""
    return str(stripe.api("GET", "/payment_intents").json["data"][0]["id"])


def paid(stripe: Sandbox, page: str) -> None:
    stripe.pay(page)


def declined(stripe: Sandbox, page: str) -> None:
    assert stripe.pay(page, card=DECLINED).status == 402
    stripe.pay(page)


def challenged(stripe: Sandbox, page: str) -> None:
    stripe.pay(page, card=CHALLENGED, challenge=False)
    stripe.pay(page, card=CHALLENGED, challenge=True)


def never_paid(stripe: Sandbox, page: str) -> None:
    stripe.close(page)
    stripe.advance(2 * 3600)


def sent_back(stripe: Sandbox, page: str) -> None:
    stripe.pay(page)
    assert stripe.api("POST", "/refunds", {"payment_intent": intent(stripe), "amount": 500}).status == 200
    assert stripe.api("POST", "/refunds", {"payment_intent": intent(stripe), "amount": 300}).status == 200


def sent_back_here(stripe: Sandbox, page: str) -> None:
    """All of the payment is told of before."""
    stripe.pay(page)
    bring(stripe, stripe.take())
    refund(Order.objects.get(), extra=Decimal("5.00"), by=None, why="test")
    drain_all()


def came_back(stripe: Sandbox, page: str) -> None:
    stripe.pay(page)
    made = stripe.api("POST", "/refunds", {"payment_intent": intent(stripe), "amount": 500}).json
    stripe.set_refund(made["id"], "failed")


def won(stripe: Sandbox, page: str) -> None:
    stripe.pay(page)
    stripe.close_dispute(stripe.dispute(intent(stripe))["id"], "won")


def lost(stripe: Sandbox, page: str) -> None:
    stripe.pay(page)
    stripe.close_dispute(stripe.dispute(intent(stripe), amount=700)["id"], "lost")


def debit_arrives(stripe: Sandbox, page: str) -> None:
    stripe.pay(page, iban=ARRIVES)
    stripe.advance(3600 / 4)


def debit_fails(stripe: Sandbox, page: str) -> None:
    stripe.pay(page, iban=FAILS)
    stripe.advance(3600 / 4)


# Each with the state of the order in the end, and what the shop holds of its money: all, less so much, or nothing (None).
STORIES: dict[str, tuple[Story, str, Decimal | None]] = {
    "paid": (paid, "paid", Decimal(0)),
    "declined, then paid": (declined, "paid", Decimal(0)),
    "3-D Secure failed, then passed": (challenged, "paid", Decimal(0)),
    "never paid": (never_paid, "cancelled", None),
    "sent back by hand in two parts": (sent_back, "paid", Decimal(8)),
    "sent back here": (sent_back_here, "paid", Decimal(5)),
    "a refund that came back": (came_back, "paid", Decimal(0)),
    "a dispute that is won": (won, "paid", Decimal(0)),
    "a dispute that is lost": (lost, "paid", Decimal(7)),
    "a debit that arrives": (debit_arrives, "paid", Decimal(0)),
    "a debit that fails": (debit_fails, "awaiting-payment", None),
}


@pytest.fixture(params=STORIES.values(), ids=list(STORIES))
def told(request: pytest.FixtureRequest, stripe: Sandbox, settings: Any) -> Told:
    """A story that is over at Stripe, and its messages, none of which was brought."""
    settings.SHOP_CURRENCY = settings.OSCAR_DEFAULT_CURRENCY = "EUR"
    product = make_product(title="Bowl", price=Decimal("24.50"), stock=5)
    StockRecord.objects.update(price_currency="EUR")
    order, page = order_by_card(Client(), product)
    stripe.take()
    story, status, less = request.param
    story(stripe, page)
    parcels = stripe.take()
    assert parcels
    return order, parcels, status, less


@contextmanager
def forgotten() -> Iterator[None]:
    """What happens inside is undone. The gateway takes it for a test's own transaction, which it is."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def bring(stripe: Sandbox, parcels: Parcels) -> None:
    """These messages in this order, and what the worker does then. Signed anew: Stripe does so with each try."""
    for parcel in parcels:
        answer = post(Client(), parcel["body"], sign(parcel["body"], stripe.secret))
        assert answer.status_code == 200, parcel["type"]
    drain_all()


def compare() -> None:
    """The reconciliation finds and mends what no message told."""
    for difference in differences():
        assert difference.mend is not None, difference.what
        difference.mend()
    drain_all()


def state(order: Order) -> dict[str, Any]:
    """All that has to be the same in the end. Ids of our own and times may differ."""
    return {
        "order": Order.objects.get(pk=order.pk).status,
        "changes": sorted(order.status_changes.values_list("old_status", "new_status")),
        "payments": sorted(Payment.objects.values_list("state", "captured", "intent_id")),
        "refunds": sorted(Refund.objects.values_list("refund_id", "state", "amount")),
        "disputes": sorted(Dispute.objects.values_list("dispute_id", "status", "amount")),
        "money": sorted(MoneyEntry.objects.values_list("key", "amount", "currency")),
        "stock": sorted(StockRecord.objects.values_list("num_in_stock", "num_allocated")),
        "mails": sorted(SentMail.objects.values_list("kind", "to")),
        "failed": WebhookEvent.objects.filter(state="failed").count(),
        "proof": [str(finding) for finding in findings()],
    }


def about(parcel: dict[str, Any]) -> tuple[str, str]:
    """What the shop looks at because of a message. Messages about the same thing differ in nothing but their id."""
    kind, thing = parcel["type"], json.loads(parcel["body"])["data"]["object"]["id"]
    if kind.startswith("charge.dispute."):
        return "dispute", thing
    if kind.startswith("refund.") or kind == "charge.refund.updated":
        return "refund", thing
    return ("refunds", "") if kind == "charge.refunded" else ("payment", "")


def first_heard(parcels: Parcels, chance: random.Random) -> Iterator[Parcels]:
    """Every order in which what they are about can be heard of for the first time; the others follow by chance."""
    by_thing: dict[tuple[str, str], Parcels] = {}
    for parcel in parcels:
        by_thing.setdefault(about(parcel), []).append(parcel)
    for things in permutations(by_thing):
        first = [chance.choice(by_thing[thing]) for thing in things]
        yield [*first, *mixed([parcel for parcel in parcels if parcel not in first], chance)]


def mixed(parcels: Parcels, chance: random.Random) -> Parcels:
    """The same in another order."""
    return chance.sample(parcels, len(parcels))


def twice(parcels: Parcels, chance: random.Random) -> Parcels:
    """Each a second time, at some time after the first."""
    doubled = list(parcels)
    for parcel in parcels:
        doubled.insert(chance.randint(doubled.index(parcel) + 1, len(doubled)), parcel)
    return doubled


def orders_of(parcels: Parcels) -> Iterator[tuple[str, Parcels]]:
    """The messages in all orders, where there are no more of them than ALL: of four, 24; of five, 120.

    Of more messages: backwards, each first, each last, MIXED by chance, and every order in which the things that they are about
    can be heard of first. Every third order once more, with each message doubled.
    """
    chance = random.Random(5)
    if factorial(len(parcels)) <= ALL:
        orders = [list(each) for each in permutations(parcels)]
    else:
        orders = [parcels[::-1], *(mixed(parcels, chance) for _ in range(MIXED)), *first_heard(parcels, chance)]
        for number, parcel in enumerate(parcels):
            rest = [*parcels[:number], *parcels[number + 1 :]]
            orders += [[parcel, *rest], [*rest, parcel]]
    for number, order in enumerate(orders):
        names = ", ".join(parcel["type"] for parcel in order)
        yield names, order
        if number % 3 == 0:
            yield f"twice: {names}", twice(order, chance)


@pytest.fixture
def wanted(stripe: Sandbox, told: Told) -> dict[str, Any]:
    """How it has to be in the end: what each message once, in its order, at once, leads to."""
    order, parcels, status, less = told
    with forgotten():
        bring(stripe, parcels)
        found = state(order)
    assert (found["order"], found["failed"], found["proof"]) == (status, 0, [])
    assert sum(amount for _key, amount, _ in found["money"]) == (0 if less is None else order.total_incl_tax - less)
    assert [kind for kind, _to in found["mails"]].count("order-paid") == (status == "paid")
    return found


def test_twice_and_in_any_order(stripe: Sandbox, told: Told, wanted: dict[str, Any]) -> None:
    order, parcels, *_ = told
    for name, each in orders_of(parcels):
        with forgotten():
            bring(stripe, each)
            assert state(order) == wanted, name


def test_lost_and_late(stripe: Sandbox, told: Told, wanted: dict[str, Any]) -> None:
    """Each of them lost, all but each, all of them; and from each on, what comes comes days after the order has expired."""
    order, parcels, *_ = told
    for number, parcel in enumerate(parcels):
        for arrived in ([*parcels[:number], *parcels[number + 1 :]], [parcel]):
            with forgotten():
                bring(stripe, arrived)
                compare()
                assert state(order) == wanted, [each["type"] for each in arrived]
    with forgotten():
        compare()
        assert state(order) == wanted, "all of them lost"
    stripe.advance(DAYS)
    for number, parcel in enumerate(parcels):
        with forgotten():
            bring(stripe, parcels[:number])
            expire_unpaid()
            bring(stripe, parcels[number:])
            assert state(order) == wanted, f"days late from {parcel['type']} on"
