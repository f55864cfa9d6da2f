"""What documents are looked for by."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.dashboard.narrowing import DaysForm, any_text
from shop.invoices.models import Invoice


class InvoiceSearchForm(DaysForm):
    """Everything is optional."""

    q = any_text(_("Number, order or name"))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Any")), *Invoice.Kind.choices])
