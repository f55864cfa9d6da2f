"""Addresses without a namespace: Oscar and Django look them up by these bare names."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from .views import passwords
from .views.common import uncached

urlpatterns: list[URLPattern] = [
    path("", uncached(passwords.ask), name="password-reset"),
    path("sent/", uncached(passwords.asked), name="password-reset-done"),
    path("done/", RedirectView.as_view(pattern_name="customer:login"), name="password-reset-complete"),
    path("<str:uidb64>/<str:token>/", uncached(passwords.Choose.as_view()), name="password-reset-confirm"),
]
