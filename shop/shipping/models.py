"""Delivery methods: for which countries, how heavy, at what price, and free from where on."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.shipping.models import *  # noqa: F403


class ShippingMethod(models.Model):
    """One way of delivery. Prices are what the customer pays, tax included, in the shop's currency."""

    name = models.CharField(_("name"), max_length=128)
    code = models.SlugField(_("code"), max_length=64, unique=True)
    description = models.CharField(_("description"), max_length=255, blank=True)
    countries = models.JSONField(
        _("countries"),
        default=list,
        blank=True,
        help_text=_("Two-letter codes; empty for everywhere the shop sells to."),
    )
    price = models.DecimalField(
        _("price"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal(0))], default=Decimal(0)
    )
    included_grams = models.PositiveIntegerField(
        _("weight in the price, g"), default=2000, help_text=_("Up to this weight the price is enough.")
    )
    price_per_kg = models.DecimalField(
        _("price of each further kilogram"),
        max_digits=10,
        decimal_places=2,
        validators=[MinValueValidator(Decimal(0))],
        default=Decimal(0),
    )
    max_grams = models.PositiveIntegerField(
        _("heaviest parcel, g"), null=True, blank=True, help_text=_("Not offered above this weight.")
    )
    free_above = models.DecimalField(
        _("free from"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
        help_text=_("Free where the goods cost this much or more, after discounts."),
    )
    days_min = models.PositiveSmallIntegerField(_("working days, at least"), default=2)
    days_max = models.PositiveSmallIntegerField(_("working days, at most"), default=4)
    is_active = models.BooleanField(_("offered"), default=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        verbose_name = _("delivery method")
        verbose_name_plural = _("delivery methods")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.name
