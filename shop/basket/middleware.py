"""Finds this visitor's basket when somebody asks for it, and never makes a row for a page that only looks."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty

from shop.partner.strategy import Selector

from .models import Basket

# Cookie of a visitor who is not signed in -> status of the basket that it names.
COOKIES: dict[str, str] = {
    settings.OSCAR_BASKET_COOKIE_OPEN: Basket.OPEN,
    settings.OSCAR_BASKET_COOKIE_SAVED: Basket.SAVED,
}
_NAMES = {"basket": settings.OSCAR_BASKET_COOKIE_OPEN, "saved_basket": settings.OSCAR_BASKET_COOKIE_SAVED}


class BasketMiddleware:
    """Sets `request.strategy`, `request.basket` and `request.saved_basket`, all three lazy.

    A basket that does not exist yet is an unsaved one; `shop.basket.operations` saves it with its first line.
    Offers are applied by `shop.basket.selectors`, not here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.cookies_to_delete = []
        # Lazy, because a strategy asks who is signed in, and pages that need no price must not vary by cookie.
        request.strategy = SimpleLazyObject(lambda: Selector().strategy(request=request, user=request.user))
        forget(request)
        response = self.get_response(request)
        self._write_cookies(request, response)
        return response

    def _write_cookies(self, request: Any, response: HttpResponse) -> None:
        for name in request.cookies_to_delete:
            response.delete_cookie(name, samesite="Lax")
        for attribute, cookie in _NAMES.items():
            lazy = getattr(request, attribute, None)
            if not isinstance(lazy, SimpleLazyObject) or lazy._wrapped is empty:
                continue
            if lazy.pk is None or lazy.owner_id is not None or lazy.status != COOKIES[cookie]:
                continue
            value = str(lazy.token)
            if request.COOKIES.get(cookie) == value and cookie not in request.cookies_to_delete:
                continue
            # A basket that was saved in a transaction which was then undone is not there, whatever its object says.
            if Basket.objects.filter(pk=lazy.pk, token=lazy.token).exists():
                response.set_cookie(
                    cookie,
                    value,
                    max_age=settings.OSCAR_BASKET_COOKIE_LIFETIME,
                    secure=settings.OSCAR_BASKET_COOKIE_SECURE,
                    httponly=True,
                    samesite="Lax",
                )


def forget(request: Any) -> None:
    """Let the next reader of `request.basket` find it afresh: after signing in, and after an order."""
    request.own_baskets = None
    for attribute, cookie in _NAMES.items():
        setattr(request, attribute, SimpleLazyObject(partial(_load, request, cookie)))


def basket_of_cookie(request: Any, cookie: str, status: str) -> Basket | None:
    """The unowned basket that the visitor's cookie names; a cookie that names none is taken away."""
    value = request.COOKIES.get(cookie)
    if not value or cookie in request.cookies_to_delete:
        return None
    try:
        found = Basket.objects.filter(token=uuid.UUID(value), owner=None, status=status).first()
    except ValueError:
        found = None
    if found is None:
        request.cookies_to_delete.append(cookie)
    return found


def _load(request: Any, cookie: str) -> Basket:
    status = COOKIES[cookie]
    if request.user.is_authenticated:
        if request.own_baskets is None:
            # Both at once: whoever asks for one mostly asks for the other.
            rows = Basket.objects.filter(owner=request.user, status__in=COOKIES.values()).order_by("-pk")
            request.own_baskets = {row.status: row for row in rows}
        basket = request.own_baskets.get(status) or Basket(owner=request.user, status=status)
        basket.owner = request.user
    else:
        basket = basket_of_cookie(request, cookie, status) or Basket(status=status)
    basket.strategy = request.strategy
    return basket
