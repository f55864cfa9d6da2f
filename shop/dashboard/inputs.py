"""Inputs of the dashboard's forms: the browser's own, which need no script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from oscar.core.loading import get_model
from oscar.forms.widgets import DatePickerInput, DateTimePickerInput

from shop.payment.currencies import is_payable, smallest

RICH = {"data-rich": True, "rows": 8}
# So many products are named to somebody who typed part of a name, and so many of the words are looked for.
NEAR, MOST_WORDS = 5, 8


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


def in_coins(fields: Mapping[str, Any], *names: str, currency: str = "") -> None:
    """Take only amounts that a currency can pay, the shop's own where none is said: no half pennies, and no parts of a yen."""
    code = currency or settings.SHOP_CURRENCY
    step = smallest(code)

    def whole(amount: Any) -> None:
        if amount.is_finite() and not is_payable(amount, code):
            text = _("%(amount)s cannot be paid: %(currency)s is paid in steps of %(step)s. Round it to them.")
            raise forms.ValidationError(text, params={"amount": amount, "currency": code, "step": step})

    for name in names:
        fields[name].validators.append(whole)
        fields[name].widget.attrs["step"] = str(step)


def reference_field() -> forms.CharField:
    """By which staff finds what it sent back by bank."""
    return forms.CharField(
        label=_lazy("Reference of the bank transfer"),
        max_length=200,
        required=False,
        help_text=_lazy(
            "Needed where some of it goes back by bank, which is said before anything is sent. By it your transfer is "
            "found on the shop’s bank statement."
        ),
    )


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


class UploadField(forms.FileField):
    """One file that is read at once, up to so many bytes. `cure` says what helps with a larger one."""

    def __init__(self, *args: Any, max_bytes: int, cure: Any, accept: str, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.FileInput(attrs={"accept": accept}), **kwargs)
        self.max_bytes, self.cure = max_bytes, cure

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Not larger than it may be."""
        file = super().clean(data, initial)
        if file and (file.size or 0) > self.max_bytes:
            said = {"name": file.name, "size": filesizeformat(file.size), "limit": filesizeformat(self.max_bytes)}
            text = _("%(name)s has %(size)s; up to %(limit)s can be uploaded.") % said
            raise forms.ValidationError(f"{text} {self.cure}")
        return file


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
        near = self._near(text)
        message = _("No product has “%(text)s” as its SKU, UPC, slug or name.")
        if near:
            message = _(
                "No product has “%(text)s” as its SKU, UPC, slug or name. With these words there are: %(near)s."
            )
        raise forms.ValidationError(message, params={"text": text[:80], "near": "; ".join(near)})

    def _near(self, text: str) -> list[str]:
        """Some products with these words in their names, each as it can be typed."""
        fitting: Any = self.queryset
        for word in text.split()[:MOST_WORDS]:
            fitting = fitting.filter(title__icontains=word)
        return [named(product) for product in fitting.order_by("title", "pk")[:NEAR]]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is shown, not the number behind it."""
        return str(self.prepare_value(initial) or "").strip() != str(data or "").strip()


def named(product: Any) -> str:
    """A product as the field shows it."""
    return f"{product.get_title()} [{product.slug}]"
