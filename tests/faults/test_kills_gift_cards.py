"""kill -9 at every step of buying a gift card, paying with one, and giving back to it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from shop.giftcards.models import GiftCard
from shop.giftcards.operations import code_of, find
from shop.invoices.models import Invoice
from shop.ledger.selectors import held
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.operations import expire_unpaid
from shop.order.states import change_status
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from shop.payment.models import Refund
from shop.payment.operations import begin as begin_payment
from shop.payment.refunds import refund
from tests.factories import make_gift_card
from tests.integration.giftcards.giving import balance, give
from tests.stripe_sandbox import Sandbox

from . import shopping
from .killing import Seen, at_every_point
from .mailbox import taken
from .shopping import (
    Buyer,
    buyer_at_the_button,
    check_books,
    check_bought,
    check_mails,
    check_nothing_kept,
    restart,
    unnoted,
)  # fmt: skip

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
PRICE = Decimal("24.50")
# Of what a card holds a part is left, or it does not reach.
MUCH, LITTLE = Decimal("30.00"), Decimal("10.00")
Case = tuple[Buyer, GiftCard]


def entries(card: GiftCard) -> list[str]:
    """What happened on a card."""
    return list(card.entries.order_by("pk").values_list("kind", flat=True))


def with_card(amount: Decimal) -> Case:
    """Somebody at the button who has put in a card of so much."""
    card = give(amount)
    drain_all()
    return buyer_at_the_button(gift_cards=[card.pk]), card


def test_buying_one(stripe: Sandbox, mails: Path) -> None:
    """The worker dies over a paid order of a gift card: it is issued once, and its code is mailed once, to whom it is for."""

    def bought() -> Buyer:
        recipient = f"cy-{uuid.uuid4().hex[:8]}@example.org"
        gift = {"gift_name": "Cy", "gift_email": recipient, "gift_from": "Ada", "gift_message": "", "gift_on": ""}
        buyer = shopping.buyer_who_paid(stripe, product=make_gift_card(), gift=gift)
        shopping.tell(stripe)
        assert OutboxEntry.objects.filter(topic="giftcards.issue").count() == 1
        return buyer

    seen = Seen()
    for buyer, point in at_every_point(bought, lambda _: drain_all()):
        seen.add(point)
        [card] = GiftCard.objects.filter(line__order=buyer.order)
        told = SentMail.objects.filter(to=card.recipient_email)
        twice, told_twice = unnoted(buyer, mails), len(taken(mails, card.recipient_email)) > told.count()
        restart(buyer)
        card.refresh_from_db()
        assert (card.state, card.balance, entries(card)) == ("active", Decimal(50), ["issued"]), point
        assert find(code_of(card) or "") == card, point
        assert (buyer.order.status, held(buyer.order.pk)) == ("delivered", Decimal(50)), point
        assert list(told.values_list("kind", flat=True)) == ["gift-card"], point
        ids = taken(mails, card.recipient_email)
        assert len(set(ids)) == 1 and len(ids) == (2 if told_twice else 1), point
        assert list(Invoice.objects.filter(order=buyer.order).values_list("kind", flat=True)) == ["invoice"], point
        check_mails(buyer, mails, "order-paid", twice=twice)
        check_books()
    seen.check(20, "COMMIT", "giftcards_giftcardentry", "order_shipment", "a mail went out")


def test_paying_with_one_and_by_card_for_the_rest(stripe: Sandbox, mails: Path) -> None:
    """The web process dies over the button. Whoever presses it again pays the rest, and the card has paid its part once."""
    seen = Seen()
    for (buyer, card), point in at_every_point(lambda: with_card(LITTLE), lambda case: case[0].press()):
        seen.add(point)
        buyer.press()
        assert stripe.pay(begin_payment(buyer.order)).status == 303, point
        shopping.tell(stripe)
        restart(buyer)
        assert buyer.order.due == PRICE - LITTLE, point
        assert (balance(card), entries(card)) == (Decimal(0), ["issued", "spent"]), point
        check_bought(buyer, stripe)
        check_mails(buyer, mails, "order-paid")
    seen.check(30, "COMMIT", "Stripe is asked", "giftcards_giftcardentry", "ledger_moneyentry")


def test_paying_with_one_and_the_buyer_goes_away(stripe: Sandbox, mails: Path) -> None:
    """The web process dies over the button, and nobody comes back for the rest: the card holds again what it held."""
    for (buyer, card), point in at_every_point(lambda: with_card(LITTLE), lambda case: case[0].press()):
        restart(buyer)
        shopping.hours_go_by(buyer, stripe)
        restart(buyer)
        expire_unpaid(older_than=timedelta(0))
        restart(buyer)
        shopping.tell(stripe)
        ordered = Order.objects.filter(user=buyer.user).exists()
        assert (balance(card), entries(card)) == (LITTLE, ["issued", "spent", "returned"] if ordered else ["issued"])
        check_nothing_kept(buyer, stripe)
        check_mails(buyer, mails, *(["order-cancelled"] if ordered else []))
        assert point or ordered


def test_paying_with_nothing_else(stripe: Sandbox, mails: Path) -> None:
    """The web process dies over the button, or the worker after it: the order is paid at once, from the card, once."""

    def press(case: Case) -> None:
        case[0].press()
        drain_all()

    seen = Seen()
    for case, point in at_every_point(lambda: with_card(MUCH), press):
        seen.add(point)
        (buyer, card), twice = case, unnoted(case[0], mails)
        press(case)
        restart(buyer)
        assert (balance(card), entries(card)) == (MUCH - PRICE, ["issued", "spent"]), point
        assert buyer.order.due == 0 and not buyer.order.payments.exists(), point
        assert list(Invoice.objects.filter(order=buyer.order).values_list("kind", flat=True)) == ["invoice"], point
        check_bought(buyer, stripe)
        check_mails(buyer, mails, "order-paid", twice=twice)
    seen.check(30, "COMMIT", "giftcards_giftcardentry", "invoices_invoice", "a mail went out")


def test_refunding_to_one(stripe: Sandbox, mails: Path) -> None:
    """Whoever refunds dies, or the worker after it: the card has its money again, once, and one document says so."""

    def paid() -> tuple[Buyer, GiftCard, uuid.UUID]:
        card = give(MUCH)
        return shopping.buyer_with_order_paid_at_once(gift_cards=[card.pk]), card, uuid.uuid4()

    def pay_back(case: tuple[Buyer, GiftCard, uuid.UUID]) -> None:
        order = case[0].order
        refund(order, lines={order.lines.get().pk: 1}, by=None, why="test", key=case[2])
        drain_all()

    seen = Seen()
    for case, point in at_every_point(paid, pay_back):
        seen.add(point)
        (buyer, card, _key), twice = case, unnoted(case[0], mails)
        pay_back(case)
        restart(buyer)
        assert (balance(card), entries(card)) == (MUCH, ["issued", "spent", "returned"]), point
        [made] = Refund.objects.filter(order=buyer.order)
        assert (made.state, made.amount, made.gift_card_amount, made.payment) == (
            "succeeded",
            Decimal(0),
            PRICE,
            None,
        ), point
        documents = Invoice.objects.filter(order=buyer.order).order_by("pk").values_list("kind", "total")
        assert list(documents) == [("invoice", PRICE), ("credit-note", -PRICE)], point
        check_mails(buyer, mails, "order-paid", "order-refunded", twice=twice)
        check_books()
    seen.check(8, "COMMIT", "payment_refund", "giftcards_giftcardentry", "invoices_invoice", "a mail went out")


def test_cancelling_gives_back_to_card_and_payment(stripe: Sandbox, mails: Path) -> None:
    """Whoever cancels dies, or the worker that sends the money: each gets back what it paid, once."""

    def paid() -> Case:
        buyer, card = with_card(LITTLE)
        assert stripe.pay(buyer.press()["Location"]).status == 303
        shopping.tell(stripe)
        drain_all()
        return buyer, card

    def cancel(case: Case) -> None:
        change_status(case[0].order, "cancelled", by=case[0].user, why="customer")
        drain_all()

    seen = Seen()
    for case, point in at_every_point(paid, cancel):
        seen.add(point)
        (buyer, card), twice = case, unnoted(case[0], mails)
        cancel(case)
        restart(buyer)
        shopping.tell(stripe)
        restart(buyer)
        assert (balance(card), entries(card)) == (LITTLE, ["issued", "spent", "returned"]), point
        [made] = Refund.objects.filter(order=buyer.order)
        assert (made.state, made.amount, made.gift_card_amount) == ("succeeded", PRICE - LITTLE, LITTLE), point
        there = stripe.api("GET", f"/refunds?payment_intent={made.payment.intent_id}").json["data"]
        assert [each["amount"] for each in there] == [int((PRICE - LITTLE) * 100)], point
        # The payment's part and the card's are two movements, each with its document.
        kinds = ("order-paid", "order-cancelled", "order-refunded", "order-refunded")
        check_mails(buyer, mails, *kinds, twice=twice)
        check_nothing_kept(buyer, stripe)
    seen.check(20, "COMMIT", "Stripe has answered", "giftcards_giftcardentry", "payment_refund", "a mail went out")
