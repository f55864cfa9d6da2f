"""Sign in, sign out, register: one door for shoppers and staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login, logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shop import throttle
from shop.accounts import operations, roles
from shop.accounts.models import User
from shop.http import see_other

from ..forms import RegisterForm, SignInForm
from .common import form_status, page, safe_next


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page; leads on to `next`, or to where this person works or shops."""
    target = safe_next(request)
    if request.user.is_authenticated and request.method != "POST":
        return _already_in(request, target)
    form = SignInForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid() and form.user is not None:
        login(request, form.user)
        return see_other(target or home_of(form.user))
    status = 429 if form.wait else form_status(form)
    response = page(request, "sign_in", {"form": form, "next": target}, status=status)
    if form.wait:
        response["Retry-After"] = str(form.wait)
    return response


def _already_in(request: Any, target: str) -> HttpResponseBase:
    """Go on; but Wagtail sends staff without its permission here, and sending them back would never end."""
    if target.startswith(reverse("wagtailadmin_home")) and not request.user.has_perm("wagtailadmin.access_admin"):
        # Wagtail says the same in a message, which is not to appear on the next page as well.
        list(messages.get_messages(request))
        return page(request, "wrong_account", {"next": target}, status=403)
    return see_other(target or home_of(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponseBase:
    """Make an account and be signed in."""
    target = safe_next(request)
    if request.user.is_authenticated:
        return see_other(target or home_of(request.user))
    form = RegisterForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        user = _register(request, form)
        if user is not None:
            login(request, user)
            messages.success(request, _("Your account is ready."))
            return see_other(target or reverse("customer:summary"))
    return page(request, "register", {"form": form, "next": target}, status=form_status(form))


def _register(request: HttpRequest, form: RegisterForm) -> User | None:
    if wait := throttle.take(throttle.REGISTER_ADDRESS, throttle.client_address(request)):
        form.add_error(None, throttle.wait_text(wait))
        return None
    try:
        return operations.register(**form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse | HttpResponseBase:
    """A POST signs out; a GET asks, since a picture's address on another page must sign nobody out."""
    if request.method != "POST":
        return page(request, "sign_out", {"next": safe_next(request)})
    logout(request)
    return see_other(safe_next(request) or "/")


def home_of(user: Any) -> str:
    """Where this person goes after signing in without having been on the way anywhere."""
    names = {"cms": "wagtailadmin_home", "dashboard": "dashboard:index"}
    return reverse(names.get(roles.place_of(user), "customer:summary"))
