"""What every page has in common."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.text import capfirst
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page, PageViewRestriction

from content.reserved import refuse_reserved


def is_front_page(parent: Page | None) -> bool:
    """Whether pages below `parent` have addresses of one word."""
    return parent is not None and parent.depth == 2


class ContentPageForm(WagtailAdminPageForm):
    """The editor's form: a new page has no place in the tree yet, so the reserved words are checked here as well."""

    def clean(self) -> dict[str, Any]:
        """Refuse addresses of the shop."""
        cleaned = super().clean()
        if is_front_page(self.parent_page) and cleaned.get("slug"):
            try:
                refuse_reserved(cleaned["slug"])
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


class ContentCopyForm(CopyForm):
    """The form that copies a page: Wagtail checks the new address of a copy only where the copy is published."""

    def clean(self) -> dict[str, Any]:
        """Refuse addresses of the shop."""
        cleaned = super().clean()
        parent = cleaned.get("new_parent_page") or self.page.get_parent()
        if is_front_page(parent) and cleaned.get("new_slug"):
            try:
                refuse_reserved(cleaned["new_slug"])
            except ValidationError as error:
                self.add_error("new_slug", error.message_dict["slug"])
        return cleaned


class ContentPage(Page):
    """A page whose blocks may show products: all of them are loaded at once, for this visitor."""

    base_form_class = ContentPageForm
    copy_form_class = ContentCopyForm
    # The streams of this page, in the order in which they are drawn.
    stream_names: ClassVar[tuple[str, ...]] = ("body",)
    # What is fetched along with the page itself.
    route_related: ClassVar[tuple[str, ...]] = ("locale",)

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse addresses of the shop."""
        super().clean()
        if self.path and self.depth and self.depth > 2 and is_front_page(self.get_parent()):
            refuse_reserved(self.slug)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """`content/<page_type>.html`, in the theme."""
        name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in type(self).__name__)
        return f"content/{name.lstrip('_')}.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the products of all blocks, in the published page and in the preview alike."""
        from content.selectors import page_products

        context = super().get_context(request, *args, **kwargs)
        context["products"] = page_products(self, request, images=self.lead_images(context))
        context["meta_title"] = self.seo_title or self.title
        context["meta_description"] = self.search_description or getattr(self, "standfirst", "")
        return context

    def lead_images(self, context: dict[str, Any]) -> list[Any]:
        """Images outside the streams, so that the sizes of all are read at once."""
        return [getattr(self, "lead_picture", None)]

    def get_view_restrictions(self) -> Any:
        """Wagtail's answer, which takes two queries, only where any page is restricted at all."""
        if not PageViewRestriction.objects.exists():
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    @property
    def kicker_line(self) -> str:
        """The few words above a teaser of this page."""
        return getattr(self, "kicker", "") or capfirst(str(self._meta.verbose_name))
