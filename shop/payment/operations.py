"""Beginning a payment, closing it, and doing what the worker is asked for. Stripe is asked between transactions, never inside one."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.mail.operations import base_url
from shop.order.models import Line, Order, OrderNote
from shop.order.words import delivery_name
from shop.outbox.models import OutboxEntry
from shop.outbox.operations import enqueue
from themes.formats import money

from . import gateway, methods, reasons
from .currencies import AmountError, smallest
from .models import Customer, Payment, Refund
from .refunds import left_to_refund
from .seen import PageLine
from .settling import settle, settle_failure, settle_refund, settle_refusal
from .ways import turn

logger = logging.getLogger(__name__)
CLOSE = "payment.close"
LOOK = "payment.look"
# Stripe takes no page that closes in less than half an hour; a minute for the way there.
SHORTEST_PAGE = timedelta(minutes=31)
TRIES = 3
# Stripe keeps keys for a day at least.
KEY_HOLDS = timedelta(hours=12)


class PaymentError(Exception):
    """No payment page could be opened; the order is kept. `str()` is for the buyer."""


def begin(order: Order) -> str:
    """The address of the page where this order can be paid, or "" where nothing is to be paid any more.

    One page for an order at a time: asked again, it is the same page, and a closed one is followed by a new one. Raises
    PaymentError.
    """
    try:
        for _try in range(TRIES):
            payment = _live(order)
            if payment is None:
                return ""
            if payment.instead:
                # Another way was chosen, and this one again: that page is being closed, and is used no more.
                if close(payment.pk).is_live:
                    return ""
                continue
            if payment.session_id is None:
                try:
                    return _open(payment)
                except gateway.UnknownCustomer:
                    continue
            seen = gateway.session(payment.session_id)
            if seen.status == "open":
                return seen.url
            if settle(payment.pk, seen).is_live:
                # It was filled in, and the bank has not answered yet.
                return ""
    except gateway.Down as error:
        logger.warning("no payment page for order %s: %s", order.number, error)
        raise PaymentError(
            _("The payment page does not answer just now. Your order is kept; try again in a minute.")
        ) from error
    except (gateway.Refused, AmountError) as error:
        logger.error("Stripe refuses a payment page for order %s: %s", order.number, error)
        raise PaymentError(
            _("This order cannot be paid online just now. We have been told, and will write to you.")
        ) from error
    return ""


def _live(order: Order) -> Payment | None:
    """The order's live payment, or a new one; None where the order waits for none. Two that ask at once get the same."""
    now = timezone.now()
    # Before the order is locked: whoever deletes the account locks that first.
    customer = Customer.objects.get_or_create(user=order.user)[0] if order.user else None
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if locked.status != settings.OSCAR_INITIAL_ORDER_STATUS:
            return None
        if locked.payment_method not in ("", methods.STRIPE):
            # Another way was chosen meanwhile, in another window.
            return None
        _refuse_twice(locked)
        found = Payment.objects.select_for_update().filter(order=locked, state__in=Payment.LIVE).first()
        if found is not None and (found.instead or found.session_id or found.expires_at - now >= SHORTEST_PAGE):
            return found
        if found is not None:
            # Nobody was ever told its page's address, should there be one; the reconciliation closes it.
            found.state = Payment.State.FAILED
            found.save()
        return Payment.objects.create(
            order=locked,
            amount=locked.due,
            currency=locked.currency,
            customer=customer if customer and customer.user_id == locked.user_id else None,
            expires_at=(now + settings.SHOP_CHECKOUT_TIME).replace(microsecond=0),
        )


def _refuse_twice(order: Order) -> None:
    if any(left_to_refund(each) for each in Payment.objects.filter(order=order, captured__gt=0)):
        # Money came, and not what was asked for: whoever pays again would pay twice.
        raise PaymentError(_("Money for this order has arrived, and we are looking at it. Please do not pay again."))


