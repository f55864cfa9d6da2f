"""What the account's pages have in common: they belong to one person and are never kept by a cache."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from shop.payment import gateway
from themes.paging import PageNumbers

View = Callable[..., HttpResponseBase]


def uncached(view: View) -> View:
    """Answer with `Cache-Control: private, no-store`; passwords stay out of error reports."""

    @wraps(view)
    @sensitive_post_parameters()
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return answered


def members_only(view: View) -> View:
    """A page of the account: strangers are sent to sign in first."""
    return uncached(login_required(view))


def page(
    request: HttpRequest, name: str, context: dict[str, Any], *, here: str = "", status: int = 200
) -> HttpResponse:
    """Draw account/<name>.html. `here` is the entry of the account's menu that this page belongs to."""
    context = {**context, "here": here, "may_keep_cards": gateway.is_configured()}
    return render(request, f"account/{name}.html", context, status=status)


def form_status(form: Any) -> int:
    """422 for a form that was sent and is wrong, so that nobody takes it for done."""
    return 422 if form.is_bound and form.errors else 200


def safe_next(request: HttpRequest) -> str:
    """Where the visitor was going, if that is a page of this host; else nothing."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""


def sign_in_url(next_url: str = "") -> str:
    """The sign-in page, which leads on to `next_url`."""
    query = f"?{urlencode({'next': next_url})}" if next_url else ""
    return reverse("customer:login") + query


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a list, with the links to the others."""

    items: list[Any]
    pages: PageNumbers
    total: int


def paged(request: HttpRequest, rows: Any, size: int) -> Paged:
    """The page of `rows` that `?page=` asks for. Raises Http404 for a page that there is not. Two queries."""
    try:
        found = Paginator(rows, size).page(request.GET.get("page") or 1)
    except InvalidPage as error:
        raise Http404(str(error)) from error
    numbers = PageNumbers(found.number, found.paginator.num_pages, path=request.path)
    return Paged(list(found.object_list), numbers, found.paginator.count)
