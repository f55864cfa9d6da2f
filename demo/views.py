"""One-click sign-in and the demo's letter box."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth import get_user_model, login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from shop.mail.models import SentMail
from shop.origin import same_origin_required

from .guard import demo_only
from .people import MARKETER, MERCHANDISER, SHOPPER
from .strip import edit_address

MAILS_PER_PAGE = 30


@demo_only
@same_origin_required
@require_POST
@never_cache
def go(request: HttpRequest) -> HttpResponse:
    """Sign in as the person whom a place is for and go there. `to` is shop, edit or dashboard; `path` is where one was."""
    path = request.POST.get("path", "/")
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()}):
        path = "/"
    to = request.POST.get("to")
    if to == "edit":
        return _sign_in(request, MARKETER, edit_address(urlsplit(path).path, request))
    if to == "dashboard":
        return _sign_in(request, MERCHANDISER, reverse("dashboard:index"))
    back = path if not path.startswith(("/cms/", "/dashboard/")) else "/"
    return _sign_in(request, SHOPPER, back)


def _sign_in(request: HttpRequest, email: str, address: str) -> HttpResponse:
    user = get_object_or_404(get_user_model(), email=email)
    if request.user != user:
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(address)


@demo_only
@require_GET
@never_cache
def mails(request: HttpRequest) -> HttpResponse:
    """Every mail that the demo sent, newest first."""
    page = Paginator(SentMail.objects.defer("text", "html"), MAILS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "demo/mails.html", {"page": page})


@demo_only
@require_GET
@never_cache
def mail(request: HttpRequest, pk: str) -> HttpResponse:
    """One mail: its text, and its HTML in a frame of its own."""
    return render(request, "demo/mail.html", {"mail": get_object_or_404(SentMail, pk=pk)})


@demo_only
@require_GET
@never_cache
def mail_html(request: HttpRequest, pk: str) -> HttpResponse:
    """A mail's HTML as a mail program would draw it: without scripts, in a sandbox, with its own styles."""
    response = HttpResponse(get_object_or_404(SentMail, pk=pk).html)
    response._csp_exempt = True  # type: ignore[attr-defined]
    response.headers["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:"
    )
    return response
