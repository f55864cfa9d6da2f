"""What is seen at Stripe becomes our state. The one place where it does.

Each function takes an object that was just fetched, never a message's own words, and may be called any number of times, in any
order, by webhooks, the worker and the reconciliation at once: states only move forward (RANK), and whatever follows from one is
written in the same transaction, under the order's lock. Locks: its buyer's account, order, then its payment, then what belongs to that.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import transaction
from django.utils.translation import override

from shop.accounts.operations import hold_account
from shop.giftcards import buying, spending
from shop.ledger.models import MoneyEntry
from shop.ledger.operations import enter
from shop.mail.operations import write_to_buyer
from shop.order.models import Order
from shop.order.states import BY_ITS_BUYER, NOT_PAID_IN_TIME, change_status, revive
from shop.order.stock import OutOfStockError

from . import reasons
from .methods import STRIPE
from .models import Dispute, Payment, Refund
from .problems import tell
from .refunds import left_to_refund, refund_payment
from .seen import SeenDispute, SeenRefund, SeenSession
from .ways import turn

STATES = Payment.State
# An object that was fetched earlier may be told of later: nothing goes back to a lower rank.
RANK = {
    STATES.CREATED: 0,
    STATES.OPEN: 1,
    STATES.PROCESSING: 2,
    STATES.FAILED: 3,
    STATES.EXPIRED: 3,
    STATES.SUCCEEDED: 4,
}
REFUND_STATES = {
    "pending": Refund.State.PENDING,
    "requires_action": Refund.State.PENDING,
    "succeeded": Refund.State.SUCCEEDED,
    "failed": Refund.State.FAILED,
    "canceled": Refund.State.FAILED,
}
REFUND_RANK = {
    Refund.State.WANTED: 0,
    Refund.State.REFUSED: 1,
    Refund.State.PENDING: 1,
    Refund.State.SUCCEEDED: 2,
    Refund.State.FAILED: 3,
}
# A page that was filled in and brings nothing: the bank said no.
NO_MONEY = frozenset({"requires_payment_method", "canceled"})


def settle(payment_id: int, seen: SeenSession) -> Payment:
    """Let a payment and its order be what the payment page says. Returns the payment."""
    with transaction.atomic():
        order, payment = _locked(payment_id)
        payment.session_id = payment.session_id or seen.id
        payment.intent_id = payment.intent_id or seen.intent_id or None
        if seen.url:
            payment.url = seen.url
        to = state_of(seen)
        payment.failure = "" if to == STATES.SUCCEEDED else (seen.failure or payment.failure)[:64]
        if RANK[to] > RANK[STATES(payment.state)]:
            payment.state = to
            payment.save()
            _follow(order, payment, seen)
            # What was told of the order meanwhile, such as money on a gift card that nobody can spend.
            payment.refresh_from_db(fields=["problem"])
        payment.save()
    return payment


def settle_failure(payment_id: int, problem: str = "") -> Payment:
    """No page was opened for a payment, and none will be. One whose page is known stays as it is."""
    with transaction.atomic():
        order, payment = _locked(payment_id)
        if payment.is_live and not payment.session_id:
            _fail(order, payment, problem)
    return payment


def settle_unknown(payment_id: int, problem: str) -> Payment:
    """Give up a payment whose page Stripe does not know any more, so that its order waits for nothing. Money that comes all the same counts."""
    with transaction.atomic():
        order, payment = _locked(payment_id)
        if payment.is_live:
            _fail(order, payment, f"Stripe does not know its payment page any more: {problem}")
    return payment


def _fail(order: Order, payment: Payment, problem: str) -> None:
    payment.state = STATES.FAILED
    if problem:
        tell(order, payment, problem)
    payment.save()
    _turn_instead(order, payment)


def _locked(payment_id: int) -> tuple[Order, Payment]:
    order_id, user_id = Payment.objects.values_list("order_id", "order__user_id").get(pk=payment_id)
    # What an order uses once more that lives again names its buyer.
    hold_account(user_id)
    order = Order.objects.select_for_update().get(pk=order_id)
    return order, Payment.objects.select_for_update().get(pk=payment_id)


def state_of(seen: SeenSession) -> STATES:
    """What a payment is whose page looks so."""
    if seen.intent_status == "succeeded" and seen.received > 0:
        return STATES.SUCCEEDED
    if seen.status == "expired":
        return STATES.EXPIRED
    if seen.status != "complete":
        return STATES.OPEN
    # What is neither paid nor over may still be paid: a debit, a transfer, a slip that is taken to a shop.
    return STATES.FAILED if seen.intent_status in NO_MONEY else STATES.PROCESSING


def _follow(order: Order, payment: Payment, seen: SeenSession) -> None:
    """What a payment's new state means for its order."""
    waits = order.status == settings.OSCAR_INITIAL_ORDER_STATUS
    if payment.state == STATES.SUCCEEDED:
        _take(order, payment, seen)
    elif payment.state == STATES.EXPIRED and waits and not _turn_instead(order, payment):
        change_status(order, "cancelled", why=NOT_PAID_IN_TIME)
    elif payment.state == STATES.FAILED and waits:
        # A bank's no comes days later: the customer may pay another way until orders_expire.
        write_to_buyer(order, "payment-failed", failure=payment.failure)
    elif payment.state == STATES.PROCESSING and waits:
        # A guest has nothing else that leads to the order for the days that a bank may take.
        write_to_buyer(order, "payment-processing")


