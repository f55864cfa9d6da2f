"""Product cards: what they say, and how few queries they take."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation
from oscar.core.loading import get_model

from shop.catalogue.cards import ProductCard
from shop.catalogue.models import Product
from shop.catalogue.selectors import product_cards
from shop.partner.pricing import TaxTable
from shop.partner.strategy import MarketStrategy
from tests.factories import (
    make_category,
    make_class,
    make_market,
    make_offer,
    make_picture,
    make_product,
    make_stock,
    make_variant,
)

pytestmark = pytest.mark.django_db


def card_of(product: Product, **market: str) -> Any:
    return product_cards([product.pk], market=make_market(**market)).get(product.pk)


def test_a_standalone_product() -> None:
    product = make_product(
        "Kiln mug", price="22.00", stock=12, brand="Ines Calder", subtitle="350 ml", flag="New", slug="kiln-mug"
    )
    card = card_of(product)
    assert (card.title, card.url, card.subtitle) == ("Kiln mug", "/products/kiln-mug/", "350 ml")
    assert (card.brand, card.flag) == ("Ines Calder", "New")
    assert (card.price.now, card.price.currency, card.price.was) == (Decimal("22.00"), "GBP", None)
    assert (card.stock.state, card.stock.available) == ("in", 12)
    assert card.buy_id == product.pk
    assert not card.has_variants


def test_was_is_shown_only_when_it_is_higher() -> None:
    assert card_of(make_product(price="20", compare_at="25")).price.was == Decimal("25.00")
    assert card_of(make_product(price="20", compare_at="20")).price.was is None
    assert card_of(make_product(price="20", compare_at="15")).price.was is None


def test_a_foreign_visitor_pays_his_own_tax_on_both_prices() -> None:
    card = card_of(make_product(price="12.00", compare_at="24.00"), country="DE")
    assert (card.price.now, card.price.was) == (Decimal("11.90"), Decimal("23.80"))


@pytest.mark.parametrize(
    ("stock", "allocated", "threshold", "state"),
    [
        (0, 0, None, "out"),
        (5, 5, None, "out"),
        (3, 7, None, "out"),
        (5, 0, None, "low"),
        (6, 0, None, "in"),
        (9, 0, 10, "low"),
        (9, 4, None, "low"),
    ],
)
def test_stock_counts_what_nobody_reserved(stock: int, allocated: int, threshold: int | None, state: str) -> None:
    product = make_product(price=None)
    make_stock(product, stock=stock, num_allocated=allocated, low_stock_threshold=threshold)
    assert card_of(product).stock.state == state


def test_a_type_that_tracks_no_stock_is_always_in() -> None:
    card = card_of(make_product(stock=0, product_class=make_class("Vouchers", track_stock=False)))
    assert (card.stock.state, card.stock.available, card.buy_id is not None) == ("in", None, True)


def test_a_parent_costs_what_its_cheapest_buyable_variant_costs() -> None:
    product = make_product(variants=[{"price": "54", "stock": 0}, {"price": "60", "stock": 1}, {"price": "72"}])
    card = card_of(product)
    assert (card.price.now, card.price.is_from) == (Decimal("60.00"), True)
    assert (card.stock.state, card.stock.available) == ("in", 11)
    assert (card.buy_id, card.has_variants) == (None, True)


def test_a_sold_out_parent_still_shows_its_price() -> None:
    card = card_of(make_product(variants=[{"price": "54", "stock": 0}, {"price": "54", "stock": 0}]))
    assert (card.price.now, card.price.is_from, card.stock.state) == (Decimal("54.00"), False, "out")


def test_a_parent_with_one_variant_is_bought_at_once() -> None:
    product = make_product(variants=[{"price": "54"}])
    card = card_of(product)
    assert card.buy_id == product.children.get().pk
    assert not card.has_variants


def test_a_parent_without_variants_cannot_be_bought() -> None:
    card = card_of(make_product(variants=[]))
    assert (card.price, card.stock.state, card.buy_id) == (None, "out", None)


def test_a_child_shows_its_parent_and_what_it_is() -> None:
    product = make_product("Teapot", slug="teapot", brand="Harrow", tax_class="zero", variants=[])
    child = make_variant(product, attributes={"Glaze": "Fern", "Size": "1.1 l"}, price="72")
    card = card_of(child, country="DE")
    assert card.title == "Teapot, Fern, 1.1 l"
    assert card.url == f"/products/teapot/?variant={child.pk}"
    assert card.brand == "Harrow"
    # Zero-rated, as its parent is, although the child's own field says standard.
    assert (card.price.now, card.price.tax) == (Decimal("72.00"), Decimal(0))
    assert card.buy_id == child.pk


def test_what_is_not_published_is_absent() -> None:
    hidden, parent = make_product(is_public=False), make_product(is_public=False, variants=[{}])
    shown = make_product(variants=[{"is_public": False, "price": "1"}, {"price": "5"}])
    child, hidden_child = parent.children.get(), shown.children.get(is_public=False)
    cards = product_cards([hidden.pk, parent.pk, child.pk, hidden_child.pk, shown.pk, 999_999], market=make_market())
    assert list(cards) == [shown.pk]
    assert cards[shown.pk].price.now == Decimal("5.00")


def test_only_the_markets_currency_counts() -> None:
    product = make_product(price=None)
    make_stock(product, "9.00", currency="EUR")
    assert card_of(product).price is None
    assert card_of(product).stock.state == "out"
    make_stock(product, "8.00")
    assert card_of(product).price.now == Decimal("8.00")
    assert card_of(product, currency="EUR").price.now == Decimal("9.00")


def test_the_cards_come_in_the_order_asked_for() -> None:
    ids = [make_product().pk for _ in range(4)]
    asked = [ids[2], ids[0], ids[3], ids[0]]
    assert list(product_cards(asked, market=make_market())) == [ids[2], ids[0], ids[3]]
    assert product_cards([], market=make_market()) == {}


def test_the_first_picture_is_shown_and_a_variants_where_the_parent_has_none() -> None:
    product = make_product()
    make_picture(product, order=1, alt="second")
    make_picture(product, order=0, alt="first")
    assert card_of(product).picture.alt == "first"
    parent = make_product(variants=[{}])
    child = parent.children.get()
    make_picture(child, alt="of the variant")
    assert card_of(parent).picture.alt == "of the variant"
    make_picture(parent, alt="of the parent")
    assert card_of(parent).picture.alt == "of the parent"
    assert card_of(child).picture.alt == "of the variant"


def names_of(card: ProductCard) -> tuple[str, ...]:
    """The names of a card's offers, without what they bring."""
    return tuple(offer.split(":")[0] for offer in card.offers)