def choose_way(order: Order, code: str) -> Order:
    """Let an order that waits for its money be paid by the way `code`. Returns it as it is then: paid, where money came first.

    The page that is open at Stripe is closed before. Raises PaymentError where the way is not offered, a payment is under
    way, or Stripe does not answer; then the worker closes the page, and the order follows.
    """
    payment_id = _wish(order, code)
    if payment_id is not None:
        try:
            closed = close(payment_id)
        except gateway.GatewayError as error:
            logger.warning("the payment page of order %s could not be closed: %s", order.number, error)
            raise PaymentError(
                _("The payment page does not answer just now. As soon as it does, we close it and change the order.")
            ) from error
        if closed.is_live:
            raise PaymentError(_under_way())
    return Order.objects.select_related("user", "shipping_address").get(pk=order.pk)


def _under_way() -> str:
    return _("A payment for this order is under way, and the bank has not answered yet. Please do not pay again.")


def _wish(order: Order, code: str) -> int | None:
    """Write down what the buyer wants, under the order's lock. Returns the payment whose page has to be closed first."""
    with transaction.atomic():
        locked = Order.objects.select_for_update().get(pk=order.pk)
        if locked.status != settings.OSCAR_INITIAL_ORDER_STATUS:
            return None
        found = Payment.objects.select_for_update().filter(order=locked, state__in=Payment.LIVE).first()
        if locked.payment_method == code and (found is None or not found.instead):
            return None
        if code not in {each.code for each in methods.methods(locked.due, locked.currency)}:
            raise PaymentError(_("This order cannot be paid that way. Choose another."))
        _refuse_twice(locked)
        if found is None:
            turn(locked, code)
            return None
        if found.state == Payment.State.PROCESSING:
            raise PaymentError(_under_way())
        if found.instead != code:
            found.instead = code
            found.save(update_fields=["instead", "updated_at"])
            # Should this process die now, or Stripe be away: the worker closes it.
            enqueue(CLOSE, {"payment": found.pk})
    return found.pk


def _open(payment: Payment) -> str:
    order = Order.objects.select_related("user").get(pk=payment.order_id)
    # The page there says how it stands, whatever the address says: who left is only not asked to wait.
    back = base_url() + reverse("checkout:paid", args=[order.number])
    try:
        seen = gateway.open_session(
            key=payment.key,
            order_number=order.number,
            lines=_page_lines(order),
            currency=payment.currency,
            email=order.email,
            customer_id=_customer_id(payment.customer, order.email),
            language=order.language,
            expires_at=payment.expires_at,
            success_url=back,
            cancel_url=f"{back}?left=yes",
        )
    except gateway.UnknownCustomer:
        # Deleted at Stripe, or of another account there: with the cards, so a new one loses nothing.
        Customer.objects.filter(payments=payment).update(customer_id=None, key=uuid.uuid4())
        settle_failure(payment.pk)
        raise
    except (gateway.Refused, AmountError) as error:
        settle_failure(payment.pk, f"no payment page could be opened: {error}")
        raise
    settled = settle(payment.pk, seen)
    if not settled.is_live or settled.instead:
        # The order was cancelled, or turned to another way to pay, while Stripe was asked.
        enqueue(CLOSE, {"payment": payment.pk})
        return ""
    return seen.url


def _page_lines(order: Order) -> list[PageLine]:
    """What the payment page lists: what was paid for each line, and the delivery; together exactly what is due."""
    with override(order.language or settings.LANGUAGE_CODE):
        lines = [
            _page_line(line, order.currency)
            for line in Line.objects.filter(order=order).order_by("pk")
            if line.line_price_incl_tax
        ]
        if order.shipping_incl_tax:
            lines.append(PageLine(delivery_name(order), order.shipping_incl_tax))
        if order.gift_card_amount:
            # Nothing on that page can be less than nothing.
            text = _("Order %(number)s, less %(amount)s paid by gift card")
            values = {"number": order.number, "amount": money(order.gift_card_amount, order.currency)}
            return [PageLine(text % values, order.due)]
        if sum((line.total for line in lines), Decimal(0)) != order.due:
            return [PageLine(_("Order %(number)s") % {"number": order.number}, order.due)]
    return lines


def _page_line(line: Line, currency: str) -> PageLine:
    """So many at so much each; as one, where a discount left a price that cannot be divided."""
    name = ", ".join(part for part in (line.title, line.option_text) if part)
    each, rest = divmod(line.line_price_incl_tax, line.quantity * smallest(currency))
    if rest:
        return PageLine(f"{line.quantity} × {name}", line.line_price_incl_tax)
    return PageLine(name, each * smallest(currency), line.quantity)


