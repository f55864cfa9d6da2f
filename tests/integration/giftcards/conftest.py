"""A shop that sells gift cards and bowls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import make_class, make_product
from tests.integration.orders import buying
from tests.integration.payment.conftest import stripe

__all__ = ["stripe"]


@pytest.fixture
def product() -> Any:
    """A gift card of 50."""
    kind = make_class("Gift card", track_stock=False)
    kind.requires_shipping = False
    kind.save()
    made = make_product("Gift card", price="50.00", product_class=kind)
    made.tax_class = "gift-card"
    made.save()
    return made


@pytest.fixture
def bowl() -> Any:
    return make_product("Bowl", price="30.00", stock=9)


@pytest.fixture
def by_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is collected costs no delivery, so that sums are easy to read."""
    monkeypatch.setitem(buying.ADDRESS, "ship", "collect")
