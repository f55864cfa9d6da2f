"""Wagtail's view for pages, with the way to a page found in two queries instead of two for every level of the tree."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.translation import get_language
from wagtail.models import Page, Site
from wagtail.views import serve as wagtail_serve

from content.models import BrandSettings
from search.insight.recording import note_story
from shop.kept import Kept

SITES = Kept("content:sites", seconds=600)


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Find the page and hand it to Wagtail's view, which finds it by itself where this way does not lead to one."""
    remember_site(request)
    route = find_route(request, path)
    if route is not None:
        request._wagtail_route_for_request = route  # type: ignore[attr-defined]
    response: HttpResponse = wagtail_serve(request, path)
    if response.status_code == 200:
        note_story(request)
    return response


def remember_site(request: HttpRequest) -> None:
    """Spare the query for the site that a host belongs to: sites change once a year."""
    if hasattr(request, "_wagtail_site"):
        return
    key = f"{request.get_host()}:{request.get_port()}"
    request._wagtail_site = SITES.get(key, lambda: find_site(request)[0])  # type: ignore[attr-defined]


def find_site(request: HttpRequest) -> tuple[Site | None, BrandSettings | None]:
    """The site that a host belongs to, by Wagtail's rules, and its brand settings with their logo: one query for both.

    Wagtail and whoever asks again find them on the request.
    """
    found: tuple[Site | None, BrandSettings | None] | None = getattr(request, "_site_and_brand", None)
    if found is None:
        host, port = split_domain_port(request.get_host())[0], request.get_port()
        sites = Site.objects.filter(Q(hostname=host) | Q(is_default_site=True))
        site = _best(list(sites.select_related("root_page", "brandsettings__logo")), host, port)
        # Not kept with the site, which changes less often.
        found = (site, site._state.fields_cache.pop("brandsettings", None) if site else None)
        request._site_and_brand = found  # type: ignore[attr-defined]
        request._wagtail_site = site  # type: ignore[attr-defined]
    return found


def _best(sites: list[Site], host: str, port: str) -> Site | None:
    """As Wagtail's `get_site_for_hostname`: host and port, else the default site on the host, else the only one there."""
    named = [site for site in sites if site.hostname == host]
    exact = [site for site in named if str(site.port) == str(port)]
    default = [site for site in sites if site.is_default_site]
    on_host = [site for site in named if site.is_default_site]
    only = named if len(named) == 1 else []
    return next(iter([*exact, *on_host, *only, *default]), None)


def find_route(request: HttpRequest, path: str) -> Any:
    """What Wagtail's `Page.route` would find from the site's root down, or None where it has to look by itself."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    language = get_language()
    roots = [
        root.root_path
        for root in Site.get_site_root_paths()
        if root.site_id == site.pk and root.language_code == language
    ]
    if len(roots) != 1:
        return None
    words = [word for word in path.split("/") if word]
    prefixes = [roots[0] + "".join(f"{word}/" for word in words[:count]) for count in range(len(words) + 1)]
    page = (
        Page.objects.filter(url_path__in=prefixes).order_by("-depth").only("content_type", "url_path", "depth").first()
    )
    model = page.specific_class if page is not None else None
    if page is None or model is None:
        return None
    specific = model._default_manager.select_related(*getattr(model, "route_related", ())).filter(pk=page.pk).first()
    if specific is None:
        return None
    try:
        return specific.route(request, words[page.url_path.removeprefix(roots[0]).count("/") :])
    except Http404:
        return None
