"""Name, password and e-mail address."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shop.accounts import email_change, operations
from shop.accounts.models import EmailChange
from shop.http import see_other

from ..forms import EmailChangeForm, NameForm, PasswordChangeForm
from .common import form_status, page

HOME = "customer:profile-view"


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: Any) -> HttpResponseBase:
    """Who you are; a POST changes the name."""
    user = request.user
    names = {"first_name": user.first_name, "last_name": user.last_name}
    form = NameForm(request.POST if request.method == "POST" else None, initial=names)
    if form.is_bound and form.is_valid():
        operations.set_name(user, **form.cleaned_data)
        messages.success(request, _("Your name is saved."))
        return see_other(reverse(HOME))
    context = {"form": form, "change": EmailChange.objects.filter(user=user).first()}
    return page(request, "profile", context, here="profile", status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Any) -> HttpResponseBase:
    """A new password for somebody who knows the old one."""
    form = PasswordChangeForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        operations.set_password(request.user, form.cleaned_data["new_password1"])
        # This session stays; every other one has ended.
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your new password is set. You are signed out everywhere else."))
        return see_other(reverse(HOME))
    return page(request, "password", {"form": form}, here="profile", status=form_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def email(request: Any) -> HttpResponseBase:
    """Ask for another address."""
    form = EmailChangeForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            email_change.ask(request.user, form.cleaned_data["email"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return see_other(reverse(HOME))
    return page(request, "email", {"form": form}, here="profile", status=form_status(form))


@require_POST
def confirm_send(request: Any) -> HttpResponseBase:
    """Mail the link that proves the address once more."""
    operations.ask_to_confirm(request.user)
    messages.success(request, _("A link is on its way to %(email)s.") % {"email": request.user.email})
    return see_other(reverse(HOME))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link of the first mail. Looking changes nothing; the button confirms."""
    user = operations.user_of_token(token)
    if user is None:
        return page(request, "confirm", {"problem": True}, status=410)
    if request.method == "POST":
        operations.note_confirmed(user)
        messages.success(request, _("Thank you. The address is confirmed."))
        return see_other(reverse("customer:summary"))
    return page(request, "confirm", {"email": user.email})


@require_POST
def email_cancel(request: Any) -> HttpResponseBase:
    """Call the change off."""
    email_change.cancel(request.user)
    messages.success(request, _("The change is called off."))
    return see_other(reverse(HOME))


@require_http_methods(["GET", "HEAD", "POST"])
def email_confirm(request: HttpRequest, token: str) -> HttpResponseBase:
    """One of the two links. Looking changes nothing; the button confirms. Nobody has to be signed in here."""
    try:
        change, side = email_change.read(token)
        done = email_change.confirm(token) if request.method == "POST" else None
    except email_change.LinkError as error:
        return page(request, "email_confirm", {"problem": str(error)}, status=410)
    response = page(request, "email_confirm", {"change": change, "side": side, "done": done})
    response["Referrer-Policy"] = "same-origin"
    return response
