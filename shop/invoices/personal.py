"""What documents hold about a person: handed out with the copy of one's data, and kept when the account goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shop.accounts.models import User
from shop.accounts.personal import Holding, register

from .models import Invoice


def connect() -> None:
    """Register it."""
    register(
        Holding(
            "invoices",
            "Invoices and credit notes for your orders. The law has us keep them as they were issued, with name and address, "
            "also after an account is deleted.",
            {
                "number": "its number",
                "kind": "invoice, credit note or cancellation of one",
                "date": "when it was issued",
                "order": "the order that it is about",
                "currency": "what its amounts are in",
                "total": "what it comes to; below 0 for a credit note",
                "tax": "the tax in that",
                "billed_to": "name and address on it",
                "delivered_to": "where it went",
            },
            _export,
            _keep,
            place=21,
        )
    )


def _export(user: User) -> Iterator[dict[str, Any]]:
    rows = Invoice.objects.filter(order__user=user).select_related("order").order_by("pk")
    for row in rows.iterator(chunk_size=100):
        yield {
            "number": row.code,
            "kind": row.kind,
            "date": row.at,
            "order": row.order.number,
            "currency": row.currency,
            "total": row.total,
            "tax": row.tax,
            "billed_to": row.data["buyer"],
            "delivered_to": row.data["goes_to"],
        }


def _keep(user: User) -> None:
    """Nothing is forgotten: a document is kept as it was issued for as long as the books are."""
