"""The journal as RSS."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import DefaultFeed

NEWEST = 30


def story_feed(index: Any, request: HttpRequest) -> HttpResponse:
    """The newest stories below `index` as RSS 2.0."""
    from content.brand import current_brand
    from content.selectors import stories_below

    brand = current_brand(request)
    link = request.build_absolute_uri(index.get_url(request))
    feed = DefaultFeed(
        title=f"{brand.name}: {index.title}",
        link=link,
        description=index.standfirst or brand.tagline or index.title,
        language=index.locale.language_code,
        feed_url=request.build_absolute_uri(),
    )
    for story in stories_below(index).select_related("author").prefetch_related("topics")[:NEWEST]:
        url = request.build_absolute_uri(story.get_url(request))
        feed.add_item(
            title=story.title,
            link=url,
            description=story.standfirst,
            author_name=story.byline or (story.author.name if story.author else None),
            categories=[topic.name for topic in story.topics.all()],
            pubdate=timezone.make_aware(datetime.datetime.combine(story.date, datetime.time(9))),
            unique_id=url,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)
