"""Addresses of the demo's helpers."""

from django.urls import path

from . import views

app_name = "demo"
urlpatterns = [
    path("go/", views.go, name="go"),
    path("mail/", views.mails, name="mails"),
    path("mail/<uuid:pk>/", views.mail, name="mail"),
    path("mail/<uuid:pk>/html/", views.mail_html, name="mail-html"),
]
