"""Our payments beside Stripe's, both ways: what differs, by name, and what mends it.

What a message failed to tell is found here, within ten minutes. Nothing is mended but through settling.py, so that it cannot
matter whether a message or this comes first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeVar

from django.db.models import Q
from django.utils import timezone

from . import gateway, operations
from .models import Dispute, Payment, Refund
from .seen import SeenDispute, SeenRefund, SeenSession
from .settling import (
    RANK,
    REFUND_RANK,
    REFUND_STATES,
    STATES,
    settle,
    settle_dispute,
    settle_refund,
    settle_unknown,
    state_of,
)
from .webhooks import payment_of

# How far back Stripe's lists are read. A refund or a dispute of an older payment comes as an object of its own, which is newer.
WINDOW = timedelta(days=3)
# A page that Stripe does not know, because the key is another account's now, can be paid by nobody once it would be over. A day
# more is for a key that was put in by mistake.
UNKNOWN = timedelta(days=1)
# How long the worker may take over a refund.
SLOW = timedelta(hours=1)
Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not the same on both sides. `mend` does what is to be done; None: a person has to look."""

    what: str
    mend: Callable[[], object] | None = None


def differences(*, window: timedelta = WINDOW) -> Iterator[Difference]:
    """Every difference between our rows and Stripe's objects of the last `window`, and of all that is still under way.

    Raises gateway.Down where Stripe stops answering; what was found before stands.
    """
    since = timezone.now() - window
    known: set[str] = set()
    for seen in gateway.sessions_since(since):
        known.add(seen.id)
        yield from _session(seen)
    yield from _pages_never_opened()
    live = Payment.objects.filter(Q(state__in=Payment.LIVE) | Q(created_at__gte=since)).exclude(session_id=None)
    for session_id in live.exclude(session_id__in=known).values_list("session_id", flat=True):
        yield from _own_session(str(session_id))
    refunds: set[str] = set()
    for refund in gateway.refunds_since(since):
        refunds.add(refund.id)
        yield from _refund(refund)
    for row in Refund.objects.filter(state=Refund.State.PENDING).exclude(refund_id__in=refunds):
        yield from _asked(f"refund {row.refund_id}", partial(gateway.seen_refund, str(row.refund_id)), _refund)
    yield from _refunds_not_sent()
    disputes: set[str] = set()
    for dispute in gateway.disputes_since(since):
        disputes.add(dispute.id)
        yield from _dispute(dispute)
    for held in Dispute.objects.exclude(status__in=Dispute.IS_OVER):
        if held.dispute_id not in disputes:
            ask = partial(gateway.seen_dispute, held.dispute_id)
            yield from _asked(f"dispute {held.dispute_id}", ask, _dispute)


def _asked(what: str, ask: Callable[[], Seen], compare: Callable[[Seen], Iterator[Difference]]) -> Iterator[Difference]:
    """What asking for one object leads to. That Stripe does not know it is a difference, and stops no other."""
    try:
        seen = ask()
    except gateway.Refused as error:
        yield Difference(f"{what} is not known to Stripe: {error}")
        return
    yield from compare(seen)


def _pages_never_opened() -> Iterator[Difference]:
    """Who was sent to pay and never got there, because the shop or Stripe died on the way: their things are not held for ever."""
    begun = Payment.objects.filter(state__in=Payment.LIVE, session_id=None, expires_at__lt=timezone.now())
    for payment in begun.select_related("order"):
        what = f"order {payment.order.number}: its payment was begun, and no page was ever opened"
        yield Difference(what, partial(operations.close, payment.pk))


def _refunds_not_sent() -> Iterator[Difference]:
    """What the worker should have asked for long ago."""
    wanted = Refund.objects.filter(state=Refund.State.WANTED, updated_at__lt=timezone.now() - SLOW)
    for row in wanted.select_related("order"):
        what = f"order {row.order.number}: a refund of {row.amount} {row.currency} was never sent"
        yield Difference(what, partial(operations.send_refund, row.pk))


def _own_session(session_id: str) -> Iterator[Difference]:
    try:
        yield from _session(gateway.session(session_id))
    except gateway.Refused as error:
        payment = Payment.objects.select_related("order").get(session_id=session_id)
        if not (payment.is_live or payment.captured):
            return
        what = f"order {payment.order.number}: Stripe does not know the payment page {session_id}: {error}"
        is_over = payment.is_live and payment.expires_at < timezone.now() - UNKNOWN
        gives_up = is_over and error.code == "resource_missing"
        yield Difference(what, partial(settle_unknown, payment.pk, str(error)) if gives_up else None)


def _session(seen: SeenSession) -> Iterator[Difference]:
    payment_id = payment_of(seen)
    if payment_id is None:
        # Somebody else's page: another shop with the same account, or one made by hand.
        if seen.key and seen.received:
            yield Difference(
                f"payment page {seen.id}: {seen.received} {seen.received_currency} for a payment we do not have"
            )
        return
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    number, to = payment.order.number, state_of(seen)
    if payment.session_id is None or RANK[to] > RANK[STATES(payment.state)]:
        what = f"order {number}: the payment is “{payment.state}” here and “{to}” at Stripe"
        yield Difference(what, lambda: settle(payment_id, seen))
    elif payment.captured != seen.received and (payment.captured or seen.received):
        yield Difference(f"order {number}: {payment.captured} were taken here, and {seen.received} at Stripe")
    if seen.status == "open" and (not payment.is_live or payment.order.status != "awaiting-payment"):
        yield Difference(f"order {number}: its payment page is still open", lambda: operations.close(payment_id))


def _refund(seen: SeenRefund) -> Iterator[Difference]:
    row = Refund.objects.filter(refund_id=seen.id).first()
    if row is None:
        if Payment.objects.filter(intent_id=seen.intent_id).exists():
            what = f"refund {seen.id} of {seen.amount} {seen.currency} is not written down here"
            yield Difference(what, lambda: settle_refund(seen))
        return
    to = REFUND_STATES.get(seen.status, Refund.State.PENDING)
    if REFUND_RANK[to] > REFUND_RANK[Refund.State(row.state)]:
        what = f"refund {seen.id} is “{row.state}” here and “{to}” at Stripe"
        yield Difference(what, lambda: settle_refund(seen))
    if row.amount != seen.amount:
        yield Difference(f"refund {seen.id} is {row.amount} here and {seen.amount} at Stripe")


def _dispute(seen: SeenDispute) -> Iterator[Difference]:
    row = Dispute.objects.filter(dispute_id=seen.id).first()
    if row is None and not Payment.objects.filter(intent_id=seen.intent_id).exists():
        return
    if row is None or row.status != seen.status:
        what = f"dispute {seen.id} is “{row.status if row else 'unknown'}” here and “{seen.status}” at Stripe"
        yield Difference(what, lambda: settle_dispute(seen))
