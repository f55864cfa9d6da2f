"""Pages, stories, and what they share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.images import get_image_model
from wagtail.models import Collection, Locale, Page, Site

from content.models import (
    Author,
    BrandSettings,
    CategoryStory,
    ContactPage,
    HomeContentsEntry,
    HomePage,
    LandingPage,
    LookbookPage,
    NewsletterSubscription,
    ProductStory,
    SavedSearch,
    StandardPage,
    StoryIndexPage,
    StoryPage,
    Topic,
)
from content.operations import ensure_site
from demo.art import SCENES, draw_scene, scene_title
from shop.catalogue.models import Brand, Product

from .blocks import Known, stream
from .data import Row, days_ago
from .drawing import Order, Studio

COLLECTION = "Fern & Kiln"
# Below the front page; the journal's stories and lookbooks stand below the journal.
KINDS: dict[str, type[Page]] = {
    "standard": StandardPage, "landing": LandingPage, "contact": ContactPage, "lookbook": LookbookPage,
    "story": StoryPage,
}  # fmt: skip


# ---------------------------------------------------------------- pictures
def picture_orders(pages: list[Row], products: Mapping[str, Order]) -> dict[str, Order]:
    """Every picture that pages name.

    A scene by its name, "portrait:<author>", or "<product>" or "<product>:close" for a wide cut of one.
    """
    names = set(SCENES)
    for row in pages:
        names |= set(_pictures_in(row))
    orders = {}
    for name in sorted(names):
        slug, _, view = name.partition(":")
        if name in SCENES:
            orders[name] = Order(scene=name)
        elif slug == "portrait":
            orders[name] = Order(portrait=view)
        else:
            base = products[slug]
            orders[name] = Order(
                kind=base.kind, glaze=base.glaze, second=base.second, ground=base.ground, seed=base.seed,
                view=view or "main", wide=True,
            )  # fmt: skip
    return orders


def _pictures_in(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for each in value for name in _pictures_in(each)]
    if not isinstance(value, dict):
        return []
    found = [value[key] for key in ("picture", "still", "scene", "hotspots") if isinstance(value.get(key), str)]
    found += [name for name, _ in value.get("gallery", ())]
    return found + [name for each in value.values() for name in _pictures_in(each)]


def write_pictures(
    orders: Mapping[str, Order], titles: Mapping[str, str], studio: Studio, progress: Callable[[], None]
) -> dict[str, int]:
    """Store pictures in a collection of their own; the worker makes their sizes. Returns their ids by name."""
    root = Collection.get_first_root_node() or Collection.add_root(name="Root")
    collection = Collection.objects.filter(name=COLLECTION).first() or root.add_child(name=COLLECTION)
    ids = {}
    for name, order in orders.items():
        file = ContentFile(studio.picture(order), name=f"{slugify(name.replace(':', '-'))}.jpg")
        image = get_image_model()(title=alt_of(name, titles), file=file, collection=collection)
        image.save()
        ids[name] = image.pk
        progress()
    return ids


def alt_of(name: str, titles: Mapping[str, str]) -> str:
    """What a picture shows."""
    if name in SCENES:
        return scene_title(name)
    slug, _, view = name.partition(":")
    if slug == "portrait":
        return f"{view.replace('-', ' ').title()}, drawn"
    return f"{titles[slug]}, from close by" if view == "close" else titles[slug]


def known_things(products: Mapping[str, Product], pictures: Mapping[str, int], categories: Mapping[str, int]) -> Known:
    """What the blocks of the demo's pages may name."""
    titles = {slug: product.title for slug, product in products.items()}
    spots = {}
    for name in SCENES:
        _, hotspots = draw_scene(name)
        spots[name] = [
            (each.product, _percent(each.x), _percent(each.y)) for each in hotspots if each.product in products
        ]
    return Known(
        products={slug: product.pk for slug, product in products.items()},
        buyable=_buyable(products),
        titles=titles,
        categories=categories,
        brands=dict(Brand.objects.values_list("name", "pk")),
        pictures=pictures,
        alts={name: alt_of(name, titles) for name in pictures},
        hotspots=spots,
    )


def _buyable(products: Mapping[str, Product]) -> dict[str, int]:
    """What goes into the basket for each slug: the product, or the first of its variants that is there."""
    found = {slug: product.pk for slug, product in products.items()}
    slugs = {product.pk: slug for slug, product in products.items()}
    children = Product.objects.filter(parent__in=slugs, stockrecords__num_in_stock__gt=0).order_by("-pk")
    for pk, parent in children.values_list("pk", "parent_id"):
        found[slugs[parent]] = pk
    return found


def _percent(value: float) -> int:
    return max(0, min(99, round(value)))


