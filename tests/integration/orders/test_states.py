"""How orders move, and what moves with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone, translation
from oscar.apps.address.models import Country
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.order.exceptions import InvalidLineStatus
from oscar.apps.voucher.models import VoucherApplication

from shop.accounts.models import User
from shop.mail.models import SentMail
from shop.order import operations
from shop.order.models import Order
from shop.order.selectors import order_view
from shop.order.states import InvalidTransition, change_status
from shop.outbox.operations import drain_all
from tests.factories import make_product

from .buying import buy, go_to_review, put, submit
from .test_placement import make_voucher

pytestmark = pytest.mark.django_db


def stock_of(product: Any) -> tuple[int, int]:
    record = product.stockrecords.get()
    return record.num_in_stock, record.num_allocated


def test_cancelling_gives_the_stock_back_once(client: Client) -> None:
    product = make_product(stock=5)
    order = buy(client, product)
    assert stock_of(product) == (5, 1)
    staff = User.objects.create_user("staff@example.com", "x")
    change_status(order, "cancelled", by=staff, why="asked to")
    change_status(order, "cancelled", by=staff, why="again")
    assert stock_of(product) == (5, 0)
    change = order.status_changes.get(new_status="cancelled")
    assert (change.old_status, change.by, change.why) == ("awaiting-payment", staff, "asked to")
    drain_all()
    assert SentMail.objects.filter(kind="order-cancelled").count() == 1


def test_dispatching_takes_the_stock_from_the_shelf(client: Client) -> None:
    one, two = make_product("One", stock=5), make_product("Two", stock=5)
    order = buy(client, one, two)
    change_status(order, "paid")
    change_status(order, "partly-dispatched", line_ids=[order.lines.get(title="One").pk])
    assert (stock_of(one), stock_of(two)) == ((4, 0), (5, 1))
    change_status(order, "dispatched")
    assert (stock_of(one), stock_of(two)) == ((4, 0), (4, 0))
    change_status(order, "delivered")
    drain_all()
    mails = SentMail.objects.filter(kind="order-dispatched").order_by("sent_at")
    assert "One" in mails[0].text and "Two" not in mails[0].text
    assert SentMail.objects.filter(kind="order-paid").exists()


def test_a_partly_dispatched_order_that_is_cancelled_gives_back_the_rest(client: Client) -> None:
    one, two = make_product("One", stock=5), make_product("Two", stock=5)
    order = buy(client, one, two)
    change_status(order, "paid")
    with pytest.raises(InvalidTransition, match="which lines"):
        change_status(order, "partly-dispatched")
    change_status(order, "partly-dispatched", line_ids=[order.lines.get(title="One").pk])
    change_status(order, "cancelled")
    assert (stock_of(one), stock_of(two)) == ((4, 0), (5, 0))
    # The mail says what does not come, and nothing of what is on its way.
    drain_all()
    mail = SentMail.objects.get(kind="order-cancelled")
    assert mail.subject == f"The rest of your order {order.number} is cancelled"
    assert "1 x Two" in mail.text and "One" not in mail.text and "has left already" in mail.text
    assert "1 × Two" in mail.html and "One" not in mail.html


def test_the_country_of_an_address_is_in_the_readers_language(client: Client) -> None:
    order = buy(client, make_product(stock=5))
    order.shipping_address.country = Country.objects.get_or_create(
        iso_3166_1_a2="DE", defaults={"printable_name": "Germany", "name": "GERMANY", "iso_3166_1_numeric": "276"}
    )[0]
    with translation.override("de"):
        assert order_view(order).shipping_address[-1] == "Deutschland"
    assert order_view(order).shipping_address[-1] == "Germany"


@pytest.mark.parametrize("old", list(settings.OSCAR_ORDER_STATUS_PIPELINE))
@pytest.mark.parametrize("new", list(settings.OSCAR_ORDER_STATUS_PIPELINE))
def test_only_the_table_leads_from_state_to_state(client: Client, old: str, new: str) -> None:
    order = buy(client, make_product(stock=5))
    Order.objects.filter(pk=order.pk).update(status=old)
    lines = [line.pk for line in order.lines.all()]
    if new == old or new in settings.OSCAR_ORDER_STATUS_PIPELINE[old]:
        assert change_status(order, new, line_ids=lines).status == new
    else:
        with pytest.raises(InvalidTransition, match=order.number):
            change_status(order, new, line_ids=lines)
        assert Order.objects.get().status == old


def test_oscars_own_way_leads_to_the_same_place(client: Client) -> None:
    product = make_product(stock=5)
    buy(client, product).set_status("cancelled")
    assert stock_of(product) == (5, 0)


def test_the_dashboard_cancels_in_the_name_of_who_pressed_the_button(client: Client) -> None:
    product = make_product(stock=5)
    order = buy(client, product)
    staff = User.objects.create_superuser("staff@example.com", "x")
    back_office = Client()
    back_office.force_login(staff)
    back_office.post(
        f"/dashboard/orders/{order.number}/status/", {"to": "cancelled", "sure": "yes", "why": "asked by telephone"}
    )
    assert order.status_changes.get(new_status="cancelled").by == staff
    assert stock_of(product) == (5, 0)


def test_a_line_moves_only_with_its_order(client: Client) -> None:
    line = buy(client, make_product()).lines.get()
    with pytest.raises(InvalidLineStatus):
        line.set_status("cancelled")


def test_a_cancelled_order_has_used_no_voucher(client: Client) -> None:
    make_voucher(max_global_applications=1)
    put(client, make_product(price="20"))
    client.post("/basket/voucher/", {"code": "FERN"})
    submit(client, go_to_review(client))
    assert ConditionalOffer.objects.get().status == ConditionalOffer.CONSUMED
    change_status(Order.objects.get(), "cancelled")
    offer = ConditionalOffer.objects.get()
    assert (offer.status, offer.num_applications, offer.total_discount) == (ConditionalOffer.OPEN, 0, 0)
    assert not VoucherApplication.objects.exists()


def test_unpaid_orders_run_out(client: Client, capsys: Any) -> None:
    product = make_product(stock=5)
    late, fresh, paid = (buy(client, product) for _ in range(3))
    change_status(paid, "paid")
    Order.objects.exclude(pk=fresh.pk).update(date_placed=timezone.now() - timedelta(days=11))
    call_command("orders_expire")
    assert f"cancelled {late.number}" in capsys.readouterr().out
    assert stock_of(product) == (5, 2)
    assert set(Order.objects.values_list("pk", "status")) == {
        (late.pk, "cancelled"),
        (fresh.pk, "awaiting-payment"),
        (paid.pk, "paid"),
    }


def test_each_way_to_pay_waits_as_long_as_it_says(client: Client) -> None:
    order = buy(client, make_product(stock=5))
    Order.objects.update(date_placed=timezone.now() - timedelta(days=2))
    call_command("orders_expire")
    assert Order.objects.get().status == "awaiting-payment", "a transfer has ten days"
    Order.objects.update(payment_method="stripe")
    call_command("orders_expire", "--days", "3")
    assert Order.objects.get().status == "awaiting-payment"
    call_command("orders_expire")
    order.refresh_from_db()
    assert (order.status, order.status_changes.get(new_status="cancelled").why) == ("cancelled", "not paid in time")
    with pytest.raises(CommandError, match="--days -1: it has to be 0 or more"):
        call_command("orders_expire", "--days", "-1")


def test_an_order_that_cannot_be_cancelled_keeps_no_other_from_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    product = make_product(stock=5)
    first, second = (buy(client, product) for _ in range(2))
    Order.objects.update(date_placed=timezone.now() - timedelta(days=11))
    real = operations.change_status

    def change(order: Order, to: str, **more: Any) -> Order:
        if order.pk == first.pk:
            raise RuntimeError("broken")
        return real(order, to, **more)

    monkeypatch.setattr(operations, "change_status", change)
    assert operations.expire_unpaid() == [second.number]
    assert stock_of(product) == (5, 1) and f"order {first.number} could not be cancelled" in caplog.text


def test_what_is_not_counted_is_neither_reserved_nor_given_back(client: Client) -> None:
    from tests.factories import make_class

    product = make_product(product_class=make_class("Courses", track_stock=False), stock=0)
    order = buy(client, product)
    assert order.lines.get().num_allocated == 0
    change_status(order, "paid")
    change_status(order, "dispatched")
    assert product.stockrecords.get().num_in_stock == 0
