"""What a return gives back, by every way that its order was paid, and what its buyer and staff are told of it."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from shop.accounts.roles import SUPPORT
from shop.catalogue.models import TaxClass
from shop.giftcards.models import GiftCard
from shop.invoices.models import Invoice
from shop.ledger.models import MoneyEntry
from shop.ledger.selectors import held, left_by_bank
from shop.order.models import Order
from shop.order.shipments import dispatch
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Payment, Refund
from shop.payment.refunds import RefundError, line_left, quote, refund
from shop.payment.sent_back import sent_back
from shop.payment.settling import settle
from shop.returns import operations
from shop.returns.models import Return
from shop.returns.selectors import return_view, returnable
from tests.factories import make_product
from tests.integration.dashboard.pages import signed_in
from tests.integration.giftcards.giving import balance, give, order_with
from tests.integration.invoices.making import told
from tests.integration.ledger.buying import begun, found, seen, tamper

from .sending_back import approve, ask, came_back, give_back, line_of, receive, sent_order

pytestmark = pytest.mark.django_db


def mixed(*, payment: str = "bank-transfer", on_card: str = "20") -> tuple[Order, GiftCard]:
    """Three bowls at 25 and three jugs at 5, of which a gift card has paid 20 and the rest came another way; all have left."""
    card = give(on_card)
    bowl, jug = make_product("Bowl", price="25", stock=9), make_product("Jug", price="5", stock=9)
    order, _where = order_with(Client(), bowl, jug, cards=(card,), payment="bank-transfer")
    if payment == "bank-transfer":
        change_status(order, "paid")
    else:
        made = begun(order)
        Payment.objects.filter(pk=made.pk).update(amount=order.due)
        made.refresh_from_db()
        settle(made.pk, seen(made))
    order.refresh_from_db()
    dispatch(order, quantities={line.pk: line.quantity for line in order.lines.all()}, by=None, key=uuid.uuid4())
    return Order.objects.get(pk=order.pk), card


def mails(kind: str = "") -> list[Any]:
    drain_all()
    return [each for each in mail.outbox if kind in each.subject]


# ------------------------------------------------------------------ one mail
def test_a_refunded_return_sends_one_mail_that_says_both() -> None:
    order = sent_order()
    drain_all()
    back = came_back(order, Bowl=2)
    drain_all()
    mail.outbox.clear()
    back = give_back(back)
    drain_all()
    assert back.refund is not None and mail.outbox == [], "Stripe has not been asked yet"
    told(back.refund, "succeeded")
    told(back.refund, "succeeded")
    drain_all()
    [one] = mail.outbox
    note = Invoice.objects.get(kind="credit-note")
    assert one.subject == f"The money for your return {back.number}" and "Sent back to you: £6.66" in one.body
    assert f"Your credit note {note.code} as a PDF: " in one.body and f"/{note.code}" in one.body
    html = str(one.alternatives[0][0])
    assert "£6.66" in html and f"{note.code} (PDF)" in html
    back.refresh_from_db()
    assert back.told_at is not None


def test_what_is_refunded_without_a_return_keeps_its_own_mail() -> None:
    order = sent_order()
    came_back(order, Jug=1)
    drain_all()
    mail.outbox.clear()
    told(refund(order, lines={line_of(order).pk: 1}, by=None, why="by hand"), "succeeded")
    drain_all()
    [one] = mail.outbox
    assert "credit note" in one.body and "return" not in one.subject


def test_nobody_is_told_of_money_that_stripe_refuses() -> None:
    order = sent_order()
    back = give_back(came_back(order, Bowl=1))
    drain_all()
    mail.outbox.clear()
    assert back.refund is not None
    told(back.refund, "failed")
    drain_all()
    assert mail.outbox == []


def test_who_was_told_of_money_is_told_that_it_came_back() -> None:
    order = sent_order()
    back = give_back(came_back(order, Bowl=1))
    assert back.refund is not None
    told(back.refund, "succeeded")
    drain_all()
    mail.outbox.clear()
    told(back.refund, "failed")
    drain_all()
    [one] = mail.outbox
    assert one.subject == f"Your refund of £3.33 for order {order.number} has not arrived yet"


def test_an_invoice_that_does_not_add_up_stops_no_mail() -> None:
    order = sent_order()
    back = give_back(came_back(order, Bowl=1))
    tamper(Order.objects.filter(pk=order.pk), total_incl_tax=order.total_incl_tax - 1)
    assert back.refund is not None
    told(back.refund, "succeeded")
    [one] = mails("The money for")
    assert "Sent back to you: £3.33" in one.body and "credit note" not in one.body


# ------------------------------------------------------------------ bank and gift card
def test_more_than_came_by_bank_goes_to_the_cards_without_arithmetic() -> None:
    order, card = mixed()
    by_bank = left_by_bank(order.pk)
    back = came_back(order, Bowl=1, Jug=1)
    mail.outbox.clear()
    all_of_it = order.total_incl_tax - order.shipping_incl_tax
    assert by_bank == order.total_incl_tax - 20
    with pytest.raises(RefundError, match="go back by bank") as error:
        give_back(back, delivery=order.shipping_incl_tax)
    assert error.value.field == "reference" and balance(card) == 0
    back = give_back(back, delivery=order.shipping_incl_tax, reference="FT 9")
    made = Refund.objects.get()
    assert made.amount == 0 and made.bank_amount == by_bank and made.gift_card_amount == 20
    # Its buyer reads of it once.
    assert [each.total for each in sent_back(order.pk)] == [made.whole]
    assert (made.state, made.whole, back.refund) == ("succeeded", order.total_incl_tax, made)
    entry = MoneyEntry.objects.get(kind="refunded")
    assert (entry.amount, entry.note) == (-by_bank, "FT 9") and balance(card) == 20 and held(order.pk) == 0
    assert line_left(line_of(order)) == line_left(line_of(order, "Jug")) == 0 and all_of_it == 30
    [one] = mails("The money for")
    assert "£20 on the gift card" in one.body and "by bank transfer" in one.body
    assert return_view(back, order).given == order.total_incl_tax
    # The documents come to all of it, by line.
    notes = Invoice.objects.filter(kind="credit-note")
    assert sum(note.total for note in notes) == -order.total_incl_tax
    assert f"line-{line_of(order).pk}" in {row["key"] for note in notes for row in note.data["lines"]}
    assert found() == []


def test_what_the_bank_paid_goes_first_and_the_cards_get_what_is_left() -> None:
    order, card = mixed()
    by_bank = left_by_bank(order.pk)
    give_back(came_back(order, Jug=1), reference="FT 1")
    assert left_by_bank(order.pk) == by_bank - 5 and balance(card) == 0
    give_back(came_back(order, Bowl=1), reference="FT 2")
    made = Refund.objects.latest("pk")
    assert (made.bank_amount, made.gift_card_amount) == (by_bank - 5, 25 - (by_bank - 5))
    assert balance(card) == made.gift_card_amount and found() == []


def test_a_payment_online_goes_before_the_cards() -> None:
    order, card = mixed(payment="stripe")
    back = give_back(came_back(order, Bowl=1, Jug=1))
    made = Refund.objects.get()
    taken = order.total_incl_tax - 20
    assert (made.amount, made.gift_card_amount) == (taken, 30 - taken) and made.bank_amount == 0
    told(made, "succeeded")
    assert balance(card) == 30 - taken and back.state == "refunded" and found() == []
    [one] = mails("The money for")
    assert "online, the way it was paid" in one.body and "on the gift card" in one.body


def test_all_of_it_on_a_gift_card_is_there_at_once() -> None:
    order, card = mixed(on_card="200")
    give_back(came_back(order, Jug=1))
    [one] = mails("The money for")
    assert "back on your gift card. You can spend it at once" in one.body and "five to ten days" not in one.body
    assert balance(card) == 200 - order.total_incl_tax + 5 and found() == []


def test_a_refund_in_the_books_that_staff_never_sent_is_found() -> None:
    order, _card = mixed()
    give_back(came_back(order, Jug=1), reference="FT 1")
    Refund.objects.update(bank_amount=7)
    assert found() == [f"order {order.number}: 5.00 sent back by bank in the books, 7.00 in its refunds"]


def test_the_dashboard_says_what_is_to_be_sent_by_bank() -> None:
    order, card = mixed()
    by_bank = left_by_bank(order.pk)
    back = came_back(order, Bowl=1, Jug=1)
    support = signed_in(SUPPORT)
    url = f"/dashboard/returns/{back.number}/"
    lines = {f"refunded-{row.pk}": "1" for row in back.lines.all()}
    page = support.post(url, {"do": "look", **lines}).content.decode()
    assert "It comes to £30." in page and f"£{by_bank:g} you send by bank</b>" in page
    assert f"£{30 - by_bank:g} go back to the gift cards" in page
    page = support.post(url, {"do": "refund", **lines, "expected": "30.00"})
    assert page.status_code == 422 and "of it go back by bank" in page.content.decode()
    page = support.post(url, {"do": "refund", **lines, "expected": "30.00", "reference": "FT 3"}, follow=True)
    back.refresh_from_db()
    assert back.state == "refunded" and balance(card) == 30 - by_bank
    assert "Refund of £30" in page.content.decode()


def test_so_does_the_page_of_a_refund_without_a_return() -> None:
    order, card = mixed()
    support = signed_in(SUPPORT)
    url = f"/dashboard/orders/{order.number}/refund/"
    assert "came by bank transfer" in support.get(url).content.decode()
    data = {"key": str(uuid.uuid4()), "why": "sorry", f"line-{line_of(order).pk}": "1"}
    data[f"line-{line_of(order, 'Jug').pk}"] = "1"
    page = support.post(url, {**data, "do": "look"}).content.decode()
    assert "you send by bank</b>" in page and "go back to the gift cards" in page
    page = support.post(url, {**data, "do": "send", "expected": "30.00"})
    assert page.status_code == 422 and not Refund.objects.exists() and "of it go back by bank" in page.content.decode()
    page = support.post(url, {**data, "do": "send", "expected": "30.00", "reference": "FT 4"}, follow=True)
    made = Refund.objects.get()
    assert made.bank_amount + made.gift_card_amount == 30 and balance(card) == made.gift_card_amount
    assert "went back by bank" in page.content.decode() and found() == []


def test_more_than_was_paid_is_refused() -> None:
    order, _card = mixed()
    with pytest.raises(RefundError, match="more than"):
        quote(order, extra=order.total_incl_tax + 1)


# ------------------------------------------------------------------ what may come back, and who is told
def test_gift_cards_are_not_offered_in_a_return() -> None:
    order = sent_order()
    order.lines.filter(title="Jug").update(tax_code=TaxClass.GIFT_CARD)
    assert [each.line.title for each in returnable(order)] == ["Bowl"]
    assert [each.line.title for each in returnable(order, is_late=True)] == ["Bowl"]
    order.lines.filter(title="Jug").update(product=None)
    assert [each.line.title for each in returnable(order)] == ["Bowl"]
    with pytest.raises(operations.ReturnError):
        ask(order, Jug=1)


def test_staff_is_told_of_what_somebody_wants_to_send_back(settings: Any) -> None:
    settings.SHOP_STAFF_EMAIL = "office@example.com"
    order = sent_order()
    drain_all()
    mail.outbox.clear()
    back = ask(order, Bowl=2)
    drain_all()
    [one] = [each for each in mail.outbox if each.to == ["office@example.com"]]
    assert one.subject == f"Return {back.number} waits for an answer"
    assert "2 x Bowl: I changed my mind" in one.body and "Too blue" in one.body
    assert f"/dashboard/returns/{back.number}/" in one.body
    mail.outbox.clear()
    receive(approve(back))
    lines = {line_of(order, "Jug").pk: operations.Wanted(1, "mind")}
    operations.ask(order, lines=lines, by=None, key=uuid.uuid4(), is_late=True)
    drain_all()
    assert not [each for each in mail.outbox if each.to == ["office@example.com"]]


def test_nobody_is_told_where_the_shop_does_not_say_whom(settings: Any) -> None:
    settings.SHOP_STAFF_EMAIL = ""
    order = sent_order()
    ask(order, Bowl=1)
    drain_all()
    assert Return.objects.count() == 1 and {each.to[0] for each in mail.outbox} == {order.email}


def test_nothing_that_has_to_be_filled_in_is_called_optional() -> None:
    order = sent_order()
    from shop.customer.links import order_path

    page = Client().get(f"{order_path(order.number)}return/").content.decode()
    assert page.count("(optional)") == 1, "a word besides is"
    assert "How many</label>" in page and "Why</label>" in page
    assert Decimal(order.total_incl_tax) > 0
