"""What nobody can come back to is not kept, and codes cannot be guessed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from shop import throttle
from shop.accounts.jobs import forget_sessions
from shop.accounts.models import User
from shop.basket.jobs import forget_old
from shop.basket.models import Basket, Line
from shop.checkout.models import Checkout
from shop.outbox.periodic import JOBS
from tests.factories import make_product

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=40)


def make_basket(*, touched: bool = False, owner: User | None = None, status: str = Basket.OPEN) -> Basket:
    product = make_product()
    basket = Basket.objects.create(owner=owner)
    basket.lines.create(product=product, stockrecord=product.stockrecords.get(), line_reference="x", quantity=1)
    if not touched:
        Line.objects.filter(basket=basket).update(date_created=LONG_AGO, date_updated=LONG_AGO)
    # Oscar lets nobody touch a basket that is closed.
    Basket.objects.filter(pk=basket.pk).update(date_created=LONG_AGO, status=status)
    return basket


def test_old_baskets_of_nobody_go_and_all_others_stay() -> None:
    ada = User.objects.create_user("ada@example.com", "x")
    gone = [make_basket(), make_basket(status=Basket.SAVED), make_basket(status=Basket.MERGED)]
    kept = [
        make_basket(touched=True),
        make_basket(owner=ada),
        make_basket(status=Basket.SUBMITTED),
        make_basket(status=Basket.FROZEN),
        Basket.objects.create(),
    ]
    assert forget_old() == len(gone)
    assert set(Basket.objects.all()) == set(kept)
    assert forget_old() == 0


def test_a_checkout_that_was_left_takes_its_address_along() -> None:
    ada = User.objects.create_user("ada@example.com", "x")
    stale = Checkout.objects.create(basket=make_basket(owner=ada), shipping_address={"line1": "1 Kiln Lane"})
    fresh = Checkout.objects.create(basket=make_basket(touched=True))
    Checkout.objects.filter(pk=stale.pk).update(updated_at=LONG_AGO)
    forget_old()
    assert list(Checkout.objects.all()) == [fresh]
    assert Basket.objects.filter(owner=ada).exists()


def test_sessions_that_are_over_go() -> None:
    for key, days in (("over", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=days))
    forget_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == ["open"]


def test_the_worker_knows_the_jobs() -> None:
    assert {"baskets_forget", "sessions_expire", "email_changes_expire", "orders_expire"} <= set(JOBS)


def test_voucher_codes_cannot_be_guessed(client: Client) -> None:
    client.post("/basket/add/", {"product": make_product().pk}, headers={"sec-fetch-site": "same-origin"})
    for number in range(throttle.VOUCHER_ADDRESS.attempts):
        assert client.post("/basket/voucher/", {"code": f"GUESS{number}"}).status_code == 404
    response = client.post("/basket/voucher/", {"code": "GUESS"})
    assert response.status_code == 429
    assert "That was tried too often" in response.content.decode()
    # Others are not held up.
    assert client.post("/basket/voucher/", {"code": "A"}, REMOTE_ADDR="198.51.100.7").status_code == 404
