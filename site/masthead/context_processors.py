"""What every template may read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The theme, the market and whether this is the demo."""
    return {"theme": settings.THEME, "market": getattr(request, "market", None), "is_demo": settings.DEMO}
