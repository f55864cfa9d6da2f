"""Addresses of the content room: in every language's patterns, before Wagtail's."""

from django.urls import path, re_path
from wagtail import urls as wagtail_urls

from . import serving, views

urlpatterns = [
    path("newsletter/", views.newsletter_signup, name="newsletter-signup"),
    path("newsletter/confirm/<str:token>/", views.newsletter_confirm, name="newsletter-confirm"),
    path("newsletter/stop/<str:token>/", views.newsletter_stop, name="newsletter-stop"),
]
# One for all languages.
plain_urlpatterns = [path("brand.<slug:digest>.css", views.brand_stylesheet, name="brand-stylesheet")]
# Every address that is left: Wagtail's, with our quicker way to a page.
page_urlpatterns = [
    *(pattern for pattern in wagtail_urls.urlpatterns if pattern.name != "wagtail_serve"),
    re_path(wagtail_urls.serve_pattern, serving.serve, name="wagtail_serve"),
]
