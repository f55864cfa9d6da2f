"""Registers the user model and keeps the roles as roles.py has them."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The project's users."""

    name = "shop.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from . import deletion, email_change, jobs, mails  # noqa: F401
        from .roles import sync_roles

        post_migrate.connect(sync_roles, dispatch_uid="accounts.sync_roles")
