"""The one module that speaks to Stripe.

Every function asks once and says what it saw in our own terms (seen.py). What changes something carries an idempotency key that
stands in a row of ours, so that a retry, here or after a crash, does it once. None may be called inside a transaction.

Errors: `Down` where nobody knows whether it was done (ask again with the same key), `Refused` where Stripe said no.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any, TypeVar

import stripe
from django.conf import settings
from django.db import connection

from .currencies import from_minor, to_minor
from .seen import PageLine, SeenCard, SeenDispute, SeenEvent, SeenRefund, SeenSession

# What the contract tests hold us to: a newer client does not make the shop speak a version that nobody tried.
API_VERSION = "2026-08-26.dahlia"
# A buyer waits for the payment page: two tries of this length are the most.
CONNECT_SECONDS, READ_SECONDS = 3.0, 8.0
RETRIES = 1
# How old a signed message may be: a recorded one cannot be played back later.
TOLERANCE_SECONDS = 300
SESSION_PARTS = ["payment_intent", "payment_intent.latest_charge"]
PAGE = 100
T = TypeVar("T")


class GatewayError(Exception):
    """Stripe did not do what was asked. The text is for staff."""


class Down(GatewayError):  # noqa: N818  (it says what is so)
    """Stripe does not answer, or not with sense: it may have done it or not. Ask again with the same key."""


class Refused(GatewayError):  # noqa: N818
    """Stripe says no, and would say so again. `code` and `param` are Stripe's."""

    def __init__(self, message: str, *, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.code, self.param = code, param


class UnknownCustomer(Refused):
    """Stripe does not know the customer whose card could be kept: deleted there, or of another account."""


class BadSignature(GatewayError):  # noqa: N818
    """A message that Stripe did not sign, or too long ago."""


def is_configured() -> bool:
    """Whether the shop takes money through Stripe at all."""
    return bool(settings.STRIPE_SECRET_KEY)


def is_sandbox() -> bool:
    """Whether it is not Stripe that is asked but a server that plays it."""
    return bool(settings.STRIPE_API_BASE)


def is_live() -> bool:
    """Whether real money moves."""
    return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))


def page_of(kind: str, object_id: str) -> str:
    """Where staff looks at an object in Stripe's own dashboard; nowhere in the sandbox. `kind` is payments, disputes, …"""
    if not object_id or is_sandbox():
        return ""
    return f"https://dashboard.stripe.com/{'' if is_live() else 'test/'}{kind}/{object_id}"


def open_session(
    *,
    key: uuid.UUID,
    order_number: str,
    lines: Sequence[PageLine],
    currency: str,
    email: str,
    customer_id: str,
    language: str,
    expires_at: datetime,
    success_url: str,
    cancel_url: str,
) -> SeenSession:
    """Open a payment page for these lines. Asked again with the same values, Stripe gives the same page."""
    marks = {"payment": str(key), "order": order_number}
    params: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": order_number,
        "metadata": marks,
        "payment_intent_data": {"metadata": marks, "description": order_number},
        "line_items": [
            {
                "quantity": line.quantity,
                "price_data": {
                    "currency": currency.lower(),
                    "unit_amount": to_minor(line.amount, currency),
                    "product_data": {"name": line.name[:250]},
                },
            }
            for line in lines
        ],
        "expires_at": int(expires_at.timestamp()),
        "success_url": success_url,
        "cancel_url": cancel_url,
        "locale": _locale(language),
        "expand": SESSION_PARTS,
    }
    if customer_id:
        # Whoever wants to may have the card kept for the next time; nobody has to.
        params |= {"customer": customer_id, "saved_payment_method_options": {"payment_method_save": "enabled"}}
    else:
        params["customer_email"] = email
    try:
        return _session(_call(lambda api: api.checkout.sessions.create(params, _once(key))))
    except Refused as error:
        if error.code == "resource_missing" and error.param == "customer":
            raise UnknownCustomer(str(error), code=error.code, param=error.param) from error
        raise


def session(session_id: str) -> SeenSession:
    """A payment page as it is now."""
    return _session(_call(lambda api: api.checkout.sessions.retrieve(session_id, {"expand": SESSION_PARTS})))


def session_of_intent(intent_id: str) -> SeenSession | None:
    """The payment page that some money came through; None where it came another way."""
    found = _call(
        lambda api: api.checkout.sessions.list(
            {"payment_intent": intent_id, "limit": 1, "expand": [f"data.{part}" for part in SESSION_PARTS]}
        )
    )
    return _session(found.data[0]) if found.data else None


