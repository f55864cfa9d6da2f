"""Gift cards that are bought: ordered with their line, issued once the order is paid, taken back with its refund.

Each is a row from the moment of placement, so that it can be issued once and only once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from shop.catalogue.models import TaxClass
from shop.order.models import PAID, Line, Order
from shop.order.parcels import Parcel, leave, open_lines
from shop.order.states import change_status
from shop.outbox.operations import enqueue
from shop.payment.currencies import as_kept
from themes.formats import money

from .models import GiftCard, GiftCardEntry
from .operations import is_to_be_blocked, issue
from .spending import NOTHING, CardError, lock, move

TOPIC = "giftcards.issue"
STATE = GiftCard.State
KIND = GiftCardEntry.Kind


def order_cards(order: Order, written: Sequence[Line], basket_lines: Mapping[int, Any], quoted: Sequence[Any]) -> None:
    """Write down the gift cards that an order buys, one row for each. No question where there are none.

    `written` are the order's lines in the order of the `quoted` ones, which name the basket's.
    """
    GiftCard.objects.bulk_create(
        GiftCard(
            currency=order.currency,
            amount=each.unit_incl,
            line=line,
            place=place,
            recipient_name=gift.get("gift_name", ""),
            recipient_email=gift.get("gift_email", "") or order.email,
            sender_name=gift.get("gift_from", ""),
            message=gift.get("gift_message", ""),
            send_on=parse_date(gift.get("gift_on", "")),
            language=order.language,
        )
        for line, each in zip(written, quoted, strict=True)
        if each.tax_class == TaxClass.GIFT_CARD and each.unit_incl > 0
        for gift in [basket_lines[each.line_id].gift or {}]
        for place in range(each.quantity)
    )


def details_again(line: Line) -> dict[str, str]:
    """For whom the gift cards of an order's line are, as the product page asks it; a day that is over is left out."""
    card = GiftCard.objects.filter(line=line).select_related("line__order__user").order_by("pk").first()
    if card is None or card.line is None:
        return {}
    return {
        "gift_name": card.recipient_name,
        "gift_email": "" if card.recipient_email == card.line.order.email else card.recipient_email,
        "gift_from": card.sender_name,
        "gift_message": card.message,
        "gift_on": str(card.send_on) if card.send_on and card.send_on >= timezone.localdate() else "",
    }


def issue_later(order: Order) -> None:
    """Have the worker issue what a paid order bought; so that nobody who pays waits for it."""
    if GiftCard.objects.filter(line__order=order, state=STATE.ORDERED).exists():
        enqueue(TOPIC, {"order": order.pk}, key=str(order.pk))


def issue_bought(order_id: int) -> int:
    """Issue the cards of a paid order, and let their lines leave the house. Harmless to repeat. Returns how many."""
    with transaction.atomic():
        order = Order.objects.select_for_update().get(pk=order_id)
        if order.status not in PAID:
            return 0
        found = GiftCard.objects.filter(line__order=order, state=STATE.ORDERED).values_list("pk", flat=True)
        lines = {line.pk: line.left_open for line in open_lines(order)}
        cards = lock(found)
        sent: dict[int, int] = {}
        for card in cards.values():
            issue(card, note=order.number)
            sent[card.line_id or 0] = sent.get(card.line_id or 0, 0) + 1
        wanted = {pk: min(number, lines[pk]) for pk, number in sent.items() if lines.get(pk)}
        if wanted:
            _let_leave(order, wanted, everything=wanted == lines)
        close_sent(order)
    return len(cards)


def close_sent(only: Order | None = None) -> int:
    """Let orders that bought gift cards and nothing else be delivered once all of them were mailed. Returns how many.

    Nobody has to do anything for such an order.
    """
    others = Line.objects.filter(order=OuterRef("pk")).exclude(tax_code=TaxClass.GIFT_CARD)
    cards = GiftCard.objects.filter(line__order=OuterRef("pk"))
    waiting = cards.filter(Q(state=STATE.ORDERED) | Q(state__in=(STATE.ACTIVE, STATE.BLOCKED), sent_at=None))
    found = Order.objects.filter(Exists(cards), ~Exists(others), ~Exists(waiting), status="dispatched")
    if only is not None:
        found = found.filter(pk=only.pk)
    orders = list(found.order_by("pk"))
    for order in orders:
        change_status(order, "delivered", why="gift cards sent by e-mail", only_from=("dispatched",))
    return len(orders)


def _let_leave(order: Order, quantities: dict[int, int], *, everything: bool) -> None:
    """What was mailed has left; its own mail tells of it."""
    to = "dispatched" if everything else "partly-dispatched"
    parcel = Parcel(quantities)
    if order.status == to:
        leave(order, parcel, by=None)
    else:
        change_status(order, to, why="gift cards sent by e-mail", parcel=parcel, tell_customer=False)


