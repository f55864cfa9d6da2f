"""What `manage.py check --deploy` says about a server, beside Django's own words. Settings refuse what is worse."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Tags, Warning, register

from shop.payment import methods as payment


@register(Tags.caches, deploy=True)
def processes_share_a_cache(**_kwargs: Any) -> list[CheckMessage]:
    """Limits on tries count for each process where nothing is shared."""
    env = settings.ENVIRONMENT
    if env.cache_url or env.web_processes == 1:
        return []
    return [
        Warning(
            f"{env.web_processes} web processes and no CACHE_URL: a password may be tried {env.web_processes} times as "
            "often as the limit says, and menus and brand differ between processes for some minutes.",
            hint="Set CACHE_URL=redis://127.0.0.1:6379/0 to a Redis of the shop's own, or WEB_CONCURRENCY=1.",
            id="masthead.W001",
        )
    ]


@register(deploy=True)
def somebody_can_pay(**_kwargs: Any) -> list[CheckMessage]:
    """A shop may open before it takes money; it should know."""
    if payment.methods():
        return []
    return [
        Info(
            "No way to pay is offered, so nobody can order.",
            hint="Set SHOP_BANK to the shop's own account for payment by bank transfer.",
            id="masthead.I001",
        )
    ]
