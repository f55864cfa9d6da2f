"""One sample for each component: what the style guide shows and what the tests render. Data only.

The tuples have the attributes of shop/catalogue/cards.py and their like; a test holds the names to each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from .paging import PageNumbers
from .sample_form import FORM


class Picture(NamedTuple):
    """A picture with its sizes."""

    url: str
    alt: str
    width: int
    height: int
    sources: tuple[tuple[str, str], ...] = ()
    srcset: str = ""


class Price(NamedTuple):
    """What one costs."""

    now: Decimal
    currency: str = "GBP"
    was: Decimal | None = None
    is_from: bool = False
    tax: Decimal = Decimal(0)


class Stock(NamedTuple):
    """What may be bought now."""

    state: str
    available: int | None = None

    @property
    def can_buy(self) -> bool:
        """Whether the basket takes it."""
        return self.state != "out"


class Card(NamedTuple):
    """One product of a list."""

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


class OptionValue(NamedTuple):
    """One value of one option."""

    value: str
    label: str
    selected: bool = False
    available: bool = True
    swatch: str = ""
    key: str = ""
    price: Price | None = None


class OptionAxis(NamedTuple):
    """One thing to choose."""

    code: str
    name: str
    values: tuple[OptionValue, ...]


class Variant(NamedTuple):
    """One child product."""

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
    unit_price: Any = None


@dataclass(frozen=True)
class Box:
    """One value of a filter."""

    name: str
    value: str
    label: str
    count: int
    selected: bool = False


class Bar(NamedTuple):
    """One bar over the price slider."""

    x: int
    y: int
    height: int
    on: bool


class Range(NamedTuple):
    """The price slider."""

    bars: tuple[Bar, ...]
    borders: str
    start: int
    end: int
    start_text: str
    end_text: str
    currency: str
    bar_width: int
    width: int
    height: int
    last: int


class Row(dict[str, Any]):
    """A value whose keys templates read with a dot; for shapes that live in other rooms."""


def drawing(ground: str, ink: str, *, alt: str = "", wide: bool = False) -> Picture:
    """A vase on a tinted ground, as an address that needs no file. Colours are six hex digits without the #."""
    width, height = (1600, 1100) if wide else (800, 1000)
    vase = f"M{width // 2 - 60} 260h120v160q150 90 150 260q0 190-210 190t-210-190q0-170 150-260z"
    return Picture(
        f"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'%3E"
        f"%3Cpath fill='%23{ground}' d='M0 0h{width}v{height}H0z'/%3E%3Cpath fill='%23{ink}' d='{vase}'/%3E%3C/svg%3E",
        alt,
        width,
        height,
    )


BUTTER, CHALK, ROSE, CELADON, INK, RUST = "efd9a0", "efe9dc", "ecc9bd", "cfdcc6", "2e4a63", "b5522b"

MUG = Card(
    1, "Kiln mug", "#mug", "Ines Calder, 350 ml", "Ines Calder", drawing(CELADON, RUST), Price(Decimal(22)),
    Stock("in", 40), 4.8, 212, buy_id=1,
)  # fmt: skip
BOWL = Card(
    2, "Ember bowl", "#bowl", "Ines Calder, 22 cm", "Ines Calder", drawing(CELADON, "d6a72e"),
    Price(Decimal(28), was=Decimal(35)), Stock("in", 12), 4.8, 174, "Seconds week", buy_id=2,
)  # fmt: skip
JUG = Card(
    3, "Milk jug", "#jug", "Harrow Pottery, 500 ml", "Harrow Pottery", drawing(CHALK, "c98b7c"), Price(Decimal(26)),
    Stock("out", 0), 4.2, 34,
)  # fmt: skip
VASE = Card(
    4, "Brushed dot vase", "#vase", "Ines Calder, 33 cm", "Ines Calder", drawing(INK, "d6a72e"), Price(Decimal(64)),
    Stock("low", 2), 4.9, 18, "New", buy_id=4,
)  # fmt: skip
TEAPOT = Card(
    5, "Garden teapot", "#teapot", "Harrow Pottery, cane handle", "Harrow Pottery",
    drawing(BUTTER, "4d6f4f", alt="The garden teapot in fern green, with a cane handle"),
    Price(Decimal(54), is_from=True), Stock("in", 23), 4.6, 128, has_variants=True,
)  # fmt: skip
CARDS = (MUG, BOWL, JUG, VASE)
SCENE = drawing(ROSE, INK, alt="A laid table with numbered pieces", wide=True)

