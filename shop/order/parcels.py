"""What a shipment does to an order's lines and stock. Called by states.py, inside its transaction and under the order's lock."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.catalogue.operations import catalogue_changed
from shop.ledger.noting import current
from shop.payment.currencies import rounded

from . import stock
from .models import Line, Order, Shipment, ShipmentLine


class DispatchError(Exception):
    """Nothing left the house. `str()` is for staff; `field` is what it is about: "line-<id>", or nothing."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Tracking:
    """Who carries it, and under which number. `url` is worked out from both where nothing is given."""

    carrier: str = ""
    number: str = ""
    url: str = ""

    @property
    def address(self) -> str:
        """Where the carrier says where it is; empty where nobody can know."""
        template = settings.SHOP_CARRIERS.get(self.carrier, ("", ""))[1]
        if self.url or not template or not self.number:
            return self.url
        return str(template).replace("{number}", quote(self.number, safe=""))


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is to leave: line id and how many. `key` makes it leave once."""

    quantities: Mapping[int, int]
    tracking: Tracking = Tracking()
    key: uuid.UUID = field(default_factory=uuid.uuid4)


def open_lines(order: Order) -> list[Line]:
    """The lines of which something is still to leave, locked in the order of their ids."""
    lines = Line.objects.select_for_update().filter(order=order, status="open").order_by("pk")
    return [line for line in lines if line.left_open > 0]


def everything(lines: Iterable[Line]) -> Parcel:
    """All that is left of these lines."""
    return Parcel({line.pk: line.left_open for line in lines})


def leave(order: Order, parcel: Parcel, *, by: Any) -> Shipment:
    """Take the parcel's things from the shelf and write down that they left. Raises DispatchError, then nothing is changed."""
    lines = {line.pk: line for line in open_lines(order)}
    chosen = _chosen(order, lines, parcel.quantities)
    held = {line.pk: int(line.num_allocated or 0) for line, _number in chosen}
    for line, number in chosen:
        line.num_allocated = held[line.pk] if number == line.left_open else min(number, held[line.pk])
    stock.consume(line for line, _number in chosen)
    for line, number in chosen:
        line.num_allocated = held[line.pk] - line.num_allocated
        line.dispatched += number
        line.dispatched_amount = worth(line, line.dispatched, order.currency)
        line.status = "open" if line.left_open else "dispatched"
    Line.objects.bulk_update(
        [line for line, _number in chosen], ["num_allocated", "dispatched", "dispatched_amount", "status"]
    )
    tracking = parcel.tracking
    shipment = Shipment.objects.create(
        order=order, key=parcel.key, carrier=tracking.carrier, tracking_number=tracking.number,
        tracking_url=tracking.address, by=by, created_at=current().at or timezone.now(),
    )  # fmt: skip
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line=line, quantity=number) for line, number in chosen
    )
    catalogue_changed(line.product_id for line, _number in chosen if line.product_id)
    return shipment


def _chosen(order: Order, lines: Mapping[int, Line], wanted: Mapping[int, int]) -> list[tuple[Line, int]]:
    if not wanted:
        raise DispatchError(_("Say which lines of order %(number)s leave.") % {"number": order.number})
    for pk, number in wanted.items():
        line = lines.get(pk) or Line.objects.filter(order=order, pk=pk).first()
        if line is None:
            raise DispatchError(_("Order %(number)s has no line %(line)s.") % {"number": order.number, "line": pk})
        if not 0 < number <= line.left_open:
            text = _("%(title)s: %(wanted)s are to leave, and %(left)s are still here for this order.")
            raise DispatchError(
                text % {"title": line.title, "wanted": number, "left": line.left_open}, field=f"line-{pk}"
            )
    # In the order of the lines, which is the order of their locks.
    return [(lines[pk], wanted[pk]) for pk in sorted(wanted)]


def worth(line: Line, dispatched: int, currency: str) -> Decimal:
    """What so many of a line that left are worth: its price, less what the first of the others would be refunded with."""
    price: Decimal = line.line_price_incl_tax
    others = rounded(price * (line.quantity - dispatched) / line.quantity, currency)
    return price - others if dispatched else Decimal(0)


def stays(order: Order, lines: Iterable[Line]) -> None:
    """What is still open of these lines never leaves: it is free for others."""
    lines = list(lines)
    stock.release(lines)
    for line in lines:
        line.cancelled += line.left_open
        line.num_allocated, line.allocation_cancelled = 0, True
        line.status = "dispatched" if line.dispatched else "cancelled"
    Line.objects.bulk_update(lines, ["num_allocated", "allocation_cancelled", "cancelled", "status"])
    catalogue_changed(line.product_id for line in lines if line.product_id)
