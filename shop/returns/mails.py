"""What the mails about returns read. They are rendered by the worker, from the return as it is then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from shop.customer.links import return_path
from shop.mail.operations import base_url, context_of
from shop.order.mails import order_context

from .models import Return
from .operations import MAIL, STAFF_MAIL
from .selectors import return_view


class Words(NamedTuple):
    """What a step is called in the subject, and what it means."""

    subject: str
    text: str


def words_of(step: str, number: str) -> Words:
    """The words of one step, in the language of the mail."""
    values = {"number": number}
    found = {
        "requested": (
            _("We have your return %(number)s"),
            _("You want to send something back. We look at it and write to you where to send it; keep it until then."),
        ),
        "approved": (
            _("Your return %(number)s: where to send it"),
            _(
                "Please send it to the address below, with the slip in the parcel or the number of the return written on it."
            ),
        ),
        "declined": (_("About your return %(number)s"), _("We cannot take this back.")),
        "withdrawn": (
            _("Your return %(number)s is withdrawn"),
            _("Nothing of it is expected any more. You may ask again while there is time."),
        ),
        "received": (
            _("Your return %(number)s has arrived"),
            _("We have what you sent back. We look at it and then send your money."),
        ),
        "refunded": (
            _("The money for your return %(number)s"),
            _("We have sent your money back, the way you paid. It can take five to ten days to be on your account."),
        ),
        "closed": (_("About your return %(number)s"), _("We looked at what you sent back, and cannot refund it.")),
    }[step]
    return Words(found[0] % values, found[1])


@context_of(MAIL)
def return_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The return and its order. Raises LookupError where it is gone."""
    back = Return.objects.select_related("order", "refund").prefetch_related("lines__line").filter(pk=context["return"])
    found = back.first()
    if found is None:
        raise LookupError(f"return {context['return']} is gone")
    step, view = context["step"], return_view(found, found.order)
    return {
        **order_context(context),
        "back": view,
        "step": step,
        "words": _words_of_refund(found) if step == "refunded" else words_of(step, found.number),
        "return_url": base_url() + return_path(found.order.number, found.number),
    }


def _words_of_refund(back: Return) -> Words:
    """A gift card has its money at once; a bank takes its days."""
    words, refund = words_of("refunded", back.number), back.refund
    if refund and refund.gift_card_amount == refund.whole:
        return Words(words.subject, _("We have put your money back on your gift card. You can spend it at once."))
    return words


@context_of(STAFF_MAIL)
def staff_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """What somebody wants to send back. Raises LookupError where it is gone."""
    found = return_context({**context, "step": "requested"})
    address = base_url() + reverse("dashboard:return-detail", args=[found["back"].number])
    return {**found, "dashboard_url": address}
