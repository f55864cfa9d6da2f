"""Changing the address of an account: only with a confirmation from the old and from the new one.

Each address gets a link of its own. A link names the change, the side it was sent to and when the change was asked
for, so that a link of an earlier change opens nothing. Following a link shows a button, since programs that look at
mails follow links as well; the button confirms.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop import throttle
from shop.mail.operations import send
from shop.outbox.periodic import every

from .models import EmailChange, User
from .operations import taken_text

Side = Literal["old", "new"]
LIFETIME = timedelta(days=2)
SALT = "shop.accounts.email-change"


class LinkError(Exception):
    """The link is made up, was used, or is too old. `str()` is for the page."""


def ask(user: User, new_email: str) -> EmailChange:
    """Begin a change and mail both addresses. An earlier one that waits is forgotten.

    Raises ValidationError, also where too many were asked for: the mail goes to somebody who may never have heard of us.
    An address that has an account gets a mail that says so, and no link; whoever asked is told the same as always.
    """
    new_email = new_email.strip().lower()
    if new_email == user.email:
        raise ValidationError({"email": _("That is the address you have now.")})
    wait = throttle.take(throttle.EMAIL_CHANGE_ACCOUNT, str(user.pk))
    wait = wait or throttle.take(throttle.EMAIL_CHANGE_ADDRESS, new_email)
    if wait:
        raise ValidationError(throttle.wait_text(wait))
    now = timezone.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        EmailChange.objects.filter(user=user).delete()
        change = EmailChange.objects.create(
            user=user, old_email=user.email, new_email=new_email, asked_at=now, expires_at=now + LIFETIME
        )
        send("email-change", to=change.old_email, context={"change": change.pk, "side": "old"})
        if User.objects.filter(email__iexact=new_email).exists():
            send("email-taken", to=new_email, context={"email": new_email})
        else:
            send("email-change", to=new_email, context={"change": change.pk, "side": "new"})
    return change


def cancel(user: User) -> None:
    """Forget a change that waits; its links then open nothing."""
    EmailChange.objects.filter(user=user).delete()


def token(change: EmailChange, side: Side) -> str:
    """What stands in the link to one side."""
    return signing.dumps([change.pk, side, change.asked_at.isoformat()], salt=SALT)


def read(value: str) -> tuple[EmailChange, Side]:
    """The change that a link is about and the side it was sent to. Raises LinkError."""
    pk, side, asked = _parts(value)
    return _open(EmailChange.objects.select_related("user").filter(pk=pk).first(), side, asked), side


def confirm(value: str) -> bool:
    """Confirm one side. Returns whether the address is changed now. Raises LinkError, also for a taken address."""
    pk, side, asked = _parts(value)
    with transaction.atomic():
        # First the user, as `ask` and the deletion of an account do: two clicks, on one link or on both, go one after
        # the other, and the second sees what the first one wrote.
        User.objects.select_for_update().filter(pk__in=EmailChange.objects.filter(pk=pk).values("user")).first()
        change = _open(EmailChange.objects.select_for_update().filter(pk=pk).first(), side, asked)
        setattr(change, f"{side}_confirmed_at", timezone.now())
        change.save(update_fields=[f"{side}_confirmed_at"])
        if change.old_confirmed_at is None or change.new_confirmed_at is None:
            return False
        is_free = _finish(change)
    if not is_free:
        raise LinkError(taken_text())
    return True


def _parts(value: str) -> tuple[int, Side, str]:
    try:
        pk, side, asked = signing.loads(value, salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        raise LinkError(_("This link is not a whole one, or it is older than two days.")) from None
    return pk, side, asked


def _open(change: EmailChange | None, side: Side, asked: str) -> EmailChange:
    is_over = change is None or change.expires_at <= timezone.now() or change.asked_at.isoformat() != asked
    if change is None or is_over or change.user.email != change.old_email:
        raise LinkError(_("This change is done already, was called off, or is older than two days."))
    if getattr(change, f"{side}_confirmed_at") is not None:
        raise LinkError(_("This link was used already. The change waits for the link sent to the other address."))
    return change


def _finish(change: EmailChange) -> bool:
    """Change the address, inside the transaction of the confirmation. False where somebody registered with it meanwhile."""
    user = change.user
    try:
        with transaction.atomic():
            user.email = change.new_email
            user.email_confirmed_at = timezone.now()
            user.save(update_fields=["email", "email_confirmed_at"])
    except IntegrityError:
        change.delete()
        return False
    change.delete()
    for address in (change.old_email, change.new_email):
        send("email-changed", to=address, context={"user": user.pk, "new": change.new_email})
    return True


@every(3600, "email_changes_expire")
def forget_expired() -> None:
    """Delete what nobody confirmed in time: an address that was only typed is not kept."""
    EmailChange.objects.filter(expires_at__lte=timezone.now()).delete()
