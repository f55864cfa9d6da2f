"""The bar over every page of the demo, and where its buttons lead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from wagtail.models import Site

from content.models import CategoryStory, ProductStory
from shop.catalogue.models import Category, Product

from .guard import is_allowed
from .people import TOURS


def render_strip(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """The provider of the place `page.top`: nothing where the demo's helpers may not be used."""
    if not is_allowed(request) or getattr(request, "is_preview", False):
        return ""
    here = "dashboard" if request.path.startswith("/dashboard/") else "shop"
    return render_to_string("demo/strip.html", {"path": request.get_full_path(), "tours": TOURS, "here": here})


def edit_address(path: str, request: HttpRequest) -> str:
    """Where the page at `path` is edited: a page's editor, a product's or category's story, else the pages' list."""
    try:
        match = resolve(path)
    except Resolver404:
        return reverse("wagtailadmin_home")
    if match.view_name == "catalogue:detail":
        product = Product.objects.filter(slug=match.kwargs["slug"]).first()
        return _story_address(ProductStory, product=product) if product else reverse("wagtailadmin_home")
    if match.view_name == "search:category":
        slug = match.kwargs["path"].rstrip("/").rsplit("/", 1)[-1]
        category = next((c for c in Category.objects.filter(slug=slug) if c.full_slug == match.kwargs["path"]), None)
        return _story_address(CategoryStory, category=category) if category else reverse("wagtailadmin_home")
    return _page_address(path, request)


def _story_address(model: type[ProductStory | CategoryStory], **about: Any) -> str:
    story = model.objects.filter(**about).first()
    name = model.snippet_viewset.get_url_name("edit" if story else "add")
    if story:
        return reverse(name, args=[story.pk])
    (field, thing), *_ = about.items()
    return f"{reverse(name)}?{field}={thing.pk}"


def _page_address(path: str, request: HttpRequest) -> str:
    site = Site.find_for_request(request)
    if site is None:
        return reverse("wagtailadmin_home")
    page = site.root_page.specific
    for slug in [part for part in path.split("?")[0].split("/") if part]:
        child = page.get_children().filter(slug=slug).first()
        if child is None:
            break
        page = child
    return reverse("wagtailadmin_pages:edit", args=[page.pk])
