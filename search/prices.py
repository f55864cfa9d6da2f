"""Market prices in a table of home prices: bounds and orders that agree to the coin with shop/partner/pricing.py.

A market's price is round(home / (1 + home rate) x (1 + its rate)), rounded half up. With one factor a tax class, "the
price shown is at least 20" is a bound on the home price: round(h x f) >= m exactly when h x f >= m - half a coin, the smallest that
can be paid. Home prices are kept to the cent, so the bound is rounded up to one, and compares exactly in every database.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from django.conf import settings
from django.db.models import Case, DecimalField, ExpressionWrapper, F, Q, Value, When

from shop.catalogue.models import TaxClass
from shop.markets import Market
from shop.partner.pricing import TaxTable, rounded, smallest_coin
from shop.payment.currencies import KEPT

from .models import ListingPrice

Factors = Mapping[str, tuple[Decimal, Decimal]]


def factors(market: Market) -> Factors:
    """By tax class: what a net price is multiplied by at home and in the market."""
    if market.country == settings.SHOP_HOME_COUNTRY:
        return {}
    taxes = TaxTable.for_pages(market.country)
    return {
        str(tax_class): (
            1 + taxes.rate(settings.SHOP_HOME_COUNTRY, tax_class),
            1 + taxes.rate(market.country, tax_class),
        )
        for tax_class in TaxClass.values
    }


def shown(home_price: Decimal, tax_class: str, factor: Factors) -> Decimal:
    """What the market's visitors see for a home price."""
    home, there = factor.get(tax_class, (Decimal(1), Decimal(1)))
    return rounded(home_price / home * there)


def within(low: Decimal | None, high: Decimal | None, factor: Factors) -> Q:
    """Products of which a variant is shown for `low` or more and `high` or less; None is no bound."""
    if low is None and high is None:
        # Not every tax class by its name: a list without a price filter is not a filtered one.
        return Q()
    if not factor:
        return _one_price_in(home_bound(low), home_bound(high, above=True))
    held = Q()
    for tax_class, ratio in factor.items():
        bounds = home_bound(low, ratio), home_bound(high, ratio, above=True)
        held |= Q(tax_class=tax_class) & _one_price_in(*bounds)
    return held


def _one_price_in(low: Decimal | None, under: Decimal | None) -> Q:
    """Rows one of whose home prices is `low` or more and less than `under`: the lowest, the highest or one between.

    One of the two may be None.
    """
    if low is None:
        return Q(price_low__lt=under)
    if under is None:
        return Q(price_high__gte=low)
    between = ListingPrice.objects.filter(price__gte=low, price__lt=under).values("row_id")
    ends = Q(price_low__gte=low, price_low__lt=under) | Q(price_high__gte=low, price_high__lt=under)
    return ends | Q(pk__in=between)


def home_bound(
    bound: Decimal | None, ratio: tuple[Decimal, Decimal] | None = None, *, above: bool = False
) -> Decimal | None:
    """The least home price that is shown for `bound` or more; `above`: for a coin more, which is the first too dear."""
    if bound is None:
        return None
    coin = smallest_coin()
    least = bound + coin if above else bound
    if ratio is not None:
        home, there = ratio
        least = (least - coin / 2) * home / there
    return least.quantize(KEPT, ROUND_CEILING)


def sort_key(factor: Factors) -> Case | F:
    """The price to sort by: the home price, weighted by tax class where the classes' factors differ."""
    ratios = {tax_class: there / home for tax_class, (home, there) in factor.items()}
    if len(set(ratios.values())) < 2:
        return F("price_low")
    field = DecimalField(max_digits=20, decimal_places=8)
    return Case(
        *(
            When(tax_class=tax_class, then=ExpressionWrapper(F("price_low") * Value(ratio), output_field=field))
            for tax_class, ratio in ratios.items()
        ),
        default=F("price_low"),
        output_field=field,
    )
