"""A new password for somebody who forgot the old one, by a link in a mail."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shop import throttle
from shop.accounts import operations
from shop.accounts.models import User
from shop.checkout.operations import take_in_orders
from shop.http import see_other

from ..forms import NewPasswordForm, PasswordResetForm
from .common import form_status, page


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask for the link. Says the same whether there is such an account or not."""
    form = PasswordResetForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        if wait := throttle.take(throttle.MAIL_ADDRESS, throttle.client_address(request)):
            form.add_error(None, throttle.wait_text(wait))
            return page(request, "password_ask", {"form": form}, status=429)
        form.save(request=request)
        return see_other(str(reverse_lazy("password-reset-done")))
    return page(request, "password_ask", {"form": form}, status=form_status(form))


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return page(request, "password_asked", {})


class Choose(auth_views.PasswordResetConfirmView):
    """Choose the new password. The link's secret moves into the session first, so that no page passes it on."""

    form_class = NewPasswordForm
    template_name = "account/password_choose.html"
    success_url = reverse_lazy("customer:login")

    def form_valid(self, form: Any) -> Any:
        """Set it, which ends every session of this account, and tell its owner."""
        user = cast(User, self.user)
        operations.set_password(user, form.cleaned_data["new_password1"])
        # Whoever has the link reads mail sent to this address.
        operations.note_confirmed(user)
        take_in_orders(user)
        del self.request.session[auth_views.INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, _("Your new password is set. Sign in with it."))
        return see_other(str(self.success_url))

    def render_to_response(self, context: dict[str, Any], **response_kwargs: Any) -> Any:
        """410 for a link that was used or is too old."""
        if not context.get("validlink"):
            response_kwargs["status"] = 410
        elif context["form"].errors:
            response_kwargs["status"] = 422
        return super().render_to_response(context, **response_kwargs)
