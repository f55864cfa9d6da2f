"""find_products on every engine: filters, facets, orders, pages and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from search import operations
from search.selectors import find_products
from search.types import ListingQuery, ListingResult, Sort
from shop.partner.models import StockRecord
from tests.factories import make_category, make_market, make_offer, make_product

pytestmark = pytest.mark.django_db
Index = Callable[[], None]


def listed(query: ListingQuery, country: str = "GB") -> ListingResult:
    return find_products(query, market=make_market(country))


def values(result: ListingResult, code: str) -> dict[str, int]:
    facet = next((facet for facet in result.facets if facet.code == code), None)
    return {value.label: value.count for value in facet.values} if facet else {}


@pytest.fixture
def mugs(index: Index) -> Iterator[list[int]]:
    """Three mugs and a vase: two brands, a glaze each, one with variants."""
    rust = make_product(
        "Rust mug", price="22.00", brand="Calder", categories=["Table > Mugs"], attributes={"Glaze": "Rust"}
    )
    fern = make_product(
        "Fern mug", price="18.00", brand="Harrow", categories=["Table > Mugs"], attributes={"Glaze": "Fern"}, stock=0
    )
    both = make_product(
        "Two mugs",
        brand="Harrow",
        categories=["Table > Mugs"],
        variants=[
            {"attributes": {"Glaze": "Rust"}, "price": "30.00", "compare_at": "40.00"},
            {"attributes": {"Glaze": "Fern"}, "price": "50.00"},
        ],
    )
    vase = make_product(
        "River vase", price="54.00", brand="Calder", categories=["Table > Vases"], attributes={"Glaze": "Fern"}
    )
    index()
    yield [rust.pk, fern.pk, both.pk, vase.pk]


def test_a_category_lists_what_stands_in_it_and_below(mugs: list[int]) -> None:
    table, vases = make_category("Table"), make_category("Table > Vases")
    assert set(listed(ListingQuery(category_id=table.pk)).ids) == set(mugs)
    assert listed(ListingQuery(category_id=vases.pk)).ids == (mugs[3],)


def test_values_of_a_facet_widen_and_facets_narrow(mugs: list[int]) -> None:
    rust, fern, both, _vase = mugs
    assert set(listed(ListingQuery(facets={"glaze": ("rust",)})).ids) == {rust, both}
    assert set(listed(ListingQuery(facets={"glaze": ("rust", "fern")})).ids) == set(mugs)
    assert set(listed(ListingQuery(facets={"glaze": ("fern",), "brand": ("harrow",)})).ids) == {fern, both}


def test_each_facet_is_counted_with_the_filters_of_all_others(mugs: list[int]) -> None:
    result = listed(ListingQuery(facets={"glaze": ("fern",), "brand": ("harrow",)}))
    assert values(result, "glaze") == {"Fern": 2, "Rust": 1}
    assert values(result, "brand") == {"Harrow": 2, "Calder": 1}
    assert values(result, "category") == {"Table": 2}


def test_a_value_that_nobody_has_leaves_nothing_and_stays_to_be_taken_away(mugs: list[int]) -> None:
    result = listed(ListingQuery(facets={"glaze": ("plaid",)}))
    assert (result.ids, result.total) == ((), 0)
    glaze = next(facet for facet in result.facets if facet.code == "glaze")
    assert [(value.label, value.count) for value in glaze.values if value.selected] == [("plaid", 0)]
    assert {value.label: value.count for value in glaze.values if not value.selected} == {"Fern": 3, "Rust": 2}


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("price", [1, 0, 2, 3]),
        ("-price", [3, 2, 0, 1]),
        ("title", [1, 3, 0, 2]),
        ("relevance", [0, 2, 3, 1]),
    ],
)
def test_orders(mugs: list[int], sort: Sort, order: list[int]) -> None:
    assert listed(ListingQuery(sort=sort)).ids == tuple(mugs[place] for place in order)


def test_price_bounds_are_those_of_the_market_to_the_cent(mugs: list[int]) -> None:
    # 22.00 in Britain with 20 % is 21.82 in Germany with 19 %.
    at = Decimal("21.82")
    assert mugs[0] in listed(ListingQuery(price_min=at, price_max=at), "DE").ids
    assert listed(ListingQuery(price_min=at + Decimal("0.01"), price_max=Decimal(22)), "DE").ids == ()
    result = listed(ListingQuery(price_max=Decimal(25)))
    assert set(result.ids) == {mugs[0], mugs[1]}
    # What the range offers is not narrowed by the range itself.
    assert (result.price_low, result.price_high) == (Decimal("18.00"), Decimal("54.00"))


def test_a_price_range_is_about_single_variants(index: Index) -> None:
    # Shown for 10, 20, 30 and 40 in Britain; in Germany, with 19 % in place of 20, for 9.92, 19.83, 29.75 and 39.67.
    lamp = make_product(variants=[{"price": price} for price in (10, 20, 30, 40)]).pk
    index()
    for low, high, found in ((11, 19, False), (11, 20, True), (30, 39, True), (31, 39, False), (40, 90, True)):
        result = listed(ListingQuery(price_min=Decimal(low), price_max=Decimal(high)))
        assert (result.ids == (lamp,), result.total) == (found, int(found)), (low, high)
    inner = Decimal("19.83")
    assert listed(ListingQuery(price_min=inner, price_max=inner), "DE").ids == (lamp,)
    assert listed(ListingQuery(price_min=inner + Decimal("0.01"), price_max=Decimal(29)), "DE").ids == ()

    # A price between two others changes: the ends stay, and still the list follows.
    record = StockRecord.objects.get(product__parent=lamp, price=20)
    record.price = Decimal(15)
    record.save()
    index()
    assert listed(ListingQuery(price_min=Decimal(11), price_max=Decimal(19))).ids == (lamp,)
    assert listed(ListingQuery(price_min=Decimal(16), price_max=Decimal(29))).ids == ()


@pytest.mark.parametrize("country", ["GB", "DE"])
def test_only_a_filtered_list_says_of_how_many(mugs: list[int], country: str) -> None:
    assert (listed(ListingQuery(), country).total, listed(ListingQuery(), country).whole) == (4, 0)
    cheap = listed(ListingQuery(price_max=Decimal(25)), country)
    assert (cheap.total, cheap.whole) == (2, 4)


def test_in_stock_on_sale_and_new(mugs: list[int]) -> None:
    _rust, fern, both, _vase = mugs
    assert fern not in listed(ListingQuery(in_stock=True)).ids
    assert listed(ListingQuery(on_sale=True)).ids == (both,)
    assert set(listed(ListingQuery(new=True)).ids) == set(mugs)


@pytest.mark.parametrize("engine", ["database"], indirect=True)
def test_an_offer_counts_as_a_sale_once_the_clock_has_seen_it(mugs: list[int]) -> None:
    operations.offers_by_the_clock()
    make_offer(categories=[make_category("Table > Vases")])
    assert operations.offers_by_the_clock() == 1
    assert mugs[3] in listed(ListingQuery(on_sale=True)).ids


def test_pages_share_no_product_and_miss_none(mugs: list[int]) -> None:
    query = ListingQuery(page_size=3, sort="newest")
    first, second, third = (listed(replace(query, page=page)) for page in (1, 2, 3))
    assert sorted(first.ids + second.ids) == sorted(mugs)
    assert (third.ids, third.total) == ((), 4)


@pytest.mark.parametrize("text", ["mugs", "MUG", "rust mug", "múg"])
def test_words_are_found_in_any_spelling(mugs: list[int], text: str) -> None:
    assert mugs[0] in listed(ListingQuery(text=text)).ids


def test_the_title_itself_comes_first(index: Index) -> None:
    lamp = make_product("Lamp oil for a table lamp", description="table lamp " * 20)
    table = make_product("Table lamp")
    index()
    assert listed(ListingQuery(text="table lamps")).ids == (table.pk, lamp.pk)


@pytest.mark.parametrize(
    "text", ["CF-280X", "cf280x", "CF 280 X", "5 012345 678900", "05012345678900", "AB/77-9", "ab779"]
)
def test_numbers_are_found_with_and_without_separators(index: Index, text: str) -> None:
    toner = make_product("Toner", part_number="CF-280X", gtins=["05012345678900"], sku="AB/77-9")
    make_product("Paper")
    index()
    assert listed(ListingQuery(text=text)).ids == (toner.pk,)


def test_words_that_nobody_has_are_left_out_and_named(mugs: list[int]) -> None:
    result = listed(ListingQuery(text="rust mug xyzzy"))
    assert result.relaxed
    assert result.left_out == ("xyzzy",)
    assert set(result.ids) == {mugs[0], mugs[2]}
    nothing = listed(ListingQuery(text="xyzzy plugh"))
    assert (nothing.ids, nothing.total, nothing.left_out) == ((), 0, ("xyzzy", "plugh"))


@pytest.mark.parametrize(
    "text", ['"', "' OR 1=1 --", "*", "NOT", "a AND", "()", ":*", "%", "\\", "𝔘𝔫𝔦", "ß" * 200, "-", "NEAR(a b)"]
)
def test_no_text_is_an_operator(mugs: list[int], text: str) -> None:
    assert listed(ListingQuery(text=text)).total >= 0


def test_odd_data_is_indexed_all_the_same(index: Index) -> None:
    odd = make_product(
        "x" * 255, slug="odd", description="y" * 9000 + " cup's \\ ' : & | !", part_number="000 '", gtins=["0", "-"]
    )
    index()
    assert listed(ListingQuery(text="x" * 255)).ids == (odd.pk,)
    assert listed(ListingQuery(text="y" * 9000)).ids == (odd.pk,)
