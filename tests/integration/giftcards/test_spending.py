"""Paying with gift cards: all of it, a part, several; and what becomes of them when the order does not come to be."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from shop.checkout.models import Checkout
from shop.giftcards import operations
from shop.giftcards.codes import grouped
from shop.giftcards.models import GiftCard, GiftCardEntry
from shop.giftcards.spending import share_out
from shop.ledger.models import MoneyEntry
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.operations import _page_lines
from tests.integration.orders.buying import go_to_review, put, submit
from tests.integration.payment.paying import holds, mails, of, status
from tests.stripe_sandbox import Sandbox

from .giving import balance, code, give, order_with, proof, review_with, use

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_collection")]


def test_a_card_pays_all_of_it(client: Client, bowl: Any) -> None:
    card = give("50")
    order, where = order_with(client, bowl, cards=(card,))
    assert where.startswith("/checkout/done/") and status(order) == "paid" and balance(card) == 20
    assert order.gift_card_amount == 30 and order.due == 0 and order.payment_method == "" and holds(order) == 30
    assert mails(order) == ["order-paid"] and proof() == []
    page = client.get(where).content.decode()
    assert f"Gift card …{card.last4}" in page and "−£30<" in page


def test_a_card_pays_a_part_and_stripe_is_asked_for_the_rest(client: Client, stripe: Sandbox, bowl: Any) -> None:
    card = give("12.50")
    order, page = order_with(client, bowl, cards=(card,))
    assert page.startswith(stripe.address) and of(order).amount == Decimal("17.50") == order.due
    assert balance(card) == 0 and proof() == [] and status(order) == "awaiting-payment"
    [line] = _page_lines(order)
    assert line.total == Decimal("17.50") and "£12.50" in line.name
    stripe.pay(page)
    stripe.deliver(client)
    assert status(order) == "paid" and holds(order) == 30 and proof() == []
    assert not MoneyEntry.objects.filter(kind="received").exists()


def test_a_bank_transfer_is_asked_for_the_rest(client: Client, bowl: Any) -> None:
    order, _where = order_with(client, bowl, cards=(give("12.50"),), payment="bank-transfer")
    token = order.checkout.token
    page = client.get(f"/checkout/done/{token}/").content.decode()
    assert "£17.50" in page
    drain_all()
    change_status(order, "paid")
    assert MoneyEntry.objects.get(kind="received").amount == Decimal("17.50") and proof() == []


def test_several_cards_in_their_order(client: Client, bowl: Any) -> None:
    first, second, third = give("10"), give("15"), give("40")
    order, _where = order_with(client, bowl, cards=(first, second, third))
    assert [balance(each) for each in (first, second, third)] == [0, 0, 35] and status(order) == "paid"
    assert order.gift_card_entries.count() == 3 and proof() == []


def test_at_most_five(client: Client, bowl: Any) -> None:
    put(client, bowl)
    page = review_with(client, *(give("1") for _ in range(5)))
    answer = use(client, page, code(give("1")))
    assert answer.status_code == 400 and "takes 5 gift cards" in answer.content.decode()


def test_one_that_was_sent_anew_counts_once_among_the_five(client: Client, bowl: Any) -> None:
    """Whoever has the old code has nothing, and it takes no place."""
    cards = [give("1") for _ in range(5)]
    put(client, bowl)
    page = review_with(client, *cards)
    operations.send_again(cards[0].pk, to="di@example.org", by=None)
    assert use(client, page, code(give("1"))).status_code == 303
    assert client.get("/checkout/review/").context["cover"].due == 25
    cards[0].refresh_from_db()
    answer = use(client, page, code(cards[0]))
    assert answer.status_code == 400 and "takes 5 gift cards" in answer.content.decode()


def test_the_same_code_twice_is_one_card(client: Client, bowl: Any) -> None:
    card = give("10")
    put(client, bowl)
    page = review_with(client, card, card)
    assert [each.id for each in page.context["cover"].cards] == [card.pk] and page.context["cover"].due == 20


def test_taken_out_again(client: Client, bowl: Any) -> None:
    card = give("10")
    put(client, bowl)
    page = review_with(client, card)
    data = {"token": str(page.context["checkout"].token), "do": f"gift-card-out:{card.pk}"}
    assert client.post("/checkout/review/", data).status_code == 303
    assert client.get("/checkout/review/").context["cover"].due == 30


def test_what_an_unpaid_order_holds_is_told_with_the_balance(client: Client, bowl: Any) -> None:
    card = give("10")
    order, _where = order_with(client, bowl, cards=(card,), payment="bank-transfer")
    assert status(order) == "awaiting-payment" and balance(card) == 0
    words = client.post("/gift-cards/balance/", {"code": code(card)}).content.decode()
    assert "Another £10 is held by an order that is not paid yet" in words
    change_status(order, "paid")
    assert "is held by" not in client.post("/gift-cards/balance/", {"code": code(card)}).content.decode()


def test_the_enter_key_in_the_field_uses_the_code_and_takes_no_card_out(client: Client, bowl: Any) -> None:
    put(client, bowl)
    words = review_with(client, give("10")).content.decode()
    form = words[words.index('name="token"') :]
    # A browser presses the first button of the form.
    pressed = re.search(r"<button[^>]*type=\"submit\"[^>]*>", form[: form.index("</form>")])
    assert pressed and 'value="gift-card"' in pressed[0] and "gift-card-out:" in form


@pytest.mark.parametrize("written", ["{code}", "{lower}", " {grouped} ", "{as_typed}"])
def test_a_code_is_read_however_it_is_typed(client: Client, bowl: Any, written: str) -> None:
    card = give("10")
    text = code(card)
    put(client, bowl)
    page = go_to_review(client)
    shapes = {
        "code": text,
        "lower": text.lower(),
        "grouped": grouped(text),
        "as_typed": text.replace("0", "o").replace("1", "l"),
    }
    assert use(client, page, written.format(**shapes)).status_code == 303


# ------------------------------------------------------------------ what is refused
def test_codes_cannot_be_guessed(client: Client, bowl: Any) -> None:
    put(client, bowl)
    page = go_to_review(client)
    answers = [use(client, page, f"{number:016d}").status_code for number in range(21)]
    assert answers == [400] * 20 + [429]
    assert use(client, page, code(give("10"))).status_code == 429
    assert client.post("/gift-cards/balance/", {"code": code(give("10"))}).status_code == 429, "one count for both"


def test_right_codes_are_not_counted(client: Client, bowl: Any) -> None:
    put(client, bowl)
    page, card = go_to_review(client), give("10")
    assert {use(client, page, code(card)).status_code for _ in range(25)} == {303}


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ({"state": "blocked"}, "is blocked"),
        ({"state": "ordered"}, "cannot be spent yet"),
        ({"currency": "EUR"}, "is in EUR"),
        ({"balance": 0}, "is empty"),
        ({"expires_on": date(2020, 1, 1)}, "last day"),
    ],
)
def test_what_cannot_be_spent_says_why(client: Client, bowl: Any, harm: dict[str, Any], words: str) -> None:
    card = give("10")
    GiftCard.objects.filter(pk=card.pk).update(**harm)
    put(client, bowl)
    answer = use(client, go_to_review(client), code(card))
    assert answer.status_code == 400 and words in answer.content.decode()


def test_blocked_between_review_and_order(client: Client, bowl: Any) -> None:
    card = give("50")
    put(client, bowl)
    page = review_with(client, card)
    operations.block(card.pk, by=None, why="stolen")
    answer = submit(client, page, payment="bank-transfer", due="0.00")
    assert answer.status_code == 409 and "leave £30 to pay" in answer.content.decode()
    assert not Order.objects.exists() and balance(card) == 50


def test_spent_elsewhere_between_review_and_order(client: Client, bowl: Any) -> None:
    card = give("30")
    put(client, bowl)
    page = review_with(client, card)
    other, _where = order_with(Client(), bowl, cards=(card,))
    assert status(other) == "paid"
    answer = submit(client, page, payment="bank-transfer", due="0.00")
    assert answer.status_code == 409 and Order.objects.count() == 1
    again = submit(client, answer, payment="bank-transfer", due=str(answer.context["cover"].due))
    assert again.status_code == 303 and Order.objects.count() == 2 and proof() == []


@pytest.mark.parametrize("due", ["-20", "29.99", "NaN", "x", "1e400", "Infinity", None])
def test_a_due_that_was_changed_by_hand_orders_nothing(client: Client, bowl: Any, due: str | None) -> None:
    put(client, bowl)
    page = review_with(client, give("10"))
    values = {} if due is None else {"due": due}
    answer = submit(client, page, payment="bank-transfer", **values)
    assert answer.status_code == 409 and not Order.objects.exists()


def test_a_due_of_nothing_without_cards_pays_nothing(client: Client, bowl: Any) -> None:
    put(client, bowl)
    answer = submit(client, go_to_review(client), due="0")
    assert answer.status_code == 409 and not Order.objects.exists()


def test_a_card_put_in_another_window_is_said_first(client: Client, bowl: Any) -> None:
    put(client, bowl)
    old = go_to_review(client)
    review_with(client, give("10"))
    answer = submit(client, old, due="30.00")
    assert answer.status_code == 409 and "leave £20 to pay" in answer.content.decode()


def test_ids_of_cards_cannot_be_slipped_in(client: Client, bowl: Any) -> None:
    card = give("50")
    put(client, bowl)
    page = go_to_review(client)
    answer = submit(client, page, gift_cards=str(card.pk), due="30.00")
    assert answer.status_code == 303 and balance(card) == 50


def test_a_card_that_got_another_code_is_not_spent_by_who_typed_the_old_one(client: Client, bowl: Any) -> None:
    card = give("50")
    put(client, bowl)
    page = review_with(client, card)
    operations.send_again(card.pk, to="di@example.org", by=None)
    answer = submit(client, page, payment="", due="0.00")
    assert answer.status_code == 409 and "leave £30 to pay" in answer.content.decode()
    assert client.get("/checkout/review/").context["cover"].due == 30
    assert not Order.objects.exists() and balance(card) == 50
    card.refresh_from_db()
    assert review_with(client, card).context["cover"].due == 0, "the new code does"


def test_a_code_stands_in_no_report_of_a_failure(client: Client, bowl: Any) -> None:
    put(client, bowl)
    answer = use(client, go_to_review(client), code(give("50")))
    assert "gift_code" in answer.wsgi_request.sensitive_post_parameters


def test_somebody_elses_checkout_stays_closed(client: Client, bowl: Any) -> None:
    put(client, bowl)
    page = go_to_review(client)
    assert use(Client(), page, code(give("10"))).status_code == 404
    assert Checkout.objects.get().gift_cards == []


@pytest.mark.parametrize(("held", "paid"), [("29.80", "29.70"), ("29.70", "29.70"), ("0.30", "0.30")])
def test_what_is_left_can_be_charged(held: str, paid: str) -> None:
    card = give(held)
    parts = share_out({card.pk: card}, [card.pk], total=Decimal("30.00"), currency="GBP")
    assert sum(part.amount for part in parts) == Decimal(paid)


def test_what_is_left_can_be_charged_with_two_cards() -> None:
    first, second = give("29.65"), give("0.20")
    parts = share_out(
        {card.pk: card for card in (first, second)}, [first.pk, second.pk], total=Decimal("30.00"), currency="GBP"
    )
    assert [part.amount for part in parts] == [Decimal("29.65"), Decimal("0.05")]
    tiny, rest = give("0.10"), give("29.75")
    parts = share_out(
        {card.pk: card for card in (rest, tiny)}, [rest.pk, tiny.pk], total=Decimal("30.00"), currency="GBP"
    )
    assert [part.amount for part in parts] == [Decimal("29.70")], "the second would leave too little by itself"


def test_the_last_day_lasts_until_midnight_of_the_shop() -> None:
    card = give("10")
    card.expires_on = date(2026, 11, 30)
    assert not card.is_over(date(2026, 11, 30)) and card.is_over(date(2026, 12, 1))


def test_entries_are_never_changed() -> None:
    card = give("10")
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE giftcards_giftcardentry SET amount = 90 WHERE card_id = %s", [card.pk])
    assert GiftCardEntry.objects.get(card=card).amount == 10
