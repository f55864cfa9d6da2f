"""Sessions, refunds, disputes and lists of the sandbox through Stripe's own client: what is taken and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.integration.sandbox.conftest import Make
from tests.stripe_sandbox import Sandbox

DAY = 86400


def paid(sandbox: Sandbox, client: stripe.StripeClient, make: Make, card: str = "4242424242424242") -> str:
    """The name of an intent over 25.00 that was paid."""
    session = make()
    sandbox.pay(session.url, card)
    return str(client.v1.checkout.sessions.retrieve(session.id).payment_intent)


# --- what is refused


@pytest.mark.parametrize(
    ("more", "says", "param"),
    [
        ({"expires_at": 30 * 60 - 10}, "at least 30 minutes", "expires_at"),
        ({"expires_at": DAY + 10}, "less than 24 hours", "expires_at"),
        ({"success_url": "shop.example/thanks"}, "Not a valid URL", "success_url"),
        ({"mode": "subscription"}, "must be one of payment", "mode"),
        ({"line_items": []}, "line_items", "line_items"),
        ({"customer": "cus_nobody"}, "No such customer", "customer"),
        ({"colour": "blue"}, "unknown parameter: colour", "colour"),
        ({"client_reference_id": ""}, "cannot be unset", "client_reference_id"),
        ({"metadata": {"k" * 41: "v"}}, "40 characters", "metadata"),
        ({"metadata": {"k": "v" * 501}}, "500 characters", "metadata[k]"),
        ({"currency": "xyz"}, "Invalid currency", "line_items[0][price_data][currency]"),
        ({"currency": "gbp", "unit_amount": 10}, "at least £0.30", "line_items"),
        ({"currency": "usd", "unit_amount": 99_999_999}, "no more than $999,999.99", "line_items"),
        ({"currency": "isk", "unit_amount": 1250}, "last two digits must be 00", "line_items[0][price_data][unit_amount]"),
        ({"unit_amount": -1}, "greater than or equal to 0", "line_items[0][price_data][unit_amount]"),
        ({"payment_method_types": ["sepa_debit"]}, "cannot be used with the currency", "payment_method_types"),
        ({"saved_payment_method_options": {"payment_method_save": "enabled"}}, "can only be used with", "customer"),
    ],
)  # fmt: skip
def test_a_session_that_stripe_would_refuse(
    sandbox: Sandbox, make: Make, more: dict[str, Any], says: str, param: str
) -> None:
    if "expires_at" in more:
        more = {"expires_at": sandbox.state()["now"] + more["expires_at"]}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        make(**more)
    assert says in str(caught.value)
    assert caught.value.param == param
    assert caught.value.http_status == 400
    assert caught.value.headers["request-id"].startswith("req_")


def test_a_hundred_lines_and_no_more(make: Make) -> None:
    line = {"price_data": {"currency": "gbp", "unit_amount": 100, "product_data": {"name": "A"}}, "quantity": 1}
    session = make(line_items=[line] * 100)
    assert session.amount_total == 10_000
    with pytest.raises(stripe.InvalidRequestError, match="exceeds maximum 100"):
        make(line_items=[line] * 101)


def test_what_is_not_there(client: stripe.StripeClient) -> None:
    for ask in (client.v1.checkout.sessions.retrieve, client.v1.refunds.retrieve, client.v1.payment_intents.retrieve):
        with pytest.raises(stripe.InvalidRequestError, match="No such") as caught:
            ask("x_1")
        assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


def test_addresses_that_the_sandbox_has_not_say_so(sandbox: Sandbox) -> None:
    answer = sandbox.api("GET", "/invoices")
    assert answer.status == 404
    assert "This sandbox answers only" in answer.json["error"]["message"]


# --- the end of a session


def test_a_session_expires_by_itself(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make(expires_at=sandbox.state()["now"] + 31 * 60, cancel_url="https://shop.example/back")
    sandbox.advance(30 * 60)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    sandbox.advance(61)
    after = client.v1.checkout.sessions.retrieve(session.id)
    assert (after.status, after.url, after.payment_status) == ("expired", None, "unpaid")
    (event,) = sandbox.events()
    assert event["type"] == "checkout.session.expired"
    assert session.expires_at <= event["created"] <= session.expires_at + 2
    answer = sandbox.pay(session.url)
    assert answer.status == 410
    assert "has expired" in answer.text
    assert sandbox.close(session.url) == "https://shop.example/back"


def test_a_clock_that_was_put_right_leaves_time_to_pay(
    sandbox: Sandbox, client: stripe.StripeClient, make: Make
) -> None:
    in_an_hour = sandbox.state()["now"] + 3600
    sandbox.advance(2 * 3600)
    with pytest.raises(stripe.InvalidRequestError, match="at least 30 minutes"):
        make(expires_at=in_an_hour)
    sandbox.put_clock_right()
    assert make(expires_at=in_an_hour).status == "open"


def test_a_session_is_expired_by_the_shop_once(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make()
    assert client.v1.checkout.sessions.expire(session.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError, match="status of expired"):
        client.v1.checkout.sessions.expire(session.id)
    sandbox.advance(2 * DAY)
    assert sandbox.types() == ["checkout.session.expired"]


def test_expiring_and_paying_exclude_each_other(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make()
    answer = sandbox.pay(session.url, "4000000000003220", challenge=None)
    client.v1.checkout.sessions.expire(session.id)
    late = sandbox.answer_challenge(answer.location, passed=True)
    assert late.location == f"/c/pay/{session.id}"
    assert sandbox.events("charge.succeeded") == []
    other = make()
    sandbox.pay(other.url)
    with pytest.raises(stripe.InvalidRequestError, match="status of complete"):
        client.v1.checkout.sessions.expire(other.id)


# --- refunds and disputes


def test_refunds_never_exceed_the_charge(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    intent = paid(sandbox, client, make)
    refund = client.v1.refunds.create({"payment_intent": intent, "amount": 1000, "metadata": {"order": "1"}})
    assert (refund.status, refund.metadata["order"]) == ("succeeded", "1")
    with pytest.raises(stripe.InvalidRequestError, match=r"£15\.01.*greater than.*£15\.00"):
        client.v1.refunds.create({"payment_intent": intent, "amount": 1501})
    rest = client.v1.refunds.create({"payment_intent": intent})
    assert rest.amount == 1500
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent, "amount": 1})
    assert caught.value.code == "charge_already_refunded"
    charge = client.v1.charges.retrieve(refund.charge, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded, len(charge.refunds.data)) == (2500, True, 2)
    assert sandbox.types()[5:9] == ["refund.created", "charge.refunded", "refund.updated", "charge.refund.updated"]


def test_a_refund_of_nothing_paid(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make()
    sandbox.pay(session.url, "4000000000000002")
    intent = client.v1.checkout.sessions.retrieve(session.id).payment_intent
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        client.v1.refunds.create({"payment_intent": intent})
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        client.v1.refunds.create({"amount": 100})


def test_a_refund_that_fails_later_is_ours_again(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid(sandbox, client, make, "4000000000005126")})
    assert refund.status == "succeeded"
    sandbox.advance(60)
    after = client.v1.refunds.retrieve(refund.id, {"expand": ["failure_balance_transaction"]})
    assert (after.status, after.failure_reason) == ("failed", "unknown")
    assert after.failure_balance_transaction.amount == 2500
    assert client.v1.charges.retrieve(refund.charge).amount_refunded == 0
    assert sandbox.types()[-1] == "refund.failed"


def test_a_refund_that_arrives_later(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid(sandbox, client, make, "4000000000007726")})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    with pytest.raises(stripe.InvalidRequestError, match="only requires_action"):
        client.v1.refunds.cancel(refund.id)
    sandbox.advance(60)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_a_refund_that_waits_for_the_buyer_can_be_cancelled(
    sandbox: Sandbox, client: stripe.StripeClient, make: Make
) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid(sandbox, client, make), "amount": 500})
    sandbox.set_refund(refund.id, "requires_action")
    assert client.v1.refunds.cancel(refund.id).status == "canceled"
    assert client.v1.charges.retrieve(refund.charge).amount_refunded == 0


def test_a_dispute_takes_the_money_and_may_give_it_back(
    sandbox: Sandbox, client: stripe.StripeClient, make: Make
) -> None:
    intent = paid(sandbox, client, make)
    dispute = sandbox.dispute(intent, "product_not_received")
    seen = client.v1.disputes.retrieve(dispute["id"])
    assert (seen.status, seen.reason, seen.amount) == ("needs_response", "product_not_received", 2500)
    assert [movement.net for movement in seen.balance_transactions] == [-4500]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.v1.refunds.create({"payment_intent": intent})
    assert caught.value.code == "charge_disputed"
    sandbox.close_dispute(dispute["id"], "won")
    assert client.v1.disputes.list({"payment_intent": intent}).data[0].status == "won"
    assert sandbox.types()[-4:] == [
        "charge.dispute.created", "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated", "charge.dispute.closed",
    ]  # fmt: skip


def test_a_card_that_is_disputed_at_once(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    paid(sandbox, client, make, "4000000000000259")
    assert [dispute.reason for dispute in client.v1.disputes.list().data] == ["fraudulent"]


# --- customers


def test_a_customers_life(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    customers = client.v1.customers
    one = customers.create({"email": "a@example.com", "metadata": {"user": "1", "tier": "gold"}})
    after = customers.update(one.id, {"email": "b@example.com", "metadata": {"tier": ""}})
    assert (after.email, after.metadata.to_dict()) == ("b@example.com", {"user": "1"})
    assert [found.id for found in customers.list({"email": "b@example.com"}).data] == [one.id]
    sandbox.pay(make(customer=one.id, saved_payment_method_options={"payment_method_save": "enabled"}).url, keep=True)
    customers.delete(one.id)
    assert customers.retrieve(one.id).deleted
    assert customers.list().data == []
    for ask in (lambda: make(customer=one.id), lambda: customers.payment_methods.list(one.id)):
        with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
            ask()
    (updated,) = sandbox.events("customer.updated")
    assert updated["data"]["previous_attributes"]["email"] == "a@example.com"


# --- lists


def test_lists_come_by_pages_newest_first(client: stripe.StripeClient, make: Make) -> None:
    names = [make().id for _ in range(5)][::-1]
    sessions = client.v1.checkout.sessions
    first = sessions.list({"limit": 2})
    assert ([each.id for each in first.data], first.has_more) == (names[:2], True)
    last = sessions.list({"limit": 3, "starting_after": names[1]})
    assert ([each.id for each in last.data], last.has_more) == (names[2:], False)
    before = sessions.list({"limit": 2, "ending_before": names[3]})
    assert ([each.id for each in before.data], before.has_more) == (names[1:3], True)
    assert [each.id for each in sessions.list({"limit": 2}).auto_paging_iter()] == names
    with pytest.raises(stripe.InvalidRequestError, match="No such"):
        sessions.list({"starting_after": "cs_test_nothing"})
    for limit in (0, 101):
        with pytest.raises(stripe.InvalidRequestError, match=r"\b(1|100)\b"):
            sessions.list({"limit": limit})


def test_lists_are_narrowed_by_time_and_members(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    old = make()
    sandbox.advance(3600)
    new = make()
    sandbox.pay(new.url)
    sessions = client.v1.checkout.sessions
    assert [each.id for each in sessions.list({"created": {"gte": old.created + 1800}}).data] == [new.id]
    assert [each.id for each in sessions.list({"created": {"lt": old.created + 1800}}).data] == [old.id]
    assert [each.id for each in sessions.list({"created": old.created}).data] == [old.id]
    assert [each.id for each in sessions.list({"status": "open"}).data] == [old.id]
    intent = sessions.retrieve(new.id).payment_intent
    assert [each.id for each in sessions.list({"payment_intent": intent}).data] == [new.id]
    kinds = [event.type for event in client.v1.events.list({"types": ["charge.*", "payment_intent.created"]}).data]
    assert kinds == ["charge.updated", "charge.succeeded", "payment_intent.created"]


def test_what_cannot_be_expanded(client: stripe.StripeClient, make: Make) -> None:
    session = make()
    for path in ("colour", "metadata", "a.b.c.d.e"):
        with pytest.raises(stripe.InvalidRequestError, match="expand"):
            client.v1.checkout.sessions.retrieve(session.id, {"expand": [path]})
    found = client.v1.checkout.sessions.list({"expand": ["data.line_items", "data.payment_intent"]})
    assert found.data[0].line_items.data[0].quantity == 2
