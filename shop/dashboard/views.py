"""The first page of the dashboard: what waits for somebody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View
from oscar.apps.dashboard import views as oscar

from shop.outbox.operations import retry_parked

from .selectors import today

LoginView = oscar.LoginView


class IndexView(TemplateView):
    """Figures of today, each with the way to where the work is done; only what this person may see."""

    template_name = "oscar/dashboard/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read once."""
        return super().get_context_data(today=today(self.request.user), **kwargs)


class OutboxRetryView(View):
    """The button beside work that failed."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseRedirect:
        """Have it tried again."""
        count = retry_parked()
        done = ngettext("%(count)d piece of work is tried again.", "%(count)d pieces of work are tried again.", count)
        messages.success(request, done % {"count": count})
        return HttpResponseRedirect(reverse("dashboard:index"))
