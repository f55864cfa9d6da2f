"""What was seen at the payment provider, in our own terms: money is Decimal, times are aware."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

BRANDS = {"amex": "American Express", "unionpay": "UnionPay", "jcb": "JCB", "eftpos_au": "eftpos Australia"}


@dataclass(frozen=True, slots=True)
class SeenSession:
    """A payment page of the provider's, with the money that came through it.

    `status` is open, complete or expired; `intent_status` is empty until the customer has chosen how to pay.
    """

    id: str
    key: str
    status: str
    url: str
    amount: Decimal
    currency: str
    expires_at: datetime
    created_at: datetime
    intent_id: str = ""
    intent_status: str = ""
    received: Decimal = Decimal(0)
    received_currency: str = ""
    # The provider's code of why the last try brought no money.
    failure: str = ""


@dataclass(frozen=True, slots=True)
class SeenRefund:
    """Money on its way back. `key` is empty for one that was not made by us. Status as the provider names it."""

    id: str
    key: str
    status: str
    amount: Decimal
    currency: str
    intent_id: str
    created_at: datetime
    # The provider's code of why it came back.
    error: str = ""


@dataclass(frozen=True, slots=True)
class SeenDispute:
    """A payment that the customer's bank wants back. Status as the provider names it."""

    id: str
    status: str
    reason: str
    amount: Decimal
    currency: str
    intent_id: str
    due_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class SeenEvent:
    """That something happened to an object; what it is now has to be fetched."""

    id: str
    type: str
    object_id: str
    # Which of our payments it is about, where the object says so itself.
    intent_id: str
    happened_at: datetime
    is_live: bool


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A card that a customer keeps at the provider."""

    id: str
    brand: str
    last_digits: str
    expires: str

    @property
    def brand_name(self) -> str:
        """As it stands on the card."""
        return BRANDS.get(self.brand, self.brand.replace("_", " ").title())


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of the provider's payment page; `amount` is for one of it."""

    name: str
    amount: Decimal
    quantity: int = 1

    @property
    def total(self) -> Decimal:
        """What all of them come to."""
        return self.amount * self.quantity
