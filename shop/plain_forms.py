"""Forms that say in the shop's own words what is missing and what to do about it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

# Django's own words by their code, and what the shop says in their place.
REQUIRED = _("This is empty. Fill it in to go on.")
NOT_CHOSEN = _("Nothing is chosen yet. Choose one to go on.")
NOT_TICKED = _("This needs a tick before you can go on.")
NO_ADDRESS = _("That is no e-mail address. It has a name, an @ and a domain, such as ada@example.com.")


# Where a line ends, and other controls. The letter of nothing is left to Django, which refuses it.
BREAKS = frozenset({"Cc", "Zl", "Zp"})
# What turns the direction of all the writing behind it.
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def one_line(text: str) -> str:
    """A text in one line: what somebody is called can begin no paragraph of our mails, nor turn their words round."""
    kept = (" " if unicodedata.category(sign) in BREAKS and sign != "\x00" else sign for sign in text)
    return " ".join("".join(sign for sign in kept if sign not in TURNS).split())


class OneLineField(forms.CharField):
    """A name, a street, a town."""

    def to_python(self, value: Any) -> str:
        """In one line, whatever was sent."""
        return one_line(str(super().to_python(value) or ""))


class QuickRenderer(DjangoTemplates):
    """Django's widgets, the commonest of them drawn without a template: a list of countries takes one for each otherwise."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """The same markup as Django's templates."""
        draw = _DRAWN.get(template_name)
        drawn = draw(context["widget"]) if draw else None
        if drawn is None:
            drawn = super().render(template_name, context, request)
        return mark_safe(drawn)


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{conditional_escape(str(widget["value"]))}"'
    return f'<input type="{widget["type"]}" name="{conditional_escape(widget["name"])}"{value}{_attributes(widget)}>'


def _select(widget: dict[str, Any]) -> str | None:
    """Nothing for a list in groups, which Django draws."""
    if any(name for name, _options, _place in widget["optgroups"]):
        return None
    options = "".join(
        f'\n  <option value="{conditional_escape(str(option["value"]))}"{_attributes(option)}>'
        f"{conditional_escape(option['label'])}</option>\n"
        for _name, group, _place in widget["optgroups"]
        for option in group
    )
    return f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>{options}\n</select>'


def _attributes(widget: dict[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


_DRAWN: dict[str, Callable[[dict[str, Any]], str | None]] = {
    f"django/forms/widgets/{name}.html": _input for name in ("text", "email", "tel", "number", "hidden")
}
_DRAWN["django/forms/widgets/select.html"] = _select


class PlainForm(forms.Form):
    """A form whose fields speak plainly where they have no words of their own, and whose labels carry no colon."""

    default_renderer = QuickRenderer

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
