"""How many queries the way to an order takes in the hard case: twenty lines, half of them variants, an offer, a voucher."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.order.models import Order
from tests.factories import make_offer, make_product, make_variant

from .buying import go_to_review, put, submit
from .test_placement import make_voucher

pytestmark = pytest.mark.django_db
LINES = 20


@pytest.fixture(params=["guest", "customer"])
def buyer(request: pytest.FixtureRequest, client: Client) -> Client:
    """Somebody with a full basket, and something kept for later."""
    if request.param == "customer":
        client.force_login(User.objects.create_user("bo@example.org", "x"))
    parents = [make_product("Teapot", variants=[]) for _ in range(2)]
    things = [
        make_variant(parents[number % 4 // 2], price="12", attributes={"Glaze": f"G{number}", "Size": f"S{number}"})
        if number % 2
        else make_product(price="12", picture=True, categories=["Table"])
        for number in range(LINES)
    ]
    kept = make_product()
    for product in (*things, kept):
        put(client, product, 2)
    make_offer("Seconds", products=things[:10], percent=20)
    make_offer("Only a few", products=things[10:12], percent=5, max_global_applications=500)
    make_voucher("FERN", percent=30)
    assert client.post("/basket/voucher/", {"code": "FERN"}).status_code == 303
    line = client.get("/basket/").context["basket"].lines[-1]
    assert client.post("/basket/", {"line": line.id, "do": "later"}).status_code == 303
    return client


def test_the_basket(buyer: Client, django_assert_max_num_queries: Any) -> None:
    buyer.get("/basket/")
    with django_assert_max_num_queries(14):
        page = buyer.get("/basket/")
    view = page.context["basket"]
    assert len(view.lines) == LINES and len(view.kept) == 1
    assert view.vouchers[0].applied and len(view.discounts) >= 1
    assert sum(bool(line.option_text) for line in view.lines) == LINES // 2


def test_the_review_and_the_order(buyer: Client, django_assert_max_num_queries: Any) -> None:
    go_to_review(buyer)
    with django_assert_max_num_queries(15):
        page = buyer.get("/checkout/review/")
    assert len(page.context["basket"].lines) == LINES and page.context["basket"].vouchers[0].applied
    with django_assert_max_num_queries(58):
        answer = submit(buyer, page)
    order = Order.objects.get()
    assert answer.status_code == 303 and order.lines.count() == LINES
    assert order.discounts.filter(voucher_code="FERN").exists()
