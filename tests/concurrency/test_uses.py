"""Vouchers and offers of orders that are placed, cancelled and revived at the same moment: nobody waits for ever, and all is counted."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError
from django.db.models import F
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher, VoucherApplication

from shop.order import operations, uses
from shop.order.operations import Placed
from shop.order.states import change_status, revive
from tests.factories import make_product

from .test_placement import make_checkout, make_voucher, placing

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("postgres")]
AtOnce = Callable[[list[Callable[[], Any]]], list[Any]]
PAUSE = 0.4


def slow_between_vouchers_and_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has counted the vouchers takes long to come to the offers; nothing is tried a second time."""
    real = uses._by_offer

    def slowly(found: Any) -> Any:
        time.sleep(PAUSE)
        return real(found)

    monkeypatch.setattr(uses, "_by_offer", slowly)
    monkeypatch.setattr(operations, "DEADLOCK_TRIES", 1)


def cancelled_beside_an_order(at_once: AtOnce) -> list[Any]:
    """An order with a voucher is cancelled, and another with the same voucher is placed, of other things."""
    voucher = make_voucher()
    first = placing(*make_checkout(make_product(price="20", stock=5), voucher=voucher))()
    second = make_checkout(make_product(price="20", stock=5), voucher=voucher)
    return at_once([placing(*second), partial(change_status, first.order, "cancelled")])


def test_a_cancellation_and_an_order_with_one_voucher(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_between_vouchers_and_offers(monkeypatch)
    placed, cancelled = cancelled_beside_an_order(at_once)
    assert isinstance(placed, Placed) and not isinstance(cancelled, Exception), (placed, cancelled)
    offer, voucher = ConditionalOffer.objects.get(), Voucher.objects.get()
    assert (offer.num_orders, offer.num_applications, voucher.num_orders) == (1, 1, 1)
    assert VoucherApplication.objects.get().order == placed.order
    assert offer.total_discount == voucher.total_discount == 10


def test_control_offers_before_vouchers_wait_for_each_other(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_between_vouchers_and_offers(monkeypatch)

    def backwards(order: Any, found: Any) -> None:
        for each in found:
            ConditionalOffer.objects.filter(pk=each.offer_id).update(num_orders=F("num_orders") - 1)
        time.sleep(2 * PAUSE)
        for voucher_id, _amount in uses._by_voucher(found):
            Voucher.objects.filter(pk=voucher_id).update(num_orders=F("num_orders") - 1)

    monkeypatch.setattr(uses, "give_back", backwards)
    answers = cancelled_beside_an_order(at_once)
    assert any(isinstance(each, OperationalError) and "deadlock" in str(each) for each in answers), answers


def test_a_revived_order_and_a_new_one_with_one_voucher(at_once: AtOnce, monkeypatch: pytest.MonkeyPatch) -> None:
    voucher = make_voucher()
    first = placing(*make_checkout(make_product(price="20", stock=5), voucher=voucher))()
    change_status(first.order, "cancelled")
    slow_between_vouchers_and_offers(monkeypatch)
    second = make_checkout(make_product(price="20", stock=5), voucher=voucher)
    answers = at_once([placing(*second), partial(revive, first.order, why="late")])
    assert [each for each in answers if isinstance(each, Exception)] == []
    offer, voucher = ConditionalOffer.objects.get(), Voucher.objects.get()
    assert (offer.num_orders, voucher.num_orders, VoucherApplication.objects.count()) == (2, 2, 2)