def _turn_instead(order: Order, payment: Payment) -> bool:
    """A page that was closed because its buyer wants to pay another way: the order waits for that. Returns whether it is so."""
    if not payment.instead or order.status != settings.OSCAR_INITIAL_ORDER_STATUS:
        return False
    turn(order, payment.instead)
    return True


def _take(order: Order, payment: Payment, seen: SeenSession) -> None:
    """The money is there. It makes the order paid only where it is what was asked for, and the order waits for it."""
    payment.captured = seen.received
    enter(
        order,
        MoneyEntry.Kind.CAPTURED,
        seen.received,
        key=f"captured:{seen.intent_id}",
        currency=seen.received_currency,
    )
    if (seen.received, seen.received_currency, seen.key) != (payment.amount, payment.currency, str(payment.key)):
        tell(
            order,
            payment,
            f"{seen.received} {seen.received_currency} came, and {payment.amount} {payment.currency} was asked for",
        )
    elif order.status == settings.OSCAR_INITIAL_ORDER_STATUS:
        if order.payment_method != STRIPE:
            # Chosen another way meanwhile; invoices say how it was paid.
            order.payment_method = STRIPE
            order.save(update_fields=["payment_method"])
        change_status(order, "paid", why="paid with Stripe")
    elif order.status == "cancelled":
        _late(order, payment)
    else:
        _give_back(order, payment, "the order was paid already, so this was sent back")


def _why_unwanted(order: Order) -> str:
    """Why a cancelled order may not live again; nothing where only the clock has cancelled it."""
    last = order.status_changes.filter(new_status="cancelled").order_by("-pk").first()
    if last is not None and (last.by_id is not None or last.why == BY_ITS_BUYER):
        return "it came after the order was cancelled by hand, so it was sent back"
    if not order.email:
        return (
            "it came after its buyer's account was deleted, with the address that it would go to, so it was sent back"
        )
    return ""


def _late(order: Order, payment: Payment) -> None:
    """Money for a cancelled order: the order lives again where its things are still there, else the money goes back.

    What gift cards paid is taken from them again.
    """
    if why := _why_unwanted(order):
        _give_back(order, payment, why)
        return
    try:
        with transaction.atomic():
            revive(order, why="paid after it was cancelled")
            spending.take_again(order)
    except spending.NotEnoughError:
        order.status = "cancelled"
        why = "it came after the order was cancelled, and its gift card was spent elsewhere, so it was sent back"
        _give_back(order, payment, why)
    except OutOfStockError:
        _give_back(
            order, payment, "it came after the order was cancelled and its things were sold, so it was sent back"
        )
    else:
        tell(order, payment, "it came after the order was cancelled; its things were still there, so the order goes on")


def _give_back(order: Order, payment: Payment, why: str) -> None:
    payment.save()
    # Less where somebody was quicker at Stripe.
    if left := left_to_refund(payment):
        refund_payment(payment, left, by=None, why=why)
        # No credit note tells of it: it was never charged.
        is_late = order.status == "cancelled"
        write_to_buyer(order, "payment-returned", amount=str(left), currency=payment.currency, is_late=is_late)
    tell(order, payment, why)


def settle_refund(seen: SeenRefund) -> Refund | None:
    """Let a refund be what Stripe says. One that was made by hand at Stripe is written down. None: not of our payments."""
    with transaction.atomic():
        found = _refund_of(seen)
        payment_id = found.payment_id if found else _payment_of(seen.intent_id)
        if payment_id is None:
            return None
        order, payment = _locked(payment_id)
        # Again, under the lock: two that hear of it at once write it down once.
        refund = _refund_of(seen) or Refund(
            order=order, payment=payment, amount=seen.amount, currency=seen.currency, why="made at Stripe"
        )
        is_by_hand = refund.pk is None
        refund.refund_id = seen.id
        to = REFUND_STATES.get(seen.status, Refund.State.PENDING)
        if REFUND_RANK[to] > REFUND_RANK[Refund.State(refund.state)]:
            refund.state = to
        refund.error = (seen.error or refund.error)[:255]
        refund.save()
        if refund.state in (Refund.State.PENDING, Refund.State.SUCCEEDED, Refund.State.FAILED):
            enter(order, MoneyEntry.Kind.REFUNDED, seen.amount, key=f"refunded:{seen.id}", currency=seen.currency)
        if is_by_hand and refund.state != Refund.State.FAILED:
            _keep_from_spending(order, payment, seen)
        if refund.state == Refund.State.FAILED:
            key = f"refund-failed:{seen.id}"
            if enter(order, MoneyEntry.Kind.REFUND_FAILED, seen.amount, key=key, currency=seen.currency):
                tell(order, payment, f"a refund of {seen.amount} {seen.currency} came back: {_why(seen.error)}")
                payment.save()
                _tell_buyer_of_failure(order, refund, seen)
    return refund


