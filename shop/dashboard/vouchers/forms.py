"""Oscar's forms of vouchers, held to codes that can be made and typed."""

from __future__ import annotations

from typing import Any

from oscar.apps.dashboard.vouchers import forms as oscar

from .codes import check_set, without_spaces


class VoucherForm(oscar.VoucherForm):
    """One code."""

    def clean_code(self) -> str:
        """Without spaces, also where no script looks."""
        return without_spaces(self.cleaned_data["code"])


class VoucherSetForm(oscar.VoucherSetForm):
    """Many codes for the same offers."""

    def clean(self) -> dict[str, Any]:
        """Codes long enough for their number."""
        data = super().clean() or {}
        count, length = data.get("count"), data.get("code_length")
        if count is not None and length is not None:
            for name, problem in check_set(count, length).items():
                self.add_error(name, problem)
        return data


VoucherSearchForm, VoucherSetSearchForm = oscar.VoucherSearchForm, oscar.VoucherSetSearchForm
__all__ = ["VoucherForm", "VoucherSearchForm", "VoucherSetForm", "VoucherSetSearchForm"]