# ---------------------------------------------------------------- pages
@transaction.atomic
def write_shared(data: Row, pictures: Mapping[str, int]) -> None:
    """Authors, topics and saved searches."""
    locale = Locale.get_default()
    for row in data["authors"]:
        Author.objects.get_or_create(
            slug=row["slug"],
            defaults={
                "name": row["name"], "role": row["role"], "bio": row["bio"], "picture_id": pictures.get(row["picture"]),
            },
        )  # fmt: skip
    for row in data["topics"]:
        Topic.objects.get_or_create(
            slug=row["slug"], locale=locale, defaults={k: row[k] for k in ("name", "description")}
        )
    for row in data["searches"]:
        SavedSearch.objects.get_or_create(name=row["name"], defaults={"address": row["address"]})


def write_pages(data: Row, stories: list[Row], known: Known, progress: Callable[[], None]) -> None:
    """The front page and everything below it: first empty, so that pages can name each other, then with their bodies."""
    site = ensure_site()
    home = site.root_page.specific
    known.searches = dict(SavedSearch.objects.values_list("name", "pk"))
    with transaction.atomic():
        journal = _add(home, StoryIndexPage(title="Journal", slug="journal", show_in_menus=True, **data["journal"]))
        rows = [*((row, journal) for row in reversed(stories)), *((row, home) for row in data["pages"])]
        known.pages["journal"] = journal.pk
        made = []
        for row, parent in rows:
            page = _add(Page.objects.get(pk=parent.pk).specific, _page(row, known))
            known.pages[row["slug"]] = page.pk
            made.append((page, row))
    authors, topics = Author.objects.in_bulk(field_name="slug"), {t.slug: t for t in Topic.objects.all()}
    for page, row in made:
        with transaction.atomic():
            page.body = stream(row.get("body", []), known, key=row["slug"])
            if isinstance(page, StoryPage):
                page.author = authors.get(row.get("author", ""))
                page.topics.set([topics[slug] for slug in row.get("topics", ())])
            _publish(page, row.get("days", 0))
        progress()
    with transaction.atomic():
        _write_home(home, data["home"], known)
        _write_brand(site, data["brand"], known)


def _add(parent: Any, page: Page) -> Any:
    """Add a page; one that has its place already is taken over."""
    held = parent.get_children().filter(slug=page.slug).first()
    return held.specific if held else parent.add_child(instance=page)


def _page(row: Row, known: Known) -> Page:
    kind = KINDS[row.get("kind", "story")]
    values: dict[str, Any] = {"title": row["title"], "slug": row["slug"], "live": False}
    fields = {each.name for each in kind._meta.get_fields()}
    for name in ("kicker", "standfirst", "byline", "mail_to", "thanks", "show_in_menus", "search_description"):
        if name in row and name in fields:
            values[name] = row[name]
    if "date" in fields:
        values["date"] = days_ago(row.get("days", 0))
    if "lead_picture" in fields and row.get("picture"):
        values["lead_picture_id"] = known.pictures[row["picture"]]
        values["lead_alt"] = known.alts[row["picture"]]
    return kind(body=[], **values)


def _publish(page: Any, days: int) -> None:
    """Publish by a revision, as an editor would; the time of it is put back to the story's date."""
    page.full_clean()
    page.save_revision().publish()
    moment = timezone.now() - timedelta(days=max(days, 0))
    Page.objects.filter(pk=page.pk).update(first_published_at=moment, last_published_at=moment)


def _write_home(home: HomePage, row: Row, known: Known) -> None:
    home = HomePage.objects.get(pk=home.pk)
    for name in (
        "title",
        "seo_title",
        "search_description",
        "issue_number",
        "issue_line",
        "issue_middle",
        "issue_end",
        "cover_link_text",
    ):
        setattr(home, name, row[name])
    home.cover_story_id = known.pages[row["cover_story"]]
    home.cover_picture_id = known.pictures[row["cover_picture"]]
    home.cover_alt = known.alts[row["cover_picture"]]
    home.contents = [
        HomeContentsEntry(page_id=known.pages[each["page"]], line=each["line"], number=each["number"], sort_order=place)
        for place, each in enumerate(row["contents"])
    ]
    body: Any = stream(row["body"], known, key="home")
    home.body = body
    _publish(home, 0)


def _write_brand(site: Site, row: Row, known: Known) -> None:
    brand = BrandSettings.for_site(site)
    for name, value in row.items():
        if name != "pages":
            setattr(brand, name, value)
    for name, slug in row["pages"].items():
        setattr(brand, f"{name}_page_id", known.pages[slug])
    brand.full_clean()
    brand.save()


