"""What templates and the API read about products: frozen values, so that no template can start a query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

StockState = Literal["in", "low", "out"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its sizes. `sources` are (mime type, srcset) from the best format to the plainest."""

    url: str
    alt: str
    width: int
    height: int
    sources: tuple[tuple[str, str], ...] = ()
    srcset: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """What this visitor pays for one, tax included. `is_from` where variants differ; `was` only when higher."""

    now: Decimal
    currency: str
    was: Decimal | None = None
    is_from: bool = False
    tax: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Stock:
    """What may be bought now. `available` is None where stock is not tracked."""

    state: StockState
    available: int | None = None

    @property
    def can_buy(self) -> bool:
        """Whether the basket takes it."""
        return self.state != "out"


@dataclass(frozen=True, slots=True)
class ProductCard:
    """One product as a list, a block or a suggestion shows it.

    `buy_id` is the product that a card's button adds: itself, the only variant, or None where a choice is needed.
    `offers` are the site offers that this product is in now: their names, and what they bring where that is plain.
    """

    id: int
    title: str
    url: str
    subtitle: str
    brand: str
    picture: Picture | None
    price: Price | None
    stock: Stock
    rating: float | None = None
    review_count: int = 0
    flag: str = ""
    offers: tuple[str, ...] = ()
    buy_id: int | None = None
    has_variants: bool = False


@dataclass(frozen=True, slots=True)
class OptionValue:
    """One value of one option, such as Fern of Glaze. `swatch` is a colour such as #4d6f4f, or empty.

    `key` names it within its axis without spaces, for scripts; `available` is whether any variant with it can be bought.
    `price` is what every variant with it costs, where the price goes by this axis alone.
    """

    value: str
    label: str
    selected: bool = False
    available: bool = True
    swatch: str = ""
    key: str = ""
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class OptionAxis:
    """One thing to choose, such as Glaze, with its values in their order."""

    code: str
    name: str
    values: tuple[OptionValue, ...]


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What a litre, kilogram or metre of it costs."""

    amount: Decimal
    currency: str
    unit: Literal["l", "kg", "m"]


@dataclass(frozen=True, slots=True)
class Variant:
    """One child product. `options` maps an axis's code to this variant's value; `keys` are those values' keys in order.

    `view` is the number of the picture that shows it in the product's gallery, counted from 1; 0 where no variant has
    one of its own. `specification` are the rows in which it differs from the others.
    """

    id: int
    sku: str
    title: str
    options: dict[str, str]
    price: Price | None
    stock: Stock
    picture: Picture | None = None
    keys: tuple[str, ...] = ()
    view: int = 0
    specification: tuple[tuple[str, str], ...] = ()
    unit_price: UnitPrice | None = None


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of a breadcrumb."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Review:
    """An approved review. `bought_here` is whether its writer's account has an order with the product."""

    title: str
    body: str
    score: int
    author: str
    date: date
    bought_here: bool = False


@dataclass(frozen=True, slots=True)
class ProductDetail:
    """All that the product page shows.

    `card` is of the parent or the standalone product; `price` and `stock` are what the page shows first: the chosen
    variant's, or the card's. `score_counts` goes from five stars to one.
    """

    card: ProductCard
    description: str
    pictures: tuple[Picture, ...]
    axes: tuple[OptionAxis, ...]
    variants: tuple[Variant, ...]
    specification: tuple[tuple[str, str], ...]
    crumbs: tuple[Crumb, ...]
    sku: str
    meta_title: str
    meta_description: str
    reviews: tuple[Review, ...] = ()
    score_counts: tuple[tuple[int, int], ...] = ()
    recommended_ids: tuple[int, ...] = ()
    selected_variant: Variant | None = None
    gtin: str = ""
    recommended: tuple[ProductCard, ...] = ()
    unit_price: UnitPrice | None = None
    brand_slug: str = ""
    weight_grams: int = 0
    is_sent: bool = True  # not so what is downloaded or a gift card by e-mail
    is_gift_card: bool = False

    @property
    def price(self) -> Price | None:
        """The price that the page shows first."""
        return self.selected_variant.price if self.selected_variant else self.card.price

    @property
    def stock(self) -> Stock:
        """The stock that the page shows first."""
        return self.selected_variant.stock if self.selected_variant else self.card.stock

    @property
    def shared_specification(self) -> tuple[tuple[str, str], ...]:
        """The rows that hold whichever variant is chosen."""
        own = self.selected_variant.specification if self.selected_variant else ()
        return tuple(row for row in self.specification if row not in own)

    @property
    def buy_id(self) -> int:
        """What the page's form adds unless the visitor chooses another variant."""
        return self.selected_variant.id if self.selected_variant else self.card.id
