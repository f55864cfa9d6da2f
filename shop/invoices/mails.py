"""What mails say of documents."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from shop.customer.links import order_signature
from shop.ledger.models import MoneyEntry
from shop.mail.operations import adds_to, base_url, context_of
from shop.order.mails import order_context
from shop.order.models import Order

from .models import Invoice
from .operations import issue_missing
from .selectors import document

logger = logging.getLogger(__name__)


@adds_to("order-paid")
def invoice_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The invoice, where there is one. It is issued now where the mail was quicker than the worker's other hand."""
    order_id = context["order"]
    row = _invoice(order_id)
    if row is None:
        _issue_now(order_id)
        row = _invoice(order_id)
    return {"invoice": document(row), "invoice_url": _url(row)} if row else {}


def _issue_now(order_id: int) -> None:
    try:
        issue_missing(order_id)
    except Exception:
        # The mail matters more: what went wrong is tried again and shown with the outbox's own row.
        logger.exception("no invoice for the mail of order %s", order_id)


@adds_to("order-return")
def return_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The credit notes of a return that is paid back: there is no other mail that brings them."""
    if context["step"] != "refunded":
        return {}
    _issue_now(context["order"])
    rows = Invoice.objects.filter(kind=Invoice.Kind.CREDIT_NOTE, refund__back=context["return"])
    return {"notes": [(document(row), _url(row)) for row in rows.select_related("order").defer("data").order_by("pk")]}


@context_of("order-refunded")
def credit_note_context(context: Mapping[str, Any]) -> Mapping[str, Any]:
    """The order and its credit note. Raises LookupError where either is gone."""
    row = Invoice.objects.filter(pk=context["invoice"]).select_related("order", "entry").first()
    if row is None:
        raise LookupError(f"document {context['invoice']} is gone")
    to_card = row.entry is not None and row.entry.kind == MoneyEntry.Kind.GIFT_CARD_RETURNED
    return {**order_context(context), "note": document(row), "note_url": _url(row), "to_card": to_card}


def _invoice(order_id: int) -> Invoice | None:
    rows = Invoice.objects.filter(order=order_id, kind=Invoice.Kind.INVOICE).select_related("order")
    return rows.defer("data").first()


def _url(row: Invoice) -> str:
    """The signed link of the order; one that belongs to an account leads to signing in."""
    order: Order = row.order
    signature = order_signature(order.number)
    return base_url() + reverse("customer:anon-document", args=[order.number, signature, row.code])
