"""Every change of the catalogue writes itself down, in the transaction of the change."""

from typing import Any

import pytest
from django.db import transaction
from oscar.core.loading import get_model

from shop.catalogue.models import Category, Product, SlugRedirect
from shop.catalogue.operations import catalogue_changed
from shop.outbox.models import OutboxEntry
from tests.factories import (
    make_brand,
    make_category,
    make_offer,
    make_picture,
    make_product,
    make_stock,
    make_variant,
    set_attribute,
)

ProductReview = get_model("reviews", "ProductReview")
pytestmark = pytest.mark.django_db


def told() -> list[dict[str, Any]]:
    """What the outbox holds of the catalogue, and an empty outbox after."""
    rows = list(OutboxEntry.objects.filter(topic="catalogue.changed").order_by("pk").values_list("payload", flat=True))
    OutboxEntry.objects.all().delete()
    return rows


@pytest.fixture
def anew() -> Any:
    """Call it to begin as a fresh transaction would."""
    from django.db import connection

    def start() -> None:
        connection.run_on_commit.clear()
        OutboxEntry.objects.all().delete()

    return start


def test_saving_parts_of_a_product_tells_of_the_product(anew: Any) -> None:
    product, category = make_product(attributes={"Glaze": "Fern"}), make_category()
    image = make_picture(product)
    changes = [
        product.save,
        product.stockrecords.get().save,
        product.attribute_values.get().save,
        image.save,
        lambda: product.categories.add(category),
        lambda: category.product_set.remove(product),
        lambda: product.stockrecords.get().allocate(1),
        lambda: ProductReview.objects.create(product=product, score=5, title="Good", body="Yes"),
        lambda: product.reviews.get().delete(),
        image.delete,
        product.stockrecords.get().delete,
    ]
    for change in changes:
        anew()
        change()
        assert told() == [{"products": [product.pk]}], change


def test_a_child_tells_of_its_parent(anew: Any) -> None:
    parent = make_product(variants=[])
    anew()
    child = make_variant(parent)
    assert told() == [{"products": [parent.pk]}]
    anew()
    make_stock(child)
    assert told() == [{"products": [parent.pk]}]
    anew()
    child.delete()
    assert told() == [{"products": [parent.pk]}]


def test_one_transaction_tells_once_and_a_savepoint_that_fails_holds_nothing_back(anew: Any) -> None:
    product = make_product()
    anew()
    with pytest.raises(RuntimeError), transaction.atomic():
        product.save()
        raise RuntimeError
    assert OutboxEntry.objects.filter(topic="catalogue.changed").count() == 0
    product.save()
    product.save()
    set_attribute(product, "Glaze", "Ink")
    assert told() == [{"products": [product.pk]}]


def test_many_products_share_few_rows(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(5):
        catalogue_changed(range(10_000, 11_200))
    assert [len(row["products"]) for row in told()] == [500, 500, 200]


def test_words_that_products_share(anew: Any) -> None:
    product = make_product(brand="Harrow", attributes={"Glaze": "Fern"})
    make_product()
    option = product.attribute_values.get().value_option
    for word in (make_brand("Harrow"), option, product.attribute_values.get().attribute):
        anew()
        word.save()
        assert told() == [{"products": [product.pk]}], word


def test_offers_tell_of_everything_but_not_when_an_order_counts_them(anew: Any) -> None:
    product = make_product()
    offer = make_offer("Seconds week", products=[product])
    anew()
    offer.record_usage({"freq": 1, "discount": 1})
    assert told() == []
    offer.name = "Seconds fortnight"
    offer.save()
    assert told() == [{"everything": True}]
    anew()
    offer.benefit.range.add_product(make_product(title="x"))
    assert {"everything": True} not in told()


def test_a_category_tells_of_itself(anew: Any) -> None:
    category = make_category("Table")
    anew()
    category.save()
    assert told() == [{"category": category.pk}]


def test_an_approved_review_counts_and_a_stale_product_is_not_written_back() -> None:
    product = make_product("Old title")
    review = ProductReview.objects.create(product=product, score=4, title="Fine", body="Yes")
    Product.objects.filter(pk=product.pk).update(title="New title")
    assert Product.objects.get(pk=product.pk).rating is None
    review.status = ProductReview.APPROVED
    review.save()
    product.refresh_from_db()
    assert (product.rating, product.title) == (4.0, "New title")
    ProductReview.objects.all().delete()
    product.refresh_from_db()
    assert product.rating is None


def test_renamed_slugs_are_kept() -> None:
    product = make_product(slug="one")
    for slug in ("two", "three", "one"):
        product.slug = slug
        product.save()
    keys = SlugRedirect.objects.filter(product=product).values_list("old_slug", flat=True)
    assert sorted(keys) == ["products/three", "products/two"]


def test_a_renamed_or_moved_category_keeps_all_addresses_below_it() -> None:
    jugs = make_category("Table > Jugs")
    table = Category.objects.get(slug="table")
    table.slug = "for-the-table"
    table.save()
    assert jugs.full_slug == "for-the-table/jugs"
    kitchen = make_category("Kitchen")
    Category.objects.get(pk=jugs.pk).move(kitchen, "first-child")
    jugs.refresh_from_db()
    assert jugs.get_absolute_url() == "/shop/kitchen/jugs/"
    assert dict(SlugRedirect.objects.values_list("old_slug", "category")) == {
        "shop/table": table.pk,
        "shop/table/jugs": jugs.pk,
        "shop/for-the-table/jugs": jugs.pk,
    }
