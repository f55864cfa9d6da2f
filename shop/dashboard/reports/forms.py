"""Oscar's form of reports with dates that need no script."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.reports import forms as oscar

from shop.dashboard.inputs import NativeDates, label


class ReportForm(NativeDates, oscar.ReportForm):
    """Which report, and of which days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report_type"].widget.attrs.pop("data-unsupported-fields", None)
        label(
            self.fields,
            {
                "report_type": _("Report"),
                "date_from": _("From"),
                "date_to": _("To"),
                "download": _("Download as CSV"),
            },
        )
        self.fields["date_to"].help_text = ""
        generator = self.get_generator(self.data.get("report_type")) if self.is_bound else None
        for name in self.get_unsupported_fields(generator) if generator else ():
            # What was typed there is for another report.
            del self.fields[name]

    def get_unsupported_field_ids(self) -> dict[str, list[str]]:
        """None: they are for a script of Oscar's, and looking for them fixes each field's words before we give ours."""
        return {}
