"""Orders without pages, for tests of the books."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from shop.basket import operations as baskets
from shop.basket.models import Basket
from shop.basket.selectors import read_basket
from shop.checkout.models import Checkout
from shop.giftcards.selectors import cover
from shop.giftcards.spending import not_by_card
from shop.ledger.append_only import lifted
from shop.ledger.proof import findings
from shop.order.models import Order
from shop.order.operations import Placed, place_order
from shop.partner.models import StockRecord
from shop.partner.strategy import MarketStrategy
from shop.payment.models import Payment
from shop.payment.seen import SeenSession
from tests.factories import make_market

ADDRESS = {
    "first_name": "Ada", "last_name": "Fenwick", "line1": "14 Tanner’s Row", "line4": "Leeds", "postcode": "LS1 4DY",
    "country": "GB",
}  # fmt: skip


def order_of(
    *products: Any,
    quantity: int = 1,
    shipping: str = "standard",
    gift_cards: Sequence[int] = (),
    country: str = "GB",
    payment: str = "bank-transfer",
) -> Order | None:
    """An order of so many of each, awaiting its payment; None where there is too little of something.

    Without `shipping` it goes there as the country's and the things' first way is.
    """
    market = make_market(country, settings.SHOP_CURRENCY)
    basket = Basket()
    basket.strategy = MarketStrategy(market=market)
    try:
        for product in products:
            baskets.add(basket, product.pk, quantity=quantity)
    except baskets.BasketError:
        return None
    view = read_basket(basket, market=market, user=AnonymousUser(), shipping_code=shipping)
    quote = view.quote
    assert quote is not None and view.shipping is not None
    checkout = Checkout.objects.create(
        basket=basket, email="ada@example.org", shipping_address={**ADDRESS, "country": country},
        shipping_code=view.shipping.code, payment_code=payment, language="en-gb", gift_cards=list(gift_cards),
    )  # fmt: skip
    left_out = not_by_card(quote.lines)
    due = cover(gift_cards, total=quote.total_incl, currency=quote.currency, excluded=left_out).due
    result = place_order(checkout.token, accepted=quote, due=due)
    return result.order if isinstance(result, Placed) else None


def begun(order: Order) -> Payment:
    """A payment with Stripe whose page is open."""
    return Payment.objects.create(
        order=order,
        amount=order.due,
        currency=order.currency,
        state=Payment.State.OPEN,
        expires_at=timezone.now() + timedelta(hours=1),
    )


def seen(payment: Payment, *, received: Decimal | None = None, status: str = "complete") -> SeenSession:
    """The payment page, as it would be seen at Stripe."""
    paid = status == "complete"
    return SeenSession(
        id=f"cs_{payment.pk}",
        key=str(payment.key),
        status=status,
        url="",
        amount=payment.amount,
        currency=payment.currency,
        expires_at=payment.expires_at,
        created_at=payment.created_at,
        intent_id=f"pi_{payment.pk}" if paid else "",
        intent_status="succeeded" if paid else "",
        received=(payment.amount if received is None else received) if paid else Decimal(0),
        received_currency=payment.currency,
    )


def found() -> list[str]:
    """What the proof says now."""
    return [str(each) for each in findings()]


def tamper(rows: Any, **values: Any) -> None:
    """Change rows past every guard, as somebody with a database shell would."""
    with lifted():
        models.QuerySet.update(rows, **values)


def remove(rows: Any) -> None:
    """Delete rows past every guard."""
    with lifted():
        rows._raw_delete(rows.db)


def record_of(product: Any) -> StockRecord:
    """A product's stock record as it is now."""
    return StockRecord.objects.get(product=product)
