"""Queries that are compiled once find what the ORM finds, whatever is filled in."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from shop.catalogue.models import Product
from shop.partner.models import StockRecord
from shop.prepared import Prepared
from tests.factories import make_product, make_stock, make_variant

pytestmark = pytest.mark.django_db


def test_lists_of_any_length_and_texts_with_signs() -> None:
    query = Prepared(
        lambda ids, title: Product.objects.filter(pk__in=ids, title=title).order_by("pk").values_list("pk", "title"),
        lists=("ids",),
        texts=("title",),
    )
    made = [make_product("100 % 'wool' %s") for _ in range(3)]
    ids = [product.pk for product in made]
    for some in (ids, ids[:1], ids[1:], [*ids, 10**9]):
        rows = query.run(ids=some, title="100 % 'wool' %s")
        assert [row.pk for row in rows] == [pk for pk in some if pk in ids]
        assert {row.title for row in rows} == {"100 % 'wool' %s"}
    assert query.run(ids=[], title="100 % 'wool' %s") == []
    assert query.run(ids=ids, title="other") == []


def test_lists_of_texts_and_constants_with_per_cent_signs() -> None:
    query = Prepared(
        lambda slugs: Product.objects.filter(slug__in=slugs, title__contains="50%s %").values_list("slug"),
        lists=("slugs",),
    )
    make_product("Wool 50%s %", slug="one")
    make_product("Wool", slug="two")
    assert query.run(slugs=["one", "two"]) == [("one",)]


def test_values_are_converted_as_the_orm_converts_them(django_assert_num_queries: Any) -> None:
    make_stock(make_product(price=None), "12.30", compare_at=None)
    query = Prepared(
        lambda: StockRecord.objects.values_list("price", "compare_at_price", "date_created", "product__is_public")
    )
    (row,) = query.run()
    assert (row.price, str(row.price), row.compare_at_price) == (Decimal("12.30"), "12.30", None)
    assert (row.product__is_public, row.date_created) == (True, StockRecord.objects.get().date_created)
    with django_assert_num_queries(1):
        query.run()


def test_objects_are_as_the_orm_makes_them(django_assert_num_queries: Any) -> None:
    parent = make_product("Teapot", variants=[])
    variant, plain = make_variant(parent, price="12.30"), make_product("Cup", price="4")
    rows = StockRecord.objects.select_related("product__parent").defer("product__description").order_by("pk")
    query = Prepared(lambda ids: rows.filter(product__in=ids), lists=("ids",))
    ids = [variant.pk, plain.pk]
    with django_assert_num_queries(1):
        first, second = query.run(ids=ids)
        assert (first.price, first.product, first.product.parent) == (Decimal("12.30"), variant, parent)
        assert (second.product.title, second.product.parent) == ("Cup", None)
        assert first._state.db == "default" and not first._state.adding
        assert first.product.get_deferred_fields() == {"description"}
    assert [vars(each)["price"] for each in rows.filter(product__in=ids)] == [first.price, second.price]
    with django_assert_num_queries(1):
        assert first.product.description == variant.description


def test_a_query_that_changes_what_it_is_given_is_refused() -> None:
    query = Prepared(lambda title: Product.objects.filter(title__icontains=title).values_list("pk"), texts=("title",))
    with pytest.raises(ValueError, match="does not use title as given"):
        query.run(title="x")


# SQLite plans in no time and keeps nothing.
@pytest.mark.postgres
def test_the_server_keeps_one_plan_for_lists_of_like_length() -> None:
    query = Prepared(lambda ids: Product.objects.filter(pk__in=ids).values_list("pk", "upc"), lists=("ids",))
    ids = [make_product(f"Cup {number}").pk for number in range(8)]
    for length in (5, 6, 7, 8, 5, 6):
        assert {row.pk for row in query.run(ids=ids[:length])} == set(ids[:length])
    with connection.cursor() as cursor:
        cursor.execute("SELECT parameter_types::text FROM pg_prepared_statements WHERE statement LIKE '%upc%'")
        assert cursor.fetchall() == [("{" + ",".join(["bigint"] * 8) + "}",)]


def test_a_prepared_query_is_counted_and_logged_like_any_other(django_assert_num_queries: Any) -> None:
    query = Prepared(lambda ids: Product.objects.filter(pk__in=ids).values_list("pk"), lists=("ids",))
    with django_assert_num_queries(1) as counted:
        query.run(ids=[10**12])
    assert "catalogue_product" in counted.captured_queries[0]["sql"]
