"""Landing pages and plain pages."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from content.blocks.body import BodyBlock
from content.fields import BodyField

from .base import ContentPage


class LandingPage(ContentPage):
    """A page made of sections, for a season or a campaign."""

    kicker = models.CharField(_("kicker"), max_length=60, blank=True)
    standfirst = models.TextField(_("standfirst"), blank=True)
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
    content_panels: ClassVar = [
        *ContentPage.content_panels,
        FieldPanel("kicker"),
        FieldPanel("standfirst"),
        MultiFieldPanel([FieldPanel("lead_picture"), FieldPanel("lead_alt")], heading=_("Lead picture")),
        FieldPanel("body"),
    ]
    search_fields: ClassVar = [
        *ContentPage.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("landing page")
        verbose_name_plural = _("landing pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the lead picture."""
        from content.pictures import picture_of

        context = super().get_context(request, *args, **kwargs)
        context["lead"] = picture_of(self.lead_picture, alt=self.lead_alt)
        return context


class StandardPage(ContentPage):
    """A plain page: delivery, returns, about us."""

    standfirst = models.TextField(_("standfirst"), blank=True)
    body = BodyField(BodyBlock(), blank=True, verbose_name=_("body"))

    content_panels: ClassVar = [*ContentPage.content_panels, FieldPanel("standfirst"), FieldPanel("body")]
    search_fields: ClassVar = [
        *ContentPage.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
    ]

    class Meta:
        verbose_name = _("standard page")
        verbose_name_plural = _("standard pages")
