"""Deleting an account: everything about the person goes, and orders stay without a name, as accounts have to be kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.mail.models import SentMail
from shop.mail.operations import send
from shop.order.models import TO_DISPATCH, Order
from shop.outbox.operations import enqueue, handles

from . import personal
from .models import User

END_SESSIONS = "accounts.end-sessions"
FORGET_MAIL = "accounts.forget-mail"
ACCOUNT_MAILS = (
    "welcome", "password-reset", "password-changed", "email-change", "email-changed", "email-taken", "account-deleted",
)  # fmt: skip
# The mail that tells of the deletion goes out first; then what was sent to this address is forgotten.
MAIL_KEPT = timedelta(days=1)


class CannotDeleteError(Exception):
    """The account has to stay for now. `str()` says why and what helps."""


def open_orders(user: User) -> list[str]:
    """The numbers of orders that are not yet with their buyer."""
    waiting = (settings.OSCAR_INITIAL_ORDER_STATUS, *TO_DISPATCH)
    return list(Order.objects.filter(user=user, status__in=waiting).values_list("number", flat=True))


def obstacle(user: User) -> str:
    """Why this account cannot be deleted by its owner now; empty where it can."""
    if user.is_staff or user.is_superuser:
        return _("This account works here. Ask whoever runs the shop to delete it.")
    if numbers := open_orders(user):
        return _(
            "Order %(numbers)s is not with you yet, and we need your address to send it. "
            "Cancel it, or wait until it has arrived."
        ) % {"numbers": ", ".join(numbers)}
    return ""


def delete_account(user: User) -> None:
    """Forget the person. Raises CannotDeleteError. The mail and the end of all sessions follow by the worker.

    Locks: the account, its orders, and then what belongs to those: as whoever changes one of them.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        # Before anything is forgotten: what somebody is just writing about one of them is forgotten, too.
        list(Order.objects.select_for_update().filter(user=user).order_by("pk").values_list("pk"))
        if reason := obstacle(user):
            raise CannotDeleteError(reason)
        kept = Order.objects.filter(user=user).count()
        for holding in personal.holdings():
            holding.forget(user)
        send("account-deleted", to=user.email, context={"orders": kept})
        enqueue(END_SESSIONS, {"user": user.pk})
        enqueue(
            FORGET_MAIL,
            {"email": user.email, "all": bool(personal.proven_email(user))},
            available_at=timezone.now() + MAIL_KEPT,
        )
        user.delete()


@handles(END_SESSIONS)
def end_sessions(payloads: Sequence[dict[str, Any]]) -> None:
    """Delete the sessions of users that are gone. They open nothing any more, but they hold what was typed."""
    users = {str(payload["user"]) for payload in payloads}
    ended = [
        session.pk
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get(SESSION_KEY) in users
    ]
    for start in range(0, len(ended), 500):
        Session.objects.filter(pk__in=ended[start : start + 500]).delete()


@handles(FORGET_MAIL)
def forget_mail(payloads: Sequence[dict[str, Any]]) -> None:
    """Delete what was sent to these addresses, unless one has an account again."""
    for payload in payloads:
        if not User.objects.filter(email=payload["email"]).exists():
            mails = SentMail.objects.filter(to__iexact=payload["email"])
            # An address that was only typed may be somebody else's, who bought here as a guest.
            (mails if payload["all"] else mails.filter(kind__in=ACCOUNT_MAILS)).delete()