TEAPOT_PICTURES = (TEAPOT.picture, drawing(BUTTER, CHALK, alt="The same teapot in chalk white"))
TEAPOT_DETAIL = Row(
    axes=(
        OptionAxis(
            "glaze", "Glaze",
            (OptionValue("Fern", "Fern", True, swatch="#4d6f4f", key="fern"), OptionValue("Chalk", "Chalk", swatch="#efe9dc", key="chalk")),
        ),
        OptionAxis("size", "Size", (OptionValue("1.1 l", "1.1 l", True, key="1.1-l", price=Price(Decimal(72))), OptionValue("600 ml", "600 ml", key="600-ml", price=Price(Decimal(54))))),
    ),
    variants=(
        Variant(51, "T-F-L", "Fern, 1.1 l", {}, Price(Decimal(72)), Stock("in", 23), keys=("fern", "1.1-l"), view=1),
        Variant(52, "T-F-S", "Fern, 600 ml", {}, Price(Decimal(54)), Stock("low", 2), keys=("fern", "600-ml"), view=1),
        Variant(53, "T-C-L", "Chalk, 1.1 l", {}, Price(Decimal(72)), Stock("out", 0), keys=("chalk", "1.1-l"), view=2),
    ),
    selected_variant=Row(id=51),
)  # fmt: skip


def _line(card: Card, quantity: int, option: str = "", notices: tuple[str, ...] = ()) -> Row:
    price = card.price.now if card.price else Decimal(0)
    return Row(
        title=card.title, url=card.url, subtitle=card.subtitle, option_text=option, picture=card.picture,
        quantity=quantity, unit_price=price, line_price=price * quantity, currency="GBP", stock=card.stock,
        notices=notices,
    )  # fmt: skip


LINES = (_line(TEAPOT, 1, "Fern"), _line(MUG, 2, "Rust", ("The price went from £20 to £22 since you put it in.",)))
BASKET = Row(
    lines=LINES, count=3, goods=Decimal(98), discounts=(), shipping=Row(name="Standard"), shipping_charge=Decimal(0), missing_for_free=None,
    tax=Decimal("16.33"), total=Decimal(98), currency="GBP",
)  # fmt: skip
MAKER = Row(
    code="brand",
    name="Maker",
    values=(
        Box("brand", "harrow", "Harrow Pottery", 41),
        Box("brand", "calder", "Ines Calder", 38, selected=True),
        Box("brand", "oak", "Oak & Adze", 0),
    ),
    more=14,
    more_url="#makers",
    find=True,
)
PRICES = Range(
    bars=tuple(
        Bar(x=10 * place, y=40 - height, height=height, on=place < 5)
        for place, height in enumerate((14, 40, 29, 22, 9, 5))
    ),
    borders="0 20 40 60 80 100 150",
    start=0,
    end=5,
    start_text="£0",
    end_text="£100",
    currency="GBP",
    bar_width=9,
    width=60,
    height=40,
    last=6,
)

# The product page's own parts, by their template.
PARTS: dict[str, dict[str, Any]] = {
    "catalogue/gallery.html": {"pictures": TEAPOT_PICTURES, "title": "Garden teapot"},
    "catalogue/buy_form.html": {"detail": TEAPOT_DETAIL, "product": TEAPOT},
    "catalogue/review.html": {
        "review": Row(
            title="Pours like a tap", body="No drip, and the lid stays on when you forget to hold it.", score=5,
            author="Ada F.", date=date(2026, 1, 14), bought_here=True,
        )
    },
}  # fmt: skip

