"""Where rules send people: whether anything is there, and where it is in a visitor's language."""

from __future__ import annotations

from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve, translate_url
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop import slots
from shop.catalogue.models import Product, SlugRedirect

from .. import categories
from .content import Content

PAGES = "wagtail_serve"
STAFF = ("dashboard/", "cms/")


def in_language(request: HttpRequest, address: str, language: str) -> str:
    """The same page of the shop, or its translation, in another language; the address itself where there is none."""
    with override(settings.LANGUAGE_CODE):
        match = _match(address)
        if match is None:
            return address
        if match.view_name == PAGES:
            pages = slots.gather("site.page", request, {"path": match.args[0], "language": language})
            return pages[0]["url"] + address[len(_path(address)) :] if pages else address
        return translate_url(address, language) if match.namespaces else address


def warnings(request: HttpRequest, content: Content) -> list[str]:
    """Where shoppers would find no page, a sentence each. A page may still be published, so that nothing is refused."""
    asked = dict.fromkeys([content.redirect, *(banner.link for banner in content.banners)])
    text = _("There is no page for shoppers at “%(address)s” just now: publish it, or write another address.")
    return [text % {"address": address} for address in asked if address and not _is_there(request, address)]


def _is_there(request: HttpRequest, address: str) -> bool:
    for language, _name in settings.LANGUAGES:
        with override(language):
            match = _match(address)
            if match and not match.route.startswith(STAFF) and _holds(request, match):
                return True
    return False


def _holds(request: HttpRequest, match: ResolverMatch) -> bool:
    """Whether there is a thing of this name, or was one whose address leads to where it is now."""
    if match.view_name == PAGES:
        return bool(slots.gather("site.page", request, {"path": match.args[0], "language": ""}))
    if match.view_name == "search:category":
        path = match.kwargs["path"]
        return categories.find(path) is not None or bool(categories.moved_to(path))
    if match.view_name == "catalogue:detail":
        slug = match.kwargs["slug"]
        moved = SlugRedirect.objects.filter(old_slug=f"products/{slug}", product__isnull=False)
        return Product.objects.filter(slug=slug, is_public=True).exists() or moved.exists()
    return True


def _path(address: str) -> str:
    return address.partition("#")[0].partition("?")[0]


def _match(address: str) -> ResolverMatch | None:
    try:
        return resolve(unquote(_path(address)))
    except Resolver404:
        return None
