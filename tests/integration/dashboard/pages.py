"""Fill in the dashboard's forms as a browser would."""

from __future__ import annotations

from typing import Any

from django.forms import NullBooleanField

from tests.people import signed_in

__all__ = ["form_values", "signed_in"]


def form_values(page: Any) -> dict[str, Any]:
    """What the product page would send if nobody changed anything."""
    values: dict[str, Any] = {}
    forms = [page.context["form"]]
    for name in ("category_formset", "image_formset", "recommended_formset", "stockrecord_formset"):
        formset = page.context[name]
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(field.field, NullBooleanField):
                values[field.html_name] = {True: "true", False: "false"}.get(value, "unknown")
                continue
            if hasattr(field.field, "queryset") and hasattr(value, "pk"):
                value = value.pk
            if callable(value):
                value = value()
            shown = field.field.prepare_value(value) if hasattr(field.field, "prepare_value") else value
            if shown is None or shown is False or shown == "" or hasattr(shown, "url"):
                continue
            values[field.html_name] = "on" if shown is True else shown
    return values
