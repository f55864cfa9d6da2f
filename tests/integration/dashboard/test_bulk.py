"""Many products at once: prices held to the rules of one product's form, and lists that hear of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from shop.accounts.roles import MERCHANDISER
from shop.catalogue.models import Category, Product
from shop.outbox.models import OutboxEntry
from tests.factories import make_category, make_product

from .pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(MERCHANDISER)


def asked(client: Client, action: str, *products: Product) -> str:
    """Choose products and what to do with them in the list; where it is asked about."""
    data = {"action": action, "selected_product": [product.pk for product in products]}
    url = client.post(reverse("dashboard:catalogue-product-list"), data)["Location"]
    assert "key=" in url
    return url


def send(client: Client, url: str, **values: Any) -> Any:
    """Send the page as it is shown, with every product ticked."""
    form = client.get(url).context["form"]
    chosen = list(form.fields["selected_products"].queryset.values_list("pk", flat=True))
    partners = [each.pk for each in form.fields["partners"].queryset] if "partners" in form.fields else []
    return client.post(url, {"selected_products": chosen, "partners": partners, **values})


def nothing_said_yet() -> None:
    """As in a new transaction: nothing is held back as said before."""
    OutboxEntry.objects.all().delete()
    connection.run_on_commit.clear()


def prices() -> list[Decimal]:
    return [
        price
        for product in Product.objects.order_by("pk")
        for price in product.stockrecords.values_list("price", flat=True)
    ]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"increase_by_percentage": "-200"}, "-200 % would leave nothing of the price."),
        ({"increase_by_percentage": "-100"}, "-100 % would leave nothing of the price."),
        ({"increase_by_amount": "-10"}, "“Bowl” would cost £0. Lower it less, or leave it out."),
        ({"increase_by_amount": "-15"}, "“Bowl” would cost -£5"),
        ({"new_price": "99"}, "“Bowl” would cost £99, and its price before is £25, which must be higher"),
        ({"increase_by_percentage": "150"}, "“Bowl” would cost £25, and its price before is £25"),
        ({"increase_by_amount": "9999999999"}, "which is more than a price can be"),
    ],
)
def test_prices_that_the_product_page_would_refuse_are_refused(client: Client, values: Any, says: str) -> None:
    bowl = make_product("Bowl", price="10.00", compare_at="25.00")
    answer = send(client, asked(client, "set_product_price", bowl), **values)
    assert answer.status_code == 200
    assert says in str(answer.context["form"].errors).replace("&#x27;", "'"), answer.context["form"].errors
    assert prices() == [Decimal("10.00")]


def test_one_refused_price_changes_none_and_is_named_with_its_options(client: Client) -> None:
    mug = make_product(
        "Mug",
        variants=[
            {"attributes": {"Size": "Small"}, "price": "10.00"},
            {"attributes": {"Size": "Large"}, "price": "12.00", "compare_at": "13.00"},
        ],
    )
    url = asked(client, "set_product_price", mug)
    answer = send(client, url, increase_by_amount="2")
    assert "“Mug, Large” would cost £14" in str(answer.context["form"].errors)
    assert prices() == [Decimal("10.00"), Decimal("12.00")]
    small, large = mug.children.order_by("pk")
    answer = send(client, url, **{f"price_{small.pk}": "9.99", f"price_{large.pk}": "13.00"})
    assert "“Mug, Large” would cost £13" in str(answer.context["form"].errors[f"price_{large.pk}"])
    assert send(client, url, selected_products=[small.pk], increase_by_percentage="-33.33").status_code == 302
    assert prices() == [Decimal("6.67"), Decimal("12.00")]


def test_variants_are_told_apart_by_options_and_sku(client: Client, django_assert_max_num_queries: Any) -> None:
    sizes = [{"attributes": {"Size": f"{number} ml"}, "sku": f"MUG-{number}"} for number in range(12)]
    url = asked(client, "set_product_price", make_product("Eyes mug", variants=sizes))
    with django_assert_max_num_queries(60):
        page = client.get(url).content.decode()
    for number in range(12):
        assert f'— Eyes mug, {number} ml</th><td class="nowrap">MUG-{number}</td>' in page
        assert f"New price of Eyes mug, {number} ml" in page
    for word in ("€", "tockrecord", "tandalone", "variant action"):
        assert word not in page, word


def test_new_prices_and_what_is_hidden_reach_the_lists(client: Client) -> None:
    bowl, jug = make_product("Bowl", price="10.00"), make_product("Jug", price="30.00")
    nothing_said_yet()
    assert send(client, asked(client, "set_product_price", bowl, jug), increase_by_amount="0.50").status_code == 302
    assert prices() == [Decimal("10.50"), Decimal("30.50")]
    assert OutboxEntry.objects.get(topic="catalogue.changed").payload == {"products": [bowl.pk, jug.pk]}
    nothing_said_yet()
    assert send(client, asked(client, "make_products_non_public", jug)).status_code == 302
    assert list(Product.objects.filter(is_public=True)) == [bowl]
    assert OutboxEntry.objects.get(topic="catalogue.changed").payload == {"products": [jug.pk]}


def test_hidden_categories_take_what_is_below_along(client: Client) -> None:
    jugs = make_category("Table > Jugs")
    table = jugs.get_parent()
    url = reverse("dashboard:catalogue-category-list")
    assert client.post(url, {"action": "make_non_public", "selected_category": [table.pk]}).status_code == 302
    assert not Category.objects.get(pk=jugs.pk).ancestors_are_public
    assert not Category.objects.browsable().exists()
    client.post(url, {"action": "make_public", "selected_category": [table.pk]})
    assert Category.objects.browsable().count() == 2