def test_an_offer_says_what_it_brings_where_that_is_plain() -> None:
    bowl, mug = make_product("Moon bowl", price="68"), make_product("River mug")
    make_offer("Moon week", products=[bowl], percent=15)
    pair = make_offer("Two for the table", products=[bowl], percent=50, priority=-1)
    get_model("offer", "Condition").objects.filter(pk=pair.condition_id).update(value=2)
    other = make_offer("A bowl with a mug", products=[bowl], priority=-2)
    held = get_model("offer", "Range").objects.create(name="Mugs")
    held.add_product(mug)
    get_model("offer", "Condition").objects.filter(pk=other.condition_id).update(range=held)
    card = product_cards([bowl.pk], market=make_market())[bowl.pk]
    assert card.offers == ("Moon week: 15% off", "Two for the table", "A bowl with a mug")
    with translation.override("de"):
        german = product_cards([bowl.pk], market=make_market())[bowl.pk]
    assert german.offers[0] == "Moon week: 15 % weniger"


def test_offers_by_product_category_type_and_for_all() -> None:
    table, jugs = make_category("Table"), make_category("Table > Jugs")
    kinds = make_class("Cards"), make_class("Books")
    by_product = make_product()
    in_category = make_product(categories=[jugs], variants=[{"attributes": {"Glaze": "Fern"}}])
    by_class = make_product(product_class=kinds[0])
    out = make_product(product_class=kinds[1])
    undiscounted = make_product(is_discountable=False)
    make_offer("Seconds week", products=[by_product])
    make_offer("Table talk", categories=[table], priority=5)
    make_offer("Post early", classes=[kinds[0]])
    make_offer("Spring", everything=True, without=[out], without_categories=[jugs])
    child = in_category.children.get()
    everybody = [by_product, in_category, child, by_class, out, undiscounted]
    cards = product_cards([one.pk for one in everybody], market=make_market())
    assert [names_of(cards[one.pk]) for one in everybody] == [
        ("Seconds week", "Spring"),
        ("Table talk",),
        ("Table talk",),
        ("Post early", "Spring"),
        (),
        (),
    ]


