"""Numbers without a gap.

A sequence of the database leaves a gap where a transaction fails. Here the last number is a row: whoever wants the next one
locks it, and holds it until the document is written or nothing is. So documents of one series are issued one after the other.
"""

from __future__ import annotations

from django.conf import settings

from .models import Invoice, Series

DIGITS = 6


def series_of(kind: str) -> str:
    """What numbers of this kind of document begin with (SHOP_INVOICE_SERIES). A credit note's cancellation stands among credit notes."""
    series = settings.SHOP_INVOICE_SERIES
    return str(series["invoice" if kind == Invoice.Kind.INVOICE else "credit-note"])


def next_number(series: str) -> int:
    """The next number of a series, inside the transaction that writes the document. Nobody else gets one until that ends."""
    Series.objects.get_or_create(name=series)
    counter = Series.objects.select_for_update().get(name=series)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def written(series: str, number: int) -> str:
    """A number as it is written: INV-000123."""
    return f"{series}{number:0{DIGITS}d}"
