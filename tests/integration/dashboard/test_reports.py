"""Reports: dates where a report goes by time, and a CSV where one is asked for."""

from __future__ import annotations

import pytest
from django.urls import reverse

from shop.accounts.roles import MERCHANDISER
from tests.factories import make_offer, make_product

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


def test_the_form_of_reports_has_our_words_and_nothing_for_a_script_that_is_not_there() -> None:
    page = signed_in(MERCHANDISER).get(reverse("dashboard:reports-index")).content.decode()
    assert "inclusive of this date" not in page
    assert "data-unsupported-fields" not in page
