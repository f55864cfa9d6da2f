"""What is owed on gift cards: by currency now, by month before, and the same as the cards and the books."""

from __future__ import annotations

import csv
import io
import itertools
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from shop.accounts import roles
from shop.giftcards import liability, operations
from shop.giftcards.models import GiftCard, GiftCardEntry
from shop.ledger.models import MoneyEntry
from shop.ledger.noting import noting
from shop.ledger.operations import enter
from shop.order.states import change_status
from tests.factories import make_product
from tests.integration.ledger.buying import remove, tamper
from tests.people import signed_in

from .giving import give, order_with, proof

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/gift-cards/owed/"
CSV = "/dashboard/gift-cards/owed.csv"


def at(year: int, month: int, day: int = 15) -> datetime:
    return timezone.make_aware(datetime(year, month, day, 12))


def this_month(**expected: str) -> None:
    now = liability.months()[-1]
    assert now.start == timezone.localdate().replace(day=1)
    assert {name: getattr(now, name) for name in expected} == {name: Decimal(text) for name, text in expected.items()}


def test_each_movement_is_in_one_column(client: Client) -> None:
    card, lost, old = give("50"), give("30"), give("20", expires_on=timezone.localdate())
    order, _where = order_with(client, make_product(price="30"), cards=(card,), payment="bank-transfer")
    change_status(order, "cancelled")
    operations.adjust(card.pk, Decimal(-5), by=None, why="x", key=order.checkout.token)
    operations.block(lost.pk, by=None, why="lost")
    operations.block(lost.pk, by=None, why="lost")
    operations.unblock(lost.pk, by=None, why="found")
    operations.block(lost.pk, by=None, why="lost")
    GiftCard.objects.filter(pk=old.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    [owed] = liability.owed()
    assert [owed.free, owed.blocked, owed.over, owed.all, owed.cards] == [45, 30, 20, 95, 3]
    assert owed.currency == "GBP"
    this_month(
        before="0", given="100", sold="0", spent="-34.50", put_back="34.50", changed="-5", taken_back="0", after="95",
        blocked="60", released="30",
    )  # fmt: skip
    assert proof() == []


def test_months_follow_one_another_without_gaps() -> None:
    with noting(at=at(2026, 1)):
        card = give("50", expires_on=date(2099, 1, 1))
    with noting(at=at(2026, 4)):
        operations.adjust(card.pk, Decimal(-10), by=None, why="x", key=card.key)
    GiftCard.objects.update(expires_on=date(2026, 3, 20))
    found = {month.start: month for month in liability.months()}
    assert found[date(2026, 1, 1)].given == 50
    assert found[date(2026, 2, 1)].before == found[date(2026, 2, 1)].after == 50
    assert found[date(2026, 3, 1)].over == 50, "what it held on its last day"
    assert found[date(2026, 4, 1)].changed == -10 and found[date(2026, 4, 1)].after == 40
    starts = sorted(found)
    assert starts[0] == date(2026, 1, 1) and starts[-1] == timezone.localdate().replace(day=1)
    assert all(
        (later.replace(day=1) - timedelta(days=1)).replace(day=1) == first
        for first, later in itertools.pairwise(starts)
    )
    assert liability.months()[-1].after == sum(each.all for each in liability.owed()) == 40


def test_currencies_are_apart(settings: Any) -> None:
    give("50")
    settings.SHOP_CURRENCY = "EUR"
    give("20")
    assert {each.currency: int(each.all) for each in liability.owed()} == {"EUR": 20, "GBP": 50}
    assert {month.currency: int(month.after) for month in liability.months()} == {"EUR": 20, "GBP": 50}


def test_the_page_and_the_file_say_the_same() -> None:
    with noting(at=at(2025, 12)):
        give("50")
    give("7.50")
    staff = signed_in(roles.MERCHANDISER)
    page = staff.get(PAGE).content.decode()
    assert "£57.50" in page and "December 2025" in page and "2 cards hold something" in page
    assert "December 2025" not in staff.get(PAGE, {"year": timezone.localdate().year}).content.decode()
    assert staff.get(PAGE, {"year": "no"}).status_code == 200
    answer = staff.get(CSV)
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert answer["Content-Disposition"].startswith('attachment; filename="gift-cards-')
    assert rows[0]["month"] == "2025-12" and rows[0]["given"] == "50.00" and rows[-1]["after"] == "57.50"
    for row in rows:
        moved = ("before", "sold", "given", "spent", "put_back", "changed", "taken_back")
        assert sum(Decimal(row[name]) for name in moved) == Decimal(row["after"])
    assert "owed.csv" in page and PAGE in staff.get("/dashboard/gift-cards/").content.decode()


def test_it_takes_few_queries(django_assert_max_num_queries: Any, client: Client) -> None:
    for _ in range(3):
        card = give("50")
        operations.block(card.pk, by=None, why="x")
    with django_assert_max_num_queries(3):
        assert liability.months()
    with django_assert_max_num_queries(1):
        assert liability.owed()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (
            lambda card, order: tamper(GiftCard.objects.filter(pk=card.pk), balance=Decimal(21)),
            "gift cards in GBP: 15.50 is owed by their entries, and they hold 21.00",
        ),
        (
            lambda card, order: remove(MoneyEntry.objects.filter(kind="gift-card-spent")),
            "gift cards in GBP: 34.50 was spent by their entries, and 0.00 by the books",
        ),
        (
            lambda card, order: enter(order, "gift-card-spent", Decimal(4), key="twice"),
            "gift cards in GBP: 34.50 was spent by their entries, and 38.50 by the books",
        ),
    ],
)
def test_the_proof_names_what_does_not_agree(client: Client, harm: Any, said: str) -> None:
    card = give("50")
    order, _where = order_with(client, make_product(price="30"), cards=(card,), payment="bank-transfer")
    assert proof() == []
    harm(card, order)
    assert said in proof()


def test_every_kind_of_entry_has_its_column() -> None:
    """A kind that is added later is a change until somebody says where it belongs."""
    assert set(liability.COLUMNS) < set(GiftCardEntry.Kind)
    assert {"sold", "given", "changed", *liability.COLUMNS.values()} < set(liability.AMOUNTS)
