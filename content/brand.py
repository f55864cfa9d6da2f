"""What every page shows of the brand settings: one value for each site, kept in the cache."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page

from content import colours
from shop.catalogue.cards import Picture
from shop.invoices.seller import Seller
from shop.kept import Kept

KEPT = Kept("brand", seconds=3600)
# The pages that the settings name, in the order in which the foot of a page shows them.
PAGES = ("privacy", "terms", "accessibility", "imprint", "returns")
FONT_TOKENS = {"serif": "--display: var(--serif);", "sans": "--display: var(--sans);"}


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page that the settings name, in the visitor's language where it is translated."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Brand:
    """The shop's name, words and look. `css` is empty where the theme's own colours stand.

    `small_print` are the pages for the foot; `terms_page` and `returns_page` also stand where one orders and buys.
    """

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
    terms_page: PageLink | None = None
    returns_page: PageLink | None = None
    small_print: tuple[PageLink, ...] = ()

    @property
    def stylesheet_url(self) -> str:
        """Where the colours are, or "" where there are none of its own."""
        return reverse("brand-stylesheet", args=[self.digest]) if self.css else ""


def current_brand(request: HttpRequest | None) -> Brand:
    """The brand of the site that `request` is for, in the active language. No query while it is kept.

    When it is not: one, and one each for a logo's sizes and for the pages that it names.
    """
    host = request.get_host() if request is not None else ""
    return KEPT.get(f"{host}:{get_language()}", lambda: _load(request))


def shop_name() -> str:
    """What the first site's shop is called now; one query. For mails, which no request leads to."""
    from content.models import BrandSettings

    named = BrandSettings.objects.filter(site__is_default_site=True).values_list("shop_name", flat=True).first()
    return named or str(settings.OSCAR_SHOP_NAME)


def legal_seller() -> Seller:
    """Who sells, as invoices say it, by the first site's settings; one query."""
    from content.models import BrandSettings

    row = BrandSettings.objects.filter(site__is_default_site=True).first()
    if row is None:
        return Seller()
    return Seller(
        name=row.legal_name or row.shop_name,
        address=row.legal_address or row.contact_address,
        tax_id=row.vat_number,
        register=row.register_entry,
        email=row.contact_email,
        phone=row.contact_phone,
    )


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
    links = page_links({name: getattr(row, f"{name}_page_id") for name in PAGES}, request)
    return Brand(
        name=row.shop_name or settings.OSCAR_SHOP_NAME,
        tagline=row.tagline,
        notice=row.strip_text,
        # In the editor's own words in the first language; elsewhere the page, which is translated, says it.
        returns=row.returns_text if get_language() == settings.LANGUAGE_CODE or "returns" not in links else "",
        about=row.footer_text,
        email=row.contact_email,
        phone=row.contact_phone,
        address=row.contact_address,
        theme=row.theme,
        logo=picture_of(row.logo, alt=row.shop_name),
        css=css,
        digest=hashlib.sha256(css.encode()).hexdigest()[:12] if css else "",
        terms_page=links.get("terms"),
        returns_page=links.get("returns"),
        small_print=tuple(links[name] for name in PAGES if name in links and name != "returns"),
    )


def page_links(numbers: dict[str, int | None], request: HttpRequest | None) -> dict[str, PageLink]:
    """The live pages of these numbers, each as its live translation where there is one. One query, none for no pages."""
    ids = {number for number in numbers.values() if number}
    if not ids:
        return {}
    keys = Page.objects.filter(pk__in=ids).values("translation_key")
    pages = list(Page.objects.live().filter(translation_key__in=keys).select_related("locale"))
    key_of = {page.pk: page.translation_key for page in pages}
    shown = {page.translation_key: page for page in pages if page.pk in ids}
    shown |= {
        page.translation_key: page
        for page in pages
        if page.locale.language_code == get_language() and page.translation_key in shown
    }
    found = {name: shown[key_of[number]] for name, number in numbers.items() if number in key_of}
    return {name: PageLink(page.title, url) for name, page in found.items() if (url := page.get_url(request))}


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
