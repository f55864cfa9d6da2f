"""A gift card's last day: what comes back adds a month, and nobody has a card for ever by ordering and cancelling."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.accounts.roles import SUPPORT
from shop.giftcards import spending
from shop.giftcards.models import GiftCard
from shop.order.states import change_status
from tests.factories import make_product
from tests.people import signed_in

from .giving import give, order_with, proof

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let it be another day; asked for a number of days from now."""
    now = timezone.now()

    def move(days: int) -> date:
        then = timezone.make_aware(datetime.combine(timezone.localdate(now), time(12))) + timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda: then)
        return timezone.localdate(then)

    return move


def order_and_cancel(card: GiftCard) -> None:
    order, _where = order_with(Client(), make_product(price="30"), cards=(card,))
    change_status(order, "cancelled")


def last_day(card: GiftCard) -> date:
    card.refresh_from_db()
    assert card.expires_on is not None
    return card.expires_on


def test_ordering_and_cancelling_once_a_month_ends(on: Any) -> None:
    first = on(0)
    card = give("40", expires_on=first)
    days = []
    for number in range(12):
        on(29 * number)
        if last_day(card) < timezone.localdate():
            break
        order_and_cancel(card)
        days.append((last_day(card) - first).days)
    assert days[0] == 30 and days[1] == 59 and max(days) == spending.MOST_ADDED.days
    assert last_day(card) == first + spending.MOST_ADDED and card.own_last_day == first and proof() == []


def test_what_was_spent_in_its_own_time_comes_back_for_a_month_however_late(on: Any) -> None:
    today = on(0)
    card = give("40", expires_on=today + timedelta(days=3))
    order, _where = order_with(Client(), make_product(price="30"), cards=(card,))
    # A shop that cannot send it after all says so late.
    later = on(300)
    change_status(order, "cancelled")
    assert last_day(card) == later + MONTH and card.can_be_spent


def test_staff_reads_why_a_last_day_is_another(on: Any) -> None:
    card = give("40", expires_on=on(0))
    page = reverse("dashboard:gift-card-detail", args=[card.pk])
    staff = signed_in(SUPPORT)
    assert "its own last day was" not in staff.get(page).content.decode()
    order_and_cancel(card)
    assert "its own last day was" in staff.get(page).content.decode()


def test_a_card_without_a_last_day_gets_none(on: Any) -> None:
    card = give("40")
    order_and_cancel(card)
    card.refresh_from_db()
    assert card.expires_on is None and card.own_last_day is None


def test_a_last_day_that_is_far_off_stays(on: Any) -> None:
    far = on(0) + timedelta(days=90)
    card = give("40", expires_on=far)
    order_and_cancel(card)
    assert last_day(card) == far and card.own_last_day is None
