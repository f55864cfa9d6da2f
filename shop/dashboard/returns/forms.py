"""What returns are looked for by, and one form for each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from shop.dashboard.narrowing import any_text
from shop.dashboard.payments.forms import MoneyBackForm
from shop.invoices.seller import seller
from shop.order.models import Order
from shop.payment.refunds import line_left
from shop.returns.models import Return, ReturnLine
from shop.returns.operations import Came
from shop.returns.selectors import can_restock


class ReturnSearchForm(forms.Form):
    """Everything is optional."""

    q = any_text(_("Number, e-mail or name"))
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Any")), ("waiting", _("Waiting for us")), *Return.State.choices],
    )


def _words(label: Any, *, required: bool, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ApproveForm(forms.Form):
    """Where it is to be sent."""

    send_to = forms.CharField(
        label=_("Where it is to be sent"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    answer = _words(_("A word to the customer"), required=False)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"send_to": _return_address()}, prefix="approve")


def _return_address() -> str:
    """Where parcels go; where nobody has said, to the shop as its invoices have it."""
    own = seller()
    return "\n".join(settings.SHOP_RETURN_ADDRESS or ([own.name, own.address] if own.address else []))


class AnswerForm(forms.Form):
    """Words that the customer reads: why it is not taken back, or not refunded."""

    answer = _words(_("What the customer reads"), required=True)


class WithdrawForm(forms.Form):
    """Why nothing is expected any more."""

    why = forms.CharField(
        label=_("Reason"), max_length=255, help_text=_("Goes into the log; the customer does not read it.")
    )


class ReceiveForm(forms.Form):
    """How many came of each line, and how many of those go back on the shelf."""

    def __init__(self, data: Any = None, *, rows: list[ReturnLine]) -> None:
        super().__init__(data)
        self.rows: list[tuple[ReturnLine, list[Any]]] = []
        for row in rows:
            self.fields[f"received-{row.pk}"] = forms.IntegerField(
                label=_("Received"), min_value=0, max_value=row.quantity, initial=row.quantity
            )
            counted = can_restock(row.line)
            self.fields[f"restocked-{row.pk}"] = forms.IntegerField(
                label=_("Of those back on the shelf"),
                min_value=0,
                max_value=row.quantity,
                initial=0 if row.reason in (ReturnLine.Reason.DAMAGED, ReturnLine.Reason.FAULTY) else row.quantity,
                disabled=not counted,
                help_text="" if counted else _("Its stock is not counted, or it is no longer in the catalogue."),
            )
            if not counted:
                self.fields[f"restocked-{row.pk}"].initial = 0
            self.rows.append((row, [self[f"received-{row.pk}"], self[f"restocked-{row.pk}"]]))

    def came(self) -> dict[int, Came]:
        """As `operations.receive` takes it."""
        data = self.cleaned_data
        return {row.pk: Came(data[f"received-{row.pk}"], data[f"restocked-{row.pk}"]) for row, _fields in self.rows}


class GiveBackForm(MoneyBackForm):
    """How many of what came are paid back, and what else."""

    def __init__(self, data: Any = None, *, order: Order, rows: list[ReturnLine]) -> None:
        super().__init__(data, order=order)
        self.fields["extra"].help_text = _("For what is no line of the order, such as what the parcel cost.")
        self.lines: list[tuple[ReturnLine, Any]] = []
        for row in rows:
            most = min(row.received, line_left(row.line))
            self.fields[f"refunded-{row.pk}"] = forms.IntegerField(
                label=", ".join(part for part in (row.line.title, row.line.option_text) if part),
                help_text=now("%(received)s came, and %(most)s can be refunded.")
                % {"received": row.received, "most": most},
                required=False,
                min_value=0,
                max_value=most,
                initial=most,
            )
            self.lines.append((row, self[f"refunded-{row.pk}"]))

    @property
    def others(self) -> list[Any]:
        """What is no line."""
        return [self[name] for name in ("delivery", "extra", "reference") if name in self.fields]

    def chosen(self) -> dict[str, Any]:
        """As `operations.give_back` takes it."""
        data = self.cleaned_data
        return {"lines": {row.pk: data.get(f"refunded-{row.pk}") or 0 for row, _field in self.lines}, **self.amounts()}
