"""What the proof of the books says about documents.

What a query finds wrong is looked at once more under the order's lock before it is named: somebody may be paying just now, and
the worker may be writing the document. While the outbox has work for an order, nothing of it is missing yet.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import CharField, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from shop.ledger.accounts import AT_ONCE
from shop.ledger.models import MoneyEntry
from shop.ledger.proof import Finding, proves
from shop.order.models import PAID, Order, OrderStatusChange
from shop.outbox.models import OutboxEntry

from .crediting import MOVES
from .models import Invoice, Series
from .operations import TOPIC, missing_corrections

# So many numbers of a gap are named; a gap is one finding.
SHOWN = 5


@proves
def documents() -> Iterator[Finding]:
    """Numbers without a gap, a document for everything that wants one, and none that says something else than its order."""
    yield from _series()
    yield from _totals()
    yield from _corrections()
    yield from _missing_invoices()
    yield from _missing_corrections()


def _series() -> Iterator[Finding]:
    """Read with the counters in one query: a document that is being written has both or neither."""
    counter = Subquery(Series.objects.filter(name=OuterRef("series")).values("last")[:1])
    rows = Invoice.objects.order_by("series").values("series").annotate(last=counter)
    for row in rows.annotate(written=Count("pk"), first=Min("number"), highest=Max("number")):
        name, highest, last = row["series"], row["highest"], row["last"]
        if (row["first"], row["written"]) != (1, highest):
            yield Finding(f"series {name}", f"numbers are missing below {highest}: {_gap(name, highest)}")
        if last != highest:
            stands = "it has no counter" if last is None else f"its counter stands at {last}"
            yield Finding(f"series {name}", f"its last number is {highest}, and {stands}")
    for series in Series.objects.exclude(last=0).exclude(Exists(Invoice.objects.filter(series=OuterRef("name")))):
        yield Finding(f"series {series.name}", f"its counter stands at {series.last}, and it has no documents")


def _gap(series: str, highest: int) -> str:
    held = set(Invoice.objects.filter(series=series).values_list("number", flat=True))
    missing = [number for number in range(1, highest + 1) if number not in held]
    named = ", ".join(map(str, missing[:SHOWN]))
    return f"{named} and {len(missing) - SHOWN} more" if len(missing) > SHOWN else named


def _totals() -> Iterator[Finding]:
    wrong = Invoice.objects.exclude(total=F("net") + F("tax"))
    for code, net, tax, total in wrong.order_by("pk").values_list("code", "net", "tax", "total").iterator():
        # SQLite adds in floats: what looks wrong there is added up once more.
        if net + tax != total:
            yield Finding(f"document {code}", f"{net:.2f} and {tax:.2f} of tax are not its total of {total:.2f}")
    other = Invoice.objects.filter(kind=Invoice.Kind.INVOICE).exclude(
        total=F("order__total_incl_tax"), currency=F("order__currency")
    )
    names = ("code", "total", "currency", "order__number", "order__total_incl_tax", "order__currency")
    for code, total, currency, number, due, own in other.order_by("pk").values_list(*names).iterator():
        yield Finding(f"invoice {code}", f"says {total:.2f} {currency}, and order {number} comes to {due:.2f} {own}")


def _corrections() -> Iterator[Finding]:
    """A credit note is never more than what went back, nor its cancellation than what came back; and it is signed so."""
    credit, reversal = Q(kind=Invoice.Kind.CREDIT_NOTE), Q(kind=Invoice.Kind.REVERSAL)
    fits = (credit & Q(total__lt=0, total__gte=F("entry__amount"))) | (
        reversal & Q(total__gt=0, total__lte=F("entry__amount"))
    )
    same = Q(entry__order=F("order"), entry__currency=F("currency"))
    wrong = Invoice.objects.exclude(kind=Invoice.Kind.INVOICE).exclude(fits & same)
    names = ("code", "total", "entry", "entry__amount", "order__number")
    for code, total, entry, amount, number in wrong.order_by("pk").values_list(*names).iterator():
        yield Finding(f"document {code}", f"says {total:.2f}; movement {entry} of order {number} is {amount:.2f}")


def _missing_invoices() -> Iterator[Finding]:
    held = Invoice.objects.filter(order=OuterRef("pk"), kind=Invoice.Kind.INVOICE)
    orders = paid_orders().filter(~Exists(held)).exclude(_waits("pk")).order_by("pk")
    for pk, number, status in orders.values_list("pk", "number", "status").iterator(chunk_size=AT_ONCE):
        if _still(orders.filter(pk=pk), pk):
            yield Finding(f"order {number}", f"is “{status}”, was paid, and has no invoice")


def _missing_corrections() -> Iterator[Finding]:
    """Money that went back wants a document unless it came too much; which of the two says `crediting`."""
    held = Invoice.objects.filter(entry=OuterRef("pk"))
    entries = MoneyEntry.objects.filter(~Exists(held), kind__in=MOVES, currency=F("order__currency"))
    invoiced = Invoice.objects.filter(order=OuterRef("order"), kind=Invoice.Kind.INVOICE)
    orders = entries.filter(Exists(invoiced)).order_by("order").values_list("order", flat=True).distinct()
    for pk in orders.iterator(chunk_size=AT_ONCE):
        with transaction.atomic():
            order = Order.objects.select_for_update().get(pk=pk)
            if OutboxEntry.objects.filter(topic=TOPIC, key=str(pk), parked_at=None).exists():
                continue
            documents = list(Invoice.objects.filter(order=order).defer("data"))
            total = next(each.total for each in documents if each.kind == Invoice.Kind.INVOICE)
            missing = missing_corrections(order, total, [each for each in documents if each.is_correction])
        for entry, amount in missing:
            word = "credit note" if amount < 0 else "cancellation of its credit note"
            yield Finding(
                f"order {order.number}",
                f"movement {entry.pk} ({entry.amount:.2f}) has no {word} over {abs(amount):.2f}",
            )


def paid_orders() -> QuerySet[Order]:
    """Orders that were paid once, whatever became of them."""
    changes = OrderStatusChange.objects.filter(order=OuterRef("pk"), new_status="paid")
    return Order.objects.filter(Q(status__in=PAID) | Exists(changes))


def _waits(name: str) -> Exists:
    """Whether the outbox has work for the order; what it has given up does not count."""
    key = Cast(OuterRef(name), CharField())
    return Exists(OutboxEntry.objects.filter(topic=TOPIC, key=key, parked_at=None))


def _still(found: QuerySet[Order], pk: int) -> bool:
    with transaction.atomic():
        Order.objects.select_for_update().filter(pk=pk).first()
        return found.exists()
