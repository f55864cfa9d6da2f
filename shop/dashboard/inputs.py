"""Inputs of the dashboard's forms: the browser's own, which need no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from oscar.core.loading import get_model
from oscar.forms.widgets import DatePickerInput, DateTimePickerInput

RICH = {"data-rich": True, "rows": 8}


class DateInput(forms.DateInput):
    """A day. The browser shows it in its own language and sends it by the standard."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    """A day and a time of the shop's own zone."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class NativeDates:
    """For a form of Oscar's: its pickers, which are nothing without scripts, give way to the browser's own."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, DateTimePickerInput):
                field.widget = DateTimeInput()
            elif isinstance(field.widget, DatePickerInput):
                field.widget = DateInput()


def label(fields: dict[str, forms.Field], labels: Mapping[str, Any]) -> None:
    """Give fields of a form of Oscar's the words of this shop."""
    for name, text in labels.items():
        fields[name].label = text


def explain(fields: dict[str, forms.Field], texts: Mapping[str, Any]) -> None:
    """Say below fields what they do. Fields that this form does not have are passed over."""
    for name, text in texts.items():
        if name in fields:
            fields[name].help_text = text


def name_choices(field: forms.Field, names: Mapping[str, Any]) -> None:
    """Give choices of a field of Oscar's the words of this shop: short enough for a telephone's select."""
    choices = list(field.choices)  # type: ignore[attr-defined]
    field.choices = [(value, names.get(value, text)) for value, text in choices]  # type: ignore[attr-defined]


def name_nothing(fields: Mapping[str, Any]) -> None:
    """What narrows nothing is called "Any" in every list's form, where Oscar draws a line of dashes."""
    for field in fields.values():
        if isinstance(field.widget, forms.Select):
            field.widget.choices = [
                (value, _("Any") if value in ("", "unknown") else text) for value, text in field.widget.choices
            ]


class ProductField(forms.ModelChoiceField):
    """A product by what people have at hand: its SKU, UPC or slug, or its name where no other has it.

    It is shown as "name [slug]", which is also what the proposals of the lookup give.
    """

    widget = forms.TextInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("queryset", get_model("catalogue", "Product").objects.exclude(structure="child"))
        super().__init__(*args, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The product's name and slug for its number, and what was typed as it was typed."""
        if isinstance(value, int):
            value = self.queryset.filter(pk=value).first()  # type: ignore[union-attr]
        return named(value) if hasattr(value, "slug") else value

    def to_python(self, value: Any) -> Any:
        """The product. Raises ValidationError that says what was looked for, or how many have that name."""
        text = str(value or "").strip()
        if not text:
            return None
        products = self.queryset
        slug = text[text.rindex("[") + 1 : -1].strip() if text.endswith("]") and "[" in text else text
        for found in (
            {"slug": slug}, {"upc": text}, {"stockrecords__partner_sku": text}, {"title__iexact": text},
        ):  # fmt: skip
            fitting = list(products.filter(**found).distinct()[:2])  # type: ignore[union-attr]
            if len(fitting) == 1:
                return fitting[0]
            if fitting:
                raise forms.ValidationError(
                    _("Several products are called “%(text)s”: give the SKU or the slug."), params={"text": text}
                )
        raise forms.ValidationError(
            _("No product has “%(text)s” as its SKU, UPC, slug or name."), params={"text": text[:80]}
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is shown, not the number behind it."""
        return str(self.prepare_value(initial) or "").strip() != str(data or "").strip()


def named(product: Any) -> str:
    """A product as the field shows it."""
    return f"{product.get_title()} [{product.slug}]"