def write_german(row: Row, known: Known) -> None:
    """A small German edition: front page, journal, one story, and the pages that the law or a buyer asks for.

    Each is tied to the page that it translates.
    """
    german, _ = Locale.objects.get_or_create(language_code="de")
    home = ensure_site().root_page.specific
    with transaction.atomic():
        front_id = home.copy_for_translation(german).pk
        journal_id = Page.objects.get(pk=known.pages["journal"]).specific.copy_for_translation(german).pk
        text = row["story"]
        story = Page.objects.get(pk=known.pages[text["translates"]]).specific.copy_for_translation(german)
        for name in ("title", "slug", "kicker", "byline", "standfirst"):
            setattr(story, name, text[name])
        story.topics.clear()
        story.body = stream(text["body"], known, key=text["slug"])
        _publish(story, 3)
        # Read anew: a page that was copied before its children were does not know of them.
        journal = StoryIndexPage.objects.get(pk=journal_id)
        for name, value in row["journal"].items():
            setattr(journal, name, value)
        _publish(journal, 3)
        _write_german_pages(row["pages"], known, german)
        front = HomePage.objects.get(pk=front_id)
        for name, value in row["home"].items():
            setattr(front, name, stream(value, known, key="home de") if name == "body" else value)
        front.cover_story_id, front.contents = story.pk, []
        _publish(front, 3)


def _write_german_pages(rows: list[Row], known: Known, german: Locale) -> None:
    """First all of them, so that they can name each other, then their bodies."""
    made = []
    for row in rows:
        page = Page.objects.get(pk=known.pages[row["translates"]]).specific.copy_for_translation(german)
        known.pages[row["slug"]] = page.pk
        made.append((page, row))
    for page, row in made:
        for name in ("title", "slug", "standfirst", "search_description"):
            setattr(page, name, row[name])
        page.body = stream(row["body"], known, key=row["slug"])
        _publish(page, 3)


# ---------------------------------------------------------------- stories of products and categories
@transaction.atomic
def write_shelf_stories(rows: list[Row], known: Known) -> None:
    """Stories of products and categories: published, as drafts, or to be published by the clock."""
    locale = Locale.get_default()
    for row in rows:
        if "product" in row:
            story: Any = ProductStory(product_id=known.products[row["product"]])
        else:
            story = CategoryStory(category_id=known.categories[row["category"]])
        story.title, story.locale, story.live = row["title"], locale, False
        key = re.sub(r"\W+", "-", row.get("product") or row["category"])
        story.body = stream(row["body"], known, key=f"shelf {key}")
        story.full_clean()
        story.save()
        if row.get("state") == "scheduled":
            story.go_live_at = timezone.now() + timedelta(days=row.get("in_days", 9))
            story.save_revision().publish()
        elif row.get("state") == "draft":
            story.save_revision()
        else:
            story.save_revision().publish()


@transaction.atomic
def write_subscriptions(rows: list[Row]) -> None:
    """Readers of the letter: most confirmed, one who has not yet, one who left."""
    now = timezone.now()
    for place, row in enumerate(rows):
        NewsletterSubscription.objects.get_or_create(
            email=row["email"],
            defaults={
                "language": "en-gb",
                "source": "/",
                "mailed_at": now,
                "confirmed_at": None if row.get("waiting") else now - timedelta(days=3 + 11 * place),
                "ended_at": now - timedelta(days=2) if row.get("ended") else None,
            },
        )


def remove_pages(data: Row, stories: list[Row]) -> None:
    """Take out what `write_pages` made. The front page stays, empty."""
    home = HomePage.objects.filter(pk__in=Site.objects.filter(is_default_site=True).values("root_page")).first()
    if home is not None:
        for front in HomePage.objects.filter(locale__language_code="de", translation_key=home.translation_key):
            front.delete()
        for row in [{"slug": "journal"}, *data["pages"]]:
            for page in Page.objects.child_of(home).filter(slug=row["slug"]):
                page.delete()
        home = HomePage.objects.get(pk=home.pk)
        home.cover_story = home.cover_picture = None
        home.contents, home.body = [], []
        home.save_revision().publish()
    BrandSettings.objects.filter(site__is_default_site=True).delete()
    Author.objects.filter(slug__in=[row["slug"] for row in data["authors"]]).delete()
    Topic.objects.filter(slug__in=[row["slug"] for row in data["topics"]]).delete()
    SavedSearch.objects.filter(name__in=[row["name"] for row in data["searches"]]).delete()
    NewsletterSubscription.objects.filter(email__in=[row["email"] for row in data["letters"]]).delete()
    for collection in Collection.objects.filter(name=COLLECTION):
        for image in get_image_model().objects.filter(collection=collection):
            image.delete()
        collection.delete()
