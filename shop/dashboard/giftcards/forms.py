"""What staff fills in about gift cards."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop.dashboard.inputs import DateInput, in_coins
from shop.dashboard.narrowing import any_text
from shop.giftcards.models import GiftCard


class GiftCardSearchForm(forms.Form):
    """Everything is optional."""

    q = any_text(_("Last four signs, order or recipient"))
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *GiftCard.State.choices])


class _Keyed(forms.Form):
    """Sent twice, it is done once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"key": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class GiftCardForm(_Keyed):
    """A gift card that nobody bought."""

    amount = forms.DecimalField(label=_("Amount"), min_value=0, max_digits=12, decimal_places=2)
    recipient_email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The code is sent there, and shown nowhere else.")
    )
    recipient_name = forms.CharField(label=_("Name"), max_length=100, required=False)
    message = forms.CharField(
        label=_("Message"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the mail."),
    )  # fmt: skip
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=DateInput,
        help_text=_("It can be spent until the end of that day. Empty: for ever."),
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)
    why = forms.CharField(
        label=_("Reason"), max_length=255, help_text=_("Goes into the log; the recipient does not read it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_coins(self.fields, "amount")


class ReasonForm(forms.Form):
    """Why a card is blocked, or free again."""

    why = forms.CharField(label=_("Reason"), max_length=255)


class SendForm(forms.Form):
    """Where a card is sent once more."""

    to = forms.EmailField(
        label=_("Send it again to"),
        help_text=_("To another address it gets another code, and the old one is worth nothing."),
    )


class AdjustForm(_Keyed):
    """Another balance."""

    amount = forms.DecimalField(
        label=_("Add to the balance"),
        max_digits=12,
        decimal_places=2,
        help_text=_("With a minus it is taken off; never more than there is."),
    )
    why = forms.CharField(label=_("Reason"), max_length=255)
