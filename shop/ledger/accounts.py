"""What the rows around an order say of its money, added up in the database: one query, whatever the number of orders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Greatest, Round

from shop.catalogue.models import TaxClass
from shop.giftcards.models import GiftCardEntry
from shop.order.models import Line, Order
from shop.payment.currencies import as_kept
from shop.payment.given import amount_counted
from shop.payment.models import Dispute, Payment, Refund, RefundLine
from shop.payment.refunds import HOLDS_NOTHING
from shop.sums import MONEY, money_of

from .models import MoneyEntry
from .selectors import SENT_BACK

AT_ONCE = 1000
KIND = MoneyEntry.Kind
NOTHING = Decimal(0)
PAID_IN = (KIND.CAPTURED, KIND.RECEIVED, KIND.GIFT_CARD_SPENT)


@dataclass(frozen=True, slots=True)
class Account:
    """One order's money. Sums of entries are as they are signed: what goes back is below 0."""

    pk: int
    number: str
    status: str
    currency: str
    total: Decimal
    shipping: Decimal
    held: Decimal
    paid_in: Decimal
    by_bank: Decimal
    # What gift cards hold of it: by the order, by its entries in the books, and by the entries of the cards.
    gift_card_amount: Decimal
    by_gift_card: Decimal
    off_gift_cards: Decimal
    # Entries beside what the payment rows say of the same.
    captured: Decimal
    payments_captured: Decimal
    refunded: Decimal
    refunds_sent: Decimal
    disputed: Decimal
    disputes_open: Decimal
    # What staff has sent by bank: by the books, and by the refunds that it was a part of.
    sent_back: Decimal
    refunds_by_bank: Decimal
    # Refunds that are written down and not yet known at Stripe.
    refunds_wanted: Decimal
    has_other_currency: bool
    # A payment that staff was told of.
    has_problem: bool
    open_lines: int
    # Of which something has left; and those of them of which something has in a parcel.
    gone_lines: int
    parcel_lines: int
    dispatched: Decimal
    dispatched_refunded: Decimal

    @property
    def left(self) -> Decimal:
        """What is held and not on its way back."""
        return self.held - self.refunds_wanted

    @property
    def given_back(self) -> Decimal:
        """What went back to the customer or their bank, and what is on its way."""
        return self.paid_in - self.left

    @property
    def owed_if_cancelled(self) -> Decimal:
        """What the customer has paid for and will not get, if nothing more leaves the house.

        All that is left while nothing has gone; after that, what has gone is paid, unless it was refunded, and delivery
        was used by it. Gift cards went by e-mail and used none.
        """
        kept = self.dispatched + (self.shipping if self.parcel_lines else NOTHING)
        return max(min(self.left, self.left - kept + self.dispatched_refunded), NOTHING)


def accounts(orders: QuerySet[Order] | None = None) -> Iterator[Account]:
    """The money of these orders, or of all, in the order of their ids; read as they are asked for."""
    rows = (Order.objects.all() if orders is None else orders).order_by("pk")
    own = Q(money__currency=F("currency"))
    lines = Line.objects.filter(order=OuterRef("pk"))
    payments = Payment.objects.filter(order=OuterRef("pk"))
    refunds = Refund.objects.filter(order=OuterRef("pk"))
    disputes = Dispute.objects.filter(payment__order=OuterRef("pk")).exclude(HOLDS_NOTHING)
    gone = lines.filter(dispatched__gt=0)
    spent = GiftCardEntry.objects.filter(order=OuterRef("pk"))
    found = rows.annotate(
        total=F("total_incl_tax"),
        shipping=F("shipping_incl_tax"),
        held=_total(own),
        paid_in=_total(own, money__kind__in=PAID_IN),
        by_bank=_total(Q(money__kind=KIND.RECEIVED) | Q(money__key__startswith=SENT_BACK)),
        by_gift_card=_total(money__kind__in=(KIND.GIFT_CARD_SPENT, KIND.GIFT_CARD_RETURNED)),
        off_gift_cards=money_of(spent, "amount", "order"),
        captured=_total(money__kind=KIND.CAPTURED),
        refunded=_total(Q(money__key__startswith="refund")),
        disputed=_total(money__kind__in=(KIND.DISPUTED, KIND.DISPUTE_WON)),
        others=Count("money", filter=~own),
        payments_captured=money_of(payments, "captured", "order"),
        refunds_sent=money_of(refunds.filter(state__in=Refund.SENT), "amount", "order"),
        refunds_wanted=money_of(refunds.filter(state=Refund.State.WANTED), "amount", "order"),
        sent_back=_total(money__key__startswith=SENT_BACK),
        refunds_by_bank=money_of(refunds, "bank_amount", "order"),
        disputes_open=money_of(disputes, "amount", "payment__order"),
        has_problem=Exists(payments.exclude(problem="")),
        open_lines=_count(lines.filter(status="open")),
        gone_lines=_count(gone),
        parcel_lines=_count(gone.exclude(tax_code=TaxClass.GIFT_CARD)),
        dispatched=money_of(gone, "dispatched_amount", "order"),
        dispatched_refunded=money_of(gone, _refunded_of_what_left(), "order"),
    )
    names = [name for name in Account.__slots__ if name != "has_other_currency"]
    for row in found.values(*names, "others").iterator(chunk_size=AT_ONCE):
        row = {name: as_kept(value) if isinstance(value, Decimal) else value for name, value in row.items()}
        yield Account(has_other_currency=row.pop("others") > 0, **row)


def account(order: Order) -> Account:
    """One order's money."""
    return next(accounts(Order.objects.filter(pk=order.pk)))


def _total(*which: Q, **more: Any) -> Coalesce:
    """A sum over the order's entries."""
    return Coalesce(Sum("money__amount", filter=Q(*which, **more)), NOTHING, output_field=MONEY)


def _refunded_of_what_left() -> Any:
    """What was refunded of a line's part that has left: for what came back, and where more was than for the part that has not.

    Rounded, because SQLite reckons in floats.
    """
    rows = RefundLine.objects.filter(line=OuterRef("pk"))
    came_back = money_of(rows.filter(refund__back__isnull=False), amount_counted(), "line")
    more = money_of(rows, amount_counted(), "line") + F("dispatched_amount") - F("line_price_incl_tax")
    return Round(Greatest(more, came_back, output_field=MONEY), precision=2, output_field=MONEY)


def _count(rows: QuerySet[Any]) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values("order").annotate(found=Count("pk")).values("found")), 0)
