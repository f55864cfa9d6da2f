"""What the content room shows inside the shop's own pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html_join

from search.stories.excerpts import excerpts
from shop import slots

if TYPE_CHECKING:
    from content.selectors.teases import Tease

MOST_USES = 20
MOST_PAGES = 300
SUGGESTED = 2
FOUND = 3


def connect() -> None:
    """Fill the places of shop/slots.py."""
    slots.register("product.story", product_story)
    slots.register("category.story", category_story)
    slots.register("product.dashboard", dashboard_link)
    slots.register("basket.source", basket_source)
    slots.register("basket.aside", basket_aside)
    slots.register("checkout.done", reading)
    slots.register("product.used", used_in)
    slots.register("category.used", used_in)
    slots.register("search.lead", page_that_fits)
    slots.register("search.results", stories_found)
    slots.register("search.suggestions", stories_suggested)
    slots.register("dashboard.pages", pages_to_go_to)
    slots.register_data("search.stories", stories_named)
    slots.register_data("site.page", page_at)


def id_of(thing: Any) -> int | None:
    """The number of a model, a card or a product's detail."""
    card = getattr(thing, "card", None)
    for candidate in (thing, card):
        number = getattr(candidate, "pk", None) or getattr(candidate, "id", None)
        if number:
            return int(number)
    return int(thing) if isinstance(thing, int) else None


