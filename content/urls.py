"""Addresses of the content room: in every language's patterns, before Wagtail's."""

from django.urls import path, re_path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls

from . import serving, views

urlpatterns = [
    path("newsletter/", views.newsletter_signup, name="newsletter-signup"),
    path("newsletter/confirm/<str:token>/", views.newsletter_confirm, name="newsletter-confirm"),
    path("newsletter/stop/<str:token>/", views.newsletter_stop, name="newsletter-stop"),
]
# One for all languages.
plain_urlpatterns = [path("brand.<slug:digest>.css", views.brand_stylesheet, name="brand-stylesheet")]
# Every address that is left: pages, and what Wagtail looks up by name for pages that are not for everybody. Signing in
# has one door, the shop's, which counts the tries.
page_urlpatterns = [
    path(
        "_util/login/", RedirectView.as_view(pattern_name="customer:login", query_string=True), name="wagtailcore_login"
    ),
    path(
        "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/",
        views.page_password,
        name="wagtailcore_authenticate_with_password",
    ),
    re_path(wagtail_urls.serve_pattern, serving.serve, name="wagtail_serve"),
]
