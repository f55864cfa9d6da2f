"""Addresses for whoever has a gift card."""

from django.urls import URLPattern, path

from . import views

app_name = "giftcards"
urlpatterns: list[URLPattern] = [path("balance/", views.balance, name="balance")]
