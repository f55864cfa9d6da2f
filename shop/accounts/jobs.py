"""What runs by the clock."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings

from shop.outbox.periodic import every


@every(24 * 3600, "sessions_expire")
def forget_sessions() -> None:
    """Delete sessions that are over, as Django's `clearsessions` does."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
