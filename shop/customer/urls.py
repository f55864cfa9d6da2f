"""The addresses of the account. Oscar's names are kept where its dashboard, models or templates ask for them."""

from __future__ import annotations

from django.urls import URLPattern, path

from .views import overview, sign_in
from .views.common import members_only, uncached

urlpatterns: list[URLPattern] = [
    path("", members_only(overview.overview), name="summary"),
    path("login/", uncached(sign_in.sign_in), name="login"),
    path("logout/", uncached(sign_in.sign_out), name="logout"),
    path("register/", uncached(sign_in.register), name="register"),
]
