"""The shop's name and colours, one set for each site."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from content import colours

HEX = re.compile(r"#[0-9a-fA-F]{6}")
IS_HEX = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Give the colour as # and six digits, such as #a83015."))
FONTS = [("", _("The theme’s own")), ("serif", _("Serif")), ("sans", _("Sans serif"))]


def page_link(words: Any) -> models.ForeignKey[Any, Any]:
    """A page that the shop's own pages lead to; in other languages its translation is taken."""
    return models.ForeignKey(
        "wagtailcore.Page", verbose_name=words, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )


def theme_choices() -> list[tuple[str, str]]:
    """The themes that are there."""
    return [("", str(_("As the server is set"))), *settings.THEMES.items()]


@register_setting(icon="view")
class BrandSettings(BaseSiteSetting):
    """What makes the shop this shop."""

    shop_name = models.CharField(_("name of the shop"), max_length=60, blank=True)
    tagline = models.CharField(_("tagline"), max_length=160, blank=True)
    logo = models.ForeignKey(
        "wagtailimages.Image",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("In place of the name in the header. A wide one, 200 pixels or more."),
    )
    strip_text = models.CharField(
        _("line at the top"), max_length=160, blank=True, help_text=_("“Free delivery over £60.”")
    )
    returns_text = models.CharField(
        _("what is promised about returns"),
        max_length=200,
        blank=True,
        help_text=_("On every product page. “Thirty days to send it back.”"),
    )
    footer_text = models.TextField(_("text at the foot"), blank=True)
    contact_email = models.EmailField(_("e-mail address"), blank=True)
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True)
    contact_address = models.TextField(_("postal address"), blank=True)
    legal_name = models.CharField(
        _("name on invoices"),
        max_length=120,
        blank=True,
        help_text=_("As it is registered; left out: the shop’s name."),
    )
    legal_address = models.TextField(
        _("address on invoices"), blank=True, help_text=_("Left out: the postal address above.")
    )
    vat_number = models.CharField(_("VAT number"), max_length=40, blank=True)
    register_entry = models.CharField(
        _("register"), max_length=160, blank=True, help_text=_("“Companies House 01234567”, “HRB 1234, AG Leipzig”.")
    )
    terms_page = page_link(_("terms of sale"))
    privacy_page = page_link(_("privacy"))
    accessibility_page = page_link(_("accessibility statement"))
    imprint_page = page_link(_("imprint"))
    returns_page = page_link(_("delivery and returns"))
    theme = models.CharField(_("theme"), max_length=40, blank=True, choices=theme_choices)
    accent_light = models.CharField(
        _("spot colour, light"),
        max_length=7,
        blank=True,
        validators=[IS_HEX],
        help_text=_("For links and prices, on light paper."),
    )
    accent_dark = models.CharField(
        _("spot colour, dark"), max_length=7, blank=True, validators=[IS_HEX], help_text=_("The same, on dark paper.")
    )
    font = models.CharField(_("typeface of headings"), max_length=10, blank=True, choices=FONTS)

    panels: ClassVar = [
        MultiFieldPanel([FieldPanel("shop_name"), FieldPanel("tagline"), FieldPanel("logo")], heading=_("Name")),
        MultiFieldPanel(
            [FieldPanel("strip_text"), FieldPanel("returns_text"), FieldPanel("footer_text")],
            heading=_("On every page"),
        ),
        MultiFieldPanel(
            [FieldPanel("contact_email"), FieldPanel("contact_phone"), FieldPanel("contact_address")],
            heading=_("Contact"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("legal_name"),
                FieldPanel("legal_address"),
                FieldPanel("vat_number"),
                FieldPanel("register_entry"),
            ],
            heading=_("On invoices"),
            help_text=_("What is changed here stands on invoices from now on; those that are issued stay as they are."),
        ),
        MultiFieldPanel(
            [
                FieldPanel("terms_page"),
                FieldPanel("privacy_page"),
                FieldPanel("accessibility_page"),
                FieldPanel("imprint_page"),
                FieldPanel("returns_page"),
            ],
            heading=_("Pages that the law or a buyer asks for"),
            help_text=_(
                "They stand at the foot of every page; the terms also where one orders, the returns also beside "
                "every product. Only published pages show, each in the visitor’s language where it is translated."
            ),
        ),
        MultiFieldPanel(
            [FieldPanel("theme"), FieldPanel("accent_light"), FieldPanel("accent_dark"), FieldPanel("font")],
            heading=_("Look"),
        ),
    ]

    class Meta:
        verbose_name = _("brand")
        verbose_name_plural = _("brands")

    def clean(self) -> None:
        """Refuse colours that cannot be read on the theme's paper, or be written on."""
        super().clean()
        errors: dict[str, Any] = {}
        theme = self.theme or settings.THEME
        for field, scheme in (("accent_light", "light"), ("accent_dark", "dark")):
            colour = getattr(self, field)
            if colour and HEX.fullmatch(colour) and (problem := colours.problem_with(colour, theme, scheme)):
                errors[field] = problem
        if errors:
            raise ValidationError(errors)