def _customer_id(customer: Customer | None, email: str) -> str:
    if customer is None:
        return ""
    if not customer.customer_id:
        made = gateway.make_customer(key=customer.key, email=email)
        Customer.objects.filter(pk=customer.pk).update(customer_id=made)
        return made
    return customer.customer_id


def look(payment_id: int) -> Payment:
    """See at Stripe how a payment is, and let it be so. One that Stripe was never told of stays as it is."""
    payment = Payment.objects.get(pk=payment_id)
    return settle(payment.pk, gateway.session(payment.session_id)) if payment.session_id else payment


def close(payment_id: int) -> Payment:
    """Close a payment's page, because its order waits for no money any more. Money that came first is not lost: settle."""
    payment = Payment.objects.get(pk=payment_id)
    if not payment.session_id:
        payment = settle_failure(payment.pk)
        # Opened at this very moment: then its page is known by now.
        if not (payment.is_live and payment.session_id):
            return payment
    try:
        return settle(payment.pk, gateway.close_session(str(payment.session_id)))
    except gateway.Refused as error:
        if payment.is_live or error.code != "resource_missing":
            raise
        # Unknown there, and given up here (reconcile.py).
        return payment


def look_soon(order: Order) -> None:
    """Have the worker look how the order's live payment is, once for several that ask."""
    for payment in Payment.objects.filter(order=order, state__in=Payment.LIVE):
        if not OutboxEntry.objects.filter(topic=LOOK, key=str(payment.key), parked_at=None).exists():
            enqueue(LOOK, {"payment": payment.pk}, key=str(payment.key))


def left_awaiting(order: Order) -> None:
    """What an order's live payment needs once the order waits for no money any more. In the change's own transaction."""
    for payment in Payment.objects.filter(order=order, state__in=Payment.LIVE):
        enqueue(CLOSE, {"payment": payment.pk})


def send_refund(refund_id: int) -> None:
    """Ask Stripe for a refund that was written down. Harmless to repeat. Raises gateway.Down."""
    refund = Refund.objects.select_related("order", "payment").get(pk=refund_id)
    if refund.state != Refund.State.WANTED or refund.payment is None:
        return
    if timezone.now() - refund.created_at > KEY_HOLDS and _is_sent(refund):
        return
    try:
        seen = gateway.refund(
            key=refund.key,
            intent_id=refund.payment.intent_id or "",
            amount=refund.amount,
            currency=refund.currency,
            order_number=refund.order.number,
        )
    except gateway.Refused as error:
        settle_refusal(refund.pk, error.code if reasons.is_known(error.code) else str(error))
        return
    except AmountError as error:
        settle_refusal(refund.pk, str(error))
        return
    settle_refund(seen)


def _is_sent(refund: Refund) -> bool:
    """Whether Stripe sent it already and the answer was lost: it may have forgotten our key after a day."""
    intent_id = refund.payment.intent_id if refund.payment else None
    sent = [seen for seen in gateway.refunds_of(intent_id or "") if seen.key == str(refund.key)]
    for seen in sent:
        settle_refund(seen)
    return bool(sent)


def problem_is_done(payment_id: int, *, by: Any, seen: str) -> bool:
    """Somebody has dealt with what was `seen` of a payment's problems: the order's notes say who. False where others are left."""
    read = seen.splitlines()
    with transaction.atomic():
        # The order first, as everywhere: its note looks at it, too.
        Order.objects.select_for_update().get(payments=payment_id)
        payment = Payment.objects.select_for_update().get(pk=payment_id)
        done = [each for each in payment.problems if each in read]
        left = [each for each in payment.problems if each not in read]
        if done:
            payment.problem = "\n".join(left)
            payment.save(update_fields=["problem", "updated_at"])
            text = _("Dealt with: “%(problem)s”") % {"problem": "\n".join(done)}
            OrderNote.objects.create(order_id=payment.order_id, user=by, note_type=OrderNote.SYSTEM, message=text)
    return not left
