"""Who sent a form: our own page or somebody else's.

Pages that every visitor shares hold no CSRF token. Their forms are told apart by what the browser itself says about
where a request comes from, which no page can forge: `Sec-Fetch-Site` (every current browser), or `Origin` where that
header is absent. A form that cannot be told apart is shown again with an ordinary token and a question.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
TOKEN = "csrfmiddlewaretoken"  # noqa: S105

View = Callable[..., HttpResponseBase]


class _TokenCheck(CsrfViewMiddleware):
    """Django's own check, asked from inside a view that the middleware let through."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def _no_view(request: HttpRequest) -> HttpResponse:
    """What the check wants to stand before; it is never called."""
    return HttpResponse()


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that this request comes from a page of this very host, scheme and port."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def has_valid_token(request: HttpRequest) -> bool:
    """Whether the request carries the CSRF token of its own cookie, as on the page that asks."""
    check = _TokenCheck(_no_view)
    check.process_request(request)
    return check.process_view(request, _no_view, (), {}) is None


def same_origin_required(view: View) -> View:
    """Let a form without a CSRF token through when it comes from our own page; ask the visitor otherwise.

    The question (`confirm_post.html`, status 403) repeats the form's fields beside an ordinary token. Methods that
    change nothing pass. A script that asked for JSON gets the same page: it then sends the form as usual.
    """

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in SAFE_METHODS or is_same_origin(request) or has_valid_token(request):
            return view(request, *args, **kwargs)
        fields = [(name, value) for name, values in request.POST.lists() if name != TOKEN for value in values]
        context = {"fields": fields, "action": request.get_full_path()}
        response = render(request, "confirm_post.html", context, status=403)
        add_never_cache_headers(response)
        return response

    return checked
