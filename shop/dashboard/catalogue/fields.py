"""Lists that are kept as JSON, written the way people write lists."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

MOST_TAGS, TAG_LENGTH = 50, 60
MOST_ROWS, NAME_LENGTH, VALUE_LENGTH = 200, 120, 1000
MOST_GTINS = 50
GTIN_LENGTHS = (8, 12, 13, 14)


class YesNoField(forms.NullBooleanField):
    """Yes, no, or nothing said: a box that nobody ticked would be published as "No"."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.choices = [("unknown", _lazy("Not said")), ("true", _lazy("Yes")), ("false", _lazy("No"))]

    def validate(self, value: bool | None) -> None:
        """Somebody has to say it where the product type asks for it."""
        if self.required and value is None:
            raise ValidationError(_("Choose yes or no: the product type asks for it."))


class TagsField(forms.CharField):
    """Words between commas; each is kept once."""

    def prepare_value(self, value: Any) -> Any:
        """As one line."""
        return ", ".join(str(tag) for tag in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """A list without doubles. Raises ValidationError for what is too long or too much."""
        text = super().to_python(value) or ""
        tags = list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
        long = next((tag for tag in tags if len(tag) > TAG_LENGTH), None)
        if long:
            raise ValidationError(
                _("“%(tag)s” has %(length)s characters, and a tag has up to %(limit)s. Are commas missing?")
                % {"tag": long, "length": len(long), "limit": TAG_LENGTH}
            )
        if len(tags) > MOST_TAGS:
            raise ValidationError(
                _("These are %(count)s tags; a product has up to %(limit)s.") % {"count": len(tags), "limit": MOST_TAGS}
            )
        return tags

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is meant, not how it is written."""
        return super().has_changed(self.prepare_value(initial), data)


class SpecificationField(forms.CharField):
    """One row a line: "name: value"."""

    widget = forms.Textarea(attrs={"rows": 6})

    def prepare_value(self, value: Any) -> Any:
        """As lines."""
        if isinstance(value, list):
            return "\n".join(f"{row[0]}: {row[1]}" for row in value)
        return value

    def to_python(self, value: Any) -> list[list[str]]:  # type: ignore[override]
        """Rows of name and value. Raises ValidationError that names the line."""
        rows: list[list[str]] = []
        errors: list[str] = []
        for number, line in enumerate((super().to_python(value) or "").splitlines(), start=1):
            if not line.strip():
                continue
            name, colon, content = (part.strip() for part in line.partition(":"))
            if not (name and colon and content):
                errors.append(
                    _("Line %(number)s, “%(line)s”, is not “name: value”.") % {"number": number, "line": line[:60]}
                )
            elif len(name) > NAME_LENGTH or len(content) > VALUE_LENGTH:
                errors.append(
                    _("Line %(number)s is too long: up to %(name)s characters before the colon and %(value)s after it.")
                    % {"number": number, "name": NAME_LENGTH, "value": VALUE_LENGTH}
                )
            rows.append([name, content])
        if len(rows) > MOST_ROWS:
            errors.append(
                _("These are %(count)s rows; a product has up to %(limit)s.") % {"count": len(rows), "limit": MOST_ROWS}
            )
        if errors:
            raise ValidationError(errors)
        return rows

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is meant, not how it is written."""
        return super().has_changed(self.prepare_value(initial), data)


class GtinsField(forms.CharField):
    """EANs between commas, spaces or line ends, each with its check digit."""

    def prepare_value(self, value: Any) -> Any:
        """As one line."""
        return ", ".join(str(one) for one in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """A list without doubles. Raises ValidationError that names each wrong number and what is wrong with it."""
        numbers = list(dict.fromkeys(part for part in re.split(r"[\s,;]+", super().to_python(value) or "") if part))
        errors = [problem for problem in map(gtin_problem, numbers) if problem]
        if len(numbers) > MOST_GTINS:
            errors.append(
                _("These are %(count)s EANs; a product has up to %(limit)s.")
                % {"count": len(numbers), "limit": MOST_GTINS}
            )
        if errors:
            raise ValidationError(errors)
        return numbers

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what is meant, not how it is written."""
        return super().has_changed(self.prepare_value(initial), data)


def gtin_problem(number: str) -> str:
    """What is wrong with an EAN, or nothing."""
    if not (number.isascii() and number.isdigit()) or len(number) not in GTIN_LENGTHS:
        return _("“%(number)s” is no EAN: one has 8, 12, 13 or 14 digits.") % {"number": number[:40]}
    digits = [int(digit) for digit in number[:-1]]
    total = sum(digit * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    check = (10 - total % 10) % 10
    if check != int(number[-1]):
        return _("“%(number)s” ends in %(last)s, and its check digit would be %(check)s: a digit was mistyped.") % {
            "number": number,
            "last": number[-1],
            "check": check,
        }
    return ""
