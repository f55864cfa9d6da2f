"""Blocks of pictures and films."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from .choices import Setting
from .compared import AddressBlock, ChosenImageBlock, NumberBlock

YOUTUBE = re.compile(r"(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:.*&)?v=|embed/|shorts/)|youtu\.be/)([\w-]{6,20})")
VIMEO = re.compile(r"vimeo\.com/(?:video/)?(\d{5,12})")


class PictureBlock(blocks.StructBlock):
    """One picture with a line under it."""

    picture = ChosenImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)
    width = Setting(
        label=_("Width"),
        choices=[("text", _("As wide as the text")), ("page", _("As wide as the page"))],
        default="text",
    )

    class Meta:
        icon = "image"
        label = _("Picture")
        group = _("Pictures")
        template = "content/blocks/picture.html"
        placement = "prose"


class GalleryItemBlock(blocks.StructBlock):
    """One picture of a gallery."""

    picture = ChosenImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=250)

    class Meta:
        icon = "image"
        label = _("Picture")


class GalleryBlock(blocks.StructBlock):
    """Several pictures side by side."""

    title = blocks.CharBlock(label=_("Title"), required=False, max_length=120)
    pictures = blocks.ListBlock(GalleryItemBlock(), label=_("Pictures"), min_num=2)

    class Meta:
        icon = "image"
        label = _("Gallery")
        group = _("Pictures")
        template = "content/blocks/gallery.html"
        placement = "section"


def video_address(url: str) -> str:
    """The address of the player for a film's page on YouTube or Vimeo, or "" where it is neither."""
    if match := YOUTUBE.search(url):
        return f"https://www.youtube-nocookie.com/embed/{match[1]}"
    if match := VIMEO.search(url):
        return f"https://player.vimeo.com/video/{match[1]}?dnt=1"
    return ""


class VideoBlock(blocks.StructBlock):
    """A film on YouTube or Vimeo, loaded only when the visitor asks for it. Without scripts it is a link."""

    url = AddressBlock(label=_("Address of the film"), help_text=_("The film’s page on YouTube or Vimeo."))
    title = blocks.CharBlock(label=_("What it shows"), max_length=160)
    picture = ChosenImageBlock(label=_("Still"), required=False)
    minutes = NumberBlock(label=_("Minutes"), required=False, min_value=1)

    def clean(self, value: Any) -> Any:
        """Refuse films from anywhere else: the page's policy would not let them load. A draft may lack the address."""
        value = super().clean(value)
        if value["url"] and not video_address(value["url"]):
            raise StructBlockValidationError(
                block_errors={
                    "url": ValidationError(
                        gettext(
                            "%(url)s is not a film on YouTube or Vimeo: copy the address from the film’s own page, "
                            "such as https://vimeo.com/76979871."
                        )
                        % {"url": value["url"]}
                    )
                }
            )
        return value

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Add the player's address."""
        return {**super().get_context(value, parent_context=parent_context), "player": video_address(value["url"])}

    class Meta:
        icon = "media"
        label = _("Film")
        group = _("Pictures")
        template = "content/blocks/video.html"
        placement = "prose"
