"""What every template may read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The theme, the market, whether this is the demo, and the shop's name until brand settings give another.

    A later processor replaces `brand` and `theme` where an editor has set them.
    """
    return {
        "theme": settings.THEME,
        "market": getattr(request, "market", None),
        "is_demo": settings.DEMO,
        "brand": {"name": settings.OSCAR_SHOP_NAME},
    }
