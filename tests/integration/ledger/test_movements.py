"""Whoever changes a number of a stock record leaves a row that says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from shop.accounts.models import User
from shop.catalogue.importing import writing
from shop.catalogue.importing.records import VariantRecord
from shop.ledger.models import StockMovement
from shop.ledger.noting import noting
from shop.order.states import change_status
from shop.partner.models import StockRecord
from tests.factories import make_class, make_product

from .buying import found, order_of, record_of

pytestmark = pytest.mark.django_db


def moves(product: Any, *, first: bool = False) -> list[tuple[str, int, int]]:
    """Kind, on the shelf and promised of a product's movements after the first count."""
    rows = StockMovement.objects.filter(stockrecord__product=product).order_by("pk")
    made = list(rows.values_list("kind", "on_shelf", "promised"))
    return made if first else made[1:]


@pytest.fixture
def jug() -> Any:
    return make_product("Jug", stock=9, sku="JUG")


def test_a_new_stock_record_begins_with_its_first_count(jug: Any) -> None:
    assert moves(jug, first=True) == [("opening", 9, 0)]


def test_an_order_from_promise_to_dispatch(jug: Any) -> None:
    bowl = make_product("Bowl", stock=5)
    order = order_of(jug, bowl, quantity=2)
    assert order is not None
    assert moves(jug) == [("reserved", 0, 2)] == moves(bowl)
    row = StockMovement.objects.filter(kind="reserved", stockrecord__product=jug).get()
    assert (row.line, row.sku, row.why) == (order.lines.get(title="Jug"), "JUG", "placed")
    staff = User.objects.create_user("sam@example.org", "x", is_staff=True)
    change_status(order, "paid", by=staff)
    line = order.lines.get(title="Jug")
    change_status(order, "partly-dispatched", by=staff, why="by van", line_ids=[line.pk])
    assert moves(jug)[1:] == [("dispatched", -2, -2)] and len(moves(bowl)) == 1
    gone = StockMovement.objects.get(kind="dispatched")
    assert (gone.by, gone.why, gone.line) == (staff, "by van", line)
    change_status(order, "cancelled", by=staff, why="the rest is chipped")
    assert moves(bowl)[1:] == [("released", 0, -2)]
    assert found() == []


def test_one_statement_writes_a_whole_orders_movements(django_assert_max_num_queries: Any) -> None:
    order = order_of(*(make_product() for _ in range(5)))
    assert order is not None
    change_status(order, "paid")
    with django_assert_max_num_queries(100) as queries:
        change_status(order, "dispatched")
    written = [each["sql"] for each in queries.captured_queries if 'INSERT INTO "ledger_stock' in each["sql"]]
    assert len(written) == 1 and StockMovement.objects.filter(kind="dispatched").count() == 5


def test_what_is_not_counted_is_not_written_down() -> None:
    download = make_product("Pattern", product_class=make_class("Downloads", track_stock=False))
    order = order_of(download)
    assert order is not None
    change_status(order, "paid")
    change_status(order, "dispatched")
    assert moves(download) == [] and found() == []


def test_more_dispatched_than_there_is_takes_what_there_is(jug: Any) -> None:
    order = order_of(jug, quantity=4)
    assert order is not None
    change_status(order, "paid")
    StockRecord.objects.filter(product=jug).update(num_in_stock=3)
    change_status(order, "dispatched")
    assert moves(jug)[1:] == [("counted", -6, 0), ("dispatched", -3, -4)]
    assert record_of(jug).num_in_stock == 0 and found() == []


def by_saving(record: StockRecord) -> None:
    record.num_in_stock = 4
    record.save()


def by_saving_one_field(record: StockRecord) -> None:
    record.num_in_stock = 4
    record.save(update_fields=["num_in_stock"])


def by_an_expression(record: StockRecord) -> None:
    record.num_in_stock = F("num_in_stock") - 5
    record.save()


def by_a_query(record: StockRecord) -> None:
    StockRecord.objects.filter(num_in_stock=9).update(num_in_stock=F("num_in_stock") - 5)


def by_a_bulk_update(record: StockRecord) -> None:
    record.num_in_stock = 4
    StockRecord.objects.bulk_update([record], ["num_in_stock"])


def by_update_or_create(record: StockRecord) -> None:
    StockRecord.objects.update_or_create(pk=record.pk, defaults={"num_in_stock": 4})


def by_an_import(record: StockRecord) -> None:
    writing.Writer()._write_stock([(VariantRecord("JUG", {}, stock=4), record.product)])


@pytest.mark.parametrize(
    "change",
    [by_saving, by_saving_one_field, by_an_expression, by_a_query, by_a_bulk_update, by_update_or_create, by_an_import],
)
def test_every_way_to_set_a_number_counts(jug: Any, change: Any) -> None:
    change(record_of(jug))
    assert record_of(jug).num_in_stock == 4
    assert moves(jug) == [("counted", -5, 0)] and found() == []
    assert StockMovement.objects.latest("pk").why == ("import" if change is by_an_import else "")


def test_what_changes_no_number_writes_nothing(jug: Any) -> None:
    record = record_of(jug)
    record.price = 12
    record.save()
    StockRecord.objects.update(price=13)
    StockRecord.objects.bulk_update([record], ["price"])
    writing.Writer()._write_stock([(VariantRecord("JUG", {}, price=14), jug)])
    assert moves(jug) == []


def test_oscars_own_way_is_counted_too(jug: Any) -> None:
    record = record_of(jug)
    record.allocate(3)
    record.consume_allocation(2)
    record.cancel_allocation(1)
    assert moves(jug) == [("counted", 0, 3), ("counted", -2, -2), ("counted", 0, -1)] and found() == []


def test_a_deleted_stock_record_takes_what_it_had_with_it(jug: Any) -> None:
    order = order_of(jug, quantity=2)
    pk = record_of(jug).pk
    jug.delete()
    rows = StockMovement.objects.filter(stockrecord_id=pk)
    assert list(rows.values_list("sku", "kind", "on_shelf", "promised", "why"))[2:] == [
        ("JUG", "counted", -9, -2, "deleted")
    ]
    assert order is not None and found() == []
    change_status(order, "cancelled")
    assert found() == []


def test_who_why_and_when_are_said_once(jug: Any) -> None:
    staff = User.objects.create_user("sam@example.org", "x", is_staff=True)
    customer = User.objects.create_user("ada@example.org", "x")
    long_ago = timezone.now() - timedelta(days=300)
    with noting(by=staff, why="stocktaking", at=long_ago), noting(by=customer):
        StockRecord.objects.update(num_in_stock=1)
    row = StockMovement.objects.get(kind="counted")
    assert (row.by, row.why, row.at) == (staff, "stocktaking", long_ago)
    StockRecord.objects.update(num_in_stock=2)
    last = StockMovement.objects.latest("pk")
    assert (last.by, last.why) == (None, "") and last.at > long_ago
    # The row of somebody who is gone keeps their number and nothing else.
    staff.delete()
    row = StockMovement.objects.select_related("by").get(pk=row.pk)
    assert row.by is None and row.by_id
