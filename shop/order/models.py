"""Oscar's orders with what has to be kept besides: language, way of paying, tax rates, who changed a state and why."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder, AbstractOrderStatusChange

# The states of an order that was paid and not cancelled since, and those of them in which something has still to leave.
PAID = frozenset({"paid", "partly-dispatched", "dispatched", "delivered"})
TO_DISPATCH = ("paid", "partly-dispatched")
# The states out of which a buyer may cancel all of an order (cancelling.py); staff may also cancel what has left in part.
BUYER_MAY_CANCEL = frozenset({"awaiting-payment", "paid"})


class Order(AbstractOrder):
    """What somebody bought. Its state changes only through `shop.order.states.change_status`."""

    language = models.CharField(_("language"), max_length=12, blank=True)
    payment_method = models.CharField(_("way of paying"), max_length=64, blank=True)
    # When its buyer has chosen another one than at the checkout (shop/payment/ways.py).
    way_chosen_at = models.DateTimeField(_("when the way of paying was changed"), null=True, blank=True)
    # How much of the total gift cards have paid, from the moment of placement on (shop/giftcards/spending.py).
    gift_card_amount = models.DecimalField(_("paid by gift card"), max_digits=12, decimal_places=2, default=Decimal(0))

    class Meta(AbstractOrder.Meta):
        abstract = False
        indexes: ClassVar = [models.Index(fields=["status", "date_placed"], name="order_status_placed")]

    def set_status(self, new_status: str) -> None:
        """Oscar's name for a change of state, led to the one place that does it."""
        from .states import change_status

        change_status(self, new_status, why="dashboard")

    set_status.alters_data = True  # type: ignore[attr-defined]

    @property
    def status_label(self) -> str:
        """The state in words."""
        return str(settings.OSCAR_ORDER_STATUS_LABELS.get(self.status, self.status))

    @property
    def due(self) -> Decimal:
        """What is to be paid another way than by gift card."""
        return Decimal(self.total_incl_tax or 0) - self.gift_card_amount


class Line(AbstractLine):
    """One product of an order, with the money as it was then."""

    option_text = models.CharField(_("options"), max_length=255, blank=True)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=4, default=Decimal(0))
    source = models.CharField(_("added from"), max_length=255, blank=True)
    # How many have left the house, and how many never will. `status` follows from both.
    dispatched = models.PositiveIntegerField(_("dispatched"), default=0)
    cancelled = models.PositiveIntegerField(_("cancelled"), default=0)
    # What those that left are worth of the line's price. The rest is worth exactly what stays of it.
    dispatched_amount = models.DecimalField(
        _("worth of what was dispatched"), max_digits=12, decimal_places=2, default=Decimal(0)
    )

    class Meta(AbstractLine.Meta):
        abstract = False
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(quantity__gte=models.F("dispatched") + models.F("cancelled")),
                name="order_line_leaves_once",
            ),
        ]

    @property
    def left_open(self) -> int:
        """How many are still to leave the house."""
        return int(self.quantity) - self.dispatched - self.cancelled

    def available_statuses(self) -> tuple[str, ...]:
        """None: a line moves with its order (`change_status`), because its stock has to move with it."""
        return ()


class Shipment(models.Model):
    """What left the house together, and how to follow it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="shipments", verbose_name=_("order"))
    # Sent twice, it left once.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # One of SHOP_CARRIERS, or nothing.
    carrier = models.CharField(_("carrier"), max_length=32, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=64, blank=True)
    # Where the carrier says where it is.
    tracking_url = models.URLField(_("tracking page"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("shipment")
        verbose_name_plural = _("shipments")

    def __str__(self) -> str:
        return " ".join(part for part in (self.carrier, self.tracking_number) if part) or str(self.key)


class ShipmentLine(models.Model):
    """How many of a line are in a shipment."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="shipment_lines")
    quantity = models.PositiveIntegerField(_("quantity"))

    class Meta:
        ordering: ClassVar = ["pk"]
        verbose_name = _("line of a shipment")
        verbose_name_plural = _("lines of a shipment")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="shipment_line_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.line_id}"


class OrderStatusChange(AbstractOrderStatusChange):
    """The log of states: what changed, who did it (nobody: the shop itself) and why."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("by"),
    )
    why = models.CharField(_("why"), max_length=255, blank=True)

    class Meta(AbstractOrderStatusChange.Meta):
        abstract = False


from oscar.apps.order.models import *  # noqa: E402, F403

# By name, because Oscar makes its models when it is imported and no checker can see them.
from oscar.core.loading import get_model  # noqa: E402

BillingAddress = get_model("order", "BillingAddress")
OrderDiscount = get_model("order", "OrderDiscount")
OrderNote = get_model("order", "OrderNote")
OrderLineDiscount = get_model("order", "OrderLineDiscount")
ShippingAddress = get_model("order", "ShippingAddress")
