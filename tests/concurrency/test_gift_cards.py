"""One gift card and many buyers at the same moment; and what happens without its lock."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from shop.checkout.models import Checkout
from shop.giftcards import buying, operations, spending
from shop.giftcards.models import GiftCard, GiftCardEntry
from shop.ledger.proof import findings
from shop.order import cancelling
from shop.order.models import Order
from shop.order.operations import Placed, PriceChanged
from shop.order.states import change_status
from shop.payment.refunds import refund
from tests.factories import make_gift_card, make_product
from tests.integration.giftcards.giving import balance, give
from tests.integration.orders.buying import buy

from .test_crowd import crowd as of_one
from .test_placement import AtOnce

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
BUYERS, TIMES, ROUNDS = 200, 20, 10
PRICE = Decimal("24.50")


def crowd(card: GiftCard, number: int = BUYERS) -> list[Callable[[], Any]]:
    """So many buyers of different things who all want to pay with the same card."""
    things = min(4, number)
    assert number % things == 0
    buyers = [each for _ in range(things) for each in of_one(make_product(price=PRICE, stock=BUYERS), number // things)]
    Checkout.objects.update(gift_cards=[card.pk])
    return [partial(place, due=Decimal(0)) for place in buyers]


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_hundred_buyers_with_one_card_of_twenty_prices(at_once: AtOnce, round_: int) -> None:
    card = give(PRICE * TIMES)
    results = at_once(crowd(card))
    assert Counter(type(one) for one in results) == {Placed: TIMES, PriceChanged: BUYERS - TIMES}
    assert balance(card) == 0 and Order.objects.count() == TIMES
    assert set(Order.objects.values_list("status", flat=True)) == {"paid"}
    assert list(findings()) == []


def test_control_without_the_lock_more_is_spent_than_there_is(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(ids: Any) -> dict[int, GiftCard]:
        found = GiftCard.objects.in_bulk(list(ids))
        time.sleep(0.3)
        return found

    monkeypatch.setattr(spending, "lock", look)
    card = give(PRICE * 2)
    results = at_once(crowd(card, 12))
    assert sum(isinstance(one, Placed) for one in results) > 2
    spent = GiftCardEntry.objects.filter(kind="spent").aggregate(sum=Sum("amount"))["sum"]
    assert -spent > PRICE * 2
    assert any("its entries come to" in str(one) for one in findings())


def test_several_cards_in_any_order_do_not_wait_for_each_other_for_ever(at_once: AtOnce) -> None:
    cards = [give("100.00") for _ in range(4)]
    ids = [card.pk for card in cards]
    calls = crowd(cards[0], 24)
    for number, checkout in enumerate(Checkout.objects.order_by("pk")):
        checkout.gift_cards = ids if number % 2 else ids[::-1]
        checkout.save()
    results = at_once(calls)
    placed = 400 // PRICE
    assert Counter(type(one) for one in results) == {Placed: placed, PriceChanged: 24 - placed}
    assert list(findings()) == []


def test_spent_blocked_and_changed_at_once(at_once: AtOnce) -> None:
    card = give(PRICE * 6)
    block = partial(operations.block, card.pk, by=None, why="lost")
    less = [partial(operations.adjust, card.pk, -PRICE, by=None, why="test", key=uuid.uuid4()) for _ in range(8)]
    results = at_once([*crowd(card, 8), *less, block])
    placed = sum(isinstance(one, Placed) for one in results)
    taken = sum(isinstance(one, GiftCard) and one.state in ("active", "blocked") for one in results[8:16])
    assert placed + taken <= 6 and balance(card) == PRICE * (6 - placed - taken)
    assert list(findings()) == []


def test_refunded_and_cancelled_at_once_gives_back_once(at_once: AtOnce) -> None:
    card = give(PRICE)
    [call] = crowd(card, 1)
    order = call().order
    line = order.lines.get()
    refunds = [partial(refund, order, lines={line.pk: 1}, by=None, why="test") for _ in range(6)]
    at_once([*refunds, *[partial(change_status, order, "cancelled")] * 3])
    assert balance(card) == PRICE and list(findings()) == []


@pytest.mark.parametrize("round_", range(4))
def test_cards_sent_and_their_order_cancelled_at_once_is_one_of_both(at_once: AtOnce, round_: int) -> None:
    """Either all is cancelled and nobody gets a card, or the card is sent and its buyer is asked about the rest."""
    order = mixed_order()
    cancel = partial(cancelling.cancel, order, whole=True, by=order.user)
    answers = at_once([partial(buying.issue_bought, order.pk), cancel])
    unwanted = [
        each for each in answers if isinstance(each, Exception) and not isinstance(each, cancelling.CancelError)
    ]
    assert unwanted == []
    order.refresh_from_db()
    [card] = GiftCard.objects.filter(line__order=order)
    bowl = order.lines.exclude(pk=card.line_id).get()
    if order.status == "cancelled":
        assert (card.state, bowl.cancelled, bowl.num_allocated) == ("cancelled", 1, 0)
    else:
        assert (order.status, card.state, bowl.cancelled) == ("partly-dispatched", "active", 0)
    assert list(findings()) == []


def mixed_order() -> Order:
    """A paid order of a bowl and a gift card, which is not issued yet."""
    order = buy(Client(), make_gift_card(), make_product("Bowl", price="30.00", stock=9))
    return change_status(order, "paid", why="it came")
