"""Where the demo's helpers may be used: on the machine itself, with DEBUG on."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase

View = Callable[..., HttpResponseBase]


def is_allowed(request: HttpRequest) -> bool:
    """Whether DEBUG is on and the request comes from this machine and through no proxy."""
    if not settings.DEBUG or "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def demo_only(view: View) -> View:
    """Answer 404 wherever the demo's helpers may not be used."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not is_allowed(request):
            raise Http404("the demo's helpers answer on the machine itself, with DEBUG on")
        return view(request, *args, **kwargs)

    return guarded
