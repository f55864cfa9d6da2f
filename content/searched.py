"""What search is told of pages, and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import F
from django.db.models.signals import post_delete, post_save
from wagtail.models import Locale, Page, PageViewRestriction, ReferenceIndex

from content.reading import plain_words
from search.stories.operations import pages_changed, register
from search.stories.types import Kind, PageText, Source
from shop.catalogue.models import Product

# What a draft's saving writes to the page that visitors read: nothing.
OF_DRAFTS = frozenset({"latest_revision", "draft_title", "has_unpublished_changes", "latest_revision_created_at"})


def connect() -> None:
    """Say where pages come from, and listen for whatever changes what visitors read. Called once, when the site is ready."""
    from content.models import Topic

    register(Source(ids=readable_ids, read=read, naming=naming))
    post_save.connect(page_saved, dispatch_uid="content-searched-page")
    post_delete.connect(page_deleted, sender=Page, dispatch_uid="content-searched-page-deleted")
    for signal in (post_save, post_delete):
        signal.connect(restriction_changed, sender=PageViewRestriction, dispatch_uid="content-searched-restriction")
    post_save.connect(topic_saved, sender=Topic, dispatch_uid="content-searched-topic")


def page_saved(instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    """A page was saved, published, taken down or moved."""
    if raw or not isinstance(instance, Page) or (update_fields and OF_DRAFTS.issuperset(update_fields)):
        return
    if type(instance) is Page:
        # As Wagtail saves what it moves: what is below may come under a restriction, or from under one.
        pages_changed(_branch(instance))
    elif type(instance) in _kinds():
        pages_changed([instance.pk])


def page_deleted(instance: Any, **kwargs: Any) -> None:
    """A page is gone."""
    pages_changed([instance.pk])


def restriction_changed(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A page and what is below it was closed to some, or opened to all."""
    page = None if raw else Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        pages_changed(_branch(page))


def topic_saved(instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """Stories are found by what their topics are called."""
    if not raw:
        pages_changed(instance.stories.values_list("pk", flat=True))


def _branch(page: Page) -> list[int]:
    below = Page.objects.filter(path__startswith=page.path).exact_type(*_kinds())
    return list(below.values_list("pk", flat=True))


def _kinds() -> dict[Any, Kind]:
    from content.models import ContactPage, LandingPage, LookbookPage, StandardPage, StoryPage

    return {
        StoryPage: "story",
        LookbookPage: "story",
        LandingPage: "story",
        StandardPage: "page",
        ContactPage: "page",
    }


def _readable() -> Any:
    """Pages that everybody may read, of the types that are worth finding, in the site's languages."""
    from content.selectors.teases import unrestricted

    languages = [code for code, _name in settings.LANGUAGES]
    return unrestricted(Page.objects.live()).exact_type(*_kinds()).filter(locale__language_code__in=languages)


def readable_ids() -> Sequence[int]:
    """Every page that search knows."""
    return list(_readable().order_by("pk").values_list("pk", flat=True))


def naming(product_ids: Sequence[int]) -> set[int]:
    """Pages that name one of these products or one of its variants, whatever became of the product."""
    variants = Product.objects.filter(parent__in=product_ids).values_list("pk", flat=True)
    product, page = (ContentType.objects.get_for_model(model) for model in (Product, Page))
    found = ReferenceIndex.objects.filter(
        base_content_type=page,
        to_content_type=product,
        to_object_id__in=[str(pk) for pk in (*product_ids, *variants)],
    )
    return {int(pk) for pk in found.values_list("object_id", flat=True)}


def read(ids: Sequence[int]) -> list[PageText]:
    """What those of the pages say that everybody may read. Queries a page type, not a page."""
    from content.models import Topic

    kinds = _kinds()
    pages = list(_readable().filter(pk__in=ids).specific())
    languages = dict(Locale.objects.values_list("pk", "language_code"))
    named = {page.pk: _product_ids(page) for page in pages}
    titles = _titles({pk for found in named.values() for pk in found})
    topics: dict[int, list[str]] = {}
    for page_id, name in (
        Topic.objects.filter(stories__in=[page.pk for page in pages])
        .order_by("name")
        .values_list(F("stories__pk"), "name")
    ):
        topics.setdefault(page_id, []).append(name)
    return [
        PageText(
            id=page.pk,
            language=languages[page.locale_id],
            kind=kinds[type(page)],
            title=page.title,
            kicker=getattr(page, "kicker", ""),
            standfirst=getattr(page, "standfirst", ""),
            words=" ".join(plain_words(getattr(page, name)) for name in page.stream_names),
            topics=tuple(topics.get(page.pk, ())),
            products=tuple(titles[pk] for pk in named[page.pk] if pk in titles),
            date=getattr(page, "date", None),
        )
        for page in pages
    ]


def _product_ids(page: Any) -> list[int]:
    """The products that a page shows or names, in its order."""
    from content.selectors.collect import collect

    streams = [getattr(page, name) for name in page.stream_names]
    return list(collect((stream.stream_block, stream) for stream in streams if stream is not None).products)


def _titles(ids: set[int]) -> dict[int, str]:
    """What public products are called, a variant by its parent's name where it has none of its own."""
    products = Product.objects.filter(pk__in=ids, is_public=True).select_related("parent")
    return {product.pk: product.get_title() for product in products}
