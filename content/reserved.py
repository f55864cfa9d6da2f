"""First words of addresses that belong to the shop, so that no page may take them."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

RESERVED = frozenset(
    [
        "shop",
        "products",
        "search",
        "basket",
        "checkout",
        "account",
        "cms",
        "dashboard",
        "api",
        "stripe",
        "health",
        "metrics",
        "feeds",
        "de",
        "static",
        "media",
        "documents",
        "demo",
        "styleguide",
        "i18n",
        "sitemap.xml",
        "robots.txt",
        "country",
        "newsletter",
        "gift-cards",
    ]
)


def refuse_reserved(slug: str) -> None:
    """Raise ValidationError where a page directly below the front page would take an address of the shop."""
    if slug.lower() in RESERVED:
        raise ValidationError(
            {
                "slug": _(
                    "“%(slug)s” is an address of the shop itself, so a page directly below the front page cannot have "
                    "it. Choose another slug, such as “about-%(slug)s”, or put the page below another one."
                )
                % {"slug": slug}
            }
        )
