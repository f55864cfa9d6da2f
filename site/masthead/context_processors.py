"""What every template may read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from content.brand import current_brand


def site(request: HttpRequest) -> dict[str, Any]:
    """The theme, the market, whether this is the demo, and what the brand settings say (content.brand.Brand)."""
    brand = current_brand(request)
    return {
        "theme": brand.theme or settings.THEME,
        "market": getattr(request, "market", None),
        "is_demo": settings.DEMO,
        "brand": brand,
    }
