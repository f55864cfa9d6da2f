"""What a basket costs, to the penny: one calculation for the basket page, the review and the order itself.

Oscar says which offers apply and how much each gives. Its discounts a line are unrounded shares; here every offer's
amount is dealt out in whole pennies, so that lines, discounts, delivery and tax add up to the total exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any

from shop.catalogue.models import TaxClass
from shop.giftcards.details import gift_words
from shop.markets import Market
from shop.partner.pricing import rounded, smallest_coin
from shop.partner.strategy import MarketStrategy
from shop.shipping.selectors import ShippingOption

from .offers import Applicator, prepare, voucher_choices

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line. `before` is without discounts, `incl` with them; both with tax. `available` None: not tracked."""

    line_id: int
    product_id: int
    title: str
    quantity: int
    unit_incl: Decimal
    unit_excl: Decimal
    tax_rate: Decimal
    tax_class: str
    before: Decimal
    discount: Decimal
    incl: Decimal
    excl: Decimal
    available: int | None = None
    # (offer id, amount) for each offer that made this line cheaper
    discounts: tuple[tuple[int, Decimal], ...] = ()

    @property
    def before_excl(self) -> Decimal:
        """The line without discounts and without tax."""
        return net(self.before, self.tax_rate)

    @property
    def short(self) -> bool:
        """Whether there are fewer than are wanted."""
        return self.available is not None and self.available < self.quantity


@dataclass(frozen=True, slots=True)
class QuoteDiscount:
    """What one offer took off, or a promise it made (`amount` 0)."""

    offer_id: int
    name: str
    amount: Decimal
    frequency: int
    voucher_code: str = ""
    voucher_id: int | None = None
    is_shipping: bool = False


@dataclass(frozen=True, slots=True)
class QuoteShipping:
    """The delivery that was chosen and what it costs, discounts taken off."""

    code: str
    name: str
    incl: Decimal
    excl: Decimal
    tax_rate: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """What the things of a basket cost a buyer in `country` now.

    `goods_for_delivery` is what they cost without vouchers. Delivery is priced by it, so that a voucher never takes the
    basket below the sum from which delivery is free.
    """

    currency: str
    country: str
    lines: tuple[QuoteLine, ...]
    discounts: tuple[QuoteDiscount, ...] = ()
    shipping: QuoteShipping | None = None
    goods_for_delivery: Decimal = ZERO

    @property
    def goods_incl(self) -> Decimal:
        """The lines with tax, after discounts."""
        return sum((line.incl for line in self.lines), ZERO)

    @property
    def before(self) -> Decimal:
        """The lines with tax, before discounts."""
        return sum((line.before for line in self.lines), ZERO)

    @property
    def total_incl(self) -> Decimal:
        """What is to be paid."""
        return self.goods_incl + (self.shipping.incl if self.shipping else ZERO)

    @property
    def total_excl(self) -> Decimal:
        """The same without tax."""
        return sum((line.excl for line in self.lines), ZERO) + (self.shipping.excl if self.shipping else ZERO)

    @property
    def tax(self) -> Decimal:
        """The tax in the total."""
        return self.total_incl - self.total_excl

    @property
    def count(self) -> int:
        """How many things."""
        return sum(line.quantity for line in self.lines)


def net(incl: Decimal, rate: Decimal) -> Decimal:
    """An amount without the tax that is in it, to the penny."""
    return rounded(incl / (1 + rate))


def make_quote(
    basket: Any,
    lines: Sequence[Any],
    *,
    market: Market,
    offers: Sequence[Any],
) -> Quote:
    """Work out what `lines` of `basket` cost in `market` with `offers`.

    The lines are loaded with product, its parent, their classes and the stock record (`selectors.load_lines`) and can
    be sold. Apart from the offers' ranges and the tax rates nothing is read.
    """
    strategy = strategy_for(basket, market)
    basket.use_lines(list(lines))
    if lines and offers:
        prepare(offers, [line.product for line in lines])
    choices = voucher_choices(offers)
    quotes = [_quote_with(basket, choice, strategy) for choice in choices]
    # The smallest set of vouchers comes first: none is used up that takes nothing off.
    best = min(range(len(quotes)), key=lambda number: quotes[number].goods_incl)
    if choices[best] is not choices[-1]:
        # Whoever looks at the basket afterwards finds what was chosen.
        Applicator().apply_to(basket, choices[best])
    # What comes by mail makes no delivery free.
    sent = sum((line.incl for line in quotes[0].lines if line.tax_class != TaxClass.GIFT_CARD), ZERO)
    return replace(quotes[best], goods_for_delivery=sent)


def _quote_with(basket: Any, offers: Sequence[Any], strategy: MarketStrategy) -> Quote:
    market = strategy.market
    Applicator().apply_to(basket, offers)
    applications = list(basket.offer_applications)
    amounts = {each["offer"].pk: rounded(each["discount"], ROUND_HALF_EVEN) for each in applications}
    shares = _share_out(basket.all_lines(), amounts)
    quote_lines = tuple(_line(line, shares.get(line.pk, ()), strategy) for line in basket.all_lines())
    given: dict[int, Decimal] = {}
    for dealt in shares.values():
        for offer_id, amount in dealt:
            given[offer_id] = given.get(offer_id, ZERO) + amount
    discounts = [_discount(each, given.get(each["offer"].pk, ZERO)) for each in applications]
    return Quote(currency=market.currency, country=market.country, lines=quote_lines, discounts=tuple(discounts))


