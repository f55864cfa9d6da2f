"""What is in the basket, as pages and the API show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.catalogue.cards import Picture, Stock
from shop.catalogue.selectors.cards import LOW_STOCK, option_texts, primary_pictures, product_address
from shop.giftcards.details import gift_words
from shop.markets import Market
from shop.prepared import Prepared
from shop.shipping.selectors import ShippingOption, options_for
from themes.formats import money

from .models import Line
from .offers import VoucherState, offers_for
from .quotes import Quote, QuoteDiscount, QuoteLine, add_shipping, delivery_charge, make_quote, strategy_for

_PRODUCT = ("product", "product__product_class", "product__parent", "product__parent__product_class", "stockrecord")
# What is long and tells no price: read where somebody asks for it.
_LONG = tuple(
    f"{product}__{name}"
    for product in ("product", "product__parent")
    for name in ("description", "specification", "gtins", "tags")
)
# Every page of the checkout and the order itself ask this.
LINES = Prepared(
    lambda baskets: Line.objects.filter(basket__in=baskets).select_related(*_PRODUCT).defer(*_LONG).order_by("pk"),
    lists=("baskets",),
)


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the basket. Where `can_buy` is false the line costs nothing and holds up the checkout."""

    id: int
    product_id: int
    canonical_id: int  # the parent's, of a variant
    title: str
    url: str
    subtitle: str
    option_text: str
    picture: Picture | None
    quantity: int
    max_quantity: int
    unit_price: Decimal | None
    line_price: Decimal
    currency: str
    stock: Stock
    can_buy: bool = True
    discount: Decimal = Decimal(0)
    notices: tuple[str, ...] = ()
    source: str = ""

    @property
    def field_id(self) -> str:
        """The id of its quantity field."""
        return f"q-{self.id}"


@dataclass(frozen=True, slots=True)
class DiscountView:
    """What an offer or a voucher takes off."""

    name: str
    amount: Decimal
    voucher_code: str = ""


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A voucher in the basket; `why_not` says why it takes nothing off."""

    code: str
    name: str
    applied: bool
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """Something kept for later."""

    id: int
    title: str
    url: str
    option_text: str
    picture: Picture | None
    unit_price: Decimal | None
    currency: str
    can_buy: bool


@dataclass(frozen=True, slots=True)
class BasketView:
    """The basket as this visitor sees it now. Money is in `currency`, tax of `country` included."""

    currency: str
    country: str
    lines: tuple[LineView, ...] = ()
    count: int = 0
    goods: Decimal = Decimal(0)
    discounts: tuple[DiscountView, ...] = ()
    vouchers: tuple[VoucherView, ...] = ()
    shipping: ShippingOption | None = None
    shipping_charge: Decimal = Decimal(0)
    missing_for_free: Decimal | None = None
    over_free: Decimal | None = None
    tax: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    notices: tuple[str, ...] = ()
    kept: tuple[KeptLine, ...] = ()
    options: tuple[ShippingOption, ...] = ()
    quote: Quote | None = None

    @property
    def can_check_out(self) -> bool:
        """Whether there is something in it and all of it can be had."""
        return bool(self.lines) and all(
            line.can_buy and (line.stock.available is None or line.stock.available >= line.quantity)
            for line in self.lines
        )


def basket_view(request: HttpRequest, *, with_kept: bool = False) -> BasketView:
    """The visitor's basket, with offers and vouchers applied and the first delivery's price.

    No query for a visitor without a basket; ten for any number of lines, and two for vouchers.
    """
    market: Market = request.market  # type: ignore[attr-defined]
    view = read_basket(request.basket, market=market, user=request.user)  # type: ignore[attr-defined]
    if not with_kept:
        return view
    kept = kept_lines(request.saved_basket, market=market)  # type: ignore[attr-defined]
    return replace(view, kept=kept) if kept else view


def read_basket(basket: Any, *, market: Market, user: Any, shipping_code: str = "") -> BasketView:
    """What is in `basket` for `user` in `market`, delivered in the way `shipping_code`, or else the first that there is."""
    if basket.pk is None:
        return BasketView(currency=market.currency, country=market.country)
    strategy_for(basket, market)
    lines = load_lines(basket)
    if not lines:
        return BasketView(currency=market.currency, country=market.country)
    for line in lines:
        line.basket = basket
    sellable = [line for line in lines if can_sell(line)]
    offers, states = offers_for(basket, user)
    quote = make_quote(basket, sellable, market=market, offers=offers)
    options = options_for(sellable, market.country, quote.goods_for_delivery)
    chosen = next((option for option in options if option.code == shipping_code), options[0] if options else None)
    goods = quote
    if chosen is not None:
        quote = add_shipping(goods, basket, chosen)
    # What each would cost, so that the choice names the price that the sum names.
    offered = tuple(replace(option, charge=delivery_charge(goods, basket, option)) for option in options)
    return replace(_view(basket, lines, quote, states, chosen, market), options=offered)


def load_lines(basket: Any) -> list[Any]:
    """The basket's lines in their order with all that a price needs, and each variant's options as `line.options_now`.

    One query, and one more where there are variants.
    """
    lines = LINES.run(baskets=[basket.pk])
    texts = option_texts([line.product_id for line in lines if line.product.is_child])
    for line in lines:
        product = line.product
        line.options_now = texts.get(product.pk) or product.title if product.is_child else ""
    return lines


def can_sell(line: Any) -> bool:
    """Whether the shop sells the line's product at all: it is public and has a price. Stock is another matter."""
    product = line.product
    public = product.is_public and (product.parent is None or product.parent.is_public)
    return public and line.stockrecord.price is not None and not product.is_parent


