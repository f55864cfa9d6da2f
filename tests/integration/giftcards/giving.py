"""Gift cards for tests: given by staff, spent, and bought."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django.test import Client

from shop.giftcards.models import GiftCard
from shop.giftcards.operations import code_of, issue_by_hand
from shop.ledger.proof import findings
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from tests.integration.orders.buying import SAME, go_to_review, put, submit

GIFT = {
    "gift_name": "Cy",
    "gift_email": "Cy@Example.org",
    "gift_from": "Ada",
    "gift_message": "For the new kitchen",
}


def give(amount: Decimal | str, **values: Any) -> GiftCard:
    """A gift card of so much, issued by staff."""
    given = {"recipient_email": "cy@example.org", "by": None, "why": "test", "key": uuid.uuid4(), **values}
    return issue_by_hand(amount=Decimal(amount), **given)


def code(card: GiftCard) -> str:
    """Its code."""
    found = code_of(card)
    assert found is not None
    return found


def balance(card: GiftCard) -> Decimal:
    """What is left of it now."""
    return GiftCard.objects.values_list("balance", flat=True).get(pk=card.pk)


def use(client: Client, page: Any, text: str) -> Any:
    """Type a code on the review page; returns what comes of it."""
    data = {"token": str(page.context["checkout"].token), "do": "gift-card", "gift_code": text}
    return client.post("/checkout/review/", data)


def review_with(client: Client, *cards: GiftCard, **address: str) -> Any:
    """The review page once these cards are put in."""
    page = go_to_review(client, **address)
    for card in cards:
        answer = use(client, page, code(card))
        assert answer.status_code == 303, answer.content.decode()
    return client.get("/checkout/review/")


def order_with(
    client: Client, *things: Any, cards: tuple[GiftCard, ...], payment: str = "stripe", **address: str
) -> tuple[Order, str]:
    """Order these with gift cards. Returns the order and where the buyer is sent."""
    for thing in things:
        put(client, thing)
    page = review_with(client, *cards, **address)
    answer = submit(client, page, payment=payment, due=str(page.context["cover"].due))
    assert answer.status_code == 303, answer.content.decode()
    return Order.objects.latest("pk"), answer["Location"]


def proof() -> list[str]:
    """What the proof of the books says."""
    return [str(each) for each in findings()]


def add(client: Client, product: Any, **gift: str) -> Any:
    """Put it in the basket, for somebody."""
    return client.post("/basket/add/", {"product": product.pk, "quantity": "1", **gift}, **SAME)


def bought(
    client: Client,
    product: Any,
    *,
    payment: str = "bank-transfer",
    quantity: str = "1",
    ship: str = "none",
    **gift: str,
) -> Order:
    """An order of such a card, not paid yet."""
    assert add(client, product, quantity=quantity, **gift).status_code == 303
    answer = submit(client, go_to_review(client, ship=ship), payment=payment)
    assert answer.status_code == 303, answer.content.decode()
    return Order.objects.latest("pk")


def cards_of(order: Order) -> list[GiftCard]:
    """The cards that were bought with it."""
    return list(GiftCard.objects.filter(line__order=order).order_by("pk"))


def pay(order: Order) -> None:
    """It is paid, and the worker has done what follows."""
    change_status(order, "paid")
    drain_all()
