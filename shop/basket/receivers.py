"""What the basket does when somebody signs in."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import ngettext

from . import middleware, operations


@receiver(user_logged_in, dispatch_uid="basket.merge_at_sign_in")
def merge_at_sign_in(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Put the things of the visitor's basket into the account's, and say so."""
    if not hasattr(request, "cookies_to_delete"):
        return  # a test client or a command signs in without our middleware
    merged = 0
    for cookie, status in middleware.COOKIES.items():
        guest = middleware.basket_of_cookie(request, cookie, status)
        if guest is None:
            continue
        count = operations.give_to(guest, user)
        merged += count if status == "Open" else 0
        request.cookies_to_delete.append(cookie)
    middleware.forget(request)
    if merged and hasattr(request, "_messages"):
        messages.info(
            request,
            ngettext(
                "%(count)d thing that you chose before signing in is now in your account's basket.",
                "%(count)d things that you chose before signing in are now in your account's basket.",
                merged,
            )
            % {"count": merged},
        )
