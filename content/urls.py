"""Addresses of the content room: in every language's patterns, before Wagtail's."""

from django.urls import path

from . import views

urlpatterns = [
    path("newsletter/", views.newsletter_signup, name="newsletter-signup"),
    path("newsletter/confirm/<str:token>/", views.newsletter_confirm, name="newsletter-confirm"),
    path("newsletter/stop/<str:token>/", views.newsletter_stop, name="newsletter-stop"),
]
# One for all languages.
plain_urlpatterns = [path("brand.<slug:digest>.css", views.brand_stylesheet, name="brand-stylesheet")]
