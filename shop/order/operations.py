"""How an order comes about. Written once; nothing else writes orders of customers.

One short transaction locks the buyer's account, the basket, its checkout, the stock records (in the order of their ids), the vouchers,
those offers that have a limit, and the gift cards; works out the price again; compares it with what the buyer agreed to; reserves the
stock; writes the order, its log and the outbox rows; and closes the basket. Nothing outside the database is asked.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.voucher.models import Voucher

from shop.accounts.operations import hold_account
from shop.basket.models import Basket
from shop.basket.offers import offers_for
from shop.basket.quotes import Quote, add_shipping, make_quote
from shop.basket.selectors import can_sell, load_lines
from shop.basket.snapshots import Change, changes, freeze, same, shortages
from shop.catalogue.operations import catalogue_changed
from shop.checkout.models import Checkout
from shop.giftcards import buying, spending
from shop.ledger.noting import noting
from shop.mail.operations import send
from shop.markets import Market
from shop.outbox.operations import enqueue, together
from shop.payment import methods as payment
from shop.payment.models import Payment
from shop.shipping.selectors import options_for
from themes.formats import money

from . import stock, uses
from .models import Order
from .placing import write_order
from .states import NOT_PAID_IN_TIME, InvalidTransition, change_status

logger = logging.getLogger(__name__)

# A database that finds two orders waiting for each other ends one of them; it is tried again.
DEADLOCK_TRIES = 3
# Work for whoever counts what is sold: {"order": id}.
PLACED = "order.placed"


@dataclass(frozen=True, slots=True)
class Placed:
    """The order is there. `is_new` is false where an earlier call with the same token had placed it."""

    order: Order
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class PriceChanged:
    """Nothing was ordered: it costs something else than what was agreed to."""

    quote: Quote
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class StockChanged:
    """Nothing was ordered: there is too little of something, or it is no longer sold."""

    quote: Quote
    changes: tuple[Change, ...]


Result = Placed | PriceChanged | StockChanged


class PlacementError(Exception):
    """The checkout is not ready. `str()` is for the buyer; `step` is the page that puts it right."""

    def __init__(self, message: str, *, step: str) -> None:
        super().__init__(message)
        self.step = step


def place_order(token: uuid.UUID, *, accepted: Quote, host: str = "", due: Decimal | None = None) -> Result:
    """Place the order of the checkout `token`, for the price that the buyer saw and `accepted`.

    `due` is what the buyer saw that gift cards leave to pay; without it, the whole price.

    Called twice, at once or years apart, it places one order and returns it both times. Raises PlacementError where the
    checkout lacks something or its basket is empty or was ordered through another checkout, and Checkout.DoesNotExist
    for an unknown token.
    """
    for attempt in range(1, DEADLOCK_TRIES + 1):
        try:
            with transaction.atomic():
                return _place(token, accepted, host, due)
        except OperationalError:
            if attempt == DEADLOCK_TRIES or connection.in_atomic_block:
                raise
        except stock.OutOfStockError:
            # Only without locks, or where staff lowered the stock by hand in between: then the check above tells what.
            if attempt == DEADLOCK_TRIES or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


def _place(token: uuid.UUID, accepted: Quote, host: str, due: Decimal | None) -> Result:
    checkout, basket = lock_checkout(token)
    if checkout.order is not None:
        return Placed(checkout.order, is_new=False)
    _require_complete(checkout)
    if basket.status != Basket.OPEN:
        raise PlacementError(_("This basket was ordered already."), step="basket")
    user = checkout.user
    basket.owner = user
    lines = load_lines(basket)
    records = stock.lock(line.stockrecord_id for line in lines)
    for line in lines:
        line.basket = basket
        line.stockrecord = records[line.stockrecord_id]
    sellable = [line for line in lines if can_sell(line)]
    if not sellable:
        raise PlacementError(_("Nothing in the basket can be ordered now."), step="basket")
    vouchers = list(Voucher.objects.select_for_update(of=("self",)).filter(basket=basket).order_by("pk"))
    market = Market(host=host, language=checkout.language, country=checkout.country, currency=settings.SHOP_CURRENCY)
    goods = _quote_with_locked_offers(basket, sellable, market, user or AnonymousUser(), vouchers)
    quote = add_shipping(goods, basket, _delivery(checkout, sellable, goods))
    gone = [line for line in lines if not can_sell(line)]
    short = shortages(quote)
    if gone or short:
        missing = tuple(
            Change("gone", _("%(name)s is no longer sold.") % {"name": line.product.get_title()}, line.pk)
            for line in gone
        )
        return StockChanged(quote, (*missing, *short, *changes(accepted, quote)))
    if not same(accepted, quote):
        return PriceChanged(quote, changes(accepted, quote))
    parts = _gift_cards(checkout, quote)
    rest = quote.total_incl - sum((part.amount for part in parts), Decimal(0))
    if rest != (quote.total_incl if due is None else due):
        text = _("Gift cards leave %(due)s to pay now.") % {"due": money(rest, quote.currency)}
        return PriceChanged(quote, (Change("gift-card", text),))
    if rest > 0:
        _require_payment(checkout, rest, quote.currency)
    order, written = write_order(checkout, quote, sellable, user, by_gift_card=quote.total_incl - rest)
    spending.spend(order, parts)
    buying.order_cards(order, written, {line.pk: line for line in sellable}, quote.lines)
    with noting(why="placed"):
        stock.reserve(written)
    Basket.objects.filter(pk=basket.pk).update(status=Basket.SUBMITTED, date_submitted=timezone.now())
    checkout.order = order
    checkout.quote = freeze(quote)
    checkout.save(update_fields=["order", "quote", "updated_at"])
    with together():
        catalogue_changed(line.product_id for line in sellable)
        enqueue(PLACED, {"order": order.pk})
        if parts and not rest:
            # As if the money had come: what follows from a paid order does, and its mail is the receipt.
            change_status(order, "paid", why="paid by gift card")
        elif _is_confirmed_at_once(order):
            send("order-placed", to=checkout.email, context={"order": order.pk}, language=checkout.language)
    return Placed(order)


def _is_confirmed_at_once(order: Order) -> bool:
    return bool(
        order.status != settings.OSCAR_INITIAL_ORDER_STATUS or payment.method(order.payment_method).confirms_at_once
    )


def _gift_cards(checkout: Checkout, quote: Quote) -> tuple[spending.Part, ...]:
    """What the checkout's gift cards pay, locked. No question where there are none."""
    if not checkout.gift_cards:
        return ()
    versions = spending.typed(checkout.gift_cards)
    return spending.share_out(
        spending.still_good(spending.lock(versions), versions),
        list(versions),
        total=quote.total_incl,
        currency=quote.currency,
        excluded=spending.not_by_card(quote.lines),
    )


