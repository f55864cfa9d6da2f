"""What the mails about an account read. They are rendered by the worker; their links are made then, and only then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from shop.mail.operations import base_url, context_of

from . import email_change, operations
from .models import EmailChange, User


@context_of("password-reset", "password-changed")
def password_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The user, and the link that leads to a new password. Raises LookupError where the account is gone."""
    user = _user(context["user"])
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    path = reverse("password-reset-confirm", kwargs={"uidb64": uid, "token": token})
    return {
        "name": user.first_name,
        "reset_url": base_url() + path,
        "ask_url": base_url() + reverse("password-reset"),
    }


@context_of("welcome")
def welcome_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The link that proves the address."""
    user = _user(context["user"])
    path = reverse("customer:confirm", kwargs={"token": operations.confirm_token(user)})
    return {"name": user.first_name, "confirm_url": base_url() + path}


@context_of("email-change")
def email_change_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The link for one side. Raises LookupError where the change is done or called off."""
    change = EmailChange.objects.select_related("user").filter(pk=context["change"]).first()
    if change is None:
        raise LookupError(f"change {context['change']} is gone")
    path = reverse("customer:email-confirm", kwargs={"token": email_change.token(change, context["side"])})
    return {
        "old": change.old_email,
        "new": change.new_email,
        "to_new": context["side"] == "new",
        "confirm_url": base_url() + path,
    }


@context_of("email-taken")
def email_taken_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """For the owner of an address that somebody wanted for another account."""
    return {"email": context["email"], "ask_url": base_url() + reverse("password-reset")}


@context_of("email-changed")
def email_changed_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the address is now."""
    return {"new": context["new"]}


@context_of("account-deleted")
def account_deleted_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """How many orders the law keeps."""
    return {"orders": context["orders"]}


def _user(pk: int) -> User:
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None:
        raise LookupError(f"user {pk} is gone")
    return user
