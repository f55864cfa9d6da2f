"""Widgets that are drawn without a template look exactly as Django draws them."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from shop.plain_forms import PlainForm


class Every(PlainForm):
    """What the shop's forms hold, with what has to be escaped."""

    name = forms.CharField(max_length=9, widget=forms.TextInput(attrs={"class": "input", "data-x": '"<&'}))
    mail = forms.EmailField(required=False, help_text="Never <shown> to others.")
    phone = forms.CharField(
        required=False, widget=forms.TextInput(attrs={"type": "tel", "hidden": True, "size": False})
    )
    count = forms.IntegerField(min_value=1, max_value=9)
    secret = forms.CharField(widget=forms.HiddenInput)
    password = forms.CharField(widget=forms.PasswordInput)
    words = forms.CharField(widget=forms.Textarea)
    country = forms.ChoiceField(choices=[("GB", "Great <Britain>"), ("DE", "Germany & others"), ("", "---")])
    grouped = forms.ChoiceField(choices=[("Europe", [("FR", "France")]), ("US", "America")])
    yes = forms.BooleanField()


@pytest.mark.parametrize(
    "data", [None, {}, {"name": "O'Hara <b>", "mail": "x", "count": "3", "country": "DE", "grouped": "US"}]
)
def test_as_django_draws_them(data: dict[str, str] | None) -> None:
    initial = {"count": 1234, "secret": '"', "words": "a\nb"}
    quick = Every(data, initial=initial)
    theirs = Every(data, initial=initial, renderer=DjangoTemplates())
    for name in quick.fields:
        assert str(quick[name]) == str(theirs[name]), name
        assert hasattr(str(quick[name]), "__html__")
