"""What the dashboard's pages show and take, without scripts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.forms import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.accounts.roles import MERCHANDISER, SUPPORT
from shop.catalogue.models import Category
from shop.dashboard.inputs import ProductField, named
from shop.order.states import change_status
from tests.factories import make_category, make_offer, make_product
from tests.integration.accounts.making import make_order
from tests.integration.orders.buying import buy

from .pages import signed_in

pytestmark = pytest.mark.django_db


def test_a_product_is_found_by_whatever_names_it() -> None:
    jug = make_product("Jug", sku="J-1", upc="111222333444")
    field = ProductField()
    for text in ("J-1", "111222333444", jug.slug, "jug", named(jug), f" {named(jug)} "):
        assert field.to_python(text) == jug
    assert field.prepare_value(jug.pk) == named(jug) == f"Jug [{jug.slug}]"
    assert field.prepare_value("typed wrong") == "typed wrong"
    assert not field.has_changed(jug.pk, named(jug))
    assert field.has_changed(jug.pk, "")


def test_a_product_that_is_not_there_or_not_the_only_one_is_said_to_be_so() -> None:
    make_product("Jug", sku="J-1")
    make_product("Jug", sku="J-2")
    with pytest.raises(ValidationError, match="Several products are called “Jug”"):
        ProductField().to_python("Jug")
    with pytest.raises(ValidationError, match="No product has “Mug”"):
        ProductField().to_python("Mug")


def test_the_proposals_are_what_the_field_takes() -> None:
    jug = make_product("Jug")
    make_product("Bowl")
    answer = signed_in(MERCHANDISER).get(reverse("dashboard:catalogue-product-lookup"), {"q": "ju"})
    assert [each["text"] for each in answer.json()["results"]] == [named(jug)]
    assert ProductField().to_python(answer.json()["results"][0]["text"]) == jug


def test_categories_are_listed_with_pictures_and_found_by_path(django_assert_max_num_queries: Any) -> None:
    make_category("Table > Bowls")
    make_category("Garden > Bowls")
    client = signed_in(MERCHANDISER)
    with django_assert_max_num_queries(14):
        text = client.get(reverse("dashboard:catalogue-category-list")).content.decode()
    assert "1 below it" in text
    found = client.get(reverse("dashboard:catalogue-category-list"), {"name": "bowls"}).content.decode()
    assert "Table › Bowls" in found
    assert "Garden › Bowls" in found


def test_a_categorys_form_works_and_hides_it() -> None:
    category = make_category("Table")
    client = signed_in(MERCHANDISER)
    url = reverse("dashboard:catalogue-category-update", args=[category.pk])
    form = client.get(url).context["form"]
    values = {field.html_name: field.value() or "" for field in form if field.name not in {"image", "is_public"}}
    assert client.post(url, {**values, "name": "At table", "exclude_from_menu": ""}).status_code == 302
    category = Category.objects.get(pk=category.pk)
    assert (category.name, category.is_public) == ("At table", False)


def test_dates_are_the_browsers_own_and_come_back_as_they_were_sent() -> None:
    offer = make_offer(products=[make_product("Jug")])
    client = signed_in(MERCHANDISER)
    url = reverse("dashboard:offer-restrictions", args=[offer.pk])
    text = client.get(url).content.decode()
    assert 'type="datetime-local"' in text
    sent = {"start_datetime": "2026-05-01T09:30", "end_datetime": "2026-05-31T23:59", "priority": "3"}
    assert client.post(url, sent).status_code == 302
    offer.refresh_from_db()
    assert timezone.localtime(offer.start_datetime).strftime("%Y-%m-%d %H:%M") == "2026-05-01 09:30"
    assert 'value="2026-05-31T23:59"' in client.get(url).content.decode()


def test_an_offer_is_made_in_four_steps() -> None:
    make_offer(products=[make_product("Jug")])
    things = get_model("offer", "Range").objects.first()
    client = signed_in(MERCHANDISER)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("offer-metadata", {"name": "Spring", "description": "", "offer_type": "Site"}),
        ("offer-benefit", {"range": things.pk, "type": "Percentage", "value": "10"}),
        ("offer-condition", {"range": things.pk, "type": "Count", "value": "1"}),
        ("offer-restrictions", {"priority": "0"}),
    ]
    for name, sent in steps:
        url = reverse(f"dashboard:{name}")
        assert client.get(url).status_code == 200
        assert client.post(url, sent).status_code == 302
    assert get_model("offer", "ConditionalOffer").objects.filter(name="Spring").exists()


def test_a_report_shows_the_rows_of_its_download(client: Client, django_assert_max_num_queries: Any) -> None:
    orders = [buy(Client(), make_product(f"Jug {number}")) for number in range(3)]
    client = signed_in(MERCHANDISER)
    url = reverse("dashboard:reports-index")
    assert "Choose a report" in client.get(url).content.decode()
    with django_assert_max_num_queries(14):
        text = client.get(url, {"report_type": "order_report"}).content.decode()
    assert all(f'href="{reverse("dashboard:order-detail", args=[order.number])}"' in text for order in orders)
    download = client.get(url, {"report_type": "order_report", "download": "on"})
    assert download["Content-Type"] == "text/csv"
    assert orders[0].number in download.content.decode()
    later = {"report_type": "order_report", "date_from": str(timezone.localdate() + timedelta(days=2))}
    assert "Nothing in this time." in client.get(url, later).content.decode()
    assert client.get(url, {"report_type": "conditional-offers"}).status_code == 200


def test_a_customers_page_counts_what_was_really_paid() -> None:
    customer = User.objects.create_user("ada@example.com", "x", first_name="Ada")
    kept = make_order(customer, make_product("Jug"), status="paid")
    gone = make_order(customer, make_product("Bowl"), status="paid")
    change_status(gone, "cancelled", by=None, why="")
    page = signed_in(SUPPORT).get(reverse("dashboard:user-detail", args=[customer.pk]))
    assert page.context["totals"] == {"count": 2, "spent": kept.total_incl_tax}
    assert page.context["totals"]["spent"] > Decimal(0)


def test_products_are_put_into_a_range_and_taken_out_again() -> None:
    jug, bowl = make_product("Jug", sku="J-1"), make_product("Bowl", sku="B-1")
    things = get_model("offer", "Range").objects.create(name="Things")
    client = signed_in(MERCHANDISER)
    url = reverse("dashboard:range-products", args=[things.pk])
    client.post(url, {"action": "add_products", "query": "J-1, B-1", "upload_type": "included"})
    kinds = get_model("offer", "Range").objects
    assert set(kinds.get(pk=things.pk).all_products()) == {jug, bowl}
    page = client.get(url).content.decode()
    assert "J-1" in page
    client.post(url, {"action": "remove_selected_products", "selected_product": [jug.pk]})
    assert set(kinds.get(pk=things.pk).all_products()) == {bowl}


@pytest.mark.parametrize(
    "path", ["partners/", "catalogue/option/", "catalogue/stock-alerts/", "users/alerts/", "pages/", "comms/"]
)
def test_what_makes_no_sense_here_is_not_there(path: str) -> None:
    assert signed_in(MERCHANDISER).get(f"/dashboard/{path}").status_code == 404
