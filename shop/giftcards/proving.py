"""Gift cards and what happened on them agree."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Sum

from shop.ledger.accounts import AT_ONCE
from shop.ledger.models import MoneyEntry
from shop.ledger.proof import Finding, proves
from shop.payment.currencies import as_kept
from shop.sums import money_of

from .models import GiftCard, GiftCardEntry


@proves
def liability() -> Iterator[Finding]:
    """What is owed by the entries (liability.py) is what cards hold, and what was spent by them is what the books say.

    One query, so that all of it is seen at one moment.
    """
    spent = (MoneyEntry.Kind.GIFT_CARD_SPENT, MoneyEntry.Kind.GIFT_CARD_RETURNED)
    entries = GiftCardEntry.objects.filter(card__currency=OuterRef("currency"))
    books = MoneyEntry.objects.filter(currency=OuterRef("currency"), kind__in=spent)
    on_orders = entries.filter(kind__in=(GiftCardEntry.Kind.SPENT, GiftCardEntry.Kind.RETURNED))
    rows = GiftCard.objects.order_by("currency").values("currency").annotate(held=Sum("balance"))
    rows = rows.annotate(
        owed=money_of(entries, "amount", "card__currency"),
        off=money_of(on_orders, "amount", "card__currency"),
        booked=money_of(books, "amount", "currency"),
    )
    for row in rows:
        held, owed, off, booked = (as_kept(row[name]) for name in ("held", "owed", "off", "booked"))
        what = f"gift cards in {row['currency']}"
        if owed != held:
            yield Finding(what, f"{owed:.2f} is owed by their entries, and they hold {held:.2f}")
        if off != -booked:
            yield Finding(what, f"{-off:.2f} was spent by their entries, and {booked:.2f} by the books")


@proves
def gift_cards() -> Iterator[Finding]:
    """A card holds what its entries come to, and one that nobody may spend yet holds nothing."""
    entries = GiftCardEntry.objects.filter(card=OuterRef("pk"))
    rows = GiftCard.objects.annotate(moved=money_of(entries, "amount", "card"))
    unissued = (GiftCard.State.ORDERED, GiftCard.State.CANCELLED)
    names = ("pk", "last4", "state", "balance", "moved")
    for pk, last4, state, balance, moved in rows.order_by("pk").values_list(*names).iterator(chunk_size=AT_ONCE):
        what, moved = f"gift card {pk} (…{last4})", as_kept(moved)
        if balance != moved:
            yield Finding(what, f"holds {balance:.2f}, and its entries come to {moved:.2f}")
        if balance < 0 or (state in unissued and balance):
            yield Finding(what, f"is “{state}” and holds {balance:.2f}")
