"""The outbox and the worker."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    """Rows of work, handlers for them, and the worker that runs both."""

    name = "shop.outbox"
    label = "outbox"
