"""The last page before the order: what changed since it was seen has to be accepted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.basket import operations as basket_operations
from shop.basket.models import Line
from shop.basket.operations import BasketError
from shop.checkout import views as checkout_views
from shop.checkout.models import Checkout
from shop.order.models import Order
from tests.factories import make_class, make_product

from .buying import SAME, go_to_review, put, seen_of, submit

pytestmark = pytest.mark.django_db


def test_a_changed_price_has_to_be_accepted(client: Client) -> None:
    mug = make_product("Kiln mug", price="20")
    put(client, mug)
    page = go_to_review(client)
    mug.stockrecords.update(price="22")
    answer = submit(client, page)
    assert answer.status_code == 409 and "Kiln mug went from £20 to £22." in answer.content.decode()
    assert not Order.objects.exists()
    assert submit(client, answer).status_code == 303
    assert Order.objects.get().total_incl_tax == Decimal("26.50")


def test_a_price_that_changed_before_the_review_is_told_there(client: Client) -> None:
    mug = make_product("Kiln mug", price="20")
    put(client, mug)
    go_to_review(client)
    mug.stockrecords.update(price="22")
    assert "Kiln mug went from £20 to £22." in client.get("/checkout/review/").content.decode()


def test_less_stock_has_to_be_accepted(client: Client) -> None:
    mug, gone = make_product("Kiln mug", stock=5), make_product("Gone", stock=5)
    put(client, mug, 4)
    put(client, gone)
    page = go_to_review(client)
    mug.stockrecords.update(num_in_stock=2)
    gone.is_public = False
    gone.save()
    answer = submit(client, page)
    assert answer.status_code == 409
    assert "Only 2 of Kiln mug left" in answer.content.decode() and "Gone is no longer sold" in answer.content.decode()
    assert submit(client, answer, do="adjust").status_code == 303
    page = client.get("/checkout/review/")
    assert submit(client, page).status_code == 303
    assert [(line.title, line.quantity) for line in Order.objects.get().lines.all()] == [("Kiln mug", 2)]


def test_a_changed_delivery_price_has_to_be_accepted(client: Client) -> None:
    from shop.shipping.models import ShippingMethod

    put(client, make_product())
    page = go_to_review(client)
    ShippingMethod.objects.filter(code="standard").update(price=6)
    answer = submit(client, page)
    assert answer.status_code == 409 and "Delivery went from £4.50 to £6." in answer.content.decode()
    ShippingMethod.objects.filter(code="standard").update(is_active=False)
    assert submit(client, answer)["Location"] == "/checkout/address/"
    assert not Order.objects.exists()


def test_a_forged_quote_orders_nothing(client: Client) -> None:
    put(client, make_product())
    page = go_to_review(client)
    assert submit(client, page, seen="forged").status_code == 400
    assert submit(client, page, payment="cheque").status_code == 400
    assert submit(client, page, terms="").status_code == 400
    assert not Order.objects.exists()


def test_messages_tell_variants_apart_and_say_everything_at_once(client: Client) -> None:
    parent = make_product(
        "Teapot", variants=[{"attributes": {"Glaze": glaze}, "price": "72"} for glaze in ("Fern", "Rust")]
    )
    fern, rust = parent.children.order_by("pk")
    put(client, fern)
    put(client, rust)
    page = go_to_review(client)
    fern.stockrecords.update(price="73")
    rust.stockrecords.update(num_in_stock=0)
    text = submit(client, page).content.decode()
    assert "Teapot, Rust is sold out." in text
    assert "Teapot, Fern went from £72 to £73." in text
    fresh = client.get("/checkout/review/")
    submit(client, fresh, do="adjust")
    submit(client, client.get("/checkout/review/"))
    assert [(line.title, line.option_text) for line in Order.objects.get().lines.all()] == [("Teapot", "Fern")]


def test_fitting_a_basket_that_was_ordered_meanwhile_is_said(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    put(client, make_product())
    page = go_to_review(client)

    def ordered_meanwhile(basket: Any) -> None:
        raise BasketError("That basket was ordered already.", status=409)

    monkeypatch.setattr(basket_operations, "accept_changes", ordered_meanwhile)
    answer = submit(client, page, do="adjust")
    assert (answer.status_code, answer["Location"]) == (303, "/basket/")
    assert "ordered already" in client.get("/basket/").content.decode()


def test_a_checkout_that_went_with_its_account_is_not_found(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    put(client, make_product())
    page = go_to_review(client)

    def deleted_meanwhile(*args: Any, **kwargs: Any) -> None:
        raise Checkout.DoesNotExist

    monkeypatch.setattr(checkout_views, "place_order", deleted_meanwhile)
    assert submit(client, page).status_code == 404


def test_reviewing_twenty_lines_needs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    client.force_login(User.objects.create_user("bo@example.org", "x"))
    for _ in range(20):
        put(client, make_product(price="3"))
    go_to_review(client)
    with django_assert_max_num_queries(12):
        page = client.get("/checkout/review/")
    assert len(page.context["basket"].lines) == 20
    assert Checkout.objects.count() == 1
    assert seen_of(page)


def test_two_cards_of_one_kind_are_told_apart_by_whom_they_are_for(client: Client) -> None:
    kind = make_class("Gift card", track_stock=False)
    card = make_product("Gift card", price="50.00", product_class=kind)
    card.tax_class = "gift-card"
    card.save()
    for name in ("Cy", "Dan"):
        client.post("/basket/add/", {"product": card.pk, "quantity": "1", "gift_name": name}, **SAME)
    go_to_review(client)
    cy, dan = Line.objects.order_by("pk")
    Line.objects.filter(pk=dan.pk).update(quantity=3)
    page = client.get("/checkout/review/")
    assert [change.text for change in page.context["changes"]] == ["Gift card, for Dan: 3 instead of 1."]
    assert page.context["changed_lines"] == {dan.pk} and page.content.decode().count(">Changed<") == 1
    cy.delete()
    page = client.get("/checkout/review/")
    assert [change.text for change in page.context["changes"]] == [
        "Gift card, for Dan: 3 instead of 1.",
        "Gift card, for Cy is no longer in the basket.",
    ]
    # A line that has another number by now, as after signing in, is the same line.
    Line.objects.filter(pk=dan.pk).update(id=dan.pk + 100)
    assert len(client.get("/checkout/review/").context["changes"]) == 2
