"""Reports: dates where a report goes by time, and a CSV where one is asked for."""

from __future__ import annotations

import csv

import pytest
from django.urls import reverse

from shop.accounts.models import User
from shop.accounts.roles import MERCHANDISER
from shop.spreadsheets import cell
from tests.factories import make_offer, make_product
from tests.integration.accounts.making import make_order

from .pages import signed_in

pytestmark = pytest.mark.django_db


def test_a_report_without_dates_has_no_fields_for_them_and_downloads_all_the_same() -> None:
    client = signed_in(MERCHANDISER)
    make_offer("Seconds week", products=[make_product("Bowl")])
    url = reverse("dashboard:reports-index")
    dates = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
    assert "date_from" in client.get(url, {"report_type": "order_report", **dates}).context["form"].fields
    page = client.get(url, {"report_type": "conditional-offers", **dates})
    assert not page.context["form"].errors
    assert "date_from" not in page.context["form"].fields
    file = client.get(url, {"report_type": "conditional-offers", "download": "on", **dates})
    assert file["Content-Type"].startswith("text/csv")


def test_a_customers_name_is_no_formula_in_a_download() -> None:
    user = User.objects.create_user("ada@example.com", "correct horse battery", first_name='=HYPERLINK("//x")')
    make_order(user, make_product("Bowl"))
    make_order(None, make_product("Cup"), guest_email="+ada@example.com")
    dates = {"date_from": "2020-01-01", "date_to": "2099-12-31"}
    url, asked = reverse("dashboard:reports-index"), {"report_type": "order_report", "download": "on", **dates}
    _head, *rows = csv.reader(signed_in(MERCHANDISER).get(url, asked).content.decode().splitlines())
    named = {row[1]: row[2] for row in rows}
    assert named == {'\'=HYPERLINK("//x")': "ada@example.com", "-": "'+ada@example.com"}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1"])
def test_what_a_spreadsheet_takes_for_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}" and cell(f"a{text}") == f"a{text}"


def test_the_form_of_reports_has_our_words_and_nothing_for_a_script_that_is_not_there() -> None:
    page = signed_in(MERCHANDISER).get(reverse("dashboard:reports-index")).content.decode()
    assert "inclusive of this date" not in page
    assert "data-unsupported-fields" not in page
