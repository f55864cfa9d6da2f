"""Oscar's baskets and lines, with what a shop has to remember besides."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket.abstract_models import AbstractBasket, AbstractLine


class Basket(AbstractBasket):
    """What somebody is about to buy (Open), keeps for later (Saved) or has bought (Submitted)."""

    # What the cookie of a visitor without an account holds: it cannot be guessed, as the id can, and it is never given
    # to another row.
    token = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)

    class Meta(AbstractBasket.Meta):
        abstract = False
        # One open and one kept basket a person: two requests at once cannot make a second.
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "status"],
                condition=models.Q(owner__isnull=False, status__in=["Open", "Saved"]),
                name="basket_one_open_one_saved_per_owner",
            )
        ]

    @property
    def num_lines(self) -> int:
        """How many lines; counts what is already loaded instead of asking again."""
        return len(self.all_lines())

    def use_lines(self, lines: list[Any]) -> None:
        """Work with these loaded lines from here on. Offers are applied to them and nothing is read again."""
        self._lines = lines
        for line in lines:
            line.basket = self


class Line(AbstractLine):
    """One product in a basket."""

    source = models.CharField(
        _("added from"),
        max_length=255,
        blank=True,
        help_text=_("The address of the page, and the block on it, from which it was put in."),
    )
    # The stock record's price when it was put in: the same for every country, so that a change of country is no
    # change of price.
    home_price = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True, editable=False)

    # Of a gift card: for whom, from whom, with which words, and when (shop/giftcards/buying.py).
    gift = models.JSONField(null=True, blank=True, editable=False)

    class Meta(AbstractLine.Meta):
        abstract = False


from oscar.apps.basket.models import *  # noqa: E402, F403

if TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Oscar makes its models inside conditions, where type checkers cannot see them."""
