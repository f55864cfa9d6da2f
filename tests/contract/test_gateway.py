"""Every request that the shop's gateway makes is one that Stripe takes; a new function of it has to be asked for here."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shop.payment import gateway
from shop.payment.seen import PageLine, SeenSession
from tests.contract.conftest import Contract, TwofoldClient

# Whoever asks Stripe does it by one of these.
WAYS_TO_STRIPE = {"_call", "_every"}
LANGUAGES = ("en-gb", "de")


class Gateway:
    """The gateway, and which of its functions were called."""

    def __init__(self) -> None:
        self.called: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        """One function."""
        self.called.add(name)
        return getattr(gateway, name)


@pytest.fixture
def asking(contract: Contract, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    """The gateway with a client whose every request goes to the sandbox and to stripe-mock."""
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = contract.sandbox.key, contract.sandbox.address
    settings.STRIPE_WEBHOOK_SECRETS = (contract.sandbox.secret,)
    made: list[TwofoldClient] = []

    def client(**options: Any) -> TwofoldClient:
        made.append(TwofoldClient(**options))
        return made[-1]

    monkeypatch.setattr(gateway.stripe, "RequestsClient", client)
    gateway._client.cache_clear()
    yield Gateway()
    gateway._client.cache_clear()
    for each in made:
        each.close()


def open_page(asking: Gateway, contract: Contract, *, customer: str = "", **more: Any) -> SeenSession:
    """A payment page for two lines."""
    expires = datetime.fromtimestamp(contract.sandbox.state()["now"], UTC) + timedelta(hours=1)
    told = {
        "key": uuid.uuid4(), "order_number": "100023", "currency": "GBP", "email": "buyer@example.com", "customer_id": customer,
        "lines": [PageLine(name="Bowl", amount=Decimal("25.00")), PageLine(name="Delivery", amount=Decimal("4.95"))],
        "language": "en-gb", "expires_at": expires, "success_url": "https://shop.example/thanks",
        "cancel_url": "https://shop.example/back", **more,
    }  # fmt: skip
    return asking.open_session(**told)


def test_every_function_asks_what_stripe_takes(asking: Gateway, contract: Contract) -> None:
    sandbox, since = contract.sandbox, datetime.now(UTC) - timedelta(hours=1)
    customer = asking.make_customer(key=uuid.uuid4(), email="buyer@example.com")
    page = open_page(asking, contract, customer=customer)
    sandbox.pay(page.url, keep=True)
    paid = asking.session(page.id)
    assert (paid.received, paid.received_currency) == (Decimal("29.95"), "GBP")
    assert asking.session_of_intent(paid.intent_id) == paid
    other = open_page(asking, contract)
    assert asking.close_session(other.id).status == "expired"
    assert {each.id for each in asking.sessions_since(since)} == {page.id, other.id}

    back = asking.refund(
        key=uuid.uuid4(), intent_id=paid.intent_id, amount=Decimal("4.95"), currency="GBP", order_number="100023"
    )
    assert asking.seen_refund(back.id) == back == asking.refunds_of(paid.intent_id)[0]
    assert list(asking.refunds_since(since)) == [back]
    dispute = sandbox.dispute(paid.intent_id)
    assert asking.seen_dispute(dispute["id"]).amount == Decimal("29.95")
    assert len(list(asking.disputes_since(since))) == 1

    (card,) = asking.cards_of(customer)
    asking.forget_card(card.id)
    assert asking.cards_of(customer) == []
    asking.forget_customer(customer)
    asking.forget_customer(customer)

    event = sandbox.events("checkout.session.completed")[0]
    assert asking.seen_event(event["id"]).object_id == page.id
    assert functions_that_ask() == asking.called


def functions_that_ask() -> set[str]:
    """The gateway's functions that lead to Stripe."""
    functions = {name: what for name, what in vars(gateway).items() if inspect.isfunction(what) and name[0] != "_"}
    return {name for name, what in functions.items() if WAYS_TO_STRIPE & set(what.__code__.co_names)}


@pytest.mark.parametrize("currency", ["GBP", "EUR", "USD", "JPY", "CHF", "SEK"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_currency_and_language(asking: Gateway, contract: Contract, currency: str, language: str) -> None:
    amount = Decimal(1250) if currency == "JPY" else Decimal("12.50")
    page = open_page(
        asking, contract, currency=currency, language=language, lines=[PageLine(name="Bowl", amount=amount)]
    )
    assert (page.amount, page.currency) == (amount, currency)
    contract.sandbox.pay(page.url)
    assert asking.session(page.id).received == amount


def test_the_sandboxs_events_are_read(asking: Gateway, contract: Contract) -> None:
    page = open_page(asking, contract)
    contract.sandbox.pay(page.url)
    read = [gateway.read_event(parcel["body"].encode(), parcel["signature"]) for parcel in contract.sandbox.take()]
    assert page.id in {event.object_id for event in read}
    assert not any(event.is_live for event in read)
