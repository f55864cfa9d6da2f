"""django-oscar issue 4580, point by point: what a stock Oscar lets happen, and what happens here.

A voucher that is used too often, an address that changes unasked, a refund of more than was paid, and partners who reach what is others'.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.urls import reverse
from oscar.apps.voucher.models import Voucher, VoucherApplication
from psycopg import sql

from shop.accounts.models import User
from shop.order.operations import Placed
from shop.partner.operations import ensure_partner
from shop.payment.models import Refund
from shop.payment.refunds import RefundError, refund
from tests.concurrency.conftest import AtOnce, at_once, postgres
from tests.concurrency.test_payments import paid_payment
from tests.concurrency.test_placement import make_checkout, make_voucher, placing
from tests.factories import make_product
from tests.integration.accounts.making import make_order

pytestmark = pytest.mark.postgres
__all__ = ["at_once", "postgres"]
ROOT = Path(django_settings.BASE_DIR)
PASSWORD = "masthead-demo"


@pytest.fixture(scope="module")
def stock(django_db_setup: None, worker_id: str) -> dict[str, Any]:
    """What a stock Oscar lets happen."""
    held = connection.settings_dict
    name = f"stock_oscar_{worker_id}"
    options = {"host": held["HOST"], "port": held["PORT"], "user": held["USER"], "password": held["PASSWORD"] or None}
    with psycopg.connect(dbname="postgres", autocommit=True, **options) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    user = f"{held['USER']}:{held['PASSWORD']}" if held["PASSWORD"] else held["USER"]
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.stock_oscar.probe"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        env={
            **{key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"},
            "DATABASE_URL": f"postgres://{user}@{held['HOST']}:{held['PORT']}/{name}",
            "PYTHONPATH": str(ROOT),
        },
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-4000:]
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def test_a_voucher_with_a_limit(stock: dict[str, Any], at_once: AtOnce) -> None:
    assert stock["voucher_limit"] > 5
    voucher = make_voucher(max_global_applications=5)
    buyers = [make_checkout(make_product(price="20", stock=50), voucher=voucher) for _ in range(20)]
    results = at_once([placing(*buyer) for buyer in buyers])
    assert sum(isinstance(one, Placed) for one in results) == VoucherApplication.objects.count() == 5


def test_a_voucher_for_one(stock: dict[str, Any], at_once: AtOnce) -> None:
    assert stock["voucher_check_and_use"] > 1
    voucher = make_voucher()
    Voucher.objects.update(usage=Voucher.SINGLE_USE)
    voucher.refresh_from_db()
    buyers = [make_checkout(make_product(price="20", stock=50), voucher=voucher) for _ in range(8)]
    results = at_once([placing(*buyer) for buyer in buyers])
    assert sum(isinstance(one, Placed) for one in results) == VoucherApplication.objects.count() == 1


@pytest.mark.django_db
def test_an_address_does_not_change_by_an_open_session(stock: dict[str, Any], client: Client) -> None:
    assert stock["email_change"] == "mallory@example.com"
    ada = User.objects.create_user("ada@example.com", PASSWORD)
    client.force_login(ada)
    for form in (
        {"email": "mallory@example.com"},
        {"email": "mallory@example.com", "password": "guessed"},
        # Even with the password both addresses have to confirm it.
        {"email": "mallory@example.com", "password": PASSWORD},
    ):
        client.post("/account/profile/email/", form)
        client.post("/account/profile/", {"first_name": "Ada", "last_name": "", **form})
        ada.refresh_from_db()
        assert ada.email == "ada@example.com"


@pytest.mark.django_db
def test_no_more_goes_back_than_was_paid(stock: dict[str, Any]) -> None:
    taken, given = (Decimal(amount) for amount in stock["refund"])
    assert given > taken
    payment = paid_payment()
    with pytest.raises(RefundError, match="more than"):
        refund(payment.order, extra=payment.captured * 5, by=None, why="test")
    assert not Refund.objects.exists()


def partners_person(*permissions: str) -> Client:
    """Somebody who works at a partner of the shop's, with the permission by which Oscar lets them in, and these."""
    user = User.objects.create_user("partner@example.com", "x")
    user.user_permissions.add(*Permission.objects.filter(codename__in=("dashboard_access", *permissions)))
    ensure_partner().users.add(user)
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_partners_see_no_order_of_others(stock: dict[str, Any]) -> None:
    assert stock["partners_order"] == [True, True]
    order = make_order(User.objects.create_user("ada@example.com", "x"), make_product("Their secret bowl"))
    answer = partners_person().get(f"/dashboard/orders/{order.number}/")
    assert answer.status_code == 403 and "Their secret bowl" not in answer.content.decode()


@pytest.mark.django_db
def test_partners_make_no_variant_of_a_strangers_product(stock: dict[str, Any]) -> None:
    assert stock["partners_catalogue"] is True
    product = make_product("Parent")
    product.stockrecords.all().delete()
    url = reverse("dashboard:catalogue-product-create-child", args=[product.pk])
    client = partners_person("view_product", "add_product")
    assert client.get(url).status_code == 403
    assert client.post(url, {"title": "Mine now"}).status_code == 403
    assert not product.children.exists()