# Every file of components/ by its name.
SAMPLES: dict[str, dict[str, Any]] = {
    "banner": {"text": "Teapots are 10 % off until Sunday.", "link": "#offer"},
    "buy_all": {
        "cards": (MUG, VASE, JUG, TEAPOT), "title": "Everything in this story", "total": Decimal(86), "number": 2,
        "currency": "GBP", "id": "sample-all",
    },
    "chip": {"label": "Ines Calder", "url": "#without-calder"},
    "crumbs": {
        "crumbs": [
            Row(title="Front page", url="/"),
            Row(title="For the table", url="#table"),
            Row(title="Garden teapot", url=""),
        ]
    },
    "empty": {
        "title": "Nothing in here yet", "text": "A basket is like a table: begin with a bowl.", "url": "#bowls",
        "link_text": "Look at bowls", "level": 4,
    },
    "facet": {"facet": MAKER, "more_url": "#makers"},
    "facets": {
        "action": "#list", "facets": [MAKER], "total": 62, "currency_sign": "£", "price_low": 18, "price_high": 145,
        "price_min": None, "price_max": 100, "price_range": PRICES, "show_stock": True, "in_stock": True, "show_sale": True,
        "hidden": [("q", "bowl")],
    },
    "field": {"field": FORM["postcode"]},
    "field_notes": {"field": FORM["name"]},
    "head": {"title": "Out of the kilns this week", "link_url": "#all", "link_text": "All for the table", "level": 4},
    "header_end": {},
    "hotspots": {
        "picture": SCENE, "id": "sample-spot",
        "spots": [Row(card=MUG, x=22, y=61), Row(card=VASE, x=47, y=30), Row(card=JUG, x=78, y=55)],
    },
    "line": {"line": LINES[1], "level": 4},
    "listing_bar": {
        "total": 62, "of": 148, "form": "facets",
        "sorts": [("", "Our order", True), ("newest", "Newest", False), ("price", "Price, low first", False)],
    },
    "margin_item": {"card": VASE, "why": "The lip is cut, not pressed: no drip."},
    "mini_basket": {"basket": BASKET},
    "notice": {"kind": "warn", "text": "The price changed since you put it in."},
    "order": {
        "order": Row(
            number="K7Q-2M4", date="20 February 2026", state="Being packed", tone="low", total="£98", count=3,
            pictures=[drawing(BUTTER, "4d6f4f", alt="Garden teapot"), drawing(CELADON, RUST, alt="Kiln mug")],
        ),
        "actions": [("#follow", "Follow"), ("#change", "Change or cancel")],
        "level": 4,
    },
    "pager": {"pages": PageNumbers(3, 9, query="sort=price")},
    "personal": {"basket": BASKET, "account_label": "Ada’s account"},
    "price_range": {"range": PRICES},
    "search_form": {"query": "teapot"},
    "site_footer": {"brand": {"name": "Fern & Kiln"}},
    "site_header": {"brand": {"name": "Fern & Kiln"}},
    "stepper": {"id": "sample-quantity", "name": "quantity", "value": 2, "label": "Quantity of Kiln mug", "max": 12},
    "steps": {
        "steps": [
            Row(label="E-mail", state="done", url="#mail"),
            Row(label="Address and delivery", state="current"),
            Row(label="Pay", state=""),
        ]
    },
    "sums": {"view": BASKET, "delivery": True, "method": "Standard"},
    "tease": {
        "title": "What lives on a north sill", "url": "#story", "kicker": "Plants", "picture": SCENE,
        "text": "For windows that face the wrong way.", "level": 4,
    },
}  # fmt: skip