def test_offers_agree_with_oscars_ranges() -> None:
    shelf = make_category("Shelf > Low")
    products = [make_product(categories=[shelf]), make_product(), make_product(variants=[{}])]
    products.append(products[2].children.get())
    offers = [
        make_offer("a", categories=[make_category("Shelf")], without=[products[0]]),
        make_offer("b", products=[products[2]]),
        make_offer("c", everything=True, without_categories=[make_category("Shelf")]),
        make_offer("d", classes=[products[0].product_class], without=[products[1]]),
    ]
    cards = product_cards([one.pk for one in products], market=make_market())
    for product in products:
        expected = tuple(one.name for one in offers if one.benefit.range.contains_product(product))
        assert names_of(cards[product.pk]) == expected


def test_offers_out_of_force_are_not_shown() -> None:
    product, now = make_product(), timezone.now()
    make_offer("over", products=[product], end_datetime=now - timedelta(hours=1))
    make_offer("to come", products=[product], start_datetime=now + timedelta(hours=1))
    make_offer("suspended", products=[product], status="Suspended")
    make_offer("by voucher", products=[product], offer_type="Voucher")
    delivery = make_offer("delivery", everything=True)
    get_model("offer", "Benefit").objects.filter(pk=delivery.benefit_id).update(type="Shipping absolute", range=None)
    assert card_of(product).offers == ()


def test_cards_and_the_strategy_agree() -> None:
    """Oscar's basket asks the strategy; both must name one price and one answer to "can I buy it"."""
    make_product(price="12.34", tax_class="reduced")
    make_product(price="12.34", stock=0)
    make_product(price=None)
    make_product(tax_class="zero", variants=[{"price": "7.77"}, {"price": "5.55", "stock": 0}])
    for country in ("GB", "DE", "US"):
        market = make_market(country)
        strategy = MarketStrategy(market=market)
        for pk, card in product_cards(Product.objects.values_list("pk", flat=True), market=market).items():
            product = Product.objects.get(pk=pk)
            info = strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)
            assert info.availability.is_available_to_buy == card.stock.can_buy
            assert (info.price.incl_tax, info.price.tax) == (
                (card.price.now, card.price.tax) if card.price else (None, None)
            )


@pytest.mark.parametrize("variants", [0, 3])
@pytest.mark.parametrize("count", [24, 60, 96])
def test_queries_do_not_grow(count: int, variants: int, django_assert_num_queries: Any) -> None:
    categories = [make_category("A > B"), make_category("C")]
    ids = []
    for _ in range(count):
        children = [{"price": n + 1} for n in range(variants)] if variants else None
        ids.append(make_product(categories=categories, variants=children).pk)
    make_offer("All", everything=True)
    make_offer("Some", categories=[categories[0]])
    taxes = TaxTable("DE")
    taxes.rate("DE", "standard")
    with django_assert_num_queries(4):
        cards = product_cards(ids, market=make_market("DE"), taxes=taxes)
    with django_assert_num_queries(5):
        product_cards(ids, market=make_market("DE"))
    assert len(cards) == count
    assert {names_of(card) for card in cards.values()} == {("All", "Some")}
