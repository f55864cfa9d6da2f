"""Documents for staff: found, downloaded, and handed to the accountant."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.models import BrandSettings
from content.operations import ensure_site
from shop.accounts.roles import MARKETER, SUPPORT
from shop.invoices.models import Invoice
from shop.order.models import Order, ShippingAddress
from tests.factories import make_product
from tests.integration.ledger.buying import tamper
from tests.people import signed_in

from .making import documents, given_back, paid

pytestmark = pytest.mark.django_db
LIST, CSV = "/dashboard/invoices/", "/dashboard/invoices/invoices.csv"


@pytest.fixture
def support() -> Client:
    return signed_in(SUPPORT)


@pytest.fixture
def order() -> Order:
    made = paid(make_product("Bowl", price="20"), quantity=2)
    given_back(made, extra=Decimal(6))
    documents(made)
    return made


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{CSV}{query}")
    assert answer["Content-Type"].startswith("text/csv") and "attachment" in answer["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_the_list_finds_them(support: Client, order: Order) -> None:
    other = paid(make_product("Jug"))
    ShippingAddress.objects.filter(order=other).update(last_name="Nobody")
    documents(other)
    page = support.get(LIST).content.decode()
    assert "INV-000001" in page and "CN-000001" in page and order.number in page and "3 documents" in page
    for query, there, gone in (
        ("q=CN-", "CN-000001", "INV-000001"),
        (f"q={other.number}", "INV-000002", "INV-000001"),
        ("q=fenwick&kind=credit-note", "CN-000001", "INV-000002"),
        ("kind=invoice", "INV-000002", "CN-000001"),
    ):
        found = support.get(f"{LIST}?{query}").content.decode()
        assert there in found and gone not in found, query
    assert "No invoice fits." in support.get(f"{LIST}?q=nowhere").content.decode()
    assert "Null characters" in support.get(f"{LIST}?q=%00").content.decode()
    assert "swap them" in support.get(f"{LIST}?since=2026-02-02&until=2026-01-01").content.decode()


def test_days_are_the_shops_own_and_both_are_in(support: Client, order: Order) -> None:
    noon = timezone.localtime().replace(hour=12)
    tamper(Invoice.objects.filter(kind="invoice"), at=noon - timedelta(days=3))
    day = (noon - timedelta(days=3)).date()
    assert [row["number"] for row in table(support, f"?since={day}&until={day}")] == ["INV-000001"]
    assert [row["number"] for row in table(support, f"?since={day + timedelta(days=1)}")] == ["CN-000001"]


def test_the_list_takes_as_many_queries_for_any_number(
    support: Client, order: Order, django_assert_max_num_queries: Any
) -> None:
    for _number in range(6):
        documents(paid(make_product()))
    support.get(LIST)
    with django_assert_max_num_queries(10):
        support.get(LIST)
    with django_assert_max_num_queries(6):
        assert len(table(support)) == 8


def test_the_csv_adds_up_to_the_documents(support: Client, order: Order) -> None:
    rows = table(support)
    assert [row["number"] for row in rows] == ["INV-000001", "CN-000001"]
    assert rows[1]["corrects"] == "INV-000001" and rows[1]["gross"] == "-6.00" and rows[0]["rate"] == "0.2"
    for row in Invoice.objects.all():
        mine = [each for each in rows if each["number"] == row.code]
        for name, total in (("net", row.net), ("tax", row.tax), ("gross", row.total)):
            assert sum((Decimal(each[name]) for each in mine), Decimal(0)) == total


def test_what_makes_no_sense_is_no_csv_of_everything(support: Client, order: Order) -> None:
    answer = support.get(f"{CSV}?since=2026-02-02&until=2026-01-01")
    assert answer.status_code == 302 and answer["Location"] == f"{LIST}?since=2026-02-02&until=2026-01-01"
    assert support.get(f"{CSV}?since=soon").status_code == 302


def test_a_name_is_no_formula(support: Client) -> None:
    made = paid(make_product())
    made.billing_address.first_name = '=HYPERLINK("http://evil")'
    made.billing_address.save()
    documents(made)
    assert table(support)[0]["name"].startswith("'=HYPERLINK")


def test_the_order_leads_to_them_and_staff_without_the_right_sees_none(support: Client, order: Order) -> None:
    row = Invoice.objects.get(kind="invoice")
    address = reverse("dashboard:invoice-pdf", args=[row.code])
    assert address in support.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()
    answer = support.get(address)
    assert answer.content[:5] == b"%PDF-" and answer["Cache-Control"] == "private, no-store"
    for code in ("INV-000077", "INV-000001\x00", "../payments/"):
        assert support.get(reverse("dashboard:invoice-pdf", args=[code])).status_code == 404
    marketer, stranger = signed_in(MARKETER), Client()
    for path in (LIST, CSV, address):
        assert marketer.get(path).status_code == 403
        assert "/dashboard/login/" in stranger.get(path)["Location"]


def test_the_list_says_what_the_shop_does_not_say_of_itself(support: Client, order: Order) -> None:
    assert "address and its VAT number yet" in support.get(LIST).content.decode()
    brand = BrandSettings.for_site(ensure_site())
    brand.legal_name, brand.legal_address, brand.vat_number = "Kiln Ltd", "1 Yard\nLeeds", "GB 123"
    brand.register_entry, brand.contact_email = "No. 7", "a@b.example"
    brand.save()
    assert "notice--warn" not in support.get(LIST).content.decode()
    new = documents(paid(make_product()))[0]
    assert new.data["seller"] == {
        "name": "Kiln Ltd", "address": ["1 Yard", "Leeds"], "tax_id": "GB 123", "register": "No. 7",
        "email": "a@b.example", "phone": "",
    }  # fmt: skip
    assert Invoice.objects.get(code="INV-000001").data["seller"]["tax_id"] == ""
