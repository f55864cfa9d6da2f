"""Categories in the dashboard: where they stand, and what goes with them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from shop.accounts.roles import MERCHANDISER
from shop.catalogue.models import Category, Product, ProductClass
from tests.factories import make_category, make_offer, make_product

from .pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(MERCHANDISER)


def form_of(client: Client, url: str) -> dict[str, Any]:
    """What the page sends if nobody changes anything."""
    form = client.get(url).context["form"]
    return {
        field.html_name: "on" if field.value() is True else field.value() or ""
        for field in form
        if field.value() is not False
    }


def save(client: Client, category: Category, **changes: Any) -> Any:
    url = reverse("dashboard:catalogue-category-update", args=[category.pk])
    return client.post(url, {**form_of(client, url), **changes}, follow=True)


def names_in(parent: Category | None) -> list[str]:
    held = Category.objects.get(pk=parent.pk).get_children() if parent else Category.get_root_nodes()
    return [category.name for category in held]


def test_deleting_says_what_goes_and_hiding_keeps_it(client: Client) -> None:
    table = make_category("Table")
    for name in ("Jugs", "Bowls"):
        make_category(f"Table > {name}")
    homeless = make_product("Jug", categories=["Table > Jugs", "Table"])
    make_product("Bowl", categories=["Table > Bowls", "Gifts"])
    held = make_offer("Seconds", categories=[table]).condition.range
    url = reverse("dashboard:catalogue-category-delete", args=[table.pk])
    page = client.get(url).content.decode()
    assert "<title>Delete “Table”?" in page
    assert "2 categories below it go with it: Jugs, Bowls" in page
    assert "2 products stay, and lose this place" in page
    assert "1 will be in no category at all" in page
    assert f"The range “{held.name}” no longer has its products." in page
    assert client.post(reverse("dashboard:catalogue-category-hide", args=[table.pk])).status_code == 302
    assert Category.objects.count() == 4
    assert [category.name for category in Category.objects.browsable()] == ["Gifts"]
    assert homeless.categories.count() == 2
    assert client.post(url).status_code == 302
    assert [category.name for category in Category.objects.all()] == ["Gifts"]
    assert Product.objects.count() == 2


def test_deleting_names_the_pages_that_show_it(client: Client) -> None:
    from wagtail.models import ReferenceIndex

    from content.models import CategoryStory

    table = make_category("Table")
    story = CategoryStory.objects.create(category=table)
    ReferenceIndex.create_or_update_for_object(story)
    page = client.get(reverse("dashboard:catalogue-category-delete", args=[table.pk])).content.decode()
    assert str(story) in page


def test_a_category_goes_into_the_parent_that_was_chosen(client: Client) -> None:
    make_category("Linen > Towels")
    make_category("Table")
    linen, jugs = make_category("Linen"), make_category("Jugs")
    page = save(client, jugs, parent=linen.pk)
    assert "Saved: Linen › Jugs." in page.content.decode()
    assert names_in(linen) == ["Towels", "Jugs"]
    save(client, make_category("Linen > Jugs"), place="first")
    assert names_in(linen) == ["Jugs", "Towels"]
    save(client, make_category("Linen > Jugs"), place=f"after:{make_category('Linen > Towels').pk}")
    assert names_in(linen) == ["Towels", "Jugs"]
    save(client, make_category("Linen > Jugs"), parent="")
    assert names_in(None) == ["Linen", "Table", "Jugs"]
    save(client, make_category("Jugs"), place="first")
    assert names_in(None) == ["Jugs", "Linen", "Table"]
    assert save(client, make_category("Table")).status_code == 200
    assert names_in(None) == ["Jugs", "Linen", "Table"]


def test_a_category_hidden_by_its_new_parent_knows_it(client: Client) -> None:
    cellar, jugs = make_category("Cellar", is_public=False), make_category("Jugs")
    save(client, jugs, parent=cellar.pk)
    assert not Category.objects.get(pk=jugs.pk).ancestors_are_public
    save(client, make_category("Cellar > Jugs"), parent="")
    assert Category.objects.get(pk=jugs.pk).ancestors_are_public


def test_a_category_cannot_go_into_itself_or_after_a_stranger(client: Client) -> None:
    towels = make_category("Linen > Towels")
    linen, table = make_category("Linen"), make_category("Table")
    errors = save(client, linen, parent=towels.pk).context["form"].errors
    assert "parent" in errors
    errors = save(client, linen, parent=table.pk, place=f"after:{table.pk}").context["form"].errors
    assert "That neighbour is not in Table." in str(errors["place"])
    assert names_in(None) == ["Linen", "Table"]


def test_a_new_category_is_in_the_one_it_was_added_from(client: Client) -> None:
    linen = make_category("Linen")
    url = reverse("dashboard:catalogue-category-create-child", args=[linen.pk])
    values = form_of(client, url)
    assert client.post(url, {**values, "name": "Towels"}).status_code == 302
    assert names_in(linen) == ["Towels"]
    url = reverse("dashboard:catalogue-category-create")
    assert client.post(url, {**form_of(client, url), "name": "Table", "place": "first"}).status_code == 302
    assert names_in(None) == ["Table", "Linen"]


def test_two_of_one_name_in_one_place_are_refused(client: Client) -> None:
    linen = make_category("Linen")
    make_category("Linen > Tea towels")
    url = reverse("dashboard:catalogue-category-create")
    values = form_of(client, url)
    for name, parent, says in (
        ("linen", "", "There is a category “Linen” in the top of the shop already."),
        ("Tea towels", linen.pk, "There is a category “Tea towels” in “Linen” already."),
        ("Tea-towels", linen.pk, "has this address already: write another."),
    ):
        answer = client.post(url, {**values, "name": name, "parent": parent})
        assert says in str(answer.context["form"].errors), name
    assert Category.objects.count() == 2
    assert client.post(url, {**values, "name": "Tea towels"}).status_code == 302


def test_two_product_types_of_one_name_are_refused(client: Client) -> None:
    ProductClass.objects.create(name="Jugs")
    url = reverse("dashboard:catalogue-class-create")
    page = client.get(url)
    rows = page.context["attributes_formset"]
    data = {field.html_name: field.value() for field in rows.management_form}
    answer = client.post(url, {**data, "name": " jugs"})
    assert "There is a product type “Jugs” already" in str(answer.context["form"].errors)
    assert ProductClass.objects.count() == 1
