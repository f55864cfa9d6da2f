"""No row of the books is changed or deleted: not by the ORM, and not by SQL past it. On SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import IntegrityError, connection, transaction

from shop.giftcards.models import GiftCardEntry
from shop.invoices.models import Invoice
from shop.ledger import append_only
from shop.ledger.models import AppendOnly, AppendOnlyError, MoneyEntry, StockMovement
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from tests.factories import make_product
from tests.integration.giftcards.giving import give

from .buying import order_of

pytestmark = pytest.mark.django_db
TABLES = append_only.TABLES


@pytest.fixture(autouse=True)
def _rows(db: None) -> None:
    order = order_of(make_product())
    assert order is not None
    change_status(order, "paid")
    give("10")
    drain_all()
    assert counts() == (1, 2, 1)


def counts() -> tuple[int, int, int]:
    return MoneyEntry.objects.count(), StockMovement.objects.count(), Invoice.objects.count()


def refused(statement: str) -> str:
    """Run a statement that the database has to refuse. Returns what it says."""
    # What is checked at the end of a transaction is checked now, so that nothing but the trigger is in the way.
    connection.check_constraints()
    with pytest.raises(IntegrityError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(error.value)


def test_every_table_of_rows_that_are_only_added_is_held() -> None:
    assert {model._meta.db_table for model in AppendOnly.__subclasses__()} == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = at", "DELETE FROM {}", "DELETE FROM {} WHERE id > 0"])
def test_sql_is_refused(table: str, statement: str) -> None:
    assert f"rows of {table} are only added" in refused(statement.format(table))
    assert counts() == (1, 2, 1)


@pytest.mark.postgres
@pytest.mark.parametrize("table", TABLES)
def test_truncate_is_refused(table: str) -> None:
    assert "only added" in refused(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("model", [MoneyEntry, StockMovement, Invoice, GiftCardEntry])
def test_the_orm_is_refused(model: Any) -> None:
    row = model.objects.first()
    for attempt in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(at=row.at)):
        with pytest.raises(AppendOnlyError):
            attempt()
    # The plain manager, which knows nothing of it, meets the database.
    with pytest.raises(IntegrityError), transaction.atomic():
        model._base_manager.all().delete()


def test_the_triggers_are_put_on_again_after_a_migration() -> None:
    with transaction.atomic():
        append_only.take_off(connection)
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        assert "rows of ledger_moneyentry are only added" in refused("DELETE FROM ledger_moneyentry")


def test_lifted_is_for_a_moment() -> None:
    with append_only.lifted():
        StockMovement._base_manager.all().delete()
    assert not StockMovement.objects.exists()
    assert "rows of ledger_moneyentry are only added" in refused("DELETE FROM ledger_moneyentry")