def max_quantity(available: int | None) -> int:
    """How many of one thing somebody may put into the basket."""
    limit: int = settings.SHOP_MAX_LINE_QUANTITY
    return limit if available is None else min(limit, max(available, 0))


def kept_lines(basket: Any, *, market: Market) -> tuple[KeptLine, ...]:
    """What the visitor keeps for later."""
    if basket.pk is None:
        return ()
    lines = load_lines(basket)
    strategy = strategy_for(basket, market)
    pictures, prefix = _dress(lines)
    kept = []
    for line in lines:
        info = strategy.fetch_for_line(line)
        kept.append(
            KeptLine(
                id=line.pk,
                title=base_title(line.product),
                url=_url(line.product, prefix),
                option_text=line.options_now,
                picture=_picture(line.product, pictures),
                unit_price=info.price.incl_tax if info.price.exists else None,
                currency=market.currency,
                can_buy=can_sell(line) and info.availability.is_available_to_buy,
            )
        )
    return tuple(kept)


def _dress(lines: Sequence[Any]) -> tuple[dict[int, Picture], str]:
    pictures = primary_pictures({line.product_id: line.product for line in lines}) if lines else {}
    return pictures, product_address("")


def base_title(product: Any) -> str:
    """The name without the variant's options."""
    return str(product.parent.title if product.is_child else product.title)


def full_name(product: Any) -> str:
    """The name with what tells a variant from its siblings: "Garden teapot, Fern, 1.1 l". One query for a variant."""
    title = base_title(product)
    if not product.is_child:
        return title
    options = option_texts([product.pk]).get(product.pk) or product.title
    return f"{title}, {options}" if options else title


def _url(product: Any, prefix: str) -> str:
    if product.is_child:
        return f"{prefix}{product.parent.slug}/?variant={product.pk}"
    return f"{prefix}{product.slug}/"


def _picture(product: Any, pictures: dict[int, Picture]) -> Picture | None:
    return pictures.get(product.pk) or pictures.get(product.parent_id)


def _stock(available: int | None, threshold: int) -> Stock:
    if available is None:
        return Stock("in", None)
    if available <= 0:
        return Stock("out", 0)
    return Stock("low" if available <= max(LOW_STOCK, threshold) else "in", available)


