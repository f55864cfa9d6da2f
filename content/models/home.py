"""The front page."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PageChooserPanel
from wagtail.models import Orderable
from wagtail.search import index

from content.blocks.body import BodyBlock
from content.fields import BodyField

from .base import ContentPage


class HomePage(ContentPage):
    """The cover of the magazine: one story, the contents of this issue, then blocks."""

    issue_number = models.CharField(_("issue"), max_length=20, blank=True, help_text=_("In the header: “No. 14”."))
    issue_line = models.CharField(
        _("line under the name"), max_length=120, blank=True, help_text=_("“Number 14, the early spring issue”.")
    )
    issue_middle = models.CharField(_("middle of that line"), max_length=120, blank=True)
    issue_end = models.CharField(_("end of that line"), max_length=120, blank=True)
    cover_story = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("cover story"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    cover_link_text = models.CharField(_("words on its button"), max_length=60, blank=True)
    cover_picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("cover picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("The story’s lead picture where it is left empty."),
    )
    cover_alt = models.CharField(_("what the cover picture shows"), max_length=255, blank=True)
    body = BodyField(BodyBlock(), blank=True, verbose_name=_("body"))

    max_count_per_parent = 1
    content_panels: ClassVar = [
        *ContentPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("issue_number"),
                FieldPanel("issue_line"),
                FieldPanel("issue_middle"),
                FieldPanel("issue_end"),
            ],
            heading=_("This issue"),
        ),
        MultiFieldPanel(
            [
                PageChooserPanel("cover_story", ["content.StoryPage", "content.LookbookPage", "content.LandingPage"]),
                FieldPanel("cover_link_text"),
                FieldPanel("cover_picture"),
                FieldPanel("cover_alt"),
            ],
            heading=_("Cover"),
        ),
        InlinePanel("contents", label=_("Story"), heading=_("In this issue"), max_num=9),
        FieldPanel("body"),
    ]
    search_fields: ClassVar = [*ContentPage.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the cover and the contents."""
        from content.selectors import cover_of

        context = super().get_context(request, *args, **kwargs)
        context["cover"] = cover_of(self, request)
        # In the header, in place of the shop's name, which stands large below it.
        context["issue"] = self.issue_number
        return context


class HomeContentsEntry(Orderable):
    """One line of “In this issue”."""

    home = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="contents")
    page = models.ForeignKey("wagtailcore.Page", verbose_name=_("story"), on_delete=models.CASCADE, related_name="+")
    title = models.CharField(_("title"), max_length=120, blank=True, help_text=_("The story’s own where it is empty."))
    line = models.CharField(_("line"), max_length=160, blank=True)
    number = models.CharField(_("page number"), max_length=6, blank=True)

    panels: ClassVar = [
        PageChooserPanel("page", ["content.StoryPage", "content.LookbookPage", "content.LandingPage"]),
        FieldPanel("title"),
        FieldPanel("line"),
        FieldPanel("number"),
    ]

    def __str__(self) -> str:
        return self.title or str(self.page)
