"""Writes to pages and sites."""

from __future__ import annotations

from django.conf import settings
from wagtail.models import Locale, Page, Site

from .models import HomePage


def ensure_site() -> Site:
    """Make the language, the page tree's root, a front page and the default site where they are missing.

    Wagtail's own first page ("Welcome to your new Wagtail site!") is replaced. Returns the default site.
    """
    locale, _ = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    home = HomePage.objects.filter(locale=locale).first()
    if home is None:
        stub = root.get_children().filter(slug="home").first()
        home = HomePage(title="Front page", slug="front" if stub else "home", locale=locale)
        root.refresh_from_db()
        root.add_child(instance=home)
        if site is not None and stub is not None and site.root_page_id == stub.pk:
            site.root_page = home
            site.save()
        if (stub is not None and stub.specific_class is None) or (stub is not None and type(stub.specific) is Page):
            Page.objects.get(pk=stub.pk).delete()
            home.refresh_from_db()
            home.slug = "home"
            home.save()
    if site is None:
        site = Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True)
    return site
