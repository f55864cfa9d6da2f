"""Oscar's orders with what has to be kept besides: language, way of paying, tax rates, who changed a state and why."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.order.abstract_models import AbstractLine, AbstractOrder, AbstractOrderStatusChange

# The states out of which a buyer may cancel an order; staff may also cancel what has left in part.
BUYER_MAY_CANCEL = frozenset({"awaiting-payment", "paid"})


class Order(AbstractOrder):
    """What somebody bought. Its state changes only through `shop.order.states.change_status`."""

    language = models.CharField(_("language"), max_length=12, blank=True)
    payment_method = models.CharField(_("way of paying"), max_length=64, blank=True)

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
    def can_cancel(self) -> bool:
        """Whether its buyer may still cancel it: nothing of it has left the house."""
        return self.status in BUYER_MAY_CANCEL


class Line(AbstractLine):
    """One product of an order, with the money as it was then."""

    option_text = models.CharField(_("options"), max_length=255, blank=True)
    tax_rate = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=4, default=Decimal(0))
    source = models.CharField(_("added from"), max_length=255, blank=True)

    class Meta(AbstractLine.Meta):
        abstract = False

    def available_statuses(self) -> tuple[str, ...]:
        """None: a line moves with its order (`change_status`), because its stock has to move with it."""
        return ()


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
