"""What payments and messages are looked for by, and what a refund is made of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from shop.dashboard.inputs import in_coins, reference_field
from shop.dashboard.narrowing import DaysForm, any_text
from shop.ledger.selectors import left_by_bank
from shop.order.models import Line, Order
from shop.payment.models import Payment, WebhookEvent
from shop.payment.refunds import delivery_left, line_amount, line_left
from themes.formats import money


class PaymentSearchForm(DaysForm):
    """Payments."""

    q = any_text(_("Order, or Stripe’s id"))
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("Any")),
            ("needs", _("Needs somebody")),
            ("refunded", _("With a refund")),
            *Payment.State.choices,
        ],
    )


class MessageSearchForm(DaysForm):
    """Messages of Stripe's."""

    q = any_text(_("Order, kind or Stripe’s id"))
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *WebhookEvent.State.choices])


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the order on the page of a refund."""

    line: Line
    left: int
    field: Any


class MoneyBackForm(forms.Form):
    """How much of an order's delivery goes back, and what else. Looked at before it is sent."""

    delivery = forms.DecimalField(label=_("Delivery"), required=False, min_value=0, max_digits=12, decimal_places=2)
    extra = forms.DecimalField(
        label=_("Another amount"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("For what is no line of the order, such as an apology."),
    )
    reference = reference_field()
    # What was looked at before it is sent.
    expected = forms.DecimalField(required=False, max_digits=12, decimal_places=2, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, order: Order) -> None:
        super().__init__(data)
        self.delivery_left = delivery_left(order)
        in_coins(self.fields, "delivery", "extra", currency=order.currency)
        self.fields["delivery"].help_text = now("%(left)s of %(all)s can be refunded.") % {
            "left": money(self.delivery_left, order.currency),
            "all": money(order.shipping_incl_tax, order.currency),
        }
        if not left_by_bank(order.pk):
            del self.fields["reference"]

    def amounts(self) -> dict[str, Decimal]:
        """What is no line, as `refunds.quote` takes it."""
        return {name: self.cleaned_data.get(name) or Decimal(0) for name in ("delivery", "extra")}


class RefundForm(MoneyBackForm):
    """How many of each line, how much of the delivery, what else, and why. Without a limit it names, nothing is refused."""

    why = forms.CharField(
        label=_("Reason"), max_length=255, help_text=_("Goes into the log; the customer does not read it.")
    )
    # Sent twice, it is one refund.
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, order: Order, lines: Sequence[Line], everything: bool = False) -> None:
        super().__init__(data, order=order)
        self.lines = lines
        left = {line.pk: line_left(line) for line in lines}
        self.initial["key"] = uuid.uuid4()
        if everything:
            self.initial.update({f"line-{pk}": number for pk, number in left.items()})
            self.initial["delivery"] = self.delivery_left or None
        for line in lines:
            self.fields[f"line-{line.pk}"] = forms.IntegerField(
                label=", ".join(part for part in (line.title, line.option_text) if part),
                help_text=now("%(left)s of %(all)s can be refunded; together they are worth %(worth)s.")
                % {
                    "left": left[line.pk],
                    "all": line.quantity,
                    "worth": money(line_amount(line, left[line.pk], order.currency), order.currency),
                },
                required=False,
                min_value=0,
                max_value=left[line.pk],
                error_messages={
                    "max_value": now("%(limit_value)s are left of “%(title)s” that can be refunded.")
                    % {"limit_value": left[line.pk], "title": line.title}
                },
                disabled=not left[line.pk],
            )
        self.rows = [LineRow(line, left[line.pk], self[f"line-{line.pk}"]) for line in lines]

    def chosen(self) -> dict[str, Any]:
        """What was asked for, as `refunds.quote` and `refunds.refund` take it."""
        numbers = {line.pk: self.cleaned_data.get(f"line-{line.pk}") for line in self.lines}
        return {"lines": {pk: number for pk, number in numbers.items() if number}, **self.amounts()}
