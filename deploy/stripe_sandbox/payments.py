"""What happens when a buyer pays on the hosted page: intents, charges, sessions, in Stripe's order of events."""

from __future__ import annotations

from dataclasses import dataclass

from . import bodies, cards, disputes
from .box import Box
from .cards import Account, Card, Decline
from .store import Object, public

SEPA_LINE = "The bank account could not be debited."
HOLD_DAYS = 7


@dataclass(frozen=True)
class Result:
    """How a try to pay ended: 'paid', 'pending', 'challenge' (3-D Secure is asked for) or 'declined', and the words for it."""

    state: str
    says: str = ""
    intent: str = ""


def pay_nothing(box: Box, session: Object) -> Result:
    """Complete a session whose total is nothing."""
    session["payment_status"] = "no_payment_required"
    _complete(box, session)
    return Result("paid")


def pay_by_card(box: Box, session: Object, method: Object, *, keep: bool) -> Result:
    """Try a card, new or saved. `keep` is the buyer's wish to have it saved."""
    card = cards.BY_NUMBER.get(method["_number"], cards.ALL[0])
    intent = _intent(box, session)
    intent["payment_method"], intent["_keep"] = method["id"], keep
    if _asks(card, session, method):
        return _challenge(box, session, intent)
    return _authorise(box, session, intent, method, card)


def pay_by_redirect(box: Box, session: Object, method: Object) -> Result:
    """Send the buyer to the bank's page of a local method."""
    intent = _intent(box, session)
    intent["payment_method"], intent["_keep"] = method["id"], False
    return _challenge(box, session, intent)


def _asks(card: Card, session: Object, method: Object) -> bool:
    wanted = ((session["payment_method_options"] or {}).get("card") or {}).get("request_three_d_secure", "automatic")
    if card.asks == "once":
        # A saved card has been through it when it was saved.
        return method["customer"] is None or wanted in {"any", "challenge"}
    return bool(card.asks) or wanted == "challenge"


def _challenge(box: Box, session: Object, intent: Object) -> Result:
    intent["status"] = "requires_action"
    intent["next_action"] = {
        "type": "redirect_to_url",
        "redirect_to_url": {"url": f"{box.address}/c/3ds/{intent['id']}", "return_url": session["url"]},
    }
    box.store.save(intent)
    box.emit("payment_intent.requires_action", intent)
    return Result("challenge", intent=intent["id"])


def finish_challenge(box: Box, intent: Object, *, passed: bool) -> Result:
    """Go on after 3-D Secure, or after a page of a local method."""
    session = box.store.known("checkout.session", intent["_session"])
    method = box.store.known("payment_method", intent["payment_method"])
    intent["next_action"] = None
    if not passed:
        return _refuse_challenge(box, intent, method)
    card = cards.BY_NUMBER.get(method["_number"], cards.ALL[0])
    secure = {
        "authentication_flow": "challenge", "electronic_commerce_indicator": "05", "exemption_indicator": None,
        "result": "authenticated", "result_reason": None, "transaction_id": box.store.new_id("x")[2:], "version": "2.2.0",
    }  # fmt: skip
    return _authorise(box, session, intent, method, card, secure if method["type"] == "card" else None)


def _refuse_challenge(box: Box, intent: Object, method: Object) -> Result:
    says = "We are unable to authenticate your payment method. Please choose a different payment method and try again."
    error = {"code": "payment_intent_authentication_failure", "message": says, "type": "invalid_request_error"}
    _fail_intent(box, intent, method, error)
    return Result("declined", says)


def _authorise(
    box: Box, session: Object, intent: Object, method: Object, card: Card, secure: Object | None = None
) -> Result:
    charge = bodies.charge(box, intent, method, three_d_secure=secure)
    decline = card.decline or (cards.DECLINED if card.asks == "decline" else None)
    if decline is not None:
        return _decline(box, intent, method, charge, decline)
    charge.update(status="succeeded", paid=True, outcome=bodies.outcome())
    if method["type"] == "card" and intent["capture_method"] == "manual":
        charge["payment_method_details"]["card"]["capture_before"] = box.store.now() + HOLD_DAYS * 86400
    box.store.add(charge)
    _save_method(box, session, intent, method)
    if intent["capture_method"] == "manual":
        _hold(box, session, intent, charge)
    else:
        charge.update(captured=True, amount_captured=charge["amount"])
        box.store.save(charge)
        box.emit("charge.succeeded", charge)
        _succeed(box, intent, charge)
        session["payment_status"] = "paid"
        _complete(box, session)
        settle(box, charge)
    if card.dispute:
        disputes.open_dispute(box, charge, card.dispute)
    return Result("paid")


