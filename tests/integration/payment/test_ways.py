"""Another way to pay than at the checkout, for an order that waits for its money."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.customer.links import order_path, order_signature
from shop.ledger.models import MoneyEntry
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.operations import expire_unpaid
from shop.order.states import change_status
from shop.outbox.operations import bring_forward, drain_all
from shop.partner.models import StockRecord
from shop.payment.methods import STRIPE
from shop.payment.models import Payment
from shop.payment.operations import CLOSE, PaymentError, begin, choose_way
from tests.integration.accounts.making import make_order
from tests.integration.giftcards.giving import give, order_with, proof
from tests.integration.orders.buying import buy
from tests.stripe_sandbox import Sandbox

from .paying import holds, mails, of, order_by_card, promised, status

pytestmark = pytest.mark.django_db
BANK = "bank-transfer"
EXPIRE = "POST /v1/checkout/sessions/*/expire"


def pay_url(order: Order) -> str:
    return f"/checkout/pay/{order.number}/{order_signature(order.number)}/"


def turn(client: Client, order: Order, code: str) -> Any:
    """Press the button of a way to pay."""
    return client.post(pay_url(order), {"payment": code})


def way(order: Order) -> str:
    return Order.objects.values_list("payment_method", flat=True).get(pk=order.pk)


def test_who_has_no_card_that_works_pays_by_bank(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page, card="4000000000000002")
    stripe.deliver(client)
    shown = client.get(order_path(order.number)).content.decode()
    assert "Or pay another way" in shown and 'name="payment" value="bank-transfer"' in shown
    answer = client.get(turn(client, order, BANK)["Location"])
    words = answer.content.decode()
    assert "You pay this order by “Bank transfer” now" in words and "<dt>Reference</dt>" in words
    assert (status(order), way(order), promised(product)) == ("awaiting-payment", BANK, 1)
    # Its page at Stripe is closed, and news of that takes no order with it.
    assert of(order).state == "expired" and stripe.pay(page).status != 303
    assert set(stripe.deliver(client)) == {200}
    drain_all()
    assert status(order) == "awaiting-payment" and promised(product) == 1
    assert mails(order) == ["order-placed"] and order.number in SentMail.objects.get().text
    [note] = order.notes.all()
    assert "Card, wallet or bank → Bank transfer" in note.message
    assert proof() == []
    change_status(order, "paid", why="it came")
    assert MoneyEntry.objects.get(order=order).kind == "received" and holds(order) == order.total_incl_tax
    assert proof() == []


def test_who_ordered_by_bank_pays_by_card(client: Client, stripe: Sandbox, product: Any) -> None:
    order = buy(client, product)
    shown = client.get(order_path(order.number)).content.decode()
    assert "Only if you have not sent the money yet." in shown and f'value="{STRIPE}"' in shown
    page = turn(client, order, STRIPE)["Location"]
    assert page.startswith(stripe.address) and way(order) == STRIPE
    stripe.pay(page)
    stripe.deliver(client)
    assert status(order) == "paid" and holds(order) == order.total_incl_tax
    assert MoneyEntry.objects.get(order=order).kind == "captured" and proof() == []
    assert mails(order) == ["order-placed", "order-paid"]


def test_there_and_back_is_one_open_page_at_most(client: Client, stripe: Sandbox, product: Any) -> None:
    order, first = order_by_card(client, product)
    turn(client, order, BANK)
    second = turn(client, order, STRIPE)["Location"]
    assert second.startswith(stripe.address) and second != first
    # The same button once more, in another window, is the same page.
    assert turn(client, order, STRIPE)["Location"] == second
    drain_all()
    stripe.deliver(client)
    sessions = stripe.api("GET", "/checkout/sessions").json["data"]
    assert [each["status"] for each in sessions] == ["open", "expired"]
    stripe.pay(second)
    stripe.deliver(client)
    assert (status(order), way(order), holds(order)) == ("paid", STRIPE, order.total_incl_tax)
    assert order.notes.count() == 2 and proof() == []


def test_money_that_came_first_wins(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    stripe.pay(page)
    assert status(order) == "awaiting-payment", "nobody has told yet"
    words = client.get(turn(client, order, BANK)["Location"]).content.decode()
    assert "Your payment had arrived before: the order is paid." in words
    assert (status(order), way(order), holds(order)) == ("paid", STRIPE, order.total_incl_tax)
    stripe.deliver(client)
    assert mails(order) == ["order-paid"] and proof() == [] and not order.notes.exists()


def test_a_bank_that_has_not_answered_yet_is_waited_for(
    client: Client, stripe: Sandbox, product: Any, settings: Any
) -> None:
    settings.SHOP_CURRENCY = settings.OSCAR_DEFAULT_CURRENCY = "EUR"
    StockRecord.objects.update(price_currency="EUR")
    order, page = order_by_card(client, product)
    stripe.pay(page, iban="DE78370400440532013004")
    words = client.get(turn(client, order, BANK)["Location"]).content.decode()
    assert "Please do not pay again" in words and (of(order).state, way(order)) == ("processing", STRIPE)
    assert "Your bank has not confirmed the payment yet" in words and "Or pay another way" not in words
    assert "Please do not pay again" in client.get(turn(client, order, BANK)["Location"]).content.decode()
    assert begin(order) == "", "by card again neither"
    stripe.advance(3600 / 4)
    stripe.deliver(client)
    # Now the bank has said no.
    assert of(order).state == "failed" and "Or pay another way" in client.get(order_path(order.number)).content.decode()
    turn(client, order, BANK)
    assert (status(order), way(order)) == ("awaiting-payment", BANK)


def test_stripe_away_changes_the_order_once_it_answers(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    stripe.fault("error_before", EXPIRE, count=9, status=503)
    stripe.fault("error_before", "GET /v1/checkout/sessions/*", count=9, status=503)
    words = client.get(turn(client, order, BANK)["Location"]).content.decode()
    assert "As soon as it does, we close it and change the order." in words
    assert (way(order), of(order).state, of(order).instead) == (STRIPE, "open", BANK)
    stripe.clear_faults()
    drain_all()
    bring_forward(CLOSE)
    drain_all()
    assert (status(order), way(order), of(order).state) == ("awaiting-payment", BANK, "expired")
    assert mails(order) == ["order-placed"] and stripe.pay(page).status != 303


def test_by_card_after_all_while_the_page_is_being_closed(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    Payment.objects.update(instead=BANK)
    # In another window: the old page is no more, and there is a new one.
    new = turn(client, order, STRIPE)["Location"]
    assert new.startswith(stripe.address) and new != page and stripe.pay(page).status != 303
    stripe.deliver(client)
    assert (status(order), way(order), of(order).state) == ("awaiting-payment", STRIPE, "open")
    assert mails(order) == [] and not order.notes.exists()
    # The same with the plain button of an older page: what was wanted last before is done first.
    Payment.objects.filter(pk=of(order).pk).update(instead=BANK)
    assert begin(order) == "" and (way(order), of(order).state) == (BANK, "expired")


def test_a_page_that_was_never_opened_needs_no_answer(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_by_card(client, product)
    Payment.objects.update(session_id=None, state="created")
    turn(client, order, BANK)
    assert (status(order), way(order), of(order).state) == ("awaiting-payment", BANK, "failed")
    # The other window gets its answer now: a page for nobody, which the worker closes.
    assert begin(order) == ""


def test_money_of_a_page_that_was_given_up_counts_and_says_so(client: Client, stripe: Sandbox, product: Any) -> None:
    order, page = order_by_card(client, product)
    Payment.objects.update(state="failed")
    choose_way(order, BANK)
    assert way(order) == BANK
    stripe.pay(page)
    stripe.deliver(client)
    assert (status(order), way(order), holds(order)) == ("paid", STRIPE, order.total_incl_tax)


def test_its_time_begins_anew_and_not_for_ever(client: Client, stripe: Sandbox, product: Any, settings: Any) -> None:
    order, _page = order_by_card(client, product)
    settings.SHOP_PAYMENT_DAYS = 7
    now = timezone.now()

    def placed(ago: float, chosen: float | None) -> list[str]:
        Order.objects.update(
            date_placed=now - timedelta(days=ago),
            way_chosen_at=None if chosen is None else now - timedelta(days=chosen),
        )
        return expire_unpaid()

    turn(client, order, BANK)
    Payment.objects.update(updated_at=now - timedelta(days=1))
    assert placed(8, 1) == [] == placed(13, 6.5)
    # By card it has a day from the choice, however old it is.
    Order.objects.update(payment_method=STRIPE)
    assert placed(6, 0.5) == []
    # Chosen to and fro: no longer than seven days after the seven days.
    Order.objects.update(payment_method=BANK)
    assert placed(15, 0) == [order.number] and status(order) == "cancelled" and promised(product) == 0


def test_only_the_owner_turns_an_order_of_an_account(client: Client, stripe: Sandbox, product: Any) -> None:
    ada, ben = (User.objects.create_user(f"{name}@example.com", "x") for name in ("ada", "ben"))
    order = make_order(ada, product, status="awaiting-payment")
    Order.objects.update(payment_method=BANK)
    for stranger in (client, Client()):
        if stranger is not client:
            stranger.force_login(ben)
        assert turn(stranger, order, STRIPE)["Location"] == order_path(order.number) and way(order) == BANK
    client.force_login(ada)
    page = client.get(f"/account/orders/{order.number}/").content.decode()
    assert "Or pay another way" in page
    assert turn(client, order, STRIPE)["Location"].startswith(stripe.address)
    assert client.post(f"/checkout/pay/{order.number}/forged/", {"payment": BANK}).status_code == 404


@pytest.mark.parametrize("code", ["cash", "stripe\x00", "x" * 500])
def test_what_is_not_offered_is_not_chosen(client: Client, stripe: Sandbox, product: Any, code: str) -> None:
    order = buy(client, product)
    words = client.get(turn(client, order, code)["Location"]).content.decode()
    assert "This order cannot be paid that way." in words and way(order) == BANK


def test_no_other_way_is_offered_where_there_is_none(
    client: Client, stripe: Sandbox, product: Any, settings: Any
) -> None:
    order, _page = order_by_card(client, product)
    settings.SHOP_BANK = {}
    assert "Or pay another way" not in client.get(order_path(order.number)).content.decode()
    with pytest.raises(PaymentError):
        choose_way(order, BANK)
    assert of(order).state == "open" and of(order).instead == ""


def test_what_gift_cards_leave_is_paid_another_way(client: Client, stripe: Sandbox, product: Any) -> None:
    order, _page = order_with(client, product, cards=(give("10.00"),))
    words = client.get(turn(client, order, BANK)["Location"]).content.decode()
    assert (order.due, way(order)) == (order.total_incl_tax - 10, BANK) and "<dt>Amount</dt><dd>£19</dd>" in words
    change_status(order, "paid", why="it came")
    assert holds(order) == order.total_incl_tax and proof() == []


def test_a_cancelled_or_paid_order_is_not_turned(client: Client, stripe: Sandbox, product: Any) -> None:
    order = buy(client, product)
    change_status(order, "cancelled", why="customer")
    assert turn(client, order, STRIPE)["Location"] == order_path(order.number) and way(order) == BANK
    assert "Or pay another way" not in client.get(order_path(order.number)).content.decode()
    assert not Payment.objects.exists()
