"""The merchandiser's way with products: add, change, find, hide, delete."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shop.accounts.roles import MERCHANDISER, SUPPORT
from shop.catalogue.models import (
    AttributeOption,
    AttributeOptionGroup,
    Product,
    ProductAttribute,
    ProductRecommendation,
)
from tests.factories import make_brand, make_category, make_class, make_product, picture_bytes
from tests.integration.orders.buying import buy

from .pages import form_values, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    return signed_in(MERCHANDISER)


@pytest.fixture
def jugs() -> Any:
    """A type whose variants differ in size, which every one must have."""
    kind = make_class("Jugs")
    group = AttributeOptionGroup.objects.create(name="Jug sizes")
    for name in ("Small", "Large"):
        AttributeOption.objects.create(group=group, option=name)
    ProductAttribute.objects.create(
        product_class=kind, name="Size", code="size", type="option", option_group=group, required=True
    )
    return kind


def edit(client: Client, product: Product, **changes: Any) -> Any:
    url = reverse("dashboard:catalogue-product", args=[product.pk])
    return client.post(url, {**form_values(client.get(url)), **changes})


def test_a_product_with_variants_and_a_picture_from_nothing(client: Client, jugs: Any) -> None:
    category, other = make_category("Table > Jugs"), make_product("Bowl")
    create = reverse("dashboard:catalogue-product-create", args=["jugs"])
    assert client.get(reverse("dashboard:catalogue-product-create"), {"product_class": jugs.pk})["Location"] == create
    sent = {
        **form_values(client.get(create)),
        "title": "Jug for cut stems",
        "subtitle": "Ines Calder, 350 ml",
        "brand": make_brand().pk,
        "tax_class": "reduced",
        "tags": "gift, stoneware, gift",
        "specification": "Height: 12 cm\n\nCare: dishwasher: yes",
        "gtins": "4006381333931",
        "flag": "New",
        "part_number": "J-12",
        "weight_grams": "900",
        "released_on": "2026-03-01",
        "productcategory_set-0-category": category.pk,
        "primary_recommendations-0-recommendation": other.slug,
        "primary_recommendations-0-ranking": "1",
        "images-0-original": SimpleUploadedFile("jug.png", picture_bytes(), "image/png"),
        "images-0-alt_text": "A jug from the side",
        "action": "create-child",
    }
    answer = client.post(create, sent)
    assert answer.status_code == 302, answer.context["form"].errors
    product = Product.objects.get(title="Jug for cut stems")
    assert (product.slug, product.tags, product.gtins) == (
        "jug-for-cut-stems",
        ["gift", "stoneware"],
        ["4006381333931"],
    )
    assert product.specification == [["Height", "12 cm"], ["Care", "dishwasher: yes"]]
    assert (product.tax_class, product.weight_grams, str(product.released_on)) == ("reduced", 900, "2026-03-01")
    assert product.images.get().alt_text == "A jug from the side"
    assert product.recommended_products.get() == other
    assert list(product.categories.all()) == [category]

    variant_url = reverse("dashboard:catalogue-product-create-child", args=[product.pk])
    assert answer["Location"] == variant_url
    sizes = {each.option: each.pk for each in AttributeOption.objects.filter(group__name="Jug sizes")}
    for size, price, before, action in (
        ("Small", "30", "", "create-another-child"),
        ("Large", "40.50", "48", "save"),
    ):
        page = client.get(variant_url)
        sent = {
            **form_values(page),
            "attr_size": sizes[size],
            "stockrecords-0-partner_sku": f"JUG-{size}",
            "stockrecords-0-price": price,
            "stockrecords-0-compare_at_price": before,
            "stockrecords-0-num_in_stock": "5",
            "action": action,
        }
        answer = client.post(variant_url, sent)
        assert answer.status_code == 302, (answer.context["form"].errors, answer.context["stockrecord_formset"].errors)
    product.refresh_from_db()
    assert product.structure == Product.PARENT
    small, large = product.children.order_by("pk")
    assert (small.slug, large.slug) == ("jug-for-cut-stems-small", "jug-for-cut-stems-large")
    record = large.stockrecords.get()
    assert (record.price, record.compare_at_price, record.price_currency) == (Decimal("40.50"), Decimal(48), "GBP")

    double = client.post(variant_url, {**sent, "stockrecords-0-partner_sku": "JUG-3"})
    assert "has the same options" in str(double.context["form"].errors)
    assert "category" not in str(double.context["category_formset"].non_form_errors())
    assert Product.objects.filter(parent=product).count() == 2


def test_a_wrong_form_leaves_nothing_behind_and_says_what_is_wrong(client: Client, jugs: Any) -> None:
    create = reverse("dashboard:catalogue-product-create", args=["jugs"])
    taken = make_product("Bowl", slug="bowl", sku="TAKEN")
    answer = client.post(
        create,
        {
            **form_values(client.get(create)),
            "title": "Jug",
            "slug": "bowl",
            "tags": "x" * 70,
            "specification": "Height 12 cm",
            "gtins": "4006381333932, abc",
            "stockrecords-0-partner_sku": taken.stockrecords.get().partner_sku,
            "stockrecords-0-price": "10",
            "stockrecords-0-compare_at_price": "9",
            "stockrecords-0-num_in_stock": "1",
            "action": "save",
        },
    )
    assert answer.status_code == 200
    text = answer.content.decode()
    for words in (
        "is the address of “Bowl”", "has 70 characters", "Line 1, “Height 12 cm”", "its check digit would be 1",
        "“abc” is no EAN", "is not above the price of 10", "“TAKEN” is the SKU of “Bowl” already",
    ):  # fmt: skip
        assert words in text, words
    assert not Product.objects.filter(title="Jug").exists()


def test_a_variant_needs_an_option_a_sku_and_a_price(client: Client) -> None:
    kind = make_class("Jugs")
    ProductAttribute.objects.create(product_class=kind, name="Glaze", code="glaze", type="text")
    ProductAttribute.objects.create(product_class=kind, name="Dishwasher safe", code="dishwasher_safe", type="boolean")
    product = make_product("Jug", product_class=kind, variants=[], categories=["Table"])
    url = reverse("dashboard:catalogue-product-create-child", args=[product.pk])
    values = form_values(client.get(url))
    errors = client.post(url, values).context["form"].errors
    assert "Choose at least one option" in str(errors)
    assert "give it a SKU and a price" in str(errors)
    priced = {
        **values,
        "stockrecords-0-partner_sku": "J-1",
        "stockrecords-0-price": "9",
        "stockrecords-0-num_in_stock": "1",
    }
    assert "Choose at least one option" in str(client.post(url, priced).context["form"].errors)
    assert "SKU and a price" in str(client.post(url, {**values, "attr_glaze": "Ash"}).context["form"].errors)
    assert not product.children.exists()
    assert client.post(url, {**priced, "attr_glaze": "Ash"}).status_code == 302
    assert product.children.get().attribute_values.count() == 1

    bare = make_product("Plain", product_class="Bare", variants=[])
    url = reverse("dashboard:catalogue-product-create-child", args=[bare.pk])
    assert "“Bare” has no attributes to tell variants apart by" in str(client.post(url, priced).context["form"].errors)


def test_a_yes_or_no_that_nobody_gave_is_not_a_no(client: Client) -> None:
    kind = make_class("Jugs")
    ProductAttribute.objects.create(product_class=kind, name="Dishwasher safe", code="dishwasher_safe", type="boolean")
    product = make_product("Jug", product_class=kind, categories=["Table"])

    def said() -> list[Any]:
        return [value.value for value in product.attribute_values.all()]

    assert edit(client, product, action="save").status_code == 302
    assert said() == []
    page = Client().get(f"/products/{product.slug}/").content.decode()
    assert "Dishwasher safe" not in page
    for answer, held in (("false", [False]), ("true", [True]), ("unknown", [])):
        assert edit(client, product, attr_dishwasher_safe=answer, action="save").status_code == 302
        assert said() == held
        assert edit(client, product, action="save").status_code == 302
        assert said() == held
    ProductAttribute.objects.update(required=True)
    refused = edit(client, product, action="save")
    assert "Choose yes or no" in str(refused.context["form"].errors)


def test_a_product_without_a_category_can_be_saved(client: Client) -> None:
    product = make_product("Bowl")
    assert edit(client, product, subtitle="Low", action="save").status_code == 302
    product.refresh_from_db()
    assert product.subtitle == "Low"
    page = client.get(reverse("dashboard:catalogue-product", args=[product.pk])).content.decode()
    assert "Without a category it is found by search" in page


def test_price_and_variants_do_not_go_together(client: Client) -> None:
    product = make_product("Bowl", categories=["Table"])
    answer = edit(client, product, action="create-child")
    assert answer.status_code == 200
    assert "its variants have" in str(answer.context["form"].errors)
    product.refresh_from_db()
    assert product.structure == Product.STANDALONE


def test_a_changed_slug_leads_on(client: Client) -> None:
    product = make_product("Bowl", slug="bowl", categories=["Table"])
    assert edit(client, product, slug="low-bowl", action="save").status_code == 302
    assert Client().get("/products/bowl/")["Location"].endswith("/products/low-bowl/")


def test_saving_without_a_change_changes_nothing(client: Client) -> None:
    product = make_product(
        "Bowl", categories=["Table"], tags=["a"], gtins=["4006381333931"], specification=[["A", "1"]], compare_at="12"
    )

    def held() -> dict[str, Any]:
        values = Product.objects.filter(pk=product.pk).values().get()
        return {name: value or "" for name, value in values.items() if name != "date_updated"}

    before = held()
    assert edit(client, product, action="save").status_code == 302
    assert held() == before
    assert product.stockrecords.get().compare_at_price == Decimal(12)


@pytest.mark.parametrize("text", ["low rim", "SKU-LARGE", "4006381333931", "PN-9", "UPC-7"])
def test_products_are_found_by_what_is_printed_on_them(client: Client, text: str) -> None:
    bowl = make_product(
        "Bowl with a low rim", upc="UPC-7", part_number="PN-9",
        variants=[{"sku": "SKU-SMALL"}, {"sku": "SKU-LARGE", "gtins": ["4006381333931"]}],
    )  # fmt: skip
    make_product("Lamp")
    page = client.get(reverse("dashboard:catalogue-product-list"), {"q": text})
    assert [row.record for row in page.context["products"].page.object_list] == [bowl]


def test_products_are_narrowed_by_stock_and_whether_they_are_public(client: Client) -> None:
    full = make_product("Full", stock=500)
    low = make_product("Low", variants=[{"stock": 500}, {"stock": 1}])
    out = make_product("Out", stock=0, is_public=False)
    url = reverse("dashboard:catalogue-product-list")

    def found(**by: str) -> set[Product]:
        return {row.record for row in client.get(url, by).context["products"].page.object_list}

    assert found(stock="in") == {full, low}
    assert found(stock="out") == {out}
    assert found(stock="low") == {low, out}
    assert found(public="no") == {out}
    assert found(q="nothing like it") == set()


def test_the_list_takes_the_same_queries_for_one_product_as_for_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_product(f"Thing {number}", picture=True, variants=[{}, {}] if number % 2 else None)
    with django_assert_max_num_queries(17):
        page = client.get(reverse("dashboard:catalogue-product-list"), {"q": "Thing", "stock": "in"})
    assert len(page.context["products"].page.object_list) == 30


def test_the_product_page_asks_no_question_a_category(client: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(40):
        make_category(f"Table > Shelf {number} > Corner")
    product = make_product("Jug", categories=["Table"], variants=[{} for _ in range(12)])
    with django_assert_max_num_queries(36):
        page = client.get(reverse("dashboard:catalogue-product", args=[product.pk]))
    assert "Table › Shelf 7 › Corner" in page.content.decode()


def test_deleting_tells_where_it_is_in_use_and_hiding_keeps_all(client: Client) -> None:
    bowl, jug = make_product("Bowl", categories=["Table"]), make_product("Jug")
    order = buy(Client(), bowl)
    ProductRecommendation.objects.create(primary=jug, recommendation=bowl)
    url = reverse("dashboard:catalogue-product-delete", args=[bowl.pk])
    text = client.get(url).content.decode()
    assert "In 1 order" in text
    assert "Recommended with “Jug”" in text
    assert client.post(reverse("dashboard:catalogue-product-unpublish", args=[bowl.pk])).status_code == 302
    bowl.refresh_from_db()
    assert not bowl.is_public
    assert client.post(url).status_code == 302
    assert order.lines.get().title == "Bowl"
    page = signed_in(SUPPORT).get(reverse("dashboard:order-detail", args=[order.number]))
    assert page.status_code == 200


def test_deleting_names_each_variant_by_its_options(client: Client) -> None:
    clock = make_product("Kitchen clock", variants=[{"attributes": {"Wood": wood}} for wood in ("Oak", "Ash")])
    text = client.get(reverse("dashboard:catalogue-product-delete", args=[clock.pk])).content.decode()
    assert "The variant “Kitchen clock, Oak” goes with it." in text
    assert "The variant “Kitchen clock, Ash” goes with it." in text


def test_deleting_names_the_pages_that_show_it(client: Client) -> None:
    from wagtail.models import ReferenceIndex

    from content.models import StoryPage
    from tests.integration.content.pages import block, story

    bowl = make_product("Bowl", categories=["Table"])
    story([block("add_to_basket", {"product": bowl.pk, "title": "", "text": ""}, 1)], title="A table for the sill")
    page = StoryPage.objects.get(title="A table for the sill")
    # Wagtail does this in the background.
    ReferenceIndex.create_or_update_for_object(page)
    url = reverse("dashboard:catalogue-product-delete", args=[bowl.pk])
    assert "A table for the sill" in client.get(url).content.decode()
    client.post(url)
    assert Client().get(page.url).status_code == 200
