"""Stories as other pages announce them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q
from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction

from content.pictures import load_renditions, picture_of
from content.serving import remember_site
from search.selectors import find_pages
from shop.catalogue.cards import Picture
from shop.kept import Kept
from shop.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Tease:
    """A story, lookbook or landing page in a list."""

    id: int
    title: str
    url: str
    kicker: str
    standfirst: str
    picture: Picture | None
    date: datetime.date | None = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """One line of “In this issue”."""

    title: str
    url: str
    line: str
    number: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The front page's cover story and contents."""

    story: Tease | None
    picture: Picture | None
    link_text: str
    contents: tuple[ContentsLine, ...]


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A topic with the address of its page."""

    name: str
    slug: str
    url: str


def teases_of(pages: Sequence[Any], request: HttpRequest | None) -> list[Tease]:
    """Teasers of specific pages, in their order, whose `lead_picture` has its renditions (`with_pictures`)."""
    return [
        Tease(
            id=page.pk,
            title=page.title,
            url=page.get_url(request) or "",
            kicker=page.kicker_line if hasattr(page, "kicker_line") else "",
            standfirst=getattr(page, "standfirst", ""),
            picture=picture_of(getattr(page, "lead_picture", None), alt=getattr(page, "lead_alt", "")),
            date=getattr(page, "date", None),
            minutes=getattr(page, "reading_minutes", 0),
        )
        for page in pages
    ]


def with_pictures(pages: Sequence[Any]) -> Sequence[Any]:
    """Give specific pages of any types their lead pictures and those their sizes: two queries."""
    from wagtail.images import get_image_model

    ids = {getattr(page, "lead_picture_id", None) for page in pages} - {None}
    images = get_image_model().objects.prefetch_related("renditions").in_bulk(ids) if ids else {}
    for page in pages:
        if getattr(page, "lead_picture_id", None):
            page.lead_picture = images.get(page.lead_picture_id)
    return pages


def teases_by_id(ids: Sequence[int], request: HttpRequest | None) -> dict[int, Tease]:
    """Teasers of those pages that are live; a query a page type and two for pictures."""
    if not ids:
        return {}
    pages = list(unrestricted(Page.objects.filter(pk__in=ids).live()).defer_streamfields().specific())
    return {tease.id: tease for tease in teases_of(with_pictures(pages), request)}


def unrestricted(pages: Any) -> Any:
    """Those that everybody may see. Wagtail's own `public()` asks a query of its own for that."""
    restricted = PageViewRestriction.objects.annotate(
        below=ExpressionWrapper(OuterRef("path"), output_field=CharField())
    ).filter(below__startswith=F("page__path"))
    return pages.filter(~Exists(restricted))


def _public(ids: list[int]) -> Any:
    pages = unrestricted(Page.objects.filter(pk__in=ids).live())
    return pages.order_by().values_list("pk", "url_path", "last_published_at")


_PUBLIC = Prepared(_public, lists=("ids",))
# Sizes of a picture arrive a little after it.
_TEASES = Kept("content:teases", seconds=60)


def live_stories(locale_id: int | None = None) -> Any:
    """Every story that visitors may see, newest first, without its body."""
    from content.models import StoryPage

    stories = unrestricted(StoryPage.objects.live()).defer("body", "words").order_by("-date", "-pk")
    return stories.filter(locale_id=locale_id) if locale_id else stories


def newest_stories(limit: int, request: HttpRequest | None, *, exclude: int | None = None) -> tuple[Tease, ...]:
    """The newest stories in the visitor's language, without the page that shows them."""
    stories = live_stories()
    if language := getattr(request, "LANGUAGE_CODE", None):
        stories = stories.filter(locale__language_code=language)
    if exclude:
        stories = stories.exclude(pk=exclude)
    return tuple(teases_of(with_pictures(list(stories[:limit])), request))


def journal_url(request: HttpRequest | None) -> str:
    """The journal's address in the visitor's language, or "" where there is none."""
    from content.models import StoryIndexPage

    journals = StoryIndexPage.objects.live()
    if language := getattr(request, "LANGUAGE_CODE", None):
        journals = journals.filter(locale__language_code=language)
    journal = journals.first()
    return (journal.get_url(request) or "") if journal else ""


def stories_about(text: str, limit: int, request: HttpRequest, *, typing: bool = False) -> list[Tease]:
    """Stories about `text` in the visitor's language, the best first. `typing`: its last word may go on."""
    found = find_pages(text, language=request.LANGUAGE_CODE, limit=limit, typing=typing)
    return stories_by_id(found.ids, request)


def stories_by_id(ids: Sequence[int], request: HttpRequest) -> list[Tease]:
    """Teasers of those pages that are live and have an address, in the order of `ids`: search may lag behind.

    Whether everybody may see a page is asked each time, what its teaser says after it was published or moved.
    """
    if not ids:
        return []
    host = request.get_host()
    names = {row.pk: f"{host}:{row.pk}:{row.url_path}:{row.last_published_at}" for row in _PUBLIC.run(ids=ids)}
    if not names:
        return []
    remember_site(request)
    made: dict[int, Tease] = {}

    def teaser(pk: int) -> Tease | None:
        # One set of queries for all that are missing.
        if not made:
            made.update(teases_by_id(list(names), request))
        return made.get(pk)

    teases = {pk: _TEASES.get(name, partial(teaser, pk)) for pk, name in names.items()}
    return [tease for pk in ids if (tease := teases.get(pk)) and tease.url]


def stories_below(index: Any, topic: Any = None) -> Any:
    """The stories below a journal, newest first, of one topic or of all."""
    stories: Any = live_stories()
    stories = stories.child_of(index)
    return stories.filter(topics=topic) if topic is not None else stories


def topics_of(index: Any, request: HttpRequest | None = None) -> list[TopicLink]:
    """The topics that a journal's live stories have."""
    from content.models import StoryPage, Topic

    live = unrestricted(StoryPage.objects.live()).child_of(index)
    topics = Topic.objects.filter(stories__in=live, locale_id=index.locale_id).distinct()
    base = index.get_url(request) or ""
    return [TopicLink(topic.name, topic.slug, f"{base}topic/{topic.slug}/") for topic in topics]


def next_stories(page: Any) -> list[Any]:
    """Three other stories: those that share most topics come first, then the newest."""
    from content.models import StoryPage

    own = StoryPage.topics.through.objects.filter(storypage_id=page.pk).values("topic_id")
    return list(
        live_stories(page.locale_id)
        .exclude(pk=page.pk)
        .annotate(shared=Count("topics", filter=Q(topics__in=own)))
        .select_related("lead_picture")
        .order_by("-shared", "-date", "-pk")[:3]
    )


def cover_of(home: Any, request: HttpRequest) -> Cover:
    """The cover and the contents; what is not live is left out."""
    entries = list(home.contents.all())
    ids = {entry.page_id for entry in entries} | ({home.cover_story_id} if home.cover_story_id else set())
    teases = teases_by_id(list(ids), request)
    story = teases.get(home.cover_story_id)
    load_renditions([home.cover_picture])
    own = picture_of(home.cover_picture, alt=home.cover_alt)
    lines = tuple(
        ContentsLine(entry.title or teases[entry.page_id].title, teases[entry.page_id].url, entry.line, entry.number)
        for entry in entries
        if entry.page_id in teases
    )
    return Cover(story, own or (story.picture if story else None), home.cover_link_text, lines)