def lock_checkout(token: uuid.UUID) -> tuple[Checkout, Basket]:
    """The checkout and its basket, locked: whoever comes second waits here and finds the order of whoever came first.

    The account comes before the basket and the basket before the checkout, as everywhere. No join: after the wait
    PostgreSQL reads the locked row anew, but a joined order would be looked for in the moment before the wait, and not
    be found. Raises PlacementError where somebody signed in between the look and the lock.
    """
    user_id, basket_id = Checkout.objects.values_list("user_id", "basket_id").get(token=token)
    hold_account(user_id)
    # Deleted together with its checkout; then it is the checkout that is missed.
    basket = Basket.objects.select_for_update().filter(pk=basket_id).first()
    checkout = Checkout.objects.select_for_update().get(token=token)
    if checkout.order_id is None and (basket is None or checkout.user_id != user_id):
        raise PlacementError(_("The checkout changed meanwhile. Look at it once more."), step="review")
    return checkout, basket


def _require_complete(checkout: Checkout) -> None:
    if not checkout.email:
        raise PlacementError(_("We need an e-mail address for the receipt."), step="email")
    if not checkout.shipping_address.get("country") or not checkout.shipping_code:
        raise PlacementError(_("Say where it goes and how."), step="address")


def _require_payment(checkout: Checkout, due: Decimal, currency: str) -> None:
    try:
        method = payment.method(checkout.payment_code)
    except KeyError:
        raise PlacementError(_("Choose how to pay."), step="review") from None
    if not method.takes(due, currency):
        text = _(
            "%(due)s is too little to be paid so. Put something more into the basket, or choose another way to pay."
        )
        raise PlacementError(text % {"due": money(due, currency)}, step="review")


def _quote_with_locked_offers(
    basket: Any, lines: Sequence[Any], market: Market, user: Any, vouchers: Sequence[Any]
) -> Quote:
    """The price of the goods, with every offer that has a limit and applies locked before it is read for the last time."""
    locked: set[int] = set()
    while True:
        offers, _states = offers_for(basket, user, vouchers=vouchers)
        quote = make_quote(basket, lines, market=market, offers=offers)
        applied = {each.offer_id for each in quote.discounts}
        limited = {offer.pk for offer in offers if offer.pk in applied and uses.has_limit(offer)} - locked
        if not limited:
            return quote
        uses.lock_offers(limited)
        locked |= limited


def _delivery(checkout: Checkout, lines: Sequence[Any], goods: Quote) -> Any:
    for option in options_for(lines, checkout.country, goods.goods_for_delivery):
        if option.code == checkout.shipping_code:
            return option
    raise PlacementError(_("That delivery is not offered for these things any more. Choose another."), step="address")


def expire_unpaid(*, older_than: timedelta | None = None) -> list[str]:
    """Cancel the orders that waited too long for their money, each in a transaction of its own. Returns their numbers.

    How long is too long depends on the way to pay, unless `older_than` says it for all. While a payment is under way, an order waits for what becomes of it.
    """
    now = timezone.now()
    expired = []
    waiting = Order.objects.filter(status=settings.OSCAR_INITIAL_ORDER_STATUS).order_by("pk")
    # A page that was left for another way to pay was no try: nobody keeps things for ever by choosing to and fro.
    tried_at = Max("payments__updated_at", filter=Q(payments__instead=""))
    waiting = waiting.exclude(payments__state__in=Payment.LIVE).annotate(tried_at=tried_at)
    for order in waiting.iterator():
        since = payment.waits_since(order.date_placed, order.tried_at, order.way_chosen_at)
        if since >= now - (_hold(order) if older_than is None else older_than):
            continue
        try:
            change_status(order, "cancelled", why=NOT_PAID_IN_TIME)
        except InvalidTransition:
            continue  # paid while we looked
        except Exception:
            # One that cannot be cancelled keeps none of the others' things.
            logger.exception("order %s could not be cancelled, although nobody paid it in time", order.number)
            continue
        expired.append(order.number)
    return expired


def _hold(order: Order) -> timedelta:
    """How long an order may wait; a way to pay that is gone counts as a bank transfer."""
    try:
        return payment.method(order.payment_method).hold
    except KeyError:
        return timedelta(days=settings.SHOP_PAYMENT_DAYS)
