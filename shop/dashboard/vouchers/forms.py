"""Oscar's forms of vouchers: codes that can be made and typed, dates that need no script, words that say what happens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.vouchers import forms as oscar

from shop.dashboard.inputs import NativeDates, label, name_choices, name_nothing

from .codes import check_set, without_spaces

VALID = {"start_datetime": _("Valid from"), "end_datetime": _("Valid to"), "usage": _("Who may use it")}
USAGES = {
    "Single use": _("One customer, once"),
    "Multi-use": _("Anybody, any number of times"),
    "Once per customer": _("Every customer once"),
}


class VoucherForm(NativeDates, oscar.VoucherForm):
    """One code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label(self.fields, VALID | {"offers": _("Offers it stands for")})
        name_choices(self.fields["usage"], USAGES)
        self.fields["code"].help_text = _("What customers type. Capitals and small letters are the same.")

    def clean_code(self) -> str:
        """Without spaces, also where no script looks."""
        return without_spaces(self.cleaned_data["code"])


class VoucherSetForm(NativeDates, oscar.VoucherSetForm):
    """Many codes for the same offers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label(
            self.fields,
            VALID
            | {
                "offers": _("Offers they stand for"),
                "count": _("How many codes"),
                "code_length": _("Characters of a code"),
            },
        )
        name_choices(self.fields["usage"], USAGES)
        self.fields["description"].required = False

    def clean(self) -> dict[str, Any]:
        """Codes long enough for their number."""
        data = super().clean() or {}
        count, length = data.get("count"), data.get("code_length")
        if count is not None and length is not None:
            for name, problem in check_set(count, length).items():
                self.add_error(name, problem)
        return data


class VoucherSearchForm(oscar.VoucherSearchForm):
    """What codes are looked for by."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_nothing(self.fields)


VoucherSetSearchForm = oscar.VoucherSetSearchForm
__all__ = ["VoucherForm", "VoucherSearchForm", "VoucherSetForm", "VoucherSetSearchForm"]
