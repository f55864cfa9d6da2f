"""The one operation that places orders."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher

from shop.basket.models import Basket
from shop.checkout.models import Checkout
from shop.order import numbers
from shop.order.models import Line, Order, OrderDiscount
from shop.order.operations import Placed, PlacementError, PriceChanged, StockChanged
from shop.order.stock import OutOfStockError, reserve
from shop.outbox.models import OutboxEntry
from tests.factories import make_offer, make_product

from .buying import go_to_review, place, put, ready, submit

pytestmark = pytest.mark.django_db


def make_voucher(code: str = "FERN", *, percent: int = 50, usage: str = Voucher.MULTI_USE, **offer: Any) -> Voucher:
    """A voucher of so many percent off everything."""
    given = make_offer(f"{code} offer", everything=True, percent=percent, offer_type="Voucher", **offer)
    voucher = Voucher.objects.create(
        name=f"{code} voucher",
        code=code,
        usage=usage,
        start_datetime=timezone.now() - timedelta(days=1),
        end_datetime=timezone.now() + timedelta(days=1),
    )
    voucher.offers.add(given)
    return voucher


def test_numbers_can_be_read_out_and_tell_nothing() -> None:
    made = {numbers.new_number() for _ in range(2000)}
    assert len(made) == 2000
    assert all(re.fullmatch(r"[2-46-9BCDFGHJKMNPQRTVWXYZ]{3}(-[2-46-9BCDFGHJKMNPQRTVWXYZ]{3}){2}", one) for one in made)


def test_a_taken_number_is_drawn_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["AAA-AAA-AAA", "AAA-AAA-AAA", "BBB-BBB-BBB"])
    monkeypatch.setattr(numbers, "new_number", lambda: next(drawn))
    for _ in range(2):
        assert isinstance(place(*ready(client, make_product())), Placed)
    assert set(Order.objects.values_list("number", flat=True)) == {"AAA-AAA-AAA", "BBB-BBB-BBB"}


def test_twenty_lines_need_few_queries(client: Client) -> None:
    products = [make_product(price="9.99", stock=5) for _ in range(20)]
    make_offer(everything=True, percent=15)
    checkout, accepted = ready(client, *products)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        result = place(checkout, accepted)
    assert isinstance(result, Placed) and result.order.lines.count() == 20
    # The limit is 60; a query a line would show here.
    assert len(queries) <= 40, len(queries)


def test_lines_discounts_delivery_and_tax_add_up_to_the_penny(client: Client) -> None:
    products = [make_product(price=price, stock=9) for price in ("9.99", "0.33", "17.49", "3.01")]
    make_offer("Third off", everything=True, percent=33)
    voucher = make_voucher(percent=7)
    for product in products:
        put(client, product, 3)
    client.post("/basket/voucher/", {"code": "fern"})
    page = go_to_review(client)
    submit(client, page)
    order = Order.objects.get()
    lines = list(order.lines.all())
    assert sum(line.line_price_incl_tax for line in lines) + order.shipping_incl_tax == order.total_incl_tax
    assert sum(line.line_price_excl_tax for line in lines) + order.shipping_excl_tax == order.total_excl_tax
    off = sum(line.discount_incl_tax for line in lines)
    assert off > 0 and off == sum(each.amount for each in order.discounts.all())
    for discount in order.discounts.all():
        assert sum(each.amount for each in discount.discount_lines.all()) == discount.amount
    assert order.total_incl_tax == page.context["basket"].total
    voucher.refresh_from_db()
    assert voucher.num_orders == order.discounts.filter(voucher_id=voucher.pk).count()


def test_the_same_token_gives_the_same_order(client: Client) -> None:
    checkout, accepted = ready(client, make_product(stock=5))
    first, second = place(checkout, accepted), place(checkout, accepted)
    assert isinstance(first, Placed) and isinstance(second, Placed)
    assert first.order == second.order and first.is_new and not second.is_new
    assert OutboxEntry.objects.filter(topic="mail.send").count() == 1


def test_nothing_is_left_behind_where_something_fails(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    product = make_product(stock=5)
    checkout, accepted = ready(client, product)

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("the last step failed")

    monkeypatch.setattr("shop.order.operations.send", fail)
    with pytest.raises(RuntimeError):
        place(checkout, accepted)
    assert not Order.objects.exists() and not OrderDiscount.objects.exists()
    assert not product.stockrecords.get().num_allocated
    assert Basket.objects.get().status == Basket.OPEN


def test_stock_and_price_are_checked_again(client: Client) -> None:
    product = make_product("Mug", price="20", stock=5)
    checkout, accepted = ready(client, product, quantity=3)
    product.stockrecords.update(num_allocated=3)
    result = place(checkout, accepted)
    assert isinstance(result, StockChanged) and "Only 2 of Mug" in result.changes[0].text
    product.stockrecords.update(num_allocated=0, price=21)
    result = place(checkout, accepted)
    assert isinstance(result, PriceChanged) and result.quote.goods_incl == Decimal(63)
    assert isinstance(place(checkout, result.quote), Placed)


def test_no_more_is_reserved_than_there_is_even_without_a_check() -> None:
    one, two = make_product(stock=3).stockrecords.get(), make_product(stock=1).stockrecords.get()
    with pytest.raises(OutOfStockError):
        reserve([Line(stockrecord=each, partner_sku=each.partner_sku, num_allocated=2) for each in (one, two)])


def test_a_basket_that_was_ordered_is_not_ordered_again(client: Client) -> None:
    checkout, accepted = ready(client, make_product())
    Basket.objects.update(status=Basket.SUBMITTED)
    with pytest.raises(PlacementError, match="ordered already"):
        place(checkout, accepted)
    Checkout.objects.update(email="")
    with pytest.raises(PlacementError, match="e-mail"):
        place(checkout, accepted)


def test_a_voucher_that_ran_out_is_told_before_the_order(client: Client) -> None:
    make_voucher(percent=50)
    put(client, make_product(price="20"))
    client.post("/basket/voucher/", {"code": "FERN"})
    page = go_to_review(client)
    assert page.context["basket"].discounts[0].amount == Decimal(10)
    Voucher.objects.update(end_datetime=timezone.now() - timedelta(hours=1))
    answer = submit(client, page)
    assert answer.status_code == 409 and "no longer applies" in answer.content.decode()
    submit(client, answer)
    assert Order.objects.get().total_incl_tax == Decimal("24.50")


def test_unknown_used_and_late_vouchers_are_refused(client: Client) -> None:
    put(client, make_product())
    for code, status in (("nonsense", 404), ("", 400), ("X" * 500, 404), ("<b>", 404)):
        answer = client.post("/basket/voucher/", {"code": code})
        assert answer.status_code == status
    late = make_voucher("LATE")
    Voucher.objects.filter(pk=late.pk).update(end_datetime=timezone.now())
    assert "ran out" in client.post("/basket/voucher/", {"code": "LATE"}).content.decode()
    make_voucher("MINE", usage=Voucher.ONCE_PER_CUSTOMER)
    refused = client.post("/basket/voucher/", {"code": "MINE"})
    assert refused.status_code == 409
    assert '<a href="/account/login/?next=%2Fbasket%2F">Sign in to use it</a>' in refused.content.decode()
    make_voucher("GOOD")
    assert client.post("/basket/voucher/", {"code": " good "}).status_code == 303
    assert client.post("/basket/voucher/", {"code": "good"}).status_code == 409
    assert client.post("/basket/voucher/", {"remove": "GOOD"}).status_code == 303
    assert client.post("/basket/voucher/", {"remove": "GOOD"}).status_code == 404


def test_a_limited_offer_stops_at_its_limit(client: Client) -> None:
    make_voucher(percent=50, max_global_applications=1)
    for status in (303, 409):
        put(client, make_product(price="20"))
        client.post("/basket/voucher/", {"code": "FERN"})
        page = go_to_review(client)
        if status == 409:
            # What the page would have shown to somebody who looked before the limit was reached.
            assert not page.context["basket"].discounts
            break
        assert submit(client, page).status_code == 303
    offer = ConditionalOffer.objects.get()
    assert (offer.num_applications, offer.status) == (1, ConditionalOffer.CONSUMED)


def test_what_costs_nothing_needs_no_payment(client: Client) -> None:
    put(client, make_product(price="0"))
    order_page = go_to_review(client, ship="collect")
    answer = submit(client, order_page)
    assert Order.objects.get().status == "paid"
    assert "Reference" not in client.get(answer["Location"]).content.decode()


def test_what_a_voucher_does_not_give_is_said(client: Client) -> None:
    thing = make_product(price="10")
    make_offer("Seconds", products=[thing], percent=20, priority=5)
    for number in range(5):
        make_voucher(f"V{number}", percent=10)
    put(client, thing)
    answers = [client.post("/basket/voucher/", {"code": f"V{number}"}, follow=True) for number in range(5)]
    assert "Voucher V0 is in the basket, but takes nothing off now." in answers[0].content.decode()
    put(client, make_product(price="30"))
    client.post("/basket/voucher/", {"remove": "V3"})
    make_voucher("BEST", percent=20)
    assert (
        "Voucher BEST takes £3 off." in client.post("/basket/voucher/", {"code": "BEST"}, follow=True).content.decode()
    )
    assert answers[4].status_code == 409 and "A basket takes 4 vouchers" in answers[4].content.decode()


def test_a_voucher_counts_for_what_no_other_offer_took(client: Client) -> None:
    """Oscar stops at the first line that another offer used up, and would give nothing on those behind it."""
    reduced, other = make_product(price="10"), make_product(price="12")
    make_offer("Seconds", products=[reduced], percent=20)
    make_voucher("FERN", percent=50)
    for product in (reduced, other):
        put(client, product)
    client.post("/basket/voucher/", {"code": "FERN"})
    view = client.get("/basket/").context["basket"]
    assert [(each.name, each.amount) for each in view.discounts] == [
        ("Seconds", Decimal("2.00")),
        ("FERN voucher", Decimal("6.00")),
    ]
    assert view.vouchers[0].applied
