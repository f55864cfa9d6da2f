"""Reading documents: those of an order, and the list of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from shop.days import between
from shop.order.models import Order

from .models import Invoice
from .sheet import lacking


@dataclass(frozen=True, slots=True)
class Document:
    """A document as an order's page names it."""

    code: str
    kind: str
    label: str
    at: datetime
    total: Decimal
    currency: str
    # Letters of it that its PDF writes by their numbers, because the face lacks them; only for staff.
    lacking: str = ""


def documents_of(order_id: int) -> tuple[Document, ...]:
    """The documents of an order, the oldest first; one query."""
    rows = Invoice.objects.filter(order=order_id).defer("data").order_by("pk")
    return tuple(document(row) for row in rows)


def documents_for_staff(order_id: int) -> tuple[Document, ...]:
    """The same, each with the letters that its PDF lacks."""
    rows = Invoice.objects.filter(order=order_id).order_by("pk")
    return tuple(replace(document(row), lacking=lacking(" ".join(_texts(row.data)))) for row in rows)


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _texts(each)


def document(row: Invoice) -> Document:
    """A document as pages and mails name it."""
    return Document(row.code, row.kind, row.get_kind_display(), row.at, row.shown_total, row.currency)


def document_of(order: Order, code: str) -> Invoice | None:
    """One document of this order. Another order's is as unknown as one that does not exist."""
    return found(code, Invoice.objects.filter(order=order))


def found(code: str, among: QuerySet[Invoice] | None = None) -> Invoice | None:
    """A document by its number as it is written. PostgreSQL has no letter of nothing, and fails where it is asked for one."""
    rows = Invoice.objects.all() if among is None else among
    return None if "\x00" in code else rows.filter(code=code).first()


def rows() -> QuerySet[Invoice]:
    """All documents with what a list shows, the newest first."""
    return Invoice.objects.select_related("order").defer("data").order_by("-at", "-pk")


def narrowed(
    rows: QuerySet[Invoice], *, text: str = "", kind: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Invoice]:
    """Those that fit. Dates are the shop's own days, both included."""
    if text:
        rows = rows.filter(Q(code__istartswith=text) | Q(order__number__istartswith=text) | Q(buyer__icontains=text))
    if kind:
        rows = rows.filter(kind=kind)
    return between(rows, "at", since, until)


@dataclass(frozen=True, slots=True)
class Taxed:
    """So much of a document at one rate; below 0 on a credit note."""

    rate: Decimal
    net: Decimal
    tax: Decimal
    gross: Decimal


def taxed(row: Invoice) -> Iterable[Taxed]:
    """What a document comes to at each rate."""
    sign = -1 if row.kind == Invoice.Kind.CREDIT_NOTE else 1
    for each in row.data["rates"]:
        values: dict[str, Any] = {name: sign * Decimal(each[name]) for name in ("net", "tax", "gross")}
        yield Taxed(Decimal(each["rate"]), **values)