def _decline(box: Box, intent: Object, method: Object, charge: Object, decline: Decline) -> Result:
    charge.update(
        status="failed", failure_code=decline.code, failure_message=decline.message,
        outcome=bodies.outcome(
            advice_code=decline.advice, network_decline_code="01", network_status="declined_by_network", type="issuer_declined",
            reason=decline.reason, seller_message=f"The bank returned the decline code `{decline.reason}`.",
        ),
    )  # fmt: skip
    box.store.add(charge)
    box.emit("charge.failed", charge)
    intent["latest_charge"] = charge["id"]
    reason = {"decline_code": decline.reason} if decline.code == "card_declined" else {}
    error = {
        "advice_code": decline.advice, "charge": charge["id"], "code": decline.code, **reason,
        "doc_url": f"https://docs.stripe.com/error-codes#{decline.code.replace('_', '-')}",
        "message": decline.message, "network_decline_code": "01", "type": "card_error",
    }  # fmt: skip
    _fail_intent(box, intent, method, error)
    return Result("declined", decline.message)


def _fail_intent(box: Box, intent: Object, method: Object, error: Object) -> None:
    error = {**error, "payment_method": public(method)}
    intent.update(status="requires_payment_method", payment_method=None, last_payment_error=error)
    box.store.save(intent)
    box.emit("payment_intent.payment_failed", intent)


def _hold(box: Box, session: Object, intent: Object, charge: Object) -> None:
    box.emit("charge.succeeded", charge)
    intent.update(
        status="requires_capture",
        amount_capturable=charge["amount"],
        latest_charge=charge["id"],
        last_payment_error=None,
    )
    box.store.save(intent)
    box.emit("payment_intent.amount_capturable_updated", intent)
    box.store.later(box.store.now() + HOLD_DAYS * 86400, "let_go", intent["id"])
    _complete(box, session)


def _succeed(box: Box, intent: Object, charge: Object) -> None:
    intent.update(
        status="succeeded", amount_received=charge["amount_captured"], amount_capturable=0, latest_charge=charge["id"],
        last_payment_error=None,
    )  # fmt: skip
    box.store.save(intent)
    box.emit("payment_intent.succeeded", intent)


def _complete(box: Box, session: Object) -> None:
    session.update(status="complete", url=None, customer_details=session["customer_details"] or session["_payer"])
    if session["customer"] is None and session["customer_creation"] == "always":
        details = session["customer_details"] or {}
        made = box.store.add(bodies.customer(box, {"email": details.get("email"), "name": details.get("name")}))
        box.emit("customer.created", made)
        session["customer"] = made["id"]
    box.store.save(session)
    box.emit("checkout.session.completed", session)


def settle(box: Box, charge: Object) -> None:
    """Put a captured charge on the balance, which Stripe does a moment after the payment."""
    amount, fee = charge["amount_captured"], charge["amount_captured"] * 15 // 1000 + 20
    kind = "charge" if charge["payment_method_details"]["type"] == "card" else "payment"
    movement = bodies.balance(
        box, kind, charge["id"], amount, charge["currency"], fee=fee, says=charge["description"] or ""
    )
    box.store.add(movement)
    charge["balance_transaction"] = movement["id"]
    box.store.save(charge)
    box.emit("charge.updated", charge, balance_transaction=None)


def _intent(box: Box, session: Object) -> Object:
    """The session's intent; Stripe makes it when somebody first tries to pay."""
    if session["payment_intent"]:
        box.store.save(session)
        return box.store.known("payment_intent", session["payment_intent"])
    intent = box.store.add(bodies.intent(box, session))
    session["payment_intent"] = intent["id"]
    box.store.save(session)
    box.emit("payment_intent.created", intent)
    return intent


