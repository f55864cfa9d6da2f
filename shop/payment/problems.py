"""What staff has to look at: on the dashboard beside the payment, and by mail where the shop has said where they read."""

from __future__ import annotations

from shop.mail.operations import write_to_staff
from shop.order.models import Order

from .models import Payment


def tell(order: Order, payment: Payment, problem: str) -> None:
    """Put a problem on the dashboard, and write to staff. The caller has locked the order."""
    # By another object of the same row, something may have been told in this transaction.
    payment.refresh_from_db(fields=["problem"])
    payment.add_problem(problem)
    payment.save(update_fields=["problem", "updated_at"])
    _write(order, problem)


def tell_of_order(order: Order, problem: str) -> None:
    """The same for an order that may have several payments, or none. The caller has locked the order."""
    # The one that took money is the one that is looked at.
    payment = Payment.objects.filter(order=order).order_by("-captured", "-pk").first()
    if payment is None:
        _write(order, problem)
    else:
        tell(order, payment, problem)


def _write(order: Order, problem: str) -> None:
    write_to_staff("staff-payment", {"order": order.pk, "problem": problem})
