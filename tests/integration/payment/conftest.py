"""A shop that takes money through the sandbox, which is a server of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.order.models import Order
from tests.factories import make_product
from tests.stripe_sandbox import Sandbox

from .paying import order_by_card


@pytest.fixture
def stripe(sandbox: Sandbox, settings: Any) -> Sandbox:
    """The shop has a key and a secret, and Stripe is the sandbox. Its messages wait until `deliver`."""
    settings.STRIPE_SECRET_KEY = sandbox.key
    settings.STRIPE_WEBHOOK_SECRETS = (sandbox.secret,)
    settings.STRIPE_API_BASE = sandbox.address
    settings.SHOP_STAFF_EMAIL = "staff@example.org"
    return sandbox


@pytest.fixture
def product() -> Any:
    """Five bowls."""
    return make_product(title="Bowl", price=Decimal("24.50"), stock=5)


@pytest.fixture
def order(stripe: Sandbox, product: Any) -> Order:
    """An order whose page is open; no message of it arrives unless a test delivers it."""
    return order_by_card(Client(), product)[0]