def cannot_take_back(line: Line, quantity: int) -> str:
    """Why so many of a line's gift cards cannot be taken back; nothing where they can, or where the line is none."""
    if line.tax_code != TaxClass.GIFT_CARD:
        return ""
    cards = list(GiftCard.objects.filter(line=line).exclude(state=STATE.CANCELLED))
    whole = _whole(line, cards)
    if len(whole) >= quantity:
        return ""
    spent = ", ".join(
        _("%(card)s holds %(left)s of %(amount)s")
        % {
            "card": card,
            "left": money(card.balance, card.currency),
            "amount": money(card.amount, card.currency),
        }
        for card in cards
        if card not in whole
    )
    text = _("%(title)s: %(wanted)s are to be refunded, and %(left)s have not been spent. %(spent)s.")
    values = {"title": line.title, "wanted": quantity, "left": len(whole), "spent": spent}
    return text % values


def _whole(line: Line, cards: Sequence[GiftCard]) -> list[GiftCard]:
    """Those that hold all they were bought for, and have paid for nothing that could still come back to them."""
    entries = GiftCardEntry.objects.filter(card__line=line, kind__in=(KIND.SPENT, KIND.RETURNED)).order_by("card")
    spent = {pk for pk, out in entries.values_list("card").annotate(out=Sum("amount")) if as_kept(out)}
    return [
        card for card in cards if card.state == STATE.ORDERED or (card.balance >= card.amount and card.pk not in spent)
    ]


def take_back(line: Line, quantity: int, *, by: Any, why: str) -> None:
    """Take back so many of the gift cards of a line whose price is refunded. Raises CardError where they were spent.

    The caller has locked the order. What is not issued yet goes first, and then what was not sent.
    """
    if line.tax_code != TaxClass.GIFT_CARD:
        return
    cards = lock(GiftCard.objects.filter(line=line).values_list("pk", flat=True))
    whole = _whole(line, [card for card in cards.values() if card.state != STATE.CANCELLED])
    if len(whole) < quantity:
        raise CardError(cannot_take_back(line, quantity))
    whole.sort(key=lambda card: (card.state != STATE.ORDERED, card.sent_at is not None, card.pk))
    for card in whole[:quantity]:
        if card.state != STATE.ORDERED:
            move(card, KIND.REVOKED, -card.balance, key=f"revoked:{card.pk}", note=why, by=by)
        card.state = STATE.CANCELLED
        card.save(update_fields=["state"])


def worth_bought(order: Order) -> Decimal:
    """What the gift cards were sold for that an order bought and that can be spent. No second question where it bought none."""
    if not _buys_cards(order):
        return NOTHING
    cards = GiftCard.objects.filter(line__order=order, state__in=(STATE.ORDERED, STATE.ACTIVE))
    return cards.aggregate(sum=Sum("amount"))["sum"] or NOTHING


def _buys_cards(order: Order) -> bool:
    return any(line.tax_code == TaxClass.GIFT_CARD for line in Line.objects.filter(order=order).only("tax_code"))


def block_bought(order: Order, *, why: str) -> int:
    """Block what an order bought, because its money is disputed or was sent back; staff lets it be spent again. Returns how many.

    What is not issued yet is blocked once it is.
    """
    if not _buys_cards(order):
        return 0
    cards = lock(GiftCard.objects.filter(line__order=order).values_list("pk", flat=True))
    number = 0
    for card in cards.values():
        if card.state == STATE.ACTIVE or (card.state == STATE.ORDERED and not is_to_be_blocked(card)):
            times = card.entries.filter(kind=KIND.BLOCKED).count()
            move(card, KIND.BLOCKED, NOTHING, key=f"{KIND.BLOCKED}:{card.pk}:{times}", note=why)
            if card.state == STATE.ACTIVE:
                card.state = STATE.BLOCKED
                card.save(update_fields=["state"])
            number += 1
    return number


def blocked_of(order: Order) -> int:
    """How many of the gift cards that an order bought are blocked, or will be once issued. No second question where it bought none."""
    if not _buys_cards(order):
        return 0
    cards = GiftCard.objects.filter(line__order=order, state__in=(STATE.BLOCKED, STATE.ORDERED))
    return sum(card.state == STATE.BLOCKED or is_to_be_blocked(card) for card in cards)


def cancel_ordered(order: Order) -> None:
    """What a cancelled order has not got yet, it does not get."""
    GiftCard.objects.filter(line__order=order, state=STATE.ORDERED).update(state=STATE.CANCELLED)


def order_again(order: Order) -> None:
    """An order that lives again buys its cards after all."""
    GiftCard.objects.filter(line__order=order, state=STATE.CANCELLED, code_hash=None).update(state=STATE.ORDERED)
