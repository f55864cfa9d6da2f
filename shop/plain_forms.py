"""Forms that say in the shop's own words what is missing and what to do about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

# Django's own words by their code, and what the shop says in their place.
REQUIRED = _("This is empty. Fill it in to go on.")
NOT_CHOSEN = _("Nothing is chosen yet. Choose one to go on.")
NOT_TICKED = _("This needs a tick before you can go on.")
NO_ADDRESS = _("That is no e-mail address. It has a name, an @ and a domain, such as ada@example.com.")


class PlainForm(forms.Form):
    """A form whose fields speak plainly where they have no words of their own, and whose labels carry no colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            speak_plainly(field)


def speak_plainly(field: forms.Field) -> None:
    """Put the shop's words in the place of Django's; those that a field brings along stay."""
    missing = REQUIRED
    if isinstance(field, forms.BooleanField):
        missing = NOT_TICKED
    elif isinstance(field, forms.ChoiceField):
        missing = NOT_CHOSEN
    # Compared by identity: a field that was given words has other ones.
    if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
        field.error_messages["required"] = missing
    if isinstance(field, forms.EmailField):
        field.error_messages.setdefault("invalid", NO_ADDRESS)
