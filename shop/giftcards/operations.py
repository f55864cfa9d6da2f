"""What happens to gift cards: issued, sent, blocked, changed. Spending stands in spending.py, being bought in buying.py."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.mail.operations import send
from shop.payment.currencies import smallest
from themes.formats import money

from . import codes
from .models import GiftCard, GiftCardEntry
from .spending import CardError, move

KIND = GiftCardEntry.Kind
STATE = GiftCard.State
MAIL = "gift-card"
# A slip of the keyboard should not give away a house.
MOST = Decimal(10_000)


def issue_by_hand(
    *,
    amount: Decimal,
    recipient_email: str,
    by: Any,
    why: str,
    key: uuid.UUID,
    recipient_name: str = "",
    message: str = "",
    expires_on: date | None = None,
    language: str = "",
) -> GiftCard:
    """Give somebody a gift card, and write to them. Asked again with the same `key`, it is the same card. Raises CardError."""
    currency = settings.SHOP_CURRENCY
    if not 0 < amount <= MOST or amount % smallest(currency):
        text = _("A gift card holds between %(least)s and %(most)s; %(amount)s does not fit.")
        values = {"least": money(smallest(currency), currency), "most": money(MOST, currency), "amount": amount}
        raise CardError(text % values)
    if expires_on and expires_on < timezone.localdate():
        raise CardError(_("%(day)s is over: choose a last day from today on.") % {"day": expires_on})
    with transaction.atomic():
        card, is_new = GiftCard.objects.get_or_create(
            key=key,
            defaults={
                "currency": currency, "amount": amount, "recipient_email": recipient_email.strip().lower(),
                "recipient_name": recipient_name, "message": message, "expires_on": expires_on, "by": by,
                "why": why[:255], "language": language or settings.LANGUAGE_CODE, "sender_name": "",
            },
        )  # fmt: skip
        if is_new:
            issue(card, note=why, by=by)
    return card


def issue(card: GiftCard, *, note: str = "", by: Any = None) -> None:
    """Put the money on a card that was ordered, give it its code, and send it where its day has come. The caller has locked it.

    Where its own money was disputed or sent back before, it is blocked, and sent once staff lets it be spent.
    """
    if card.state != STATE.ORDERED:
        return
    _give_code(card)
    is_blocked = is_to_be_blocked(card)
    card.state, card.issued_at = STATE.BLOCKED if is_blocked else STATE.ACTIVE, timezone.now()
    if is_blocked:
        card.send_on = card.send_on or timezone.localdate()
    card.save()
    move(card, KIND.ISSUED, card.amount, key=f"issued:{card.pk}", note=note, by=by)
    if is_blocked:
        # Once more, now that it holds something: the report adds up what was blocked and what is free again.
        move(card, KIND.BLOCKED, Decimal(0), key=f"{KIND.BLOCKED}:{card.pk}:issued", note=note)
    elif card.send_on is None or card.send_on <= timezone.localdate():
        _send(card)


def is_to_be_blocked(card: GiftCard) -> bool:
    """Whether a card that is not issued yet was blocked already (`buying.block_bought`)."""
    return card.entries.filter(kind=KIND.BLOCKED).exists()


def _give_code(card: GiftCard) -> None:
    key = codes.secret_keys()[0]
    code = codes.make(card.key, card.version, key)
    card.code_hash, card.key_mark, card.last4 = codes.hashed(code, key), codes.mark(key), code[-4:]


def _send(card: GiftCard) -> None:
    if card.recipient_email:
        send(MAIL, to=card.recipient_email, context={"card": card.pk, "version": card.version}, language=card.language)
        card.sent_at = timezone.now()
        card.save(update_fields=["sent_at"])


def send_due() -> int:
    """Send the cards whose day has come. Returns how many."""
    due = GiftCard.objects.filter(state=STATE.ACTIVE, sent_at=None, send_on__lte=timezone.localdate())
    number = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            card = GiftCard.objects.select_for_update().get(pk=pk)
            if card.sent_at is None and card.state == STATE.ACTIVE:
                _send(card)
                number += 1
    return number


def send_again(card_id: int, *, to: str, by: Any) -> GiftCard:
    """Send a card once more. To another address it gets another code, and the old one is worth nothing. Raises CardError."""
    with transaction.atomic():
        card = GiftCard.objects.select_for_update().get(pk=card_id)
        if card.state != STATE.ACTIVE:
            text = _("The card is “%(state)s”, so it is not sent.")
            raise CardError(text % {"state": card.get_state_display()})
        to = to.strip().lower()
        if to != card.recipient_email or code_of(card) is None:
            card.recipient_email, card.version = to, card.version + 1
            _give_code(card)
            move(card, KIND.RENEWED, Decimal(0), key=f"renewed:{card.pk}:{card.version}", by=by)
        card.save()
        _send(card)
    return card


def code_of(card: GiftCard) -> str | None:
    """The code of a card that is issued; None where the key that it was made under is gone."""
    for key in codes.secret_keys():
        code = codes.make(card.key, card.version, key)
        if any(codes.hashed(code, other) == card.code_hash for other in codes.secret_keys()):
            return code
    return None


def block(card_id: int, *, by: Any, why: str) -> GiftCard:
    """Let nobody spend a card. What it has paid for stays paid. Raises CardError."""
    return _turn(card_id, STATE.ACTIVE, STATE.BLOCKED, KIND.BLOCKED, by=by, why=why)


def unblock(card_id: int, *, by: Any, why: str) -> GiftCard:
    """Let a card be spent again. Raises CardError."""
    return _turn(card_id, STATE.BLOCKED, STATE.ACTIVE, KIND.RELEASED, by=by, why=why)


def _turn(card_id: int, start: str, to: str, kind: str, *, by: Any, why: str) -> GiftCard:
    with transaction.atomic():
        card = GiftCard.objects.select_for_update().get(pk=card_id)
        if card.state == to:
            return card
        if card.state != start:
            raise CardError(_("The card is “%(state)s”.") % {"state": card.get_state_display()})
        card.state = to
        card.save(update_fields=["state"])
        times = card.entries.filter(kind=kind).count()
        move(card, kind, Decimal(0), key=f"{kind}:{card.pk}:{times}", note=why, by=by)
    return card


def adjust(card_id: int, amount: Decimal, *, by: Any, why: str, key: uuid.UUID) -> GiftCard:
    """Put money on a card, or take some off (`amount` below 0). The same `key` does it once. Raises CardError."""
    with transaction.atomic():
        card = GiftCard.objects.select_for_update().get(pk=card_id)
        if GiftCardEntry.objects.filter(key=f"adjusted:{key}").exists():
            return card
        if card.state not in (STATE.ACTIVE, STATE.BLOCKED):
            raise CardError(_("The card is “%(state)s”.") % {"state": card.get_state_display()})
        values = {"amount": money(amount, card.currency), "left": money(card.balance, card.currency)}
        if not amount or amount % smallest(card.currency):
            raise CardError(_("%(amount)s is no amount that a card can be changed by.") % values)
        if card.balance + amount < 0:
            raise CardError(_("The card holds %(left)s: %(amount)s would take more than that.") % values)
        if card.balance + amount > MOST:
            values["most"] = money(MOST, card.currency)
            raise CardError(_("With %(amount)s more than %(left)s it would hold more than %(most)s.") % values)
        move(card, KIND.ADJUSTED, amount, key=f"adjusted:{key}", note=why, by=by)
    return card


def find(text: str) -> GiftCard | None:
    """The card with the code that somebody typed. Whoever asks counts wrong ones (throttle.GIFT_CARD_ADDRESS)."""
    code = codes.read(text)
    if not code:
        return None
    hashes = [codes.hashed(code, key) for key in codes.secret_keys()]
    found: GiftCard | None = GiftCard.objects.filter(code_hash__in=hashes).first()
    return found


def rekey() -> int:
    """After a change of SECRET_KEY: find cards by the new key from now on. Returns how many were changed.

    It works as long as the old key is among SECRET_KEY_FALLBACKS.
    """
    now = codes.secret_keys()[0]
    stale = GiftCard.objects.exclude(code_hash=None).exclude(key_mark=codes.mark(now)).values_list("pk", flat=True)
    number = 0
    for pk in list(stale):
        with transaction.atomic():
            card = GiftCard.objects.select_for_update().get(pk=pk)
            code = code_of(card)
            if code is not None:
                card.code_hash, card.key_mark = codes.hashed(code, now), codes.mark(now)
                card.save(update_fields=["code_hash", "key_mark"])
                number += 1
    return number