def _view(
    basket: Any,
    lines: Sequence[Any],
    quote: Quote,
    states: Iterable[VoucherState],
    first: ShippingOption | None,
    market: Market,
) -> BasketView:
    pictures, prefix = _dress(lines)
    quoted = {line.line_id: line for line in quote.lines}
    views = [_line_view(line, quoted.get(line.pk), pictures, prefix, market, basket) for line in lines]
    missing = over = None
    if first is not None and first.free_above is not None:
        gap = first.free_above - quote.goods_for_delivery
        missing, over = (gap, None) if gap > 0 else (None, -gap)
    return BasketView(
        currency=market.currency,
        country=market.country,
        lines=tuple(views),
        count=sum(line.quantity for line in lines),
        goods=quote.before,
        discounts=tuple(_discounts(quote.discounts)),
        vouchers=_vouchers(states, quote.discounts, free=first is not None and not first.charge),
        shipping=first,
        shipping_charge=quote.shipping.incl if quote.shipping else Decimal(0),
        missing_for_free=missing,
        over_free=over,
        tax=quote.tax,
        total=quote.total_incl,
        notices=tuple(notice for view in views for notice in view.notices),
        quote=quote,
    )


def _line_view(
    line: Any,
    quoted: QuoteLine | None,
    pictures: dict[int, Picture],
    prefix: str,
    market: Market,
    basket: Any,
) -> LineView:
    product = line.product
    title = base_title(product)
    name = f"{title}, {line.options_now}" if line.options_now else title
    notices = []
    stock = Stock("out", 0)
    if quoted is None:
        notices.append(_("%(name)s is no longer sold. Take it out to go on.") % {"name": name})
    else:
        stock = _stock(quoted.available, line.stockrecord.low_stock_threshold or 0)
        notices += _line_notices(line, quoted, name, basket.strategy.taxes, market)
    return LineView(
        id=line.pk,
        product_id=product.pk,
        canonical_id=product.parent_id or product.pk,
        title=title,
        url=_url(product, prefix),
        subtitle=product.subtitle or (product.parent.subtitle if product.is_child else ""),
        option_text=", ".join(part for part in (line.options_now, gift_words(line.gift)) if part),
        picture=_picture(product, pictures),
        quantity=line.quantity,
        max_quantity=max_quantity(quoted.available if quoted else 0),
        unit_price=quoted.unit_incl if quoted else None,
        line_price=quoted.before if quoted else Decimal(0),
        currency=market.currency,
        stock=stock,
        can_buy=quoted is not None and stock.can_buy,
        discount=quoted.discount if quoted else Decimal(0),
        notices=tuple(notices),
        source=line.source,
    )


def _line_notices(line: Any, quoted: QuoteLine, title: str, taxes: Any, market: Market) -> list[str]:
    notices = []
    record = line.stockrecord
    if line.home_price is not None and line.home_price != record.price:
        then = taxes.price(line.home_price, line.product.taxed_as, market.currency).incl_tax
        notices.append(
            _("%(name)s went from %(old)s to %(new)s since you put it in.")
            % {"name": title, "old": money(then, market.currency), "new": money(quoted.unit_incl, market.currency)}
        )
    if quoted.available == 0:
        notices.append(_("%(name)s is sold out. Take it out or keep it for later.") % {"name": title})
    elif quoted.short and quoted.available is not None:
        notices.append(
            ngettext(
                "Only %(count)d of %(name)s is left, and you want %(wanted)d.",
                "Only %(count)d of %(name)s are left, and you want %(wanted)d.",
                quoted.available,
            )
            % {"count": quoted.available, "name": title, "wanted": quoted.quantity}
        )
    return notices


def _discounts(discounts: Iterable[QuoteDiscount]) -> Iterable[DiscountView]:
    for discount in discounts:
        if discount.amount > 0 and not discount.is_shipping:
            yield DiscountView(discount.name, discount.amount, discount.voucher_code)


def _vouchers(
    states: Iterable[VoucherState], discounts: Iterable[QuoteDiscount], *, free: bool
) -> tuple[VoucherView, ...]:
    used = {discount.voucher_id for discount in discounts}
    idle = _("Nothing in the basket falls under it, or other offers give more.")
    if free:
        idle = _("Nothing in the basket falls under it, or other offers give more; delivery is free already.")
    return tuple(
        VoucherView(
            code=state.voucher.code,
            name=state.voucher.name,
            applied=state.voucher.pk in used,
            why_not="" if state.voucher.pk in used else state.why_not or idle,
        )
        for state in states
    )
