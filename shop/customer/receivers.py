"""What the account does when somebody signs in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext as _

from . import operations

# Where the session keeps the product that a stranger wished for.
PENDING = "wish_after_sign_in"


@receiver(user_logged_in, dispatch_uid="customer.pending_wish")
def keep_pending_wish(request: HttpRequest | None, user: Any, **kwargs: Any) -> None:
    """Put what a stranger wished for on the list, now that we know whose."""
    product_id = getattr(request, "session", {}).pop(PENDING, None)
    if not product_id or request is None:
        return
    try:
        found = operations.wish(user, product_id)
    except operations.AccountError as error:
        messages.warning(request, str(error), fail_silently=True)
    else:
        messages.success(request, _("It is on “%(name)s”.") % {"name": found.name}, fail_silently=True)