def close_session(session_id: str) -> SeenSession:
    """Close a payment page, so that nobody can pay there any more. One that is closed already stays as it is."""
    # Refused: paid or closed meanwhile, and how it is now says which.
    with suppress(Refused):
        _call(lambda api: api.checkout.sessions.expire(session_id))
    return session(session_id)


def sessions_since(since: datetime) -> Iterator[SeenSession]:
    """All payment pages that were opened since then, the newest first."""
    expand = [f"data.{part}" for part in SESSION_PARTS]
    yield from map(_session, _every(lambda page, api: api.checkout.sessions.list(_window(since, page, expand=expand))))


def refund(*, key: uuid.UUID, intent_id: str, amount: Decimal, currency: str, order_number: str) -> SeenRefund:
    """Send money back. Asked again with the same values, it is sent once."""
    params: dict[str, Any] = {
        "payment_intent": intent_id,
        "amount": to_minor(amount, currency),
        "metadata": {"refund": str(key), "order": order_number},
    }
    return _refund(_call(lambda api: api.refunds.create(params, _once(key))))


def seen_refund(refund_id: str) -> SeenRefund:
    """A refund as it is now."""
    return _refund(_call(lambda api: api.refunds.retrieve(refund_id)))


def refunds_since(since: datetime) -> Iterator[SeenRefund]:
    """All refunds that were made since then, by us or by hand at Stripe."""
    yield from map(_refund, _every(lambda page, api: api.refunds.list(_window(since, page))))


def refunds_of(intent_id: str) -> list[SeenRefund]:
    """All refunds of one payment."""
    wanted = {"payment_intent": intent_id, "limit": PAGE}
    return [_refund(each) for each in _every(lambda page, api: api.refunds.list({**wanted, **page}))]


def seen_dispute(dispute_id: str) -> SeenDispute:
    """A dispute as it is now."""
    return _dispute(_call(lambda api: api.disputes.retrieve(dispute_id)))


def disputes_since(since: datetime) -> Iterator[SeenDispute]:
    """All disputes that were begun since then."""
    yield from map(_dispute, _every(lambda page, api: api.disputes.list(_window(since, page))))


def make_customer(*, key: uuid.UUID, email: str) -> str:
    """Let Stripe know an account, so that cards can be kept. Returns Stripe's name of it."""
    made = _call(lambda api: api.customers.create({"email": email, "metadata": {"customer": str(key)}}, _once(key)))
    return str(made.id)


def forget_customer(customer_id: str) -> None:
    """Have Stripe forget an account with its cards. One that is not there is forgotten already."""
    try:
        _call(lambda api: api.customers.delete(customer_id))
    except Refused as error:
        if error.code != "resource_missing":
            raise


def cards_of(customer_id: str) -> list[SeenCard]:
    """The cards that a customer keeps."""
    found = _call(lambda api: api.customers.payment_methods.list(customer_id, {"type": "card", "limit": PAGE}))
    return [
        SeenCard(
            id=each.id,
            brand=each.card.brand,
            last_digits=each.card.last4,
            expires=f"{each.card.exp_month:02}/{each.card.exp_year}",
        )
        for each in found.data
    ]


def forget_card(card_id: str) -> None:
    """Have Stripe forget a card."""
    _call(lambda api: api.payment_methods.detach(card_id))


def read_event(payload: bytes, signature: str) -> SeenEvent:
    """The message in `payload`. Raises BadSignature where none of our secrets signed it, or too long ago.

    Two secrets may be valid at once, so that one can be changed without losing a message.
    """
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            event = stripe.Webhook.construct_event(payload, signature, secret, TOLERANCE_SECONDS)
            seen = _event(event)
        except stripe.SignatureVerificationError:
            continue
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSignature("signed, but no event that can be read") from error
        if seen.is_live != is_live():
            raise BadSignature(
                "a message about test money for a live key, or the other way round: see the endpoint's secret"
            )
        return seen
    raise BadSignature("none of the secrets in STRIPE_WEBHOOK_SECRET signed this, or it is too old")


def seen_event(event_id: str) -> SeenEvent:
    """A message that was sent before. Stripe keeps them for a month."""
    return _event(_call(lambda api: api.events.retrieve(event_id)))


