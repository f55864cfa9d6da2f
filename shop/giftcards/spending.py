"""Paying with gift cards and giving back to them. Always inside the caller's transaction.

Cards are locked last of all, in the order of their ids: whoever locks an order, a payment or stock has done so before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from shop.catalogue.models import TaxClass
from shop.ledger.models import MoneyEntry
from shop.ledger.noting import current
from shop.ledger.operations import enter
from shop.order.models import Order, OrderNote
from shop.payment.currencies import as_kept, least
from shop.payment.problems import tell_of_order
from themes.formats import money

from .models import GiftCard, GiftCardEntry

KIND = GiftCardEntry.Kind
NOTHING = Decimal("0.00")
MOST_CARDS = 5
# What comes back to a card whose time is nearly over can be spent for so long at least...
AFTER_RETURN = timedelta(days=30)
# ...but what was spent in time that was added so adds none past this, counted from the card's own last day: else whoever orders
# and cancels once a month would have it for ever.
MOST_ADDED = timedelta(days=180)


class CardError(Exception):
    """Nothing was done. `str()` says why, for whoever asked."""


class NotEnoughError(Exception):
    """A card does not hold any more what is to be taken from it; nothing was taken."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one card pays."""

    card: GiftCard
    amount: Decimal


def lock(card_ids: Iterable[int]) -> dict[int, GiftCard]:
    """Lock cards, always in the order of their ids."""
    rows = GiftCard.objects.select_for_update().filter(pk__in=sorted(set(card_ids))).order_by("pk")
    return {row.pk: row for row in rows}


def typed(held: Iterable[Any]) -> dict[int, int]:
    """The cards that a checkout holds, in their order: id, and the version of the code that was typed for it.

    An id alone is the first version's.
    """
    found: dict[int, int] = {}
    for each in held:
        pk, version = each if isinstance(each, list) else (each, 1)
        found[pk] = version
    return found


def still_good(cards: Mapping[int, GiftCard], versions: Mapping[int, int]) -> dict[int, GiftCard]:
    """Those of the cards that have no other code by now: whoever typed the old one has nothing."""
    return {pk: card for pk, card in cards.items() if card.version == versions[pk]}


def not_by_card(lines: Iterable[Any]) -> Decimal:
    """What of a quote's lines no gift card may pay for: other gift cards, or one that is about to end would live for ever."""
    return sum((line.incl for line in lines if line.tax_class == TaxClass.GIFT_CARD), NOTHING)


def share_out(
    cards: Mapping[int, GiftCard], wanted: Sequence[int], *, total: Decimal, currency: str, excluded: Decimal = NOTHING
) -> tuple[Part, ...]:
    """What each of the cards `wanted` pays of `total`, in their order. `excluded` is what none of them may pay for.

    What is left for another way to pay is nothing, or as much as can be charged.
    """
    room = max(total - excluded, NOTHING)
    parts: list[Part] = []
    for card in (cards[pk] for pk in wanted if pk in cards):
        if not card.can_be_spent or card.currency != currency:
            continue
        amount = min(card.balance, room)
        if amount > 0:
            parts.append(Part(card, amount))
            room -= amount
    least_rest = least(currency)
    rest = total - sum((part.amount for part in parts), NOTHING)
    while parts and 0 < rest < least_rest:
        last = parts.pop()
        kept = last.amount - min(least_rest - rest, last.amount)
        rest += last.amount - kept
        if kept:
            parts.append(Part(last.card, kept))
    return tuple(parts)


def spend(order: Order, parts: Iterable[Part]) -> None:
    """Take what the cards, which the caller has locked, pay for an order. Raises NotEnoughError."""
    for part in parts:
        if part.amount > part.card.balance:
            raise NotEnoughError(f"{part.card} holds {part.card.balance}, and {part.amount} is to be taken.")
        move(part.card, KIND.SPENT, -part.amount, key=_key(KIND.SPENT, order, part.card), order=order)


def spent_by(order: Order) -> dict[int, Decimal]:
    """What cards have paid for an order and did not get back, by card, the first to be used first."""
    rows = GiftCardEntry.objects.filter(order=order, kind__in=(KIND.SPENT, KIND.RETURNED)).order_by("card")
    sums = rows.values_list("card").annotate(sum=Sum("amount"))
    return {pk: held for pk, amount in sums if (held := -as_kept(amount)) > 0}


def left_on_order(order: Order) -> Decimal:
    """How much of what cards have paid for an order has not gone back. No question where none was used."""
    return sum(spent_by(order).values(), NOTHING) if order.gift_card_amount else NOTHING


