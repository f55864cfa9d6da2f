"""Stories of products and categories: what their pages tell in words."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from content.blocks.body import TaleBlock
from content.fields import BodyField


class ShelfStory(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    models.Model,
):
    """What both kinds share: a title, a stream, and drafts, revisions, workflow, locking and scheduling by Wagtail."""

    title = models.CharField(_("title"), max_length=160, blank=True, help_text=_("Above the story; may be left empty."))
    body = BodyField(TaleBlock(), blank=True, verbose_name=_("story"))

    search_fields: ClassVar = [index.SearchField("title"), index.AutocompleteField("title")]
    stream_names: ClassVar[tuple[str, ...]] = ("body",)

    class Meta(TranslatableMixin.Meta):
        abstract = True

    # The field that says what the story is about.
    about: ClassVar[str] = ""

    def clean(self) -> None:
        """One story for each thing and language: forms leave the language out, so that constraints pass them by."""
        super().clean()
        same = {f"{self.about}_id": getattr(self, f"{self.about}_id"), "locale_id": self.locale_id}
        if None not in same.values() and type(self).objects.filter(**same).exclude(pk=self.pk).exists():
            raise ValidationError(
                {
                    self.about: gettext("“%(thing)s” has a story in this language already: edit that one.")
                    % {"thing": getattr(self, self.about)}
                }
            )

    def preview_of(self, request: HttpRequest) -> HttpResponse:
        """The real page that the story stands on."""
        raise NotImplementedError

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The real page with this draft in it: the slot's provider takes the draft from the request."""
        request.draft_story = self  # type: ignore[attr-defined]
        return self.preview_of(request)


class ProductStory(ShelfStory):
    """The story of a product, below what is sold."""

    about = "product"

    product = models.ForeignKey(
        "catalogue.Product", verbose_name=_("product"), on_delete=models.CASCADE, related_name="stories"
    )

    panels: ClassVar = [FieldPanel("product"), FieldPanel("title"), FieldPanel("body"), PublishingPanel()]

    class Meta(ShelfStory.Meta):
        verbose_name = _("product story")
        verbose_name_plural = _("product stories")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["product", "locale"],
                name="one_story_a_product_and_locale",
            )
        ]

    def clean(self) -> None:
        """A variant has no page of its own, so a story about one is its product's."""
        if self.product_id and self.product.parent_id:
            self.product = self.product.parent
        super().clean()

    def __str__(self) -> str:
        return self.title or str(self.product)

    def get_full_url(self) -> str | None:
        """The product's page."""
        return shop_url(self.product.get_absolute_url()) if self.product_id else None

    full_url = property(get_full_url)

    def preview_of(self, request: HttpRequest) -> HttpResponse:
        """The product page."""
        from content.previews import product_page

        return product_page(request, self.product)


class CategoryStory(ShelfStory):
    """The story of a category, above its list."""

    about = "category"

    category = models.ForeignKey(
        "catalogue.Category", verbose_name=_("category"), on_delete=models.CASCADE, related_name="stories"
    )

    panels: ClassVar = [FieldPanel("category"), FieldPanel("title"), FieldPanel("body"), PublishingPanel()]

    class Meta(ShelfStory.Meta):
        verbose_name = _("category story")
        verbose_name_plural = _("category stories")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["category", "locale"],
                name="one_story_a_category_and_locale",
            )
        ]

    def __str__(self) -> str:
        return self.title or str(self.category)

    def get_full_url(self) -> str | None:
        """The category's page."""
        return shop_url(self.category.get_absolute_url()) if self.category_id else None

    full_url = property(get_full_url)

    def preview_of(self, request: HttpRequest) -> HttpResponse:
        """The category page."""
        from content.previews import category_page

        return category_page(request, self.category)


def shop_url(path: str) -> str | None:
    """`path` with the default site's address before it."""
    from wagtail.models import Site

    site = Site.objects.filter(is_default_site=True).first()
    return f"{site.root_url}{path}" if site else None
