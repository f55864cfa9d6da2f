"""One attempt at buying a basket. Its token is what makes a second click, a reload and a retry the same order."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Checkout(models.Model):
    """What the buyer has said so far. Addresses are kept as `forms.AddressForm.cleaned` writes them."""

    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    basket = models.ForeignKey("basket.Basket", on_delete=models.CASCADE, related_name="checkouts")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="checkouts"
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    shipping_address = models.JSONField(default=dict, blank=True)
    billing_address = models.JSONField(default=dict, blank=True, help_text=_("Empty: the same as for delivery."))
    shipping_code = models.CharField(max_length=64, blank=True)
    payment_code = models.CharField(max_length=64, blank=True)
    # Gift cards in the order in which they are to be used: id, and which of its codes was typed (giftcards/spending.py).
    gift_cards = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=12, blank=True)
    # What the buyer saw and agreed to last: shop.basket.snapshots writes and reads it.
    quote = models.JSONField(null=True, blank=True)
    order = models.OneToOneField(
        "order.Order", null=True, blank=True, on_delete=models.SET_NULL, related_name="checkout"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["basket"], condition=models.Q(order__isnull=True), name="checkout_one_open_per_basket"
            )
        ]

    def __str__(self) -> str:
        return str(self.token)

    @property
    def country(self) -> str:
        """Where the things go, which decides the tax; empty before that was said."""
        return str(self.shipping_address.get("country", ""))