def strategy_for(basket: Any, market: Market) -> MarketStrategy:
    """The basket's strategy where it is of that market already, else one of that market, given to the basket."""
    held = getattr(basket, "_strategy", None)
    if held is None or held.market != market:
        basket.strategy = MarketStrategy(market=market)
    strategy: MarketStrategy = basket.strategy
    return strategy


def _line(line: Any, discounts: Iterable[tuple[int, Decimal]], strategy: MarketStrategy) -> QuoteLine:
    price = line.purchase_info.price
    tax_class = line.product.taxed_as
    rate = strategy.taxes.rate(strategy.market.country, tax_class)
    discounts = tuple(discounts)
    before = price.incl_tax * line.quantity
    discount = sum((amount for _, amount in discounts), ZERO)
    tracked = line.product.get_product_class().track_stock
    return QuoteLine(
        line_id=line.pk,
        product_id=line.product_id,
        title=_name(line),
        quantity=line.quantity,
        unit_incl=price.incl_tax,
        unit_excl=price.excl_tax,
        tax_rate=rate,
        tax_class=tax_class,
        before=before,
        discount=discount,
        incl=before - discount,
        excl=net(before - discount, rate),
        available=max(line.stockrecord.net_stock_level, 0) if tracked else None,
        discounts=discounts,
    )


def _name(line: Any) -> str:
    """What a message calls the line: variants of one product are told apart by their options, gift cards by whom they are for."""
    title = line.product.parent.title if line.product.is_child else line.product.title
    parts = (title, getattr(line, "options_now", ""), gift_words(line.gift))
    return ", ".join(str(part) for part in parts if part)


def _share_out(lines: Sequence[Any], amounts: dict[int, Decimal]) -> dict[int, list[tuple[int, Decimal]]]:
    """Deal each offer's amount out over the lines that it discounted, in whole pennies, largest remainder first."""
    penny = smallest_coin()
    room = {line.pk: line.purchase_info.price.incl_tax * line.quantity for line in lines}
    shares: dict[int, list[tuple[int, Decimal]]] = {}
    for offer_id, amount in amounts.items():
        raw = {
            line.pk: share
            for line in lines
            if (share := sum((d.amount for d in line.discounts if d.offer and d.offer.pk == offer_id), Decimal(0)))
        }
        if not raw or not amount:
            continue
        dealt = {pk: min(rounded(share, ROUND_DOWN), room[pk]) for pk, share in raw.items()}
        rest = amount - sum(dealt.values(), ZERO)
        for pk in sorted(raw, key=lambda pk: (dealt[pk] - raw[pk], pk)):
            extra = min(rest, penny, room[pk] - dealt[pk])
            dealt[pk] += extra
            rest -= extra
        for pk in raw:
            if rest <= 0:
                break
            extra = min(rest, room[pk] - dealt[pk])
            dealt[pk] += extra
            rest -= extra
        for pk, share in dealt.items():
            room[pk] -= share
            if share:
                shares.setdefault(pk, []).append((offer_id, share))
    return shares


def _discount(application: Any, amount: Decimal) -> QuoteDiscount:
    voucher = application["voucher"]
    return QuoteDiscount(
        offer_id=application["offer"].pk,
        name=voucher.name if voucher else application["offer"].name,
        amount=amount,
        frequency=application["freq"],
        voucher_code=voucher.code if voucher else "",
        voucher_id=voucher.pk if voucher else None,
        is_shipping=application["result"].affects_shipping,
    )


def delivery_charge(quote: Quote, basket: Any, option: ShippingOption) -> Decimal:
    """What this delivery costs with the offers on delivery that `quote`, which was made of `basket`, holds."""
    shipping = add_shipping(quote, basket, option).shipping
    return shipping.incl if shipping else option.charge


def add_shipping(quote: Quote, basket: Any, option: ShippingOption) -> Quote:
    """The quote with a delivery and the offer that takes most off it. `basket` is the one that it was made of."""
    charge = rounded(option.charge)
    offers = {each["offer"].pk: each["offer"] for each in basket.offer_applications}
    kept = [discount for discount in quote.discounts if not discount.is_shipping]
    on_delivery = [
        replace(
            discount,
            amount=min(
                rounded(offers[discount.offer_id].shipping_discount(charge, quote.currency), ROUND_HALF_EVEN), charge
            ),
            frequency=1,
        )
        for discount in quote.discounts
        if discount.is_shipping
    ]
    # One is enough, as in Oscar.
    best = max(on_delivery, key=lambda discount: discount.amount, default=None)
    if best is not None and best.amount:
        kept.append(best)
        charge -= best.amount
    rate = basket.strategy.taxes.rate(quote.country, "standard")
    shipping = QuoteShipping(option.code, option.name, charge, net(charge, rate), rate)
    return replace(quote, discounts=tuple(kept), shipping=shipping)
