"""The product page while orders, dispatches and imports go on."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.accounts.roles import MERCHANDISER
from shop.catalogue.importing import writing
from shop.catalogue.importing.records import VariantRecord
from shop.catalogue.models import Product
from shop.ledger.models import StockMovement
from shop.order import stock
from shop.order.models import Line
from shop.partner.models import StockRecord
from tests.factories import make_product

from .pages import form_values, signed_in

pytestmark = pytest.mark.django_db
STOCK = "stockrecords-0-num_in_stock"


@pytest.fixture
def client() -> Client:
    return signed_in(MERCHANDISER)


class Opened:
    """The page of a product as it was when somebody opened it, with everything that its HTML would send."""

    def __init__(self, client: Client, product: Product) -> None:
        self.client, self.product = client, product
        self.url = reverse("dashboard:catalogue-product", args=[product.pk])
        self.read(client.get(self.url))

    def read(self, page: Any) -> None:
        hidden = re.findall(r'<input type="hidden" name="(initial-[^"]+)"(?: value="([^"]*)")?', page.content.decode())
        self.values = {**form_values(page), **dict(hidden)}

    def save(self, **changes: Any) -> Any:
        return self.client.post(self.url, {**self.values, "action": "save", **changes})


def test_the_page_carries_the_stock_that_it_shows(client: Client) -> None:
    page = Opened(client, make_product(stock=9, categories=["Table"]))
    assert page.values[f"initial-{STOCK}"] == "9"


def test_an_order_meanwhile_stays_promised(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes between reading and writing: only what was changed may be written."""
    product = make_product(price="10", stock=9, categories=["Table"])
    page = Opened(client, product)
    save = StockRecord.save

    def save_late(self: Any, *args: Any, **kwargs: Any) -> None:
        stock.reserve([Line(stockrecord=self, partner_sku=self.partner_sku, num_allocated=3)])
        save(self, *args, **kwargs)

    monkeypatch.setattr(StockRecord, "save", save_late)
    assert page.save(**{"stockrecords-0-price": "12"}).status_code == 302
    record = product.stockrecords.get()
    assert (record.price, record.num_in_stock, record.num_allocated) == (Decimal(12), 9, 3)


def test_what_the_merchandiser_did_not_touch_stays_as_it_became(client: Client) -> None:
    product = make_product(price="10", stock=9, categories=["Table"])
    page = Opened(client, product)
    StockRecord.objects.update(num_in_stock=6, num_allocated=1, price="11")
    assert page.save(**{"title": "A new name", "stockrecords-0-low_stock_threshold": "2"}).status_code == 302
    record = product.stockrecords.get()
    assert (record.num_in_stock, record.num_allocated, record.price) == (6, 1, Decimal(11))
    product.refresh_from_db()
    assert (record.low_stock_threshold, product.title) == (2, "A new name")


def test_a_changed_stock_that_moved_meanwhile_is_asked_about_and_then_taken(client: Client) -> None:
    product = make_product("Mug", stock=9, categories=["Table"])
    page = Opened(client, product)
    StockRecord.objects.update(num_in_stock=6)
    answer = page.save(**{STOCK: "20", "title": "A new name"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "it showed 9, and now it is 6. You wrote 20." in text
    assert product.stockrecords.get().num_in_stock == 6
    product.refresh_from_db()
    assert product.title == "Mug"
    page.read(answer)
    assert (page.values[STOCK], page.values[f"initial-{STOCK}"]) == ("20", "6")
    assert page.save().status_code == 302
    assert product.stockrecords.get().num_in_stock == 20
    product.refresh_from_db()
    assert product.title == "A new name"


def test_a_number_that_became_true_meanwhile_is_no_conflict(client: Client) -> None:
    product = make_product(stock=9, categories=["Table"])
    page = Opened(client, product)
    StockRecord.objects.update(num_in_stock=6)
    assert page.save(**{STOCK: "6"}).status_code == 302
    assert product.stockrecords.get().num_in_stock == 6


def test_a_form_that_does_not_say_what_it_showed_sets_the_stock(client: Client) -> None:
    product = make_product(stock=9, categories=["Table"])
    page = Opened(client, product)
    del page.values[f"initial-{STOCK}"]
    assert page.save(**{STOCK: "4"}).status_code == 302
    assert product.stockrecords.get().num_in_stock == 4
    counted = StockMovement.objects.latest("pk")
    assert (counted.kind, counted.on_shelf, counted.why) == ("counted", -5, "the product’s page")
    assert counted.by_id == int(client.session["_auth_user_id"])
    for odd in ("", "many", "-3"):
        page.values[f"initial-{STOCK}"] = odd
        assert page.save(**{STOCK: "5"}).status_code in (200, 302)


def test_the_import_reads_the_stock_under_its_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without a stock column writes the number back that it read; nobody may change it in between."""
    locked: list[int] = []
    lock = stock.lock
    monkeypatch.setattr(stock, "lock", lambda ids: locked.extend(found := lock(ids)) or found)
    product = make_product("Mug", stock=9, upc="M-1", sku="MUG")
    writer = writing.Writer()
    writer._write_stock([(VariantRecord("MUG", {}, price=Decimal(12)), product)])
    assert locked == [product.stockrecords.get().pk]
    record = product.stockrecords.get()
    assert (record.num_in_stock, record.price) == (9, Decimal(12))
