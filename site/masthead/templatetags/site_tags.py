"""Tags that know the whole site: menus, slots, languages and countries.

{% load site_tags %}
{% navigation as nav %}   {% menu_place nav as place %}   {% slot "product.story" product=product %}   {% languages as links %}   {% countries as choices %}
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from babel import Locale
from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import translate_url
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override, to_locale
from wagtail.models import Page

from masthead import navigation as menus
from shop import slots

register = template.Library()


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """This page in one language. `code` is for lang and hreflang; `name` is in that language."""

    code: str
    name: str
    url: str
    current: bool


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> menus.Navigation:
    """All menus of this site in the active language."""
    return menus.navigation(context.get("request"))


@register.simple_tag(takes_context=True)
def menu_place(context: Context, nav: menus.Navigation) -> tuple[str, tuple[str, ...]]:
    """Where this page stands in the menus: the address that is its own, or "", and those that lead to it."""
    request = context.get("request")
    path = "" if request is None else request.path
    urls = [shelf.url for shelf in nav.shelves] + [link.url for link in nav.journal]
    return path if path in urls else "", tuple(url for url in urls if url in path)


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, **about: Any) -> SafeString:
    """What higher rooms show in the place `name`; nothing without a request, as on the page for a server's error."""
    request = context.get("request")
    return SafeString("") if request is None else slots.render(name, request, about)


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[LanguageLink]:
    """This page in every language it exists in. Views may say it themselves, by a context value `alternates`."""
    request = context.get("request")
    if request is None:
        return []
    page = context.get("page")
    urls = context.get("alternates")
    if urls is None:
        urls = _page_urls(page) if isinstance(page, Page) and page.pk else _same_view(request.path)
    return [
        LanguageLink(code, _own_name(code), urls[code], current=code == get_language())
        for code, _ in settings.LANGUAGES
        if code in urls
    ]


@register.simple_tag
def countries() -> tuple[tuple[str, str], ...]:
    """Where the shop sells: code and name in the active language, sorted by name."""
    return _countries(get_language() or settings.LANGUAGE_CODE)


def _same_view(path: str) -> dict[str, str]:
    """The address of the same view in each language; the front page where no view answers to `path`."""
    urls = {}
    for code, _ in settings.LANGUAGES:
        same = translate_url(path, code)
        if same == path and code != get_language():
            with override(code):
                same = "/" if code == settings.LANGUAGE_CODE else f"/{code}/"
        urls[code] = same
    return urls


def _page_urls(page: Page) -> dict[str, str]:
    def read() -> dict[str, str]:
        others = page.get_translations(inclusive=True).live().select_related("locale")
        urls = {other.locale.language_code: other.get_url() for other in others}
        return {code: url for code, url in urls.items() if url is not None}

    return menus.KEPT.get(f"languages:{page.pk}", read)


@lru_cache(maxsize=32)
def _own_name(code: str) -> str:
    return Locale.parse(to_locale(code)).get_language_name() or code


@lru_cache(maxsize=32)
def _countries(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(to_locale(language)).territories
    return tuple(sorted(((code, names[code]) for code in settings.SHOP_COUNTRIES), key=lambda pair: pair[1]))
