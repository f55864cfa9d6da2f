"""Forms of the catalogue's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.plain_forms import PlainForm

BODY_LENGTH = 4000
SCORES = [
    (5, _("5 stars, could not be better")),
    (4, _("4 stars, good")),
    (3, _("3 stars, all right")),
    (2, _("2 stars, not as hoped")),
    (1, _("1 star, would not buy it again")),
]


class ReviewForm(PlainForm):
    """One person's review of one product."""

    score = forms.TypedChoiceField(
        label=_("Stars"),
        choices=[("", _("Choose")), *SCORES],
        coerce=int,
        widget=forms.Select(attrs={"class": "input"}),
    )
    title = forms.CharField(label=_("In a few words"), max_length=120, widget=forms.TextInput(attrs={"class": "input"}))
    body = forms.CharField(
        label=_("Your review"), max_length=BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 6, "class": "input"})
    )
