"""Every change of an account that its owner makes."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop import throttle
from shop.mail.operations import send

from .models import User

CONFIRM_SALT = "shop.accounts.confirm"
CONFIRM_LIFETIME = timedelta(days=7)


def register(*, email: str, password: str, first_name: str = "", last_name: str = "") -> User:
    """Make a shopper's account. Raises ValidationError, by field, for a taken address or a weak password."""
    user = User(email=email.strip().lower(), first_name=first_name, last_name=last_name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    try:
        with transaction.atomic():
            made = User.objects.create_user(user.email, password, first_name=first_name, last_name=last_name)
            send("welcome", to=made.email, context={"user": made.pk})
            return made
    except IntegrityError:
        raise ValidationError({"email": taken_text()}) from None


def hold_account(user_id: int | None) -> bool:
    """Keep an account from being deleted until the caller's transaction ends. Nothing to do for None, a guest.

    Whoever writes about a person and locks more than one thing calls this first: deleting the account locks it first,
    too, so that neither waits for the other for ever. A row that names an account, such as who did something, locks it as
    well when it is written. Returns False for an account that is gone.
    """
    if user_id is None:
        return True
    return bool(User.objects.select_for_update(no_key=True).filter(pk=user_id).values_list("pk"))


def ask_for_new_password(email: str) -> None:
    """Mail a link for choosing a new password, where `email` has an account that may sign in; else do nothing.

    At most three such mails an hour go to one address, without a word: whoever asks learns nothing about accounts.
    """
    if throttle.take(throttle.MAIL_ACCOUNT, email):
        return
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is not None:
        send("password-reset", to=user.email, context={"user": user.pk})


def set_password(user: User, password: str) -> None:
    """Set a new password, which ends every other session, and tell the owner by mail."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        send("password-changed", to=user.email, context={"user": user.pk})


def ask_to_confirm(user: User) -> None:
    """Mail the link that proves the address, at most three times an hour."""
    if user.email_confirmed_at is None and not throttle.take(throttle.MAIL_ACCOUNT, user.email):
        send("welcome", to=user.email, context={"user": user.pk})


def confirm_token(user: User) -> str:
    """What stands in the link that proves the address."""
    return signing.dumps([user.pk, user.email], salt=CONFIRM_SALT)


def user_of_token(token: str) -> User | None:
    """Whose address the link proves; None for a link that is made up, old, or of an earlier address."""
    try:
        pk, email = signing.loads(token, salt=CONFIRM_SALT, max_age=CONFIRM_LIFETIME)
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=pk, email=email, is_active=True).first()


def note_confirmed(user: User) -> None:
    """The person reads mail sent to this address."""
    User.objects.filter(pk=user.pk, email=user.email, email_confirmed_at=None).update(email_confirmed_at=timezone.now())


def set_name(user: User, *, first_name: str, last_name: str) -> None:
    """Change what we call somebody."""
    user.first_name, user.last_name = first_name, last_name
    user.save(update_fields=["first_name", "last_name"])


def taken_text() -> str:
    """What a form says about an address that has an account."""
    return _("There is an account with this address already. Sign in, or ask for a new password.")