def _event(event: Any) -> SeenEvent:
    about = event.data.object
    return SeenEvent(
        id=event.id,
        type=event.type,
        object_id=str(_held(about, "id") or ""),
        intent_id=_id(_held(about, "payment_intent")),
        happened_at=_time(event.created),
        is_live=bool(event.livemode),
    )


def _call(ask: Callable[[Any], T]) -> T:
    """One exchange. The only way to Stripe: it refuses to work inside a transaction, where a lock would wait for it."""
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("Stripe was about to be asked inside a transaction: commit first, then ask.")
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, os.getpid())
    try:
        return ask(client.v1)
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise Down(f"{type(error).__name__}: {error.user_message or error}"[:500]) from error
    except stripe.StripeError as error:
        status = error.http_status or 0
        # 409: the same key is at work in another process just now. Below 400: an answer that cannot be read.
        if status >= 500 or status == 409 or status < 400:
            raise Down(f"{status}: {error.user_message or error}"[:500]) from error
        text = f"{status}: {error.user_message or error}"[:500]
        raise Refused(text, code=error.code or "", param=str(getattr(error, "param", None) or "")) from error


@lru_cache(maxsize=4)
def _client(key: str, address: str, process: int) -> Any:
    """One a process: connections are not shared with a child."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": address} if address else {},
        http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
        max_network_retries=RETRIES,
        stripe_version=API_VERSION,
    )


def _once(key: uuid.UUID) -> Any:
    return {"idempotency_key": str(key)}


def _window(since: datetime, page: dict[str, Any], *, expand: Sequence[str] = ()) -> dict[str, Any]:
    more = {"expand": list(expand)} if expand else {}
    return {"created": {"gte": int(since.timestamp())}, "limit": PAGE, **page, **more}


def _every(ask: Callable[[dict[str, Any], Any], Any]) -> Iterator[Any]:
    """Everything in a list of Stripe's, page by page."""
    page: dict[str, Any] = {}
    while True:
        found = _call(partial(ask, page))
        yield from found.data
        if not found.has_more or not found.data:
            return
        page = {"starting_after": found.data[-1].id}


def _session(found: Any) -> SeenSession:
    intent = found.payment_intent
    # Not expanded: only its id is known, and nothing that it says is believed.
    held = intent if intent is not None and not isinstance(intent, str) else None
    error = _held(held, "last_payment_error")
    return SeenSession(
        id=found.id,
        key=_mark(found, "payment"),
        status=found.status or "",
        url=found.url or "",
        amount=from_minor(found.amount_total or 0, found.currency or "XXX"),
        currency=(found.currency or "").upper(),
        expires_at=_time(found.expires_at),
        created_at=_time(found.created),
        intent_id=_id(intent),
        intent_status=str(_held(held, "status") or ""),
        received=from_minor(held.amount_received or 0, held.currency) if held is not None else Decimal(0),
        received_currency=held.currency.upper() if held is not None else "",
        failure=str(_held(error, "decline_code") or _held(error, "code") or ""),
    )


def _refund(found: Any) -> SeenRefund:
    return SeenRefund(
        id=found.id,
        key=_mark(found, "refund"),
        status=found.status or "",
        amount=from_minor(found.amount, found.currency),
        currency=found.currency.upper(),
        intent_id=_id(found.payment_intent),
        created_at=_time(found.created),
        error=str(_held(found, "failure_reason") or ""),
    )


def _dispute(found: Any) -> SeenDispute:
    due = _held(_held(found, "evidence_details"), "due_by")
    return SeenDispute(
        id=found.id,
        status=found.status,
        reason=found.reason or "",
        amount=from_minor(found.amount, found.currency),
        currency=found.currency.upper(),
        intent_id=_id(found.payment_intent),
        due_by=_time(due) if due else None,
    )


def _mark(found: Any, name: str) -> str:
    return str(_held(_held(found, "metadata"), name) or "")


def _held(found: Any, name: str) -> Any:
    """A part of one of Stripe's objects, None where it has none of that name."""
    return None if found is None or isinstance(found, str) else getattr(found, name, None)


def _id(found: Any) -> str:
    return found if isinstance(found, str) else str(_held(found, "id") or "")


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _locale(language: str) -> str:
    """The payment page's language: the shop's where Stripe speaks it, else the browser's."""
    return language.split("-")[0] if language.split("-")[0] in {"en", "de", "fr", "es", "it", "nl"} else "auto"
