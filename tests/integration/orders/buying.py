"""A visitor who buys, for tests."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from shop.basket.snapshots import unsign
from shop.checkout.models import Checkout
from shop.order.models import Order
from shop.order.operations import Result, place_order
from shop.outbox.operations import drain_all

SAME = {"HTTP_SEC_FETCH_SITE": "same-origin"}
ADDRESS = {
    "name": "Ada Fenwick",
    "line1": "14 Tanner’s Row",
    "line2": "",
    "town": "Leeds",
    "postcode": "LS1 4DY",
    "country": "GB",
    "phone": "",
    "ship": "standard",
    "bill_same": "yes",
    "email": "ada@example.org",
}


def put(client: Client, product: Any, quantity: int = 1) -> None:
    """Put a product into the basket."""
    answer = client.post("/basket/add/", {"product": product.pk, "quantity": quantity}, **SAME)
    assert answer.status_code == 303, answer.content.decode()


def go_to_review(client: Client, **address: str) -> Any:
    """Fill in the first two pages and return the third."""
    if "_auth_user_id" not in client.session:
        assert client.post("/checkout/", {"email": "ada@example.org"}).status_code == 303
    answer = client.post(
        "/checkout/address/", {**ADDRESS, "seen": seen_of(client.get("/checkout/address/")), **address}
    )
    assert answer.status_code == 303, answer.content.decode()
    return client.get("/checkout/review/")


def seen_of(page: Any) -> str:
    """The signed quote that a page carries."""
    found = re.search(r'name="seen" value="([^"]*)"', page.content.decode())
    assert found
    return found.group(1)


def submit(client: Client, page: Any, **values: str) -> Any:
    """Press the button of the review page."""
    data = {
        "token": str(page.context["checkout"].token),
        "seen": seen_of(page),
        "payment": "bank-transfer",
        "terms": "yes",
    }
    return client.post("/checkout/review/", {**data, **values})


def buy(client: Client, *products: Any, **address: str) -> Order:
    """Buy one of each and return the order."""
    for product in products:
        put(client, product)
    answer = submit(client, go_to_review(client, **address))
    assert answer.status_code == 303, answer.content.decode()
    token = answer["Location"].rstrip("/").rpartition("/")[2]
    return Order.objects.get(checkout__token=token)


def ready(client: Client, *products: Any, quantity: int = 1) -> tuple[Checkout, Any]:
    """A checkout that can be placed, and the quote that its buyer agreed to."""
    for product in products:
        put(client, product, quantity)
    page = go_to_review(client)
    checkout = page.context["checkout"]
    Checkout.objects.filter(pk=checkout.pk).update(payment_code="bank-transfer")
    return checkout, unsign(seen_of(page))


def place(checkout: Checkout, accepted: Any) -> Result:
    """Place the order of a checkout."""
    return place_order(checkout.token, accepted=accepted)


def keep_in_account(client: Client, order: Order) -> Any:
    """Ask, on the thank-you page, for an account that keeps a guest's order; the mail with its link is sent."""
    answer = client.post(f"/checkout/done/{order.checkout.token}/", follow=True)
    drain_all()
    return answer
