"""The listing tables follow the catalogue: by the outbox, from scratch, by the clock and by command."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from oscar.core.loading import get_model

from search import operations
from search.models import ListingCategory, ListingFacet, ListingRow, ListingShelf, ListingState, ListingText
from search.rows import ROW_FIELDS
from search.selectors import find_products
from search.types import ListingQuery
from shop.catalogue.models import Category, Product
from shop.outbox.operations import drain_all, enqueue
from shop.partner.models import StockRecord
from tests.factories import make_category, make_market, make_product, make_stock, make_variant, set_attribute

pytestmark = pytest.mark.django_db


def changed(*products: Product) -> None:
    """What the catalogue writes when it changes products, worked off."""
    enqueue("catalogue.changed", {"products": [product.pk for product in products]})
    drain_all()


def ids(**query: Any) -> tuple[int, ...]:
    return find_products(ListingQuery(**query), market=make_market()).ids


def snapshot() -> dict[str, Any]:
    """Everything in the tables but the names of their state and the rows' versions."""
    return {
        "rows": sorted(ListingRow.objects.values_list(*ROW_FIELDS)),
        "categories": sorted(ListingCategory.objects.values_list("row_id", "category_id")),
        "facets": sorted(ListingFacet.objects.values_list("row_id", "code", "value", "label")),
        "shelves": sorted(ListingShelf.objects.values_list("category_id", "attributes", "picture_of")),
        "texts": sorted(ListingText.objects.values_list("row_id", flat=True)),
    }


def test_a_price_a_stock_and_a_compare_at_price_are_followed() -> None:
    mug = make_product("Mug", price="10.00", stock=0)
    changed(mug)
    assert ids(in_stock=True) == ()
    StockRecord.objects.filter(product=mug).update(price="30.00", num_in_stock=2, compare_at_price="40.00")
    before = ListingState.objects.get(pk=1)
    changed(mug)
    after = ListingState.objects.get(pk=1)
    assert ids(in_stock=True, on_sale=True, price_min=Decimal(30)) == (mug.pk,)
    assert before.version != after.version
    # Counts that neither price nor stock has a part in stay good.
    assert before.structure == after.structure


def test_nothing_changed_changes_nothing() -> None:
    mug = make_product("Mug")
    changed(mug)
    before = ListingState.objects.get(pk=1)
    changed(mug)
    assert ListingState.objects.get(pk=1).version == before.version


def test_what_cannot_be_bought_lends_no_price() -> None:
    mug = make_product(
        "Mug", variants=[{"price": "5.00", "stock": 0}, {"price": "9.00", "stock": 1}, {"price": "7.00", "stock": 1}]
    )
    changed(mug)
    row = ListingRow.objects.get(pk=mug.pk)
    assert (str(row.price_low), str(row.price_high)) == ("7.00", "9.00")


def test_a_category_that_moves_takes_its_products_along() -> None:
    mug = make_product("Mug", categories=["Table > Mugs"])
    changed(mug)
    mugs, table, floor = make_category("Table > Mugs"), make_category("Table"), make_category("Floor")
    assert ids(category_id=table.pk) == (mug.pk,)
    Category.objects.get(pk=mugs.pk).move(Category.objects.get(pk=floor.pk), pos="last-child")
    enqueue("catalogue.changed", {"category": mugs.pk})
    drain_all()
    assert ids(category_id=table.pk) == ()
    assert ids(category_id=floor.pk) == (mug.pk,)


def test_a_deleted_category_leaves_no_trace_above_it() -> None:
    mug = make_product("Mug", categories=["Table > Mugs"])
    changed(mug)
    mugs, table = make_category("Table > Mugs"), make_category("Table")
    gone = mugs.pk
    Category.objects.get(pk=gone).delete()
    enqueue("catalogue.changed", {"category": gone})
    drain_all()
    assert ids(category_id=table.pk) == ()
    assert ids() == (mug.pk,)


def test_unpublished_and_deleted_products_leave_the_lists() -> None:
    mug, cup = make_product("Mug"), make_product("Cup")
    changed(mug, cup)
    Product.objects.filter(pk=mug.pk).update(is_public=False)
    changed(mug)
    assert ids() == (cup.pk,)
    pk = cup.pk
    cup.delete()
    # The row goes with the product, before any worker runs.
    assert ids() == ()
    enqueue("catalogue.changed", {"products": [pk]})
    drain_all()
    assert ids(text="cup") == ()


def test_a_variant_stands_for_its_parent() -> None:
    mug = make_product("Mug", variants=[{"attributes": {"Glaze": "Rust"}}])
    changed(mug)
    child = make_variant(mug, attributes={"Glaze": "Fern"}, sku="FERN-1")
    changed(child)
    assert ids(facets={"glaze": ("fern",)}) == (mug.pk,)
    assert ids(text="fern1") == (mug.pk,)
    Product.objects.filter(pk=child.pk).update(is_public=False)
    changed(child)
    assert ids(facets={"glaze": ("fern",)}) == ()


