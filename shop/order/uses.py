"""How often vouchers and offers were used: counted with an order, and given back where it is cancelled.

Always in one order, so that nobody waits for somebody who waits for them: vouchers by id, offers with a limit by id, and then the other
offers by id. Stock comes before, gift cards come after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest
from oscar.apps.offer.models import ConditionalOffer
from oscar.apps.voucher.models import Voucher, VoucherApplication

from .models import Order

# As `has_limit`, for the database.
LIMITED = Q(max_global_applications__gt=0) | Q(max_discount__gt=0) | Q(max_user_applications__gt=0)


class Use(Protocol):
    """That an order used an offer, perhaps by a voucher: a discount of its quote, or of itself."""

    @property
    def offer_id(self) -> int | None:
        """Which offer."""

    @property
    def voucher_id(self) -> int | None:
        """Which voucher; nothing where the offer needs none."""

    @property
    def amount(self) -> Decimal:
        """What it took off."""

    @property
    def frequency(self) -> int | None:
        """How often it applied."""


def has_limit(offer: Any) -> bool:
    """Whether an offer can be used up, so that whoever uses it has to lock it first."""
    return bool(offer.max_global_applications or offer.max_discount or offer.max_user_applications)


def count(order: Order, uses: Sequence[Use], *, user: Any) -> None:
    """Note that an order used these. Whoever places it holds the locks already; an offer that this uses up is closed."""
    for voucher_id, amount in _by_voucher(uses):
        VoucherApplication.objects.create(voucher_id=voucher_id, order=order, user=user)
        Voucher.objects.filter(pk=voucher_id).update(
            num_orders=F("num_orders") + 1, total_discount=F("total_discount") + amount
        )
    for each in _by_offer(uses):
        frequency = each.frequency or 0
        used_up = Q(max_global_applications__gt=0, num_applications__gte=F("max_global_applications") - frequency)
        spent = Q(max_discount__gt=0, total_discount__gte=F("max_discount") - each.amount)
        ConditionalOffer.objects.filter(pk=each.offer_id).update(
            num_applications=F("num_applications") + frequency,
            total_discount=F("total_discount") + each.amount,
            num_orders=F("num_orders") + 1,
            status=Case(When(used_up | spent, then=Value(ConditionalOffer.CONSUMED)), default=F("status")),
        )


def count_again(order: Order, uses: Sequence[Use]) -> None:
    """A revived order has used its vouchers and offers after all, also where others have used them up meanwhile."""
    _lock(uses)
    count(order, uses, user=order.user)


def give_back(order: Order, uses: Sequence[Use]) -> None:
    """A cancelled order has used no voucher and no offer."""
    _lock(uses)
    VoucherApplication.objects.filter(order=order).delete()
    for voucher_id, amount in _by_voucher(uses):
        Voucher.objects.filter(pk=voucher_id).update(
            num_orders=Greatest(F("num_orders") - 1, 0), total_discount=Greatest(F("total_discount") - amount, 0)
        )
    for each in _by_offer(uses):
        was_used_up = When(status=ConditionalOffer.CONSUMED, then=Value(ConditionalOffer.OPEN))
        ConditionalOffer.objects.filter(pk=each.offer_id).update(
            num_applications=Greatest(F("num_applications") - (each.frequency or 0), 0),
            total_discount=Greatest(F("total_discount") - each.amount, 0),
            num_orders=Greatest(F("num_orders") - 1, 0),
            status=Case(was_used_up, default=F("status")),
        )


def lock_offers(ids: Iterable[int | None]) -> None:
    """Lock offers with a limit, in the order of their ids."""
    list(ConditionalOffer.objects.select_for_update().filter(LIMITED, pk__in=set(ids)).order_by("pk"))


def _lock(uses: Sequence[Use]) -> None:
    if uses:
        vouchers = [voucher_id for voucher_id, _amount in _by_voucher(uses)]
        list(Voucher.objects.select_for_update().filter(pk__in=vouchers).order_by("pk"))
        lock_offers(each.offer_id for each in uses)


def _by_offer(uses: Iterable[Use]) -> list[Use]:
    return sorted(uses, key=lambda each: each.offer_id or 0)


def _by_voucher(uses: Iterable[Use]) -> list[tuple[int, Decimal]]:
    """What each voucher took off, in the order of their ids."""
    sums: dict[int, Decimal] = {}
    for each in uses:
        if each.voucher_id is not None:
            sums[each.voucher_id] = sums.get(each.voucher_id, Decimal(0)) + each.amount
    return sorted(sums.items())
