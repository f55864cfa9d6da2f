"""Money that goes back to a gift card which nobody can spend: it is there, and staff is told."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.accounts.roles import SUPPORT
from shop.giftcards import operations
from shop.giftcards.models import GiftCard, GiftCardEntry
from shop.mail.models import SentMail
from shop.order.models import Order
from shop.order.states import change_status
from shop.outbox.operations import drain_all
from shop.payment.models import Payment
from shop.payment.refunds import refund
from tests.factories import make_product
from tests.integration.payment.paying import of, status
from tests.people import signed_in
from tests.stripe_sandbox import Sandbox

from .giving import balance, give, order_with, proof

pytestmark = pytest.mark.django_db
BLOCKED = "which is blocked: nobody can spend it until you say so"
OVER = "whose last day is over"


def notes(order: Order) -> list[str]:
    return list(order.notes.values_list("message", flat=True))


def told_staff() -> list[str]:
    drain_all()
    return list(SentMail.objects.filter(kind="staff-payment").values_list("text", flat=True))


def detail(staff: Client, order: Order) -> str:
    return staff.get(reverse("dashboard:order-detail", args=[order.number])).content.decode()


def pass_all_added_time(card: GiftCard, order: Order) -> None:
    """As if it had been spent in added time, of which none is left."""
    today = timezone.localdate()
    GiftCard.objects.filter(pk=card.pk).update(
        expires_on=today - timedelta(days=1), own_last_day=today - timedelta(days=200)
    )
    assert GiftCardEntry.objects.filter(card=card, order=order, kind="spent").exists()


@pytest.mark.parametrize("is_over", [True, False])
def test_a_refund_to_a_dead_card_is_told_with_its_payment(client: Client, stripe: Sandbox, is_over: bool) -> None:
    card = give("20", expires_on=timezone.localdate() + timedelta(days=90))
    order, page = order_with(client, make_product("Bowl", price="50"), cards=(card,), ship="collect")
    stripe.pay(page)
    stripe.deliver(client)
    if is_over:
        pass_all_added_time(card, order)
    else:
        operations.block(card.pk, by=None, why="lost")
    refund(order, extra=Decimal(50), by=None, why="broken")
    words = OVER if is_over else BLOCKED
    assert balance(card) == 20 and not GiftCard.objects.get().can_be_spent
    [problem] = of(order).problems
    assert problem.startswith(f"£20 went back to gift card …{card.last4}") and words in problem
    assert words in notes(order)[-1] and words in told_staff()[0] and proof() == []
    staff = signed_in(SUPPORT)
    text = detail(staff, order)
    assert ("last day is over: nobody" if is_over else "The card is blocked: nobody") in text
    if not is_over:
        operations.unblock(card.pk, by=None, why="found")
        assert "nobody can spend it.</strong>" not in detail(staff, order)


def test_what_a_page_that_expires_gives_back_to_a_blocked_card_stays_told(client: Client, stripe: Sandbox) -> None:
    card = give("20")
    order, _page = order_with(client, make_product("Bowl", price="50"), cards=(card,))
    operations.block(card.pk, by=None, why="lost")
    stripe.advance(2 * 3600)
    stripe.deliver(client)
    assert status(order) == "cancelled" and balance(card) == 20
    assert BLOCKED in of(order).problem and of(order).state == "expired"


def test_staff_is_told_of_an_order_without_a_payment_too(client: Client, settings: Any) -> None:
    settings.SHOP_STAFF_EMAIL = "staff@example.org"
    card = give("60")
    order, _page = order_with(client, make_product("Bowl", price="50"), cards=(card,), ship="collect")
    operations.block(card.pk, by=None, why="lost")
    change_status(order, "cancelled")
    assert not Payment.objects.exists() and BLOCKED in notes(order)[0] and BLOCKED in told_staff()[0]


def test_nobody_is_told_of_a_card_that_can_be_spent(client: Client, stripe: Sandbox) -> None:
    card = give("60", expires_on=timezone.localdate())
    order, _page = order_with(client, make_product("Bowl", price="50"), cards=(card,), ship="collect")
    GiftCard.objects.filter(pk=card.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    change_status(order, "cancelled")
    card.refresh_from_db()
    assert card.can_be_spent and notes(order) == [] and told_staff() == []
