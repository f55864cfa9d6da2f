"""A shop that sells gift cards and bowls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories import make_gift_card, make_product
from tests.integration.orders import buying
from tests.integration.payment.conftest import stripe

__all__ = ["stripe"]


@pytest.fixture
def product() -> Any:
    """A gift card of 50."""
    return make_gift_card()


@pytest.fixture
def bowl() -> Any:
    return make_product("Bowl", price="30.00", stock=9)


@pytest.fixture
def by_collection(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is collected costs no delivery, so that sums are easy to read."""
    monkeypatch.setitem(buying.ADDRESS, "ship", "collect")
