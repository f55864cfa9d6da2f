"""Blocks of words."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from .choices import Setting
from .compared import ChosenPageBlock

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "hr", "link", "document-link", "product"]
LINE_FEATURES = ["bold", "italic", "link", "product"]


class ProseBlock(blocks.RichTextBlock):
    """Rich text in which products named in a line show this visitor's price."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(**kwargs)

    def render(self, value: Any, context: Any = None) -> SafeString:
        """Expand links and mentions with the products that the page has loaded."""
        from content.rich_text import render_prose

        return mark_safe(render_prose(value.source, (context or {}).get("products")))


class TextBlock(blocks.StructBlock):
    """Paragraphs. The first of a story may open with a large letter."""

    text = ProseBlock(label=_("Text"))
    dropcap = blocks.BooleanBlock(
        label=_("Large first letter"), required=False, help_text=_("For the first paragraph of a story.")
    )

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        group = _("Words")
        template = "content/blocks/text.html"
        placement = "prose"


class HeadingBlock(blocks.StructBlock):
    """A heading inside the text."""

    text = blocks.CharBlock(label=_("Heading"), max_length=160)
    level = Setting(label=_("Level"), choices=[("2", _("Section")), ("3", _("Part of a section"))], default="2")

    class Meta:
        icon = "title"
        label = _("Heading")
        group = _("Words")
        template = "content/blocks/heading.html"
        placement = "prose"


class QuoteBlock(blocks.StructBlock):
    """A sentence pulled out of the text, set large."""

    quote = blocks.TextBlock(label=_("Quote"), rows=3)
    source = blocks.CharBlock(label=_("Who or where"), required=False, max_length=160)

    class Meta:
        icon = "openquote"
        label = _("Pull quote")
        group = _("Words")
        template = "content/blocks/quote.html"
        placement = "prose"


class CalloutBlock(blocks.StructBlock):
    """A note set apart, with a button where it leads somewhere."""

    kind = Setting(
        label=_("Kind"), choices=[("info", _("Note")), ("good", _("Good news")), ("warn", _("Caution"))], default="info"
    )
    text = ProseBlock(label=_("Text"), features=LINE_FEATURES)
    link_text = blocks.CharBlock(label=_("Words of the link"), required=False, max_length=60)
    link = ChosenPageBlock(label=_("Leads to"), required=False)

    def clean(self, value: Any) -> Any:
        """Words of a link need a page to lead to, though not yet in a draft: without one they are not shown."""
        value = super().clean(value)
        if value["link_text"] and not value["link"] and not self.is_deferred_validation:
            raise StructBlockValidationError(
                block_errors={
                    "link": ValidationError(
                        gettext("“%(words)s” leads nowhere: choose a page, or leave the words out.")
                        % {"words": value["link_text"]}
                    )
                }
            )
        return value

    class Meta:
        icon = "info-circle"
        label = _("Callout")
        group = _("Words")
        template = "content/blocks/callout.html"
        placement = "prose"


class QuestionBlock(blocks.StructBlock):
    """One question with its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = ProseBlock(label=_("Answer"), features=[*LINE_FEATURES, "ul", "ol"])

    class Meta:
        icon = "help"
        label = _("Question")


class FaqBlock(blocks.StructBlock):
    """Questions and answers that unfold."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        group = _("Words")
        template = "content/blocks/faq.html"
        placement = "panel"


class NewsletterBlock(blocks.StructBlock):
    """A form that takes an e-mail address for the newsletter."""

    title = blocks.CharBlock(label=_("Title"), max_length=80, default=_("The Friday letter"))
    text = blocks.TextBlock(label=_("Text"), required=False, rows=2)
    button = blocks.CharBlock(label=_("Words on the button"), max_length=40, default=_("Send me Fridays"))

    class Meta:
        icon = "mail"
        label = _("Newsletter sign-up")
        group = _("Words")
        template = "content/blocks/newsletter.html"
        placement = "band"