def test_refreshing_each_gives_what_rebuilding_all_gives() -> None:
    made = [
        make_product(
            f"Mug {number}",
            brand=f"Maker {number % 3}",
            categories=[f"Table > {('Mugs', 'Cups')[number % 2]}"],
            variants=[{"attributes": {"Glaze": "Rust"}}, {"attributes": {"Glaze": "Fern"}}]
            if number % 4 == 0
            else None,
            attributes={"Dishwasher": bool(number % 2), "Holds": 100 * number},
            picture=number == 3,
        )
        for number in range(12)
    ]
    for product in made:
        operations.refresh([product.pk])
    set_attribute(made[1], "Holds", 5)
    ids_before = [product.pk for product in made]
    made[2].delete()
    make_stock(made[5], "1.00")
    operations.refresh(ids_before)
    refreshed = snapshot()
    list(operations.rebuild())
    assert snapshot() == refreshed


def test_a_rebuild_goes_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "BATCH", 4)
    for _number in range(10):
        make_product()
    assert list(operations.rebuild()) == [4, 8, 10]
    assert len(ids()) == 10


def known_to_the_planner() -> list[float]:
    """How many rows PostgreSQL thinks that the tables of the lists have; -1 where it never looked."""
    with connection.cursor() as cursor:
        tables = [model._meta.db_table for model in operations.TABLES]
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = ANY(%s) ORDER BY relname", [tables])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.postgres
def test_the_planner_hears_of_many_new_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "BATCH", 4)
    category = make_category("Cups")
    made = [make_product(categories=[category]) for _number in range(7)]
    for product in made:
        set_attribute(product, "Holds", 5)
    list(operations.rebuild())
    # Categories, facets, prices (variants have them), rows, texts.
    assert known_to_the_planner() == [7, 7, 0, 7, 7]
    made += [make_product(categories=[category]) for _number in range(4)]
    operations.refresh([product.pk for product in made[7:]])
    assert known_to_the_planner()[-1] == 11


def test_best_sellers_are_counted_from_orders_that_stand() -> None:
    mug, cup = make_product("Mug"), make_product("Cup", variants=[{}])
    changed(mug, cup)
    child = cup.children.get()
    order_model, line_model = get_model("order", "Order"), get_model("order", "Line")
    for number, (product, units, status) in enumerate(
        ((mug, 2, "paid"), (child, 3, "delivered"), (mug, 9, "cancelled")), start=1
    ):
        order = order_model.objects.create(
            number=f"T{number}",
            currency="GBP",
            total_incl_tax=1,
            total_excl_tax=1,
            shipping_incl_tax=0,
            shipping_excl_tax=0,
            status=status,
        )
        line_model.objects.create(
            order=order,
            product=product,
            title=product.title,
            quantity=units,
            num_allocated=0,
            line_price_incl_tax=1,
            line_price_excl_tax=1,
            line_price_before_discounts_incl_tax=1,
            line_price_before_discounts_excl_tax=1,
        )
    assert operations.refresh_popularity() == 2
    assert ids(sort="best-selling") == (cup.pk, mug.pk)
    assert operations.refresh_popularity() == 0


def test_search_reindex_says_what_it_did() -> None:
    make_product("Mug")
    out = StringIO()
    call_command("search_reindex", stdout=out)
    assert out.getvalue().startswith("Done: 1 products and variants read in ")
    assert len(ids()) == 1


def test_search_status_is_well_after_a_rebuild() -> None:
    make_product("Mug", categories=["Table"])
    call_command("search_reindex", quiet=True, stdout=StringIO())
    out = StringIO()
    call_command("search_status", json=True, stdout=out)
    status = json.loads(out.getvalue())
    assert (status["rows"], status["texts"], status["missing"], status["extra"]) == (1, 1, 0, 0)


@pytest.mark.parametrize("harm", ["missing", "extra", "parked"])
def test_search_status_fails_where_something_is_wrong(harm: str) -> None:
    mug = make_product("Mug")
    call_command("search_reindex", quiet=True, stdout=StringIO())
    if harm == "missing":
        make_product("Cup")
    elif harm == "extra":
        Product.objects.filter(pk=mug.pk).update(is_public=False)
    else:
        entry = enqueue("catalogue.changed", {})
        type(entry).objects.filter(pk=entry.pk).update(parked_at=entry.created_at)
    out, err = StringIO(), StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("search_status", stdout=out, stderr=err)
    assert stopped.value.code == 1
    assert "Not in step." in err.getvalue()


def test_an_offer_job_without_offers_costs_a_query(django_assert_num_queries: Callable[[int], Any]) -> None:
    operations.offers_by_the_clock()
    with django_assert_num_queries(1):
        assert operations.offers_by_the_clock() == 0
