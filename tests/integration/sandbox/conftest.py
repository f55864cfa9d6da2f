"""Stripe's own client, pointed at the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import stripe

from tests.stripe_sandbox import Sandbox

Make = Callable[..., stripe.checkout.Session]


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[stripe.StripeClient]:
    """The client; it tries nothing twice."""
    http = stripe.RequestsClient(timeout=10)
    yield stripe.StripeClient(
        sandbox.key, base_addresses={"api": sandbox.address}, http_client=http, max_network_retries=0
    )
    http.close()


@pytest.fixture
def make(client: stripe.StripeClient) -> Make:
    """Makes a session of two bowls at 12.50; keywords are further parameters."""

    def make(currency: str = "gbp", unit_amount: int = 1250, **more: Any) -> stripe.checkout.Session:
        price = {"currency": currency, "unit_amount": unit_amount, "product_data": {"name": "Bowl"}}
        return client.v1.checkout.sessions.create({
            "mode": "payment",
            "line_items": [{"price_data": price, "quantity": 2}],
            "success_url": "https://shop.example/thanks?id={CHECKOUT_SESSION_ID}",
            **more,
        })  # fmt: skip

    return make
