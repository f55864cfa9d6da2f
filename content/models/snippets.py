"""Things that several pages share: authors, topics, saved searches."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin
from wagtail.search import index


class Author(index.Indexed, models.Model):
    """Who wrote it."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    role = models.CharField(_("role"), max_length=160, blank=True, help_text=_("Such as “Writes about bread”."))
    bio = models.TextField(_("about"), blank=True)
    picture = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    panels: ClassVar = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("role"),
        FieldPanel("bio"),
        FieldPanel("picture"),
    ]
    search_fields: ClassVar = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Topic(TranslatableMixin, index.Indexed, models.Model):
    """What stories are about; the journal has a page for each."""

    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(_("slug"), max_length=80)
    description = models.TextField(_("description"), blank=True)

    panels: ClassVar = [FieldPanel("name"), FieldPanel("slug"), FieldPanel("description")]
    search_fields: ClassVar = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["locale", "slug"], name="topic_slug_once_a_locale")]

    def __str__(self) -> str:
        return self.name


class SavedSearch(index.Indexed, models.Model):
    """A list of the shop, kept by its address, for grids by a rule."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    address = models.CharField(
        _("address"),
        max_length=2000,
        help_text=_(
            "Search or filter in the shop until the list is right, then copy its address here, "
            "such as /search/?q=bowl&in_stock=1 or /shop/table/?brand=Ines+Calder."
        ),
    )

    panels: ClassVar = [FieldPanel("name"), FieldPanel("address")]
    search_fields: ClassVar = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """The address must be one of a list."""
        from content.saved_searches import parse_address

        super().clean()
        if parse_address(self.address) is None:
            raise ValidationError(
                {
                    "address": gettext(
                        "“%(address)s” is no list of this shop: it has to begin with /shop/ or /search/, or with the "
                        "shop’s own host before that."
                    )
                    % {"address": self.address}
                }
            )
