"""Oscar's seam for prices and availability, filled with pricing.py and the visitor's market."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from oscar.apps.partner import strategy
from oscar.apps.partner.availability import Unavailable as NotForSale
from oscar.apps.partner.prices import TaxInclusiveFixedPrice, Unavailable

from shop.markets import Market, home_market

from .pricing import TaxTable


class MarketStrategy(strategy.StockRequired, strategy.Structured):
    """Prices with the tax of the market's country; buyable while stock that nobody reserved is left.

    `shop.catalogue.selectors.product_cards` follows the same rules without an object per product.
    """

    def __init__(self, request: HttpRequest | None = None, market: Market | None = None) -> None:
        super().__init__(request)
        self.market = market or getattr(request, "market", None) or home_market()
        self.taxes = TaxTable(self.market.country)

    def select_stockrecord(self, product: Any) -> Any:
        """The first stock record in the market's currency, or None. Asks nothing where records are prefetched."""
        records = (one for one in product.stockrecords.all() if one.price_currency == self.market.currency)
        return min(records, key=lambda one: one.pk, default=None)

    def availability_policy(self, product: Any, stockrecord: Any) -> Any:
        """What has no price cannot be bought, whatever the stock; otherwise Oscar's rule."""
        if stockrecord is None or stockrecord.price is None:
            return NotForSale()
        return super().availability_policy(product, stockrecord)

    def pricing_policy(self, product: Any, stockrecord: Any) -> Any:
        """The price of one, as Oscar's basket wants it."""
        if stockrecord is None or stockrecord.price is None:
            return Unavailable()
        price = self.taxes.price(stockrecord.price, product.taxed_as, stockrecord.price_currency)
        return TaxInclusiveFixedPrice(
            currency=price.currency, excl_tax=price.excl_tax, tax=price.tax, tax_code=product.taxed_as
        )

    def fetch_for_line(self, line: Any, stockrecord: Any = None) -> Any:
        """A basket line's price and stock, from the stock record that it already holds: no query a line."""
        return self.fetch_for_product(line.product, stockrecord or line.stockrecord)

    def parent_pricing_policy(self, product: Any, children_stock: Any) -> Any:
        """A parent shows the price of the cheapest variant that can be bought, or of the cheapest where none can."""
        priced = [
            (child, record) for child, record in children_stock if record is not None and record.price is not None
        ]
        priced = [pair for pair in priced if self.availability_policy(*pair).is_available_to_buy] or priced
        if not priced:
            return Unavailable()
        return self.pricing_policy(*min(priced, key=lambda pair: pair[1].price))


class Selector:
    """Chooses the strategy; there is one."""

    def strategy(
        self, request: HttpRequest | None = None, user: Any = None, market: Market | None = None, **kwargs: Any
    ) -> MarketStrategy:
        """The strategy for a request, or for a market where there is no request."""
        return MarketStrategy(request, market)
