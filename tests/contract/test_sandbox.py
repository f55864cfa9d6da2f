"""The sandbox is like Stripe: it takes nothing that Stripe would not, and what it answers is what Stripe describes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe
from stripe_sandbox import API_VERSION, api, bodies, cards

from tests.contract import stripe_mock
from tests.contract.conftest import Contract
from tests.contract.description import Description
from tests.stripe_sandbox import Sandbox

DAY = 86400
LINE = {
    "price_data": {
        "currency": "eur", "unit_amount": 1250,
        "product_data": {"name": "Bowl", "description": "Stoneware", "images": ["https://shop.example/bowl.jpg"], "metadata": {"upc": "1"}},
        "tax_behavior": "inclusive",
    },
    "quantity": 2,
}  # fmt: skip
SMALL: dict[str, Any] = {
    "mode": "payment",
    "success_url": "https://shop.example/thanks?id={CHECKOUT_SESSION_ID}",
    "line_items": [LINE],
}
ADDRESS = {
    "line1": "1 High Street",
    "line2": "",
    "city": "York",
    "postal_code": "YO1 1AA",
    "state": "",
    "country": "GB",
}


def everything(now: int) -> dict[str, Any]:
    """Every parameter that the sandbox takes for a session, but those that exclude others."""
    return {
        **SMALL,
        "adaptive_pricing": {"enabled": False},
        "billing_address_collection": "auto",
        "cancel_url": "https://shop.example/back",
        "client_reference_id": "100023",
        "currency": "eur",
        "custom_text": {"submit": {"message": "Thank you."}, "after_submit": {"message": "Goodbye."}},
        "customer_creation": "always",
        "customer_email": "buyer@example.com",
        "excluded_payment_method_types": ["bancontact"],
        "expand": ["payment_intent", "line_items"],
        "expires_at": now + 3600,
        "integration_identifier": "masthead",
        "line_items": [{**LINE, "metadata": {"line": "1"}}],
        "locale": "de",
        "metadata": {"order": "100023"},
        "origin_context": "web",
        "payment_intent_data": {
            "capture_method": "automatic_async", "description": "100023", "metadata": {"order": "100023"},
            "receipt_email": "buyer@example.com", "setup_future_usage": "on_session",
            "shipping": {"name": "A Buyer", "phone": "+44", "address": ADDRESS, "carrier": "Post", "tracking_number": "1"},
            "statement_descriptor": "MASTHEAD", "statement_descriptor_suffix": "100023", "transfer_group": "a",
        },
        "payment_method_options": {
            "card": {"request_three_d_secure": "any", "setup_future_usage": "on_session"},
            "sepa_debit": {"setup_future_usage": "none"}, "ideal": {"setup_future_usage": "none"},
            "bancontact": {"setup_future_usage": "none"},
        },
        "payment_method_types": ["card", "sepa_debit", "ideal", "bancontact"],
        "phone_number_collection": {"enabled": False},
        "saved_payment_method_options": {
            "payment_method_save": "enabled", "payment_method_remove": "disabled", "allow_redisplay_filters": ["always"],
        },
        "submit_type": "pay",
        "ui_mode": "hosted_page",
    }  # fmt: skip


def ids(found: Any) -> list[str]:
    """What a list holds, in its order."""
    return [each.id for each in found.data]


def test_the_objects_are_of_the_version_that_is_described(description: Description) -> None:
    assert description.version == API_VERSION


def test_every_parameter_of_a_session(client: stripe.StripeClient, contract: Contract) -> None:
    given = everything(contract.sandbox.state()["now"])
    customer = client.v1.customers.create({"email": "buyer@example.com"})
    client.v1.checkout.sessions.create(given)
    for name in ("customer_email", "customer_creation", "excluded_payment_method_types"):
        del given[name]
    client.v1.checkout.sessions.create(
        {**given, "customer": customer.id, "customer_update": {"name": "auto", "address": "auto", "shipping": "never"}}
    )
    taken = set(api.ROUTES_BY_ADDRESS["POST", "/v1/checkout/sessions"].members)
    assert taken == {*everything(0), "customer", "customer_update"}


def test_sessions(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    sessions = client.v1.checkout.sessions
    one, two = sessions.create(SMALL), sessions.create({**SMALL, "customer_email": "b@example.com"})
    sandbox.pay(one.url, keep=True)
    seen = sessions.retrieve(
        one.id, {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items", "customer"]}
    )
    assert (seen.status, seen.payment_status, seen.payment_intent.status) == ("complete", "paid", "succeeded")
    assert seen.payment_intent.latest_charge.balance_transaction.amount == seen.line_items.data[0].amount_total == 2500
    assert [line.quantity for line in sessions.line_items.list(one.id, {"limit": 1}).data] == [2]
    assert sessions.expire(two.id).status == "expired"
    intent = sessions.retrieve(one.id).payment_intent
    complete = {
        "limit": 1,
        "created": {"gte": 1},
        "status": "complete",
        "expand": ["data.payment_intent.latest_charge"],
    }
    assert ids(sessions.list(complete)) == [one.id]
    assert ids(sessions.list({"starting_after": two.id, "limit": 100})) == [one.id]
    assert ids(sessions.list({"ending_before": one.id})) == [two.id]
    assert ids(sessions.list({"payment_intent": intent})) == [one.id]


@pytest.mark.parametrize("number", [card.number for card in cards.ALL])
def test_every_card(client: stripe.StripeClient, sandbox: Sandbox, number: str) -> None:
    card = cards.BY_NUMBER[number]
    session = client.v1.checkout.sessions.create({**SMALL, "cancel_url": "https://shop.example/back"})
    sandbox.pay(session.url, number)
    seen = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge", "payment_intent.payment_method"]}
    )
    intent = client.v1.payment_intents.retrieve(seen.payment_intent.id)
    intents = client.v1.payment_intents.list({"limit": 3, "created": {"gte": 1, "lte": 9_999_999_999}})
    charge = client.v1.charges.retrieve(
        seen.payment_intent.latest_charge.id, {"expand": ["refunds", "balance_transaction"]}
    )
    charges = client.v1.charges.list({"payment_intent": intent.id})
    assert (ids(intents), ids(charges)) == ([intent.id], [charge.id])
    if card.decline or card.asks == "decline":
        assert (seen.status, intent.status, charge.status) == ("open", "requires_payment_method", "failed")
        assert charge.failure_code == (card.decline.code if card.decline else "card_declined")
    else:
        assert (seen.status, intent.status, charge.status) == ("complete", "succeeded", "succeeded")
    assert charge.payment_method_details.card.last4 == card.last4
    assert charge.disputed is (card.dispute != "")


@pytest.mark.parametrize("iban", [account.iban for account in cards.ACCOUNTS])
def test_every_account(client: stripe.StripeClient, sandbox: Sandbox, iban: str) -> None:
    account = cards.BY_IBAN[iban]
    session = client.v1.checkout.sessions.create(SMALL)
    sandbox.pay(session.url, iban=iban)
    first = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (first.payment_status, first.payment_intent.status) == ("unpaid", "processing")
    sandbox.advance(200)
    seen = client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge", "payment_intent.payment_method"]}
    )
    if account.pays:
        assert (seen.payment_status, seen.payment_intent.status) == ("paid", "succeeded")
    else:
        assert (seen.payment_status, seen.payment_intent.status) == ("unpaid", "requires_payment_method")
    disputed = [dispute.payment_intent for dispute in client.v1.disputes.list().data]
    assert disputed == ([seen.payment_intent.id] if account.is_disputed else [])


@pytest.mark.parametrize("way", ["ideal", "bancontact"])
def test_every_other_way(client: stripe.StripeClient, sandbox: Sandbox, way: str) -> None:
    session = client.v1.checkout.sessions.create({**SMALL, "payment_method_types": [way]})
    sandbox.pay(session.url, way=way, challenge=None)
    client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.payment_method"]})
    sandbox.pay(session.url, way=way)
    seen = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert seen.payment_intent.latest_charge.payment_method_details.type == way


def test_held_money(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    intents = client.v1.payment_intents
    ends = {"capture": ("succeeded", 2000), "cancel": ("canceled", 0), "wait": ("canceled", 0)}
    for end, outcome in ends.items():
        session = client.v1.checkout.sessions.create({**SMALL, "payment_intent_data": {"capture_method": "manual"}})
        sandbox.pay(session.url)
        name = client.v1.checkout.sessions.retrieve(session.id).payment_intent
        if end == "capture":
            intents.capture(name, {"amount_to_capture": 2000, "metadata": {"by": "a"}, "expand": ["latest_charge"]})
        elif end == "cancel":
            intents.cancel(name, {"cancellation_reason": "requested_by_customer", "expand": ["latest_charge"]})
        else:
            sandbox.advance(8 * DAY)
        seen = intents.retrieve(name, {"expand": ["latest_charge"]})
        assert (seen.status, seen.amount_received) == outcome, end
        assert seen.latest_charge.captured is (end == "capture")


def test_customers_and_their_cards(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    customers = client.v1.customers
    about = {
        "email": "a@example.com", "name": "A", "phone": "+44", "description": "d", "metadata": {"user": "1"}, "address": ADDRESS,
        "shipping": {"name": "A", "address": ADDRESS}, "preferred_locales": ["de"], "tax_exempt": "none",
    }  # fmt: skip
    one = customers.create(about)
    customers.update(one.id, {**about, "email": "", "metadata": {"user": ""}})
    customers.retrieve(one.id)
    customers.list({"email": "a@example.com", "limit": 2})
    session = client.v1.checkout.sessions.create(
        {**SMALL, "customer": one.id, "saved_payment_method_options": {"payment_method_save": "enabled"}}
    )
    sandbox.pay(session.url, keep=True)
    (card,) = customers.payment_methods.list(one.id, {"type": "card", "limit": 10}).data
    client.v1.payment_methods.list({"customer": one.id, "type": "card", "allow_redisplay": "always"})
    client.v1.payment_methods.retrieve(card.id, {"expand": ["customer"]})
    client.v1.payment_methods.detach(card.id)
    customers.delete(one.id)
    assert customers.retrieve(one.id).deleted


def test_refunds_and_disputes(client: stripe.StripeClient, sandbox: Sandbox) -> None:
    refunds = client.v1.refunds
    session = client.v1.checkout.sessions.create(SMALL)
    sandbox.pay(session.url)
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    made = refunds.create(
        {
            "payment_intent": intent,
            "amount": 500,
            "reason": "requested_by_customer",
            "metadata": {"a": "b"},
            "expand": ["charge", "balance_transaction", "payment_intent"],
        }
    )
    for status in ("requires_action", "pending", "failed"):
        sandbox.set_refund(made.id, status)
        seen = refunds.retrieve(made.id, {"expand": ["failure_balance_transaction"]} if status == "failed" else {})
        assert (seen.status, seen.amount) == (status, 500)
    assert seen.failure_balance_transaction.amount == 500
    other = refunds.create({"charge": made.charge.id, "amount": 100})
    sandbox.set_refund(other.id, "requires_action")
    assert refunds.cancel(other.id).status == "canceled"
    assert ids(refunds.list({"payment_intent": intent, "created": {"gte": 1}, "limit": 1})) == [other.id]
    assert ids(refunds.list({"charge": made.charge.id})) == [other.id, made.id]
    dispute = sandbox.dispute(intent)
    told = client.v1.disputes.retrieve(dispute["id"], {"expand": ["charge", "payment_intent"]})
    assert (told.status, told.charge.id, told.payment_intent.id) == ("needs_response", made.charge.id, intent)
    sandbox.close_dispute(dispute["id"], "won")
    closed = client.v1.disputes.list({"payment_intent": intent, "charge": made.charge.id, "created": {"gt": 1}})
    assert [(each.id, each.status) for each in closed.data] == [(dispute["id"], "won")]
    (movement, *_rest) = client.v1.balance_transactions.list({"type": "refund", "currency": "eur"}).data
    source = client.v1.balance_transactions.retrieve(movement.id, {"expand": ["source"]}).source
    assert (movement.amount, source.id) == (-source.amount, other.id)
    assert [each.amount for each in client.v1.balance_transactions.list({"source": made.charge.id}).data] == [2500]


def test_events_are_of_stripes_types_with_objects_as_described(
    client: stripe.StripeClient, sandbox: Sandbox, description: Description, contract: Contract
) -> None:
    session = client.v1.checkout.sessions.create(
        {**SMALL, "payment_intent_data": {"setup_future_usage": "off_session"}, "customer_creation": "always"}
    )
    sandbox.pay(session.url, "4000000000000002")
    sandbox.pay(session.url, "4000002500003155", challenge=False)
    sandbox.pay(session.url, "4000000000000259")
    two = {"limit": 100, "types": ["charge.*", "payment_intent.succeeded"], "delivery_success": False}
    assert {each.type for each in client.v1.events.list(two).data} == {
        "charge.failed", "charge.succeeded", "charge.updated", "charge.dispute.created", "charge.dispute.funds_withdrawn",
        "payment_intent.succeeded",
    }  # fmt: skip
    failed = client.v1.events.list({"type": "charge.failed", "created": {"lt": 9_999_999_999}})
    assert [each.type for each in failed.data] == ["charge.failed"]
    for event in sandbox.events():
        assert client.v1.events.retrieve(event["id"]).type == event["type"]
        body = event["data"]["object"]
        contract.problems += description.problems_of(body, body["object"])
    kinds = {event["data"]["object"]["object"] for event in sandbox.events()}
    assert kinds == {"checkout.session", "payment_intent", "charge", "dispute", "customer"}


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.v1.checkout.sessions.create({**SMALL, "colour": "blue"}),
        lambda client: client.v1.checkout.sessions.create({**SMALL, "mode": "paying"}),
        lambda client: client.v1.checkout.sessions.create({**SMALL, "metadata": "text"}),
        lambda client: client.v1.checkout.sessions.create({**SMALL, "expires_at": "tomorrow"}),
        lambda client: client.v1.refunds.create({"payment_intent": "pi_1", "amount": "ten"}),
        lambda client: client.v1.refunds.create({"payment_intent": "pi_1", "reason": "because"}),
        lambda client: client.v1.customers.create({"e-mail": "a@example.com"}),
    ],
)
def test_both_refuse(client: stripe.StripeClient, ask: Callable[[stripe.StripeClient], Any], _mock: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        ask(client)
    theirs = stripe.StripeClient(
        "sk_test_1", base_addresses={"api": _mock}, http_client=stripe.RequestsClient(timeout=20), max_network_retries=0
    )
    with pytest.raises(stripe.InvalidRequestError):
        ask(theirs)
    theirs._requestor._client.close()


def test_without_go_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GO", raising=False)
    monkeypatch.setattr(stripe_mock.shutil, "which", lambda name: None)
    with pytest.raises(stripe_mock.MockError, match=r"Go is missing.*install Go.*PATH"):
        stripe_mock.go("version")
    monkeypatch.setenv("GO", "/bin/false")
    with pytest.raises(stripe_mock.MockError, match=r"(?s)go version failed.*install Go"):
        stripe_mock.go("version")


def test_the_check_is_not_empty(description: Description) -> None:
    """What the description does not know is found, wherever it stands."""
    good = {"object": "list", "data": [], "has_more": False, "url": "/v1/refunds"}
    assert description.problems_of_answer("GET", "/v1/refunds", good) == []
    assert description.problems_of_answer("GET", "/v1/refunds", {**good, "colour": 1})
    assert description.problems_of_answer("GET", "/v1/refunds", {**good, "has_more": "no"})
    assert description.problems_of_answer("GET", "/v1/refunds", {**good, "data": [{"id": "re_1", "object": "refund"}]})
    assert description.problems_of_answer("GET", "/v1/returns", good) == ["Stripe has no GET /v1/returns"]
    assert bodies.NO_ADDRESS.keys() == description.document["components"]["schemas"]["address"]["properties"].keys()
