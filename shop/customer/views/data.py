"""What is held about a person: to take away, and to have deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shop.accounts import deletion, personal
from shop.http import see_other

from ..export import document
from ..forms import DeleteForm
from .common import form_status, page


@require_safe
def data(request: HttpRequest) -> HttpResponseBase:
    """What is held, in a few words, with the way to a copy and the way out."""
    return page(request, "data", {"holdings": personal.holdings()}, here="data")


@require_safe
def download(request: Any) -> HttpResponseBase:
    """Everything, as one JSON file."""
    response = StreamingHttpResponse(document(request.user), content_type="application/json")
    name = f"account-{timezone.localdate():%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Any) -> HttpResponseBase:
    """Delete the account, once its password was given."""
    form = DeleteForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            deletion.delete_account(request.user)
        except deletion.CannotDeleteError as error:
            form.add_error(None, str(error))
        else:
            logout(request)
            messages.success(request, _("Your account is deleted. A mail to you says so."))
            # The front page is one for everybody and shows nobody's messages.
            return see_other(reverse("customer:login"))
    context = {"form": form, "obstacle": deletion.obstacle(request.user)}
    return page(request, "delete", context, here="data", status=form_status(form))
