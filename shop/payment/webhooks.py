"""What Stripe tells us. A message only says where to look: the object is fetched again, and settled as it is now.

A message is written down once, by its id, in the transaction of its effect. Where that fails, nothing is changed, the message is
written down as failed for the dashboard, and Stripe is answered 500, so that it sends it again, for three days.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from . import gateway
from .models import Dispute, Payment, Refund, WebhookEvent
from .seen import SeenDispute, SeenEvent, SeenRefund, SeenSession
from .settling import mark, settle, settle_dispute, settle_refund

logger = logging.getLogger(__name__)
STATES = WebhookEvent.State


# Does what a message asks for. Returns the id of the payment that it is about, None where it is none of ours.
Effect = Callable[[], int | None]


def receive(payload: bytes, signature: str) -> WebhookEvent:
    """Take in one message. The same one again changes nothing. Raises gateway.BadSignature, and whatever stops its effect."""
    return take_in(gateway.read_event(payload, signature))


def again(event_id: str) -> WebhookEvent:
    """Fetch a message anew, and settle what it is about once more, whatever became of it. Raises as `receive` does."""
    return take_in(gateway.seen_event(event_id), again=True)


def take_in(event: SeenEvent, *, again: bool = False) -> WebhookEvent:
    """Let a message have its effect, once. Raises whatever stops that; then it is written down as failed."""
    found = WebhookEvent.objects.filter(event_id=event.id).first()
    if found is not None and found.state != STATES.FAILED and not again:
        return found
    try:
        effect = _effect(event)
        with transaction.atomic():
            return _write_down(event, effect, again=again)
    except Exception as error:
        # The same message at the same moment: who was first has done it, or nobody has.
        found = WebhookEvent.objects.filter(event_id=event.id).first() if isinstance(error, IntegrityError) else None
        if found is not None and found.state != STATES.FAILED:
            return found
        _note_failure(event, error)
        raise


def _write_down(event: SeenEvent, effect: Effect | None, *, again: bool) -> WebhookEvent:
    """The message and its effect, in the caller's transaction. The row comes first: it keeps a second one waiting."""
    state = STATES.DONE if effect else STATES.IGNORED
    row, is_new = _row(event, state)
    if not is_new:
        if row.state != STATES.FAILED and not again:
            return row
        row.state, row.attempts, row.error = state, row.attempts + 1, ""
    if effect:
        row.payment_id = effect()
        if row.payment_id is None:
            row.state = STATES.IGNORED
    row.save()
    return row


def _row(event: SeenEvent, state: str, error: str = "") -> tuple[WebhookEvent, bool]:
    """The message's row, locked, and whether it is written only now, as `state`."""
    first = {"type": event.type[:100], "object_id": event.object_id[:255], "happened_at": event.happened_at}
    return WebhookEvent.objects.select_for_update().get_or_create(
        event_id=event.id, defaults={**first, "state": state, "error": error}
    )


def _effect(event: SeenEvent) -> Effect | None:
    """Fetch what the message is about. Returns what is to be done then, None where it says nothing to us."""
    try:
        return _fetched(event)
    except gateway.Refused as error:
        # Another shop's, or deleted there. What is ours and cannot be seen is a fault, and stays one.
        if error.code == "resource_missing" and not _is_ours(event):
            return None
        raise


def _is_ours(event: SeenEvent) -> bool:
    about = event.object_id
    return (
        Payment.objects.filter(
            Q(session_id=about) | Q(intent_id__in=[each for each in (about, event.intent_id) if each])
        ).exists()
        or Refund.objects.filter(refund_id=about).exists()
        or Dispute.objects.filter(dispute_id=about).exists()
    )


def _fetched(event: SeenEvent) -> Effect | None:
    kind = event.type
    if kind.startswith("checkout.session."):
        return _settling(gateway.session(event.object_id))
    if kind.startswith("payment_intent."):
        return _settling(gateway.session_of_intent(event.object_id))
    if kind.startswith("charge.dispute."):
        return _disputing(gateway.seen_dispute(event.object_id))
    if kind.startswith("refund.") or kind == "charge.refund.updated":
        return _refunding([gateway.seen_refund(event.object_id)])
    if kind == "charge.refunded" and event.intent_id:
        return _refunding(gateway.refunds_of(event.intent_id))
    if kind.startswith("charge.") and event.intent_id:
        return _settling(gateway.session_of_intent(event.intent_id))
    return None


def _settling(seen: SeenSession | None) -> Effect | None:
    if seen is None:
        return None

    def effect() -> int | None:
        payment_id = payment_of(seen)
        return settle(payment_id, seen).pk if payment_id else None

    return effect


def _payment_first(intent_ids: set[str]) -> list[Effect]:
    """Messages come in any order: where a payment's own was not here yet, it is fetched and settled first."""
    known = Payment.objects.filter(intent_id__in=intent_ids).values_list("intent_id", flat=True)
    unknown = intent_ids - set(known) - {""}
    effects = [_settling(gateway.session_of_intent(each)) for each in sorted(unknown)]
    return [effect for effect in effects if effect]


def _refunding(seen: list[SeenRefund]) -> Effect:
    first = _payment_first({each.intent_id for each in seen})

    def effect() -> int | None:
        for each in first:
            each()
        done = [refund for each in seen if (refund := settle_refund(each))]
        return done[0].payment_id if done else None

    return effect


def _disputing(seen: SeenDispute) -> Effect:
    first = _payment_first({seen.intent_id})

    def effect() -> int | None:
        for each in first:
            each()
        dispute = settle_dispute(seen)
        return dispute.payment_id if dispute else None

    return effect


def payment_of(seen: SeenSession) -> int | None:
    """Our payment that a page belongs to: by its id, or by our own mark where Stripe's answer with the id never reached us."""
    by_id = Payment.objects.filter(session_id=seen.id).values_list("pk", flat=True).first()
    key = mark(seen.key)
    if by_id or key is None:
        return by_id
    return Payment.objects.filter(key=key, session_id=None).values_list("pk", flat=True).first()


def _note_failure(event: SeenEvent, error: Exception) -> None:
    logger.warning("Stripe's message %s (%s) could not be taken in: %s", event.id, event.type, error)
    text = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "?")
    with transaction.atomic():
        row, is_new = _row(event, STATES.FAILED, text)
        if not is_new and row.state == STATES.FAILED:
            row.attempts, row.error, row.received_at = row.attempts + 1, text, timezone.now()
            row.save()
