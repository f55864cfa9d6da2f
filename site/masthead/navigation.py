"""What is in the menus: the shop's shelves, the journal's and the help pages. Kept in the cache for each site and language.

Two queries build it (and one for Wagtail's site where the request has not asked for it), none while it is kept. It is made anew
when a category or a page is saved or deleted; what changes without a signal (bulk imports, moves in the tree, product
counts) shows after two minutes at the latest.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, Subquery
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from content.serving import find_site
from search.selectors import held_products
from shop.catalogue.models import Category
from shop.kept import Kept

KEPT = Kept("navigation", seconds=120)
# Beyond these a menu is no help; the rest is one link away. A catalogue may have thousands of categories.
MOST_SHELVES = 12
MOST_CHILDREN = 8
# Pages of these types help with buying; every other page in the menus is for reading.
HELP_TYPES = frozenset({"standardpage", "contactpage", "formpage"})


@dataclass(frozen=True, slots=True)
class Link:
    """One page in a menu."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """One category in a menu. `count` is how many different products it and the categories below it hold."""

    id: int
    title: str
    url: str
    count: int
    children: tuple[Shelf, ...] = ()


@dataclass(frozen=True, slots=True)
class Navigation:
    """All menus of one site in one language. `shop_url` is the list of all products."""

    shop_url: str
    shelves: tuple[Shelf, ...]
    journal: tuple[Link, ...]
    help: tuple[Link, ...]


def navigation(request: HttpRequest | None) -> Navigation:
    """The menus for the site that `request` is for (the default site's without one), in the active language."""
    host = request.get_host() if request is not None else ""
    return KEPT.get(
        f"{host}:{get_language()}",
        lambda: Navigation(shop_url=_shop_url(), shelves=_shelves(), **_pages(request)),
    )


def connect() -> None:
    """Listen for changes of categories and pages. Called once, when the site is ready."""
    for model in (Category, Page):
        post_save.connect(KEPT.forget, sender=model, dispatch_uid=f"navigation-save-{model.__name__}")
        post_delete.connect(KEPT.forget, sender=model, dispatch_uid=f"navigation-delete-{model.__name__}")
    for number, signal in enumerate((page_published, page_unpublished, post_page_move)):
        signal.connect(KEPT.forget, dispatch_uid=f"navigation-page-{number}")


def _shop_url() -> str:
    return reverse("search:all")


def _shelves() -> tuple[Shelf, ...]:
    """Two levels of public categories with their counts, in the order of the tree."""
    step = Category.steplen
    rows = list(
        Category.objects.filter(is_public=True, exclude_from_menu=False, depth__lte=2)
        .annotate(number=held_products("pk"))
        .order_by("path")
        .values("id", "name", "slug", "path", "depth", "number")
    )
    if not rows:
        return ()

    def shelf(row: dict[str, Any], slugs: str, children: tuple[Shelf, ...] = ()) -> Shelf:
        url = reverse("search:category", kwargs={"path": slugs})
        return Shelf(row["id"], row["name"], url, row["number"], children)

    below: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        below[row["path"][:-step]].append(row)
    return tuple(
        shelf(
            top,
            top["slug"],
            tuple(shelf(row, f"{top['slug']}/{row['slug']}") for row in below[top["path"]][:MOST_CHILDREN]),
        )
        for top in below[""][:MOST_SHELVES]
    )


def _pages(request: HttpRequest | None) -> dict[str, tuple[Link, ...]]:
    """The live pages of this site and language that an editor put in the menus, for reading and for help. One query."""
    site = find_site(request)[0] if request is not None else Site.objects.filter(is_default_site=True).first()
    journal: list[Link] = []
    helping: list[Link] = []
    if site is not None:
        # The site's own root, and in other languages its translations.
        roots = Page.objects.filter(
            Q(pk=site.root_page_id) | Q(depth=site.root_page.depth, translation_key=site.root_page.translation_key),
            locale__language_code=get_language(),
        )
        pages = (
            Page.objects.live()
            .in_menu()
            .filter(locale__language_code=get_language())
            .annotate(root=Subquery(roots.values("url_path")[:1]))
            .filter(url_path__startswith=F("root"))
            .exclude(url_path=F("root"))
            .order_by("path")
            .values_list("title", "url_path", "root", "content_type__model")
        )
        for title, path, root, kind in pages:
            links = helping if kind in HELP_TYPES else journal
            links.append(Link(title, reverse("wagtail_serve", args=(path.removeprefix(root),))))
    return {"journal": tuple(journal), "help": tuple(helping)}