def _save_method(box: Box, session: Object, intent: Object, method: Object) -> None:
    """Attach a new card to the customer where the shop or the buyer wants it kept."""
    options = (session["payment_method_options"] or {}).get(method["type"]) or {}
    wanted = intent["setup_future_usage"] or options.get("setup_future_usage", "none") != "none"
    if not session["customer"] or method["customer"] or not (wanted or intent["_keep"]):
        return
    method["customer"] = session["customer"]
    method["allow_redisplay"] = "always" if intent["_keep"] else "limited"
    box.store.save(method)
    box.emit("payment_method.attached", method)


# --- what takes a while


def pay_by_account(box: Box, session: Object, method: Object, account: Account) -> Result:
    """Begin a debit: the session is complete, the money comes or does not come later."""
    intent = _intent(box, session)
    charge = bodies.charge(box, intent, method)
    charge["outcome"] = bodies.outcome(seller_message="Payment pending.")
    box.store.add(charge)
    intent["_keep"] = False
    _save_method(box, session, intent, method)
    intent.update(status="processing", payment_method=method["id"], latest_charge=charge["id"], last_payment_error=None)
    box.store.save(intent)
    box.emit("payment_intent.processing", intent)
    box.emit("charge.pending", charge)
    session["payment_status"] = "unpaid"
    _complete(box, session)
    box.store.later(box.store.now() + account.seconds, "debit", charge["id"])
    return Result("pending")


def finish_debit(box: Box, charge: Object) -> None:
    """The bank's answer to a debit has come."""
    intent = box.store.known("payment_intent", charge["payment_intent"])
    session = box.store.known("checkout.session", intent["_session"])
    method = box.store.known("payment_method", charge["payment_method"])
    account = cards.BY_IBAN[method["_number"]]
    if charge["status"] != "pending":
        return
    if account.pays:
        charge.update(
            status="succeeded", paid=True, captured=True, amount_captured=charge["amount"], outcome=bodies.outcome()
        )
        box.store.save(charge)
        box.emit("charge.succeeded", charge)
        _succeed(box, intent, charge)
        session["payment_status"] = "paid"
        box.store.save(session)
        box.emit("checkout.session.async_payment_succeeded", session)
        settle(box, charge)
        if account.is_disputed:
            disputes.open_dispute(box, charge, "debit_not_authorized")
        return
    charge.update(status="failed", failure_code="insufficient_funds", failure_message=SEPA_LINE)
    box.store.save(charge)
    box.emit("charge.failed", charge)
    error = {
        "charge": charge["id"],
        "code": "payment_intent_payment_attempt_failed",
        "message": SEPA_LINE,
        "type": "card_error",
    }
    _fail_intent(box, intent, method, error)
    box.emit("checkout.session.async_payment_failed", session)


# --- what the shop does with an intent


def capture(box: Box, intent: Object, amount: int) -> None:
    """Take held money, or a part of it; the rest is let go."""
    charge = box.store.known("charge", intent["latest_charge"])
    charge.update(captured=True, amount_captured=amount, amount_refunded=charge["amount"] - amount)
    box.store.save(charge)
    box.emit("charge.captured", charge)
    _succeed(box, intent, charge)
    session = box.store.known("checkout.session", intent["_session"])
    session["payment_status"] = "paid"
    box.store.save(session)
    settle(box, charge)


def cancel(box: Box, intent: Object, reason: str | None) -> None:
    """Give an intent up; held money is let go."""
    if intent["status"] == "requires_capture":
        charge = box.store.known("charge", intent["latest_charge"])
        charge.update(amount_refunded=charge["amount"], refunded=True)
        box.store.save(charge)
        box.emit("charge.expired" if reason == "automatic" else "charge.refunded", charge)
    intent.update(
        status="canceled",
        canceled_at=box.store.now(),
        cancellation_reason=reason,
        amount_capturable=0,
        next_action=None,
    )
    box.store.save(intent)
    box.emit("payment_intent.canceled", intent)


def expire(box: Box, session: Object) -> None:
    """End a session that nobody paid."""
    session.update(status="expired", url=None)
    box.store.save(session)
    if session["payment_intent"]:
        intent = box.store.known("payment_intent", session["payment_intent"])
        if intent["status"] != "canceled":
            cancel(box, intent, "expired")
    box.emit("checkout.session.expired", session)
