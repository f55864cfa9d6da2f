"""The hosted page of the sandbox: what a buyer does there, and what Stripe's own client sees of it."""

from __future__ import annotations

import pytest
import stripe
from stripe_sandbox import cards, params

from tests.integration.sandbox.conftest import Make
from tests.stripe_sandbox import Sandbox

BEGUN = ["payment_intent.created"]
PAID = ["charge.succeeded", "payment_intent.succeeded", "checkout.session.completed", "charge.updated"]
DECLINED = ["charge.failed", "payment_intent.payment_failed"]
KEPT = {"saved_payment_method_options": {"payment_method_save": "enabled"}}


def seen(client: stripe.StripeClient, session: stripe.checkout.Session) -> stripe.checkout.Session:
    """The session as it is now, with its intent and charge."""
    return client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge", "line_items"]})


def test_a_card_pays(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make(cancel_url="https://shop.example/back?a=1&b=2")
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert sandbox.close(session.url) == "https://shop.example/back?a=1&b=2"
    answer = sandbox.pay(session.url)
    assert (answer.status, answer.location) == (303, f"https://shop.example/thanks?id={session.id}")
    after = seen(client, session)
    assert (after.status, after.payment_status, after.url) == ("complete", "paid", None)
    assert after.payment_intent.amount_received == after.payment_intent.latest_charge.amount == 2500
    assert after.customer_details.email == "buyer@example.com"
    assert [item.description for item in after.line_items.data] == ["Bowl"]
    assert sandbox.types() == [*BEGUN, *PAID]


def test_events_hold_what_was_so_when_they_happened(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    sandbox.pay(make().url)
    (charged,), (updated,) = sandbox.events("charge.succeeded"), sandbox.events("charge.updated")
    assert charged["data"]["object"]["balance_transaction"] is None
    assert updated["data"]["object"]["balance_transaction"].startswith("txn_")
    assert updated["data"]["previous_attributes"] == {"balance_transaction": None}


def test_a_decline_leaves_the_page_open_for_another_card(
    sandbox: Sandbox, client: stripe.StripeClient, make: Make
) -> None:
    session = make()
    answer = sandbox.pay(session.url, "4000000000000002", email="first@example.com")
    assert answer.status == 402
    assert "Your card has been declined." in answer.text
    after = seen(client, session)
    assert (after.status, after.payment_intent.status) == ("open", "requires_payment_method")
    error = after.payment_intent.last_payment_error
    assert (error.code, error.decline_code, error.type) == ("card_declined", "generic_decline", "card_error")
    assert sandbox.pay(session.url, email="second@example.com").status == 303
    after = seen(client, session)
    assert after.payment_intent.last_payment_error is None
    assert after.customer_details.email == "second@example.com"
    assert sandbox.types() == [*BEGUN, *DECLINED, *PAID]
    assert {event["data"]["object"]["id"] for event in sandbox.events("payment_intent.succeeded")} == {
        after.payment_intent.id
    }


@pytest.mark.parametrize("card", [card for card in cards.ALL if card.decline], ids=lambda card: card.last4)
def test_every_card_that_is_declined(
    sandbox: Sandbox, client: stripe.StripeClient, make: Make, card: cards.Card
) -> None:
    session = make()
    answer = sandbox.pay(session.url, card.number)
    assert answer.status == 402
    assert seen(client, session).payment_intent.last_payment_error.code == card.decline.code


@pytest.mark.parametrize("number", ["4000002500003155", "4000002760003184", "4000000000003220"])
def test_3d_secure_is_completed(sandbox: Sandbox, client: stripe.StripeClient, make: Make, number: str) -> None:
    session = make()
    answer = sandbox.pay(session.url, number, challenge=None)
    intent = seen(client, session).payment_intent
    assert intent.status == "requires_action"
    assert intent.next_action.redirect_to_url.url.endswith(answer.location)
    assert sandbox.answer_challenge(answer.location, passed=True).location.endswith(session.id)
    charge = seen(client, session).payment_intent.latest_charge
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"
    assert sandbox.types() == [*BEGUN, "payment_intent.requires_action", *PAID]
    # Back and once more: it is paid already, and only once.
    assert sandbox.answer_challenge(answer.location, passed=True).location == f"/c/pay/{session.id}"
    assert len(sandbox.events("charge.succeeded")) == 1


def test_3d_secure_is_failed(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make()
    answer = sandbox.pay(session.url, "4000000000003220", challenge=False)
    assert answer.status == 402
    assert "unable to authenticate" in answer.text
    intent = seen(client, session).payment_intent
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert (intent.status, intent.next_action) == ("requires_payment_method", None)
    assert sandbox.pay(session.url).status == 303


def test_3d_secure_and_then_declined(sandbox: Sandbox, make: Make) -> None:
    assert sandbox.pay(make().url, "4000008400001629").status == 402
    assert sandbox.types() == [*BEGUN, "payment_intent.requires_action", *DECLINED]


def test_a_debit_pays_later(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make(currency="eur")
    assert sandbox.pay(session.url, iban="DE08370400440532013003").status == 303
    after = seen(client, session)
    assert (after.status, after.payment_status) == ("complete", "unpaid")
    assert (after.payment_intent.status, after.payment_intent.latest_charge.status) == ("processing", "pending")
    sandbox.advance(200)
    after = seen(client, session)
    assert (after.payment_status, after.payment_intent.status) == ("paid", "succeeded")
    assert sandbox.types() == [
        *BEGUN, "payment_intent.processing", "charge.pending", "checkout.session.completed",
        "charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded", "charge.updated",
    ]  # fmt: skip
    (late,) = sandbox.events("checkout.session.async_payment_succeeded")
    assert late["created"] - sandbox.events("checkout.session.completed")[0]["created"] >= 180


def test_a_debit_fails_later(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make(currency="eur")
    sandbox.pay(session.url, iban="DE78370400440532013004")
    sandbox.advance(200)
    after = seen(client, session)
    assert (after.status, after.payment_status) == ("complete", "unpaid")
    assert after.payment_intent.status == "requires_payment_method"
    assert sandbox.types()[-3:] == [*DECLINED, "checkout.session.async_payment_failed"]


def test_a_page_of_the_buyers_bank(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make(currency="eur", payment_method_types=["ideal"])
    assert sandbox.pay(session.url, way="ideal", challenge=False).status == 402
    assert sandbox.pay(session.url, way="ideal").status == 303
    assert seen(client, session).payment_status == "paid"


def test_a_card_is_saved_when_the_buyer_wants_it_and_used_again(
    sandbox: Sandbox, client: stripe.StripeClient, make: Make
) -> None:
    customer = client.v1.customers.create({"email": "kept@example.com"})
    sandbox.pay(make(customer=customer.id, **KEPT).url)
    assert client.v1.customers.payment_methods.list(customer.id).data == []
    sandbox.pay(make(customer=customer.id, **KEPT).url, "4000002500003155", keep=True)
    (method,) = client.v1.customers.payment_methods.list(customer.id).data
    assert (method.card.last4, method.allow_redisplay, method.customer) == ("3155", "always", customer.id)
    session = make(customer=customer.id, **KEPT)
    page = sandbox.send("GET", session.url).text
    assert "ending in 3155" in page
    assert "kept@example.com" in page
    # It went through 3-D Secure when it was saved.
    assert sandbox.pay(session.url, saved=method.id, challenge=None).location.endswith(session.id)
    assert seen(client, session).payment_intent.payment_method == method.id
    client.v1.payment_methods.detach(method.id)
    assert sandbox.pay(make(customer=customer.id, **KEPT).url, saved=method.id).status == 422


def test_a_card_that_the_shop_keeps_is_not_offered(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    customer = client.v1.customers.create({"email": "a@example.com"})
    sandbox.pay(make(customer=customer.id, payment_intent_data={"setup_future_usage": "off_session"}).url)
    (method,) = client.v1.customers.payment_methods.list(customer.id).data
    assert method.allow_redisplay == "limited"
    assert "ending in" not in sandbox.send("GET", make(customer=customer.id).url).text


def test_nothing_to_pay(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make(unit_amount=0)
    assert "Card number" not in sandbox.send("GET", session.url).text
    assert sandbox.pay(session.url).status == 303
    after = seen(client, session)
    assert (after.payment_status, after.payment_intent) == ("no_payment_required", None)
    assert sandbox.types() == ["checkout.session.completed"]


def test_a_paid_page_takes_no_second_payment(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make()
    sandbox.pay(session.url)
    again = sandbox.pay(session.url)
    assert "You have paid already" in again.text
    assert len(client.v1.charges.list().data) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"number": "4242424242424241"}, "no card number"),
        ({"number": "4242 4242"}, "no card number"),
        ({"number": "4111111111111111"}, "test cards only"),
        ({"expiry": "13/34"}, "month and year"),
        ({"expiry": "12/20"}, "in the past"),
        ({"cvc": "12"}, "security code"),
        ({"email": "nobody"}, "e-mail address"),
        ({"way": "paypal"}, "Choose how to pay"),
        ({"way": "sepa_debit", "iban": "DE00"}, "test IBANs only"),
    ],
)
def test_wrong_fields_are_named_and_nothing_is_charged(
    sandbox: Sandbox, make: Make, typed: dict[str, str], says: str
) -> None:
    answer = sandbox.pay(make(currency="eur").url, **typed)
    assert answer.status == 422
    assert says in answer.text
    assert sandbox.types() == []


def test_what_was_typed_is_shown_as_text(sandbox: Sandbox, make: Make) -> None:
    answer = sandbox.pay(make().url, email='"><script>alert(1)</script>')
    assert answer.status == 422
    assert "<script>" not in answer.text
    assert "script-src" not in answer.headers["Content-Security-Policy"]


def test_a_quick_button_fills_the_card_in(sandbox: Sandbox, make: Make) -> None:
    page = sandbox.send("GET", f"{make().url}?fill=4000000000000002")
    assert 'value="4000 0000 0000 0002"' in page.text
    assert "no money moves" in page.text


def test_held_money_is_taken_or_let_go(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    names = []
    for _ in range(3):
        session = make(payment_intent_data={"capture_method": "manual"})
        sandbox.pay(session.url)
        names.append(seen(client, session).payment_intent.id)
    intents = client.v1.payment_intents
    assert intents.capture(names[0], {"amount_to_capture": 2000}).amount_received == 2000
    assert intents.cancel(names[1]).status == "canceled"
    with pytest.raises(stripe.InvalidRequestError, match="status of canceled") as caught:
        intents.capture(names[1])
    assert caught.value.code == "payment_intent_unexpected_state"
    sandbox.advance(8 * 86400)
    assert intents.retrieve(names[2]).cancellation_reason == "automatic"


def test_an_open_sessions_intent_is_cancelled_by_expiring_the_session(
    sandbox: Sandbox, client: stripe.StripeClient, make: Make
) -> None:
    session = make()
    sandbox.pay(session.url, "4000000000000002")
    name = seen(client, session).payment_intent.id
    with pytest.raises(stripe.InvalidRequestError, match="expire the session instead"):
        client.v1.payment_intents.cancel(name)
    client.v1.checkout.sessions.expire(session.id)
    assert client.v1.payment_intents.retrieve(name).status == "canceled"


def test_yen_have_no_minor_unit(sandbox: Sandbox, client: stripe.StripeClient, make: Make) -> None:
    session = make(currency="JPY", unit_amount=1200)
    assert "¥2,400" in sandbox.send("GET", session.url).text
    sandbox.pay(session.url)
    assert seen(client, session).payment_intent.amount_received == 2400


def test_brackets_are_read_as_stripe_reads_them() -> None:
    text = "a=1&b[c]=2&b[d][]=3&b[d][]=4&e[1][f]=6&e[0][f]=5&e[10][f]=7&g="
    assert params.decode(text) == {
        "a": "1", "b": {"c": "2", "d": ["3", "4"]}, "e": [{"f": "5"}, {"f": "6"}, {"f": "7"}], "g": "",
    }  # fmt: skip