def give_back(order: Order, amount: Decimal, *, why: str) -> Decimal:
    """Put back up to `amount` of what cards paid for an order, on the same cards. Returns how much it was.

    The caller has locked the order. What comes back to a card whose last day is near can be spent for a month more (MOST_ADDED).
    Staff is told of a card that nobody can spend all the same.
    """
    held = spent_by(order) if amount > 0 and order.gift_card_amount else {}
    cards, rest = lock(held), amount
    # The card that was begun last first: it is the one that is not empty.
    for pk, there in reversed(held.items()):
        card, part = cards[pk], min(rest, there)
        if part <= 0:
            continue
        _add_time(card, order)
        move(card, KIND.RETURNED, part, key=_key(KIND.RETURNED, order, card), order=order, note=why)
        if not card.can_be_spent:
            _tell_of_dead(card, order, part)
        rest -= part
    return amount - rest if held else NOTHING


def _add_time(card: GiftCard, order: Order) -> None:
    """Let what comes back from an order be spent for a while, where the card's last day is near or over."""
    if card.expires_on is None:
        return
    own, longest = card.own_last_day or card.expires_on, timezone.localdate() + AFTER_RETURN
    spent = GiftCardEntry.objects.filter(card=card, order=order, kind=KIND.SPENT).order_by("-pk").first()
    if spent is not None and timezone.localdate(spent.at) > own:
        longest = min(longest, own + MOST_ADDED)
    if card.expires_on < longest:
        card.own_last_day, card.expires_on = own, longest


def _tell_of_dead(card: GiftCard, order: Order, amount: Decimal) -> None:
    """Money came back to a card that nobody can spend: staff has to do something, and reads so with the order."""
    with override(settings.LANGUAGE_CODE):
        values = {"amount": money(amount, card.currency), "card": str(card)}
        if card.state == GiftCard.State.BLOCKED:
            text = _(
                "%(amount)s went back to gift card %(card)s, which is blocked: nobody can spend it until you say so"
            )
        else:
            text = _(
                "%(amount)s went back to gift card %(card)s, whose last day is over: take it off there, and give a new card"
            )
        message = text % values
    OrderNote.objects.create(order=order, note_type=OrderNote.SYSTEM, message=message)
    tell_of_order(order, message)


def take_again(order: Order) -> None:
    """Take from the cards once more what they had paid for an order that lives again. Raises NotEnoughError.

    What a card got back may have been spent on something else meanwhile, or the card may be blocked.
    """
    if not order.gift_card_amount:
        return
    lacking = order.gift_card_amount - left_on_order(order)
    first: dict[int, Decimal] = {}
    for entry in GiftCardEntry.objects.filter(order=order, kind=KIND.SPENT).order_by("pk"):
        first.setdefault(entry.card_id, -entry.amount)
    cards = lock(first)
    for pk, amount in first.items():
        card, part = cards[pk], min(amount, lacking)
        if part <= 0:
            continue
        if card.state != GiftCard.State.ACTIVE or card.balance < part:
            raise NotEnoughError(f"{card} is “{card.state}” and holds {card.balance}, and {part} is to be taken.")
        move(card, KIND.SPENT, -part, key=_key(KIND.SPENT, order, card), order=order)
        lacking -= part


def move(
    card: GiftCard, kind: str, amount: Decimal, *, key: str, order: Order | None = None, note: str = "", by: Any = None
) -> GiftCardEntry:
    """Change the balance of a card that the caller has locked, with the entry that says so, in the books too.

    Raises CardError where less than nothing would be left.
    """
    left = card.balance + amount
    if left < 0:
        raise CardError(f"{card} holds {card.balance} {card.currency}; {-amount} cannot be taken from it.")
    card.balance = left
    card.save(update_fields=["balance", "expires_on", "own_last_day"])
    note_now = current()
    entry = GiftCardEntry.objects.create(
        card=card,
        kind=kind,
        amount=amount,
        order=order,
        key=key,
        note=(note or note_now.why)[:255],
        by_id=by.pk if by is not None else note_now.by_id,
        at=note_now.at or timezone.now(),
    )
    if order is not None and kind in (KIND.SPENT, KIND.RETURNED):
        to = MoneyEntry.Kind.GIFT_CARD_SPENT if kind == KIND.SPENT else MoneyEntry.Kind.GIFT_CARD_RETURNED
        enter(order, to, abs(amount), key=f"gift-card:{key}", note=f"…{card.last4}", currency=card.currency)
    return entry


def _key(kind: str, order: Order, card: GiftCard) -> str:
    """Made once for each time under the order's lock: a second one at the same time would be refused."""
    times = GiftCardEntry.objects.filter(order=order, card=card, kind=kind).count()
    return f"{kind}:{order.pk}:{card.pk}:{times}"
