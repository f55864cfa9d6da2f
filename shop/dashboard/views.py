"""The first page of the dashboard: what waits for somebody."""

from __future__ import annotations

from typing import Any

from django.views.generic import TemplateView
from oscar.apps.dashboard import views as oscar

from .selectors import today

LoginView = oscar.LoginView


class IndexView(TemplateView):
    """Figures of today, each with the way to where the work is done; only what this person may see."""

    template_name = "oscar/dashboard/index.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Read once."""
        return super().get_context_data(today=today(self.request.user), **kwargs)
