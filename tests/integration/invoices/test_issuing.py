"""Which documents there are: one invoice for what was paid, a credit note for what went back, and nothing twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shop.invoices.models import Invoice, Series
from shop.invoices.operations import TOPIC, issue_missing
from shop.ledger.models import MoneyEntry
from shop.ledger.operations import enter
from shop.order.models import Line, Order, ShippingAddress
from shop.order.states import change_status, revive
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import drain_all
from shop.payment.refunds import refund
from tests.factories import make_product
from tests.integration.ledger.buying import begun, found, seen

from .making import KIND, adds_up, bought, by_bank, documents, given_back, paid, paid_by_bank, text_of, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def bowl() -> Any:
    return make_product("Bowl", price="20", stock=50, sku="BOWL")


@pytest.fixture
def jug() -> Any:
    return make_product("Jug", price="30", stock=50, sku="JUG")


def kinds(order: Order) -> list[tuple[str, Decimal]]:
    rows = documents(order)
    assert all(adds_up(row) for row in rows)
    assert found() == []
    return [(row.kind, row.total) for row in rows]


def line(order: Order, title: str) -> int:
    return int(order.lines.get(title=title).pk)


# ------------------------------------------------------------------ the invoice
def test_paying_waits_for_no_number_and_the_worker_issues_one(bowl: Any) -> None:
    order = paid(bowl, quantity=2)
    assert not Invoice.objects.exists() and OutboxEntry.objects.filter(topic=TOPIC, key=str(order.pk)).count() == 1
    [row] = documents(order)
    assert (row.kind, row.code, row.number, row.series) == (KIND.INVOICE, "INV-000001", 1, "INV-")
    assert (row.total, row.currency, row.buyer, row.country) == (order.total_incl_tax, "GBP", "Ada Fenwick", "GB")
    assert row.net == order.total_excl_tax and row.tax == order.total_incl_tax - order.total_excl_tax
    assert adds_up(row) and found() == []
    assert issue_missing(order.pk) == [] and Series.objects.get(name="INV-").last == 1


def test_nothing_is_issued_for_what_was_never_paid(bowl: Any) -> None:
    waits, cancelled = bought(bowl), bought(bowl)
    change_status(cancelled, "cancelled", why="not paid in time")
    # Its money comes late, and goes back at once: nothing was ever sold.
    change_status(cancelled, "cancelled")
    Line.objects.filter(order=cancelled).update(stockrecord=None)
    payment = begun(cancelled)
    from shop.payment.settling import settle

    settle(payment.pk, seen(payment))
    told(payment.refunds.get(), "succeeded")
    assert kinds(waits) == kinds(cancelled) == []
    assert not Series.objects.exists()


def test_an_order_that_lives_again_has_one(bowl: Any) -> None:
    order = bought(bowl)
    change_status(order, "cancelled", why="not paid in time")
    payment = begun(order)
    from shop.payment.settling import settle

    settle(payment.pk, seen(payment))
    order.refresh_from_db()
    assert order.status == "paid"
    assert kinds(order) == [(KIND.INVOICE, order.total_incl_tax)]
    with pytest.raises(Exception, match="only a cancelled one"):
        revive(order, why="again")
    assert len(documents(order)) == 1


def test_an_order_that_costs_nothing_has_one_of_nothing(bowl: Any) -> None:
    order = bought(bowl)
    zero = {"line_price_incl_tax": 0, "line_price_excl_tax": 0}
    Line.objects.filter(order=order).update(**zero)
    Order.objects.filter(pk=order.pk).update(
        total_incl_tax=0, total_excl_tax=0, shipping_incl_tax=0, shipping_excl_tax=0
    )
    change_status(Order.objects.get(pk=order.pk), "paid")
    [row] = documents(order)
    assert row.total == row.tax == 0 and "There was nothing to pay." in text_of(row)
    # All of the price is a discount, which no offer has given a name.
    assert [each["amount"] for each in row.data["discounts"]] == ["20.00"]


def test_a_paid_order_that_is_cancelled_at_once_still_has_both(bowl: Any) -> None:
    order = paid(bowl)
    change_status(order, "cancelled", by=None, why="customer")
    told(order.payments.get().refunds.get(), "succeeded")
    assert kinds(order) == [(KIND.INVOICE, order.total_incl_tax), (KIND.CREDIT_NOTE, -order.total_incl_tax)]
    invoice, note = documents(order)
    assert invoice.net + note.net == invoice.tax + note.tax == 0
    # All of it: the same parts once more.
    assert note.data["parts"] == invoice.data["parts"] and note.data["corrects"]["code"] == invoice.code
    assert note.refund == order.payments.get().refunds.get()


# ------------------------------------------------------------------ credit notes
def test_a_refund_by_line_is_credited_by_line() -> None:
    order = paid(make_product("Cup", price="7"), make_product("Lid", price="9"), quantity=3)
    delivery = order.shipping_incl_tax
    assert delivery > 0
    given_back(order, lines={line(order, "Cup"): 2})
    given_back(order, lines={line(order, "Lid"): 1}, delivery=delivery, extra=Decimal("1.50"))
    _invoice, first, second = documents(order)
    assert [(row["title"], row["quantity"], row["gross"]) for row in first.data["lines"]] == [("Cup", 2, "14.00")]
    assert first.code == "CN-000001" and "Cup" in text_of(first) and "£14.00" in text_of(first)
    named = [(row["title"], row["quantity"], row["gross"]) for row in second.data["lines"]]
    assert named == [("Lid", 1, "9.00"), (f"Delivery, {order.shipping_method}", 0, str(delivery)), ("", 0, "1.50")]
    assert "Reduction in price" in text_of(second)
    given_back(order, extra=order.payments.get().captured - Decimal("24.50") - delivery)
    rows = documents(order)
    assert sum(row.total for row in rows) == sum(row.net for row in rows) == sum(row.tax for row in rows) == 0
    assert all(adds_up(row) for row in rows) and found() == []


def test_a_refund_has_no_note_before_stripe_knows_of_it_and_one_however_often_it_says_so(bowl: Any) -> None:
    order = paid(bowl)
    made = refund(order, extra=Decimal(5), by=None, why="chipped")
    assert kinds(order) == [(KIND.INVOICE, order.total_incl_tax)]
    for status in ("pending", "pending", "succeeded", "succeeded"):
        told(made, status)
        assert kinds(order)[1:] == [(KIND.CREDIT_NOTE, Decimal(-5))]


def test_a_refund_that_comes_back_cancels_its_note(bowl: Any, jug: Any) -> None:
    order = paid(bowl, jug)
    made = given_back(order, lines={line(order, "Jug"): 1})
    documents(order)
    told(made, "failed")
    assert kinds(order) == [
        (KIND.INVOICE, order.total_incl_tax), (KIND.CREDIT_NOTE, Decimal(-30)), (KIND.REVERSAL, Decimal(30)),
    ]  # fmt: skip
    _invoice, note, reversal = documents(order)
    assert reversal.data["parts"] == note.data["parts"] and reversal.series == note.series == "CN-"
    assert "came back to us" in text_of(reversal)
    # Sent once more it is credited once more.
    given_back(order, lines={line(order, "Jug"): 1})
    assert [total for _kind, total in kinds(order)][1:] == [-30, 30, -30]


def test_what_failed_before_the_worker_came_is_two_documents_that_cancel_each_other(bowl: Any) -> None:
    order = paid(bowl)
    given_back(order, extra=Decimal(4), status="failed")
    assert [total for _kind, total in kinds(order)][1:] == [-4, 4]


def test_what_staff_sends_back_by_bank_is_credited(bowl: Any) -> None:
    order = paid_by_bank(bowl, quantity=2)
    by_bank(order, Decimal("7.77"))
    [invoice, note] = documents(order)
    assert (note.total, note.refund, note.entry) == (Decimal("-7.77"), None, MoneyEntry.objects.get(key="sent-back:1"))
    assert "paid by bank transfer" in text_of(invoice)
    by_bank(order, order.total_incl_tax - Decimal("7.77"), token="2")
    assert sum(total for _kind, total in kinds(order)) == 0


def test_what_was_paid_twice_and_sent_back_is_no_correction(bowl: Any) -> None:
    order = paid(bowl)
    enter(order, MoneyEntry.Kind.CAPTURED, order.total_incl_tax, key="captured:pi_again")
    enter(order, MoneyEntry.Kind.REFUNDED, order.total_incl_tax, key="refunded:re_again")
    documents(order)
    assert [row.kind for row in documents(order)] == [KIND.INVOICE]
    # What goes back after that is one.
    enter(order, MoneyEntry.Kind.REFUNDED, Decimal(3), key="refunded:re_more")
    assert [row.total for row in documents(order)][1:] == [-3]


def test_a_dispute_is_no_correction(bowl: Any) -> None:
    order = paid(bowl)
    enter(order, MoneyEntry.Kind.DISPUTED, Decimal(5), key="disputed:dp_1")
    assert len(documents(order)) == 1


def test_late_work_issues_all_that_is_missing_in_the_order_of_the_books(bowl: Any) -> None:
    """A worker that was away for a day: one invoice, then every note, whatever came first in the outbox."""
    order = paid(bowl, quantity=4)
    for amount in (1, 2, 3):
        given_back(order, extra=Decimal(amount))
    rows = documents(order)
    assert [(row.code, row.total) for row in rows] == [
        ("INV-000001", order.total_incl_tax), ("CN-000001", -1), ("CN-000002", -2), ("CN-000003", -3),
    ]  # fmt: skip


# ------------------------------------------------------------------ frozen
def test_nothing_that_changes_afterwards_changes_a_document(bowl: Any) -> None:
    order = paid(bowl)
    [row] = documents(order)
    before = text_of(row)
    ShippingAddress.objects.filter(order=order).update(line1="Somewhere else", last_name="Another")
    order.billing_address.delete()
    order.lines.update(title="Renamed", line_price_incl_tax=1)
    row.refresh_from_db()
    assert text_of(row) == before and "Tanner" in before and "Renamed" not in before
    given_back(Order.objects.get(pk=order.pk), extra=Decimal(2))
    # A credit note goes to whom the invoice went.
    assert documents(order)[1].data["buyer"] == row.data["buyer"]


def test_an_order_that_does_not_add_up_has_none_and_is_named(bowl: Any) -> None:
    order = paid(bowl)
    Line.objects.filter(order=order).update(line_price_incl_tax=1)
    with pytest.raises(Exception, match=f"order {order.number}: its lines and delivery come to"):
        issue_missing(order.pk)
    assert not Invoice.objects.exists() and not Series.objects.filter(last__gt=0).exists()
    OutboxEntry.objects.filter(topic=TOPIC).update(parked_at=timezone.now())
    assert f"order {order.number}: is “paid”, was paid, and has no invoice" in found()


def test_a_crash_between_number_and_document_leaves_neither(bowl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    order = paid(bowl)

    def dies(*args: Any, **values: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Invoice.objects, "create", dies)
    with pytest.raises(KeyboardInterrupt):
        issue_missing(order.pk)
    monkeypatch.undo()
    assert not Series.objects.filter(last__gt=0).exists()
    assert [row.number for row in documents(order)] == [1]


# ------------------------------------------------------------------ what is left of an older shop
def test_the_command_issues_what_is_missing(bowl: Any, capsys: pytest.CaptureFixture[str]) -> None:
    order = paid(bowl)
    OutboxEntry.objects.all().delete()
    assert found() == [f"order {order.number}: is “paid”, was paid, and has no invoice"]
    call_command("invoices_issue")
    assert "1 of 1 paid orders" in capsys.readouterr().out and not Invoice.objects.exists()
    call_command("invoices_issue", "--commit")
    assert "1 documents issued." in capsys.readouterr().out
    assert found() == [] and Invoice.objects.count() == 1


def test_the_command_fails_where_an_order_does_not_add_up_and_issues_the_others(
    bowl: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, right = paid(bowl), paid(bowl)
    OutboxEntry.objects.all().delete()
    Line.objects.filter(order=wrong).update(line_price_incl_tax=1)
    with pytest.raises(CommandError, match="1 orders could not be invoiced"):
        call_command("invoices_issue", "--commit")
    said = capsys.readouterr()
    assert "1 documents issued." in said.out and wrong.number in said.err
    assert Invoice.objects.get().order == right


def test_another_series_begins_at_one(bowl: Any, settings: Any) -> None:
    documents(paid(bowl))
    settings.SHOP_INVOICE_SERIES = {"invoice": "RE-2027-", "credit-note": "GS-2027-"}
    [row] = documents(paid(bowl))
    assert row.code == "RE-2027-000001" and found() == []


def test_issuing_takes_as_many_queries_for_any_number_of_lines(django_assert_max_num_queries: Any) -> None:
    order = paid(*(make_product(f"Thing {number}") for number in range(12)))
    with django_assert_max_num_queries(20):
        issue_missing(order.pk)
    drain_all()
