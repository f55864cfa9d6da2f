"""Stories and the journal that lists them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index

from content.blocks.body import BodyBlock
from content.fields import BodyField
from content.reading import plain_words, reading_minutes
from shop.http import whole_number

from .base import ContentPage

PAGE_SIZE = 12


class StoryPage(ContentPage):
    """A story: an article with products in it."""

    kicker = models.CharField(_("kicker"), max_length=60, blank=True, help_text=_("Above the title: “Buying guide”."))
    standfirst = models.TextField(_("standfirst"), blank=True, help_text=_("Two lines below the title."))
    author = models.ForeignKey(
        "content.Author",
        verbose_name=_("author"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="stories",
    )
    byline = models.CharField(
        _("byline"),
        max_length=200,
        blank=True,
        help_text=_("Instead of the author’s name: “Words by the kitchen desk”."),
    )
    topics = ParentalManyToManyField("content.Topic", verbose_name=_("topics"), blank=True, related_name="stories")
    date = models.DateField(_("date"), default=timezone.localdate)
    lead_picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("lead picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    lead_alt = models.CharField(_("what the lead picture shows"), max_length=255, blank=True)
    reading_minutes = models.PositiveSmallIntegerField(default=1, editable=False)
    # What visitors read in the body, as plain words, for the shop's search.
    words = models.TextField(default="", blank=True, editable=False)
    body = BodyField(BodyBlock(), blank=True, verbose_name=_("body"))

    route_related: ClassVar = ("locale", "lead_picture", "author")
    parent_page_types: ClassVar = ["content.StoryIndexPage", "content.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *ContentPage.content_panels,
        FieldPanel("kicker"),
        FieldPanel("standfirst"),
        MultiFieldPanel([FieldPanel("author"), FieldPanel("byline"), FieldPanel("date")], heading=_("Who and when")),
        FieldPanel("topics"),
        MultiFieldPanel([FieldPanel("lead_picture"), FieldPanel("lead_alt")], heading=_("Lead picture")),
        FieldPanel("body"),
    ]
    search_fields: ClassVar = [
        *ContentPage.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
        index.FilterField("date"),
    ]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """Work out the reading time and the words to search along with the rest."""
        self.words = plain_words(self.body)
        self.reading_minutes = reading_minutes(self.standfirst, self.words)
        super().full_clean(*args, **kwargs)

    def lead_images(self, context: dict[str, Any]) -> list[Any]:
        """This story's picture and those of the stories to read next."""
        from content.selectors import next_stories

        self.next_stories = next_stories(self)
        return [self.lead_picture, *(story.lead_picture for story in self.next_stories)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the lead picture, how many products there are, and what to read next."""
        from content.pictures import picture_of
        from content.selectors import teases_of

        context = super().get_context(request, *args, **kwargs)
        context["lead"] = picture_of(self.lead_picture, alt=self.lead_alt)
        context["read_on"] = teases_of(self.next_stories, request)
        context["product_count"] = len(context["products"].cards)
        return context


class StoryIndexPage(RoutablePageMixin, ContentPage):
    """The journal: stories by date and by topic, with pages and a feed."""

    standfirst = models.TextField(_("standfirst"), blank=True)
    stream_names: ClassVar = ()

    subpage_types: ClassVar = ["content.StoryPage", "content.LookbookPage"]
    content_panels: ClassVar = [*ContentPage.content_panels, FieldPanel("standfirst")]

    class Meta:
        verbose_name = _("journal")
        verbose_name_plural = _("journals")

    @path("")
    def every_story(self, request: HttpRequest) -> HttpResponse:
        """All stories."""
        return self._list(request)

    @path("topic/<slug:slug>/", name="topic")
    def by_topic(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The stories of one topic; 404 for a topic that is not there."""
        from .snippets import Topic

        topic = Topic.objects.filter(slug=slug, locale_id=self.locale_id).first()
        if topic is None:
            raise Http404(f"no topic {slug!r}")
        return self._list(request, topic)

    @path("feed/", name="feed")
    def feed(self, request: HttpRequest) -> HttpResponse:
        """The newest stories as RSS."""
        from content.feeds import story_feed

        return story_feed(self, request)

    def _list(self, request: HttpRequest, topic: Any = None) -> HttpResponse:
        from content.selectors import stories_below, teases_of, topics_of, with_pictures

        pages = Paginator(stories_below(self, topic), PAGE_SIZE)
        wanted = request.GET.get("page")
        page = pages.get_page(wanted)
        past_end = (whole_number(wanted) or 0) > pages.num_pages
        response = self.render(
            request,
            template="content/story_index_past_end.html" if past_end else None,
            context_overrides={
                "topic": topic,
                "topics": topics_of(self, request),
                "story_page": page,
                "teases": teases_of(with_pictures(list(page.object_list)), request),
            },
        )
        response.status_code = 404 if past_end else 200
        return response