def _tell_buyer_of_failure(order: Order, refund: Refund, seen: SeenRefund) -> None:
    """Who has read that money goes back would wait for it. Of a return's money nobody has before its own mail."""
    back = getattr(refund, "back", None)
    if back is None or back.told_at is not None:
        write_to_buyer(order, "refund-failed", amount=str(seen.amount), currency=seen.currency)


def _keep_from_spending(order: Order, payment: Payment, seen: SeenRefund) -> None:
    """A refund by hand takes no gift card back: where less is left than those that it bought are worth, nobody spends them."""
    if buying.worth_bought(order) <= left_to_refund(payment):
        return
    blocked = buying.block_bought(order, why="refunded at Stripe")
    said = f"{seen.amount} {seen.currency} of what bought gift cards was sent back by hand"
    tell(order, payment, f"{said}; {blocked} gift cards are blocked")
    payment.save()


def _why(code: str) -> str:
    """In the language in which staff is written to."""
    with override(settings.LANGUAGE_CODE):
        return reasons.to_staff(code)


def settle_refusal(refund_id: int, error: str) -> None:
    """Stripe said no to a refund that was asked for, with a code or in its own words."""
    with transaction.atomic():
        payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
        order, payment = _locked(payment_id)
        refund = Refund.objects.get(pk=refund_id)
        if refund.state == Refund.State.WANTED:
            refund.state, refund.error = Refund.State.REFUSED, error[:255]
            refund.save()
            tell(order, payment, f"a refund of {refund.amount} {refund.currency} was refused: {_why(error)}")
            payment.save()


def _refund_of(seen: SeenRefund) -> Refund | None:
    by_id = Refund.objects.filter(refund_id=seen.id).first()
    key = mark(seen.key)
    if by_id or key is None:
        return by_id
    return Refund.objects.filter(key=key, refund_id=None, payment__intent_id=seen.intent_id).first()


def mark(text: str) -> uuid.UUID | None:
    """Our own mark on an object of Stripe's; None where somebody else has put something there."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _payment_of(intent_id: str) -> int | None:
    return Payment.objects.filter(intent_id=intent_id).values_list("pk", flat=True).first() if intent_id else None


def settle_dispute(seen: SeenDispute) -> Dispute | None:
    """Write down what a customer's bank takes back, and gives back. None: not of our payments."""
    payment_id = _payment_of(seen.intent_id)
    if payment_id is None:
        return None
    with transaction.atomic():
        order, payment = _locked(payment_id)
        dispute = Dispute.objects.filter(dispute_id=seen.id).first()
        dispute = dispute or Dispute(payment=payment, dispute_id=seen.id)
        old = dispute.status
        # A look from before the last one: an inquiry became a dispute, or it is decided.
        if old and _dispute_rank(seen.status) < _dispute_rank(old):
            return dispute
        dispute.status, dispute.reason, dispute.due_by = seen.status, seen.reason, seen.due_by
        dispute.amount, dispute.currency = seen.amount, seen.currency
        dispute.save()
        # An inquiry takes no money yet.
        if not seen.status.startswith("warning_") and seen.status != "prevented":
            enter(order, MoneyEntry.Kind.DISPUTED, seen.amount, key=f"disputed:{seen.id}", currency=seen.currency)
        if seen.status == "won":
            enter(order, MoneyEntry.Kind.DISPUTE_WON, seen.amount, key=f"dispute-won:{seen.id}", currency=seen.currency)
        if not old or _dispute_rank(seen.status) > _dispute_rank(old):
            if not old or not dispute.is_over:
                buying.block_bought(order, why=f"disputed: {seen.reason}")
            tell(order, payment, _disputed(order, dispute))
            payment.save()
    return dispute


def _disputed(order: Order, dispute: Dispute) -> str:
    """What a dispute means for staff, by how far it is and not by what was heard before."""
    amount, blocked = f"{dispute.amount} {dispute.currency}", buying.blocked_of(order)
    with override(settings.LANGUAGE_CODE):
        if not dispute.is_over:
            said = f"the customer’s bank asks for {amount} back: {dispute.reason_words}"
            return f"{said}; {blocked} gift cards that were bought with it are blocked" if blocked else said
        said = f"the dispute about {amount} is over: {dispute.status_words}"
    return f"{said}; {blocked} gift cards that were bought with it are still blocked" if blocked else said


def _dispute_rank(status: str) -> int:
    """How far a dispute is: asked about, open, decided. It never goes back."""
    if status in Dispute.IS_OVER:
        return 2
    return 0 if status.startswith("warning_") else 1