def product_story(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """The product's story in the visitor's language; in a preview, the draft."""
    from content.selectors import product_story as find

    number = id_of(about.get("product") or about.get("detail"))
    return _story(request, number, "product_id", find)


def category_story(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """The category's story in the visitor's language; in a preview, the draft."""
    from content.selectors import category_story as find

    return _story(request, id_of(about.get("category")), "category_id", find)


def _story(request: HttpRequest, number: int | None, field: str, find: Any) -> str:
    from content.selectors import page_products

    if number is None:
        return ""
    draft = getattr(request, "draft_story", None)
    story = draft if draft is not None and getattr(draft, field, None) == number else None
    if story is None:
        story = find(number, getattr(request, "LANGUAGE_CODE", ""))
    if story is None or not story.body:
        return ""
    return render_to_string(
        "content/shelf_story.html", {"story": story, "products": page_products(story, request)}, request=request
    )


def dashboard_link(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """On a product's dashboard page: the way to its story."""
    from django.urls import reverse

    from content.models import ProductStory
    from content.selectors import has_story

    product = about.get("product")
    number = getattr(product, "parent_id", None) or id_of(product)
    if number is None or not request.user.has_perm("content.add_productstory"):
        return ""
    story = has_story(number)
    names = ProductStory.snippet_viewset
    if story is not None:
        url = reverse(names.get_url_name("edit"), args=[story.pk])
    else:
        url = f"{reverse(names.get_url_name('add'))}?product={number}"
    return render_to_string(
        "content/dashboard_story.html", {"story": story, "url": url, "number": number}, request=request
    )


def basket_source(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """Below the basket's lines: the stories that they were chosen from."""
    from content.selectors.basket import chosen_from

    stories = chosen_from((line.source for line in about["lines"]), request)
    return render_to_string("content/basket_source.html", {"stories": stories}) if stories else ""


def basket_aside(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """At the end of the basket: what else is in the story that the last of them was chosen from."""
    from content.selectors.basket import chosen_from, more_from

    stories = chosen_from((line.source for line in about["lines"]), request)
    if not stories:
        return ""
    held = {number for line in about["lines"] for number in (line.product_id, line.canonical_id)}
    cards = more_from(stories[0], held, request)
    return render_to_string("content/basket_aside.html", {"story": stories[0], "cards": cards}) if cards else ""


def reading(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """Below the thanks for an order: the two newest stories."""
    from content.selectors.teases import newest_stories

    stories = newest_stories(2, request)
    return render_to_string("content/reading.html", {"teases": stories}) if stories else ""


def used_in(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """Pages and snippets that name the product or category, as items of a list, each with the way to edit it where that is allowed.

    Lists by rule find their products anew each time, so they are in no index and nothing is lost with them.
    """
    from wagtail.admin.admin_url_finder import AdminURLFinder

    from content.usage import references_to

    thing = about.get("product") or about.get("category")
    if id_of(thing) is None:
        return ""
    finder = AdminURLFinder(request.user)
    found = references_to(thing).group_by_source_object()
    uses = [(page, finder.get_edit_url(page)) for page, _references in found[:MOST_USES]]
    return render_to_string("content/dashboard_uses.html", {"uses": uses, "more": max(0, found.count() - MOST_USES)})


def page_that_fits(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """The story or page that is about what was searched for, above the products."""
    from content.selectors.teases import stories_by_id

    teases = _on_trail(stories_by_id([about["page"]], request), about)
    context = {"tease": teases[0], "plain": about.get("plain")} if teases else {}
    return render_to_string("content/search_lead.html", context) if teases else ""


def stories_found(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """Stories about what was searched for, below the products; with `instead` the newest where none is about it."""
    from content.selectors import stories_about
    from content.selectors.teases import newest_stories, stories_by_id

    text = str(about.get("text") or "")
    if (ids := about.get("pages")) is not None:
        stories = stories_by_id(ids[:FOUND], request)
    else:
        stories = stories_about(text, FOUND, request)
    told = excerpts([story.id for story in stories], text) if stories else {}
    hits = [(story, told.get(story.id, ())) for story in _on_trail(stories, about)]
    newest = newest_stories(FOUND, request, exclude=about.get("lead")) if not hits and about.get("instead") else ()
    context = {"hits": hits, "newest": newest}
    return render_to_string("content/search_stories.html", context) if hits or newest else ""


def stories_suggested(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """Stories as options while typing."""
    from content.selectors import stories_about

    stories = stories_about(str(about.get("text") or ""), SUGGESTED, request, typing=True)
    context = {"teases": _on_trail(stories, about)}
    return render_to_string("content/suggested_stories.html", context) if stories else ""


def stories_named(request: HttpRequest, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Stories for the API, those of `pages` or what goes on from `text`: title and address."""
    from content.selectors import stories_about
    from content.selectors.teases import stories_by_id

    if "pages" in about:
        return [{"title": story.title, "url": story.url} for story in stories_by_id(about["pages"], request)]
    stories = stories_about(str(about.get("text") or ""), SUGGESTED, request, typing=True)
    return [{"title": story.title, "url": story.url} for story in stories]


def page_at(request: HttpRequest, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The page at a path of the active language: its address, or its translation's where `language` has one."""
    from wagtail.models import Page, Site

    site = Site.find_for_request(request)
    if site is None:
        return []
    try:
        page: Any = site.root_page.localized.specific.route(
            request, [part for part in about["path"].split("/") if part]
        )[0]
    except Http404:
        return []
    wanted = Page.objects.live().filter(
        translation_key=page.translation_key, locale__language_code=about["language"]
    ).first()  # fmt: skip
    return [{"url": (wanted or page).get_url(request)}]


def pages_to_go_to(request: HttpRequest, about: Mapping[str, Any]) -> str:
    """The newest pages as options of a field that takes an address."""
    from wagtail.models import Page

    pages = Page.objects.live().public().filter(depth__gt=1).order_by("-first_published_at", "pk")[:MOST_PAGES]
    options = ((page.get_url(request), page.title) for page in pages)
    return format_html_join("", '<option value="{}">{}</option>', (option for option in options if option[0]))


def _on_trail(stories: Sequence[Tease], about: Mapping[str, Any]) -> list[Tease]:
    """The same with what their links carry of the search that they answer, and their places in it."""
    trail = about.get("trail") or ""
    return [
        replace(story, url=f"{story.url}?{trail}&at={place}") if trail else story
        for place, story in enumerate(stories, start=1)
    ]
