"""What every page shows of the brand settings: one value for each site, kept in the cache."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from content import colours
from shop.catalogue.cards import Picture
from shop.kept import Kept

KEPT = Kept("brand", seconds=3600)
FONT_TOKENS = {"serif": "--display: var(--serif);", "sans": "--display: var(--sans);"}


@dataclass(frozen=True, slots=True)
class Brand:
    """The shop's name, words and look. `css` is empty where the theme's own colours stand."""

    name: str
    tagline: str = ""
    notice: str = ""
    returns: str = ""
    about: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    theme: str = ""
    logo: Picture | None = None
    css: str = ""
    digest: str = ""

    @property
    def stylesheet_url(self) -> str:
        """Where the colours are, or "" where there are none of its own."""
        return reverse("brand-stylesheet", args=[self.digest]) if self.css else ""


def current_brand(request: HttpRequest | None) -> Brand:
    """The brand of the site that `request` is for. No query while it is kept; one when it is not, two with a logo."""
    host = request.get_host() if request is not None else ""
    return KEPT.get(host, lambda: _load(request))


def _load(request: HttpRequest | None) -> Brand:
    from content.models import BrandSettings
    from content.pictures import picture_of
    from content.serving import find_site

    if request is None:
        row = BrandSettings.objects.filter(site__is_default_site=True).select_related("logo").first()
    else:
        row = find_site(request)[1]
    if row is None:
        return Brand(name=settings.OSCAR_SHOP_NAME)
    css = stylesheet(row)
    return Brand(
        name=row.shop_name or settings.OSCAR_SHOP_NAME,
        tagline=row.tagline,
        notice=row.strip_text,
        returns=row.returns_text,
        about=row.footer_text,
        email=row.contact_email,
        phone=row.contact_phone,
        address=row.contact_address,
        theme=row.theme,
        logo=picture_of(row.logo, alt=row.shop_name),
        css=css,
        digest=hashlib.sha256(css.encode()).hexdigest()[:12] if css else "",
    )


def stylesheet(row: Any) -> str:
    """The tokens that the settings change, as CSS. Colours are checked where they are set (content/colours.py)."""
    lines = []
    if row.accent_light or row.accent_dark:
        theme = colours.tokens(row.theme or settings.THEME)
        light = row.accent_light or theme["spot"][0]
        dark = row.accent_dark or theme["spot"][1]
        lines.append(f"--spot: light-dark({light}, {dark});")
        lines.append(f"--accent: light-dark({light}, {dark});")
        lines.append(f"--on: light-dark({colours.ink_on(light)}, {colours.ink_on(dark)});")
    if row.font in FONT_TOKENS:
        lines.append(FONT_TOKENS[row.font])
    return ":root {\n  " + "\n  ".join(lines) + "\n}\n" if lines else ""
