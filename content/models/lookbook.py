"""Lookbooks: pictures with numbers on them and few words."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from content.blocks.body import BodyBlock
from content.fields import BodyField

from .base import ContentPage


class LookbookPage(ContentPage):
    """Pictures first: scenes whose things can be bought, a few words between them."""

    kicker = models.CharField(_("kicker"), max_length=60, blank=True)
    standfirst = models.TextField(_("standfirst"), blank=True)
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
    body = BodyField(BodyBlock(), blank=True, verbose_name=_("body"))

    route_related: ClassVar = ("locale", "lead_picture")
    subpage_types: ClassVar[list[str]] = []
    content_panels: ClassVar = [
        *ContentPage.content_panels,
        FieldPanel("kicker"),
        FieldPanel("standfirst"),
        FieldPanel("date"),
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
        verbose_name = _("lookbook")
        verbose_name_plural = _("lookbooks")

    def lead_images(self, context: dict[str, Any]) -> list[Any]:
        """This lookbook's picture and those of the stories to read next."""
        from content.selectors import next_stories

        self.next_stories = next_stories(self)
        return [self.lead_picture, *(story.lead_picture for story in self.next_stories)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the lead picture and what to read next."""
        from content.pictures import picture_of
        from content.selectors import teases_of

        context = super().get_context(request, *args, **kwargs)
        context["lead"] = picture_of(self.lead_picture, alt=self.lead_alt)
        context["read_on"] = teases_of(self.next_stories, request)
        return context
