"""The demo shop's catalogue: it holds together, and it reads as if somebody had written it."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from demo.art import GLAZE, GROUND, KINDS, SCENES, VIEWS, draw_scene
from demo.loading.data import catalogue, read
from search.insight.texts import kept

CATALOGUE = catalogue()
PRODUCTS = {product["slug"]: product for product in CATALOGUE.products}
SHELVES = {shelf.path: shelf for shelf in CATALOGUE.shelves}
TYPES = {row["code"]: row for row in CATALOGUE.types["types"]}
OPTION_GROUPS = CATALOGUE.types["option_groups"]
RANGES = {row["slug"]: row for row in CATALOGUE.offers["ranges"]}
OFFERS = CATALOGUE.offers["offers"]
VOUCHERS = CATALOGUE.offers["vouchers"]
PYTHON_TYPES = {"text": str, "integer": int, "float": float, "boolean": bool, "option": str}

each_product = pytest.mark.parametrize("product", CATALOGUE.products, ids=lambda row: row["slug"])
each_shelf = pytest.mark.parametrize("path", SHELVES)


def sold(product: dict[str, Any]) -> list[dict[str, Any]]:
    """What of a product can be bought: its variants, or itself."""
    return product.get("variants", [product])


def reviews(product: dict[str, Any]) -> list[dict[str, Any]]:
    """What has been written about it."""
    return CATALOGUE.reviews.get(product["slug"], [])


def test_there_is_enough_to_show():
    assert len(CATALOGUE.products) >= 90
    assert sum("variants" in product for product in CATALOGUE.products) >= 30
    assert sum(len(reviews(product)) >= 2 for product in CATALOGUE.products) >= 40
    assert max(path.count("/") for path in SHELVES) == 2
    assert sum(len(product.get("options", ())) == 2 for product in CATALOGUE.products) >= 3
    assert sum("reading/books/cook-books" in product["categories"] for product in CATALOGUE.products) >= 2


def test_nothing_is_there_twice():
    skus = [row["sku"] for product in CATALOGUE.products for row in product.get("variants", [])]
    skus += [product["sku"] for product in CATALOGUE.products]
    for names in (skus, [row["slug"] for row in CATALOGUE.products], [row["title"] for row in CATALOGUE.products]):
        assert not [name for name, count in Counter(names).items() if count > 1]


def test_what_is_said_about_searches_is_about_products():
    rows = read("searches")
    named = [slug for ratings in rows["judgements"].values() for slug in ratings]
    named += [row["product"] for row in rows["checks"] if "product" in row]
    shelves = {shelf.names[-1] for shelf in CATALOGUE.shelves}
    assert {row["category"] for row in rows["checks"] if "product" not in row} <= shelves
    named += [row["product"] for rule in rows["rules"] for row in (*rule.get("entries", ()), *rule.get("draft", ()))]
    assert set(named) <= set(PRODUCTS)
    assert all(0 <= rating <= 3 for ratings in rows["judgements"].values() for rating in ratings.values())
    assert all(any(ratings.values()) for ratings in rows["judgements"].values())


def test_reviews_are_of_products():
    assert set(CATALOGUE.reviews) <= set(PRODUCTS)


@each_product
def test_what_a_product_speaks_of_exists(product):
    assert product["categories"] and set(product["categories"]) <= set(SHELVES)
    assert product["maker"] in {maker["slug"] for maker in CATALOGUE.makers}
    assert 2 <= len(product["recommended"]) <= 6
    assert set(product["recommended"]) <= set(PRODUCTS) - {product["slug"]}
    assert product["tax_class"] in {"standard", "reduced", "zero", "gift-card"}


@each_product
def test_prices_stock_and_weight_make_sense(product):
    # What comes by e-mail weighs nothing.
    assert (product["weight_g"] > 0) != (product["tax_class"] == "gift-card")
    for row in sold(product):
        # Text, so that no penny is lost in a float.
        assert re.fullmatch(r"\d+\.\d\d", row["price"])
        assert Decimal(1) < Decimal(row["price"]) < Decimal(500)
        assert row["was"] is None or Decimal(row["was"]) > Decimal(row["price"])
        assert row["stock"] >= 0


@each_product
def test_variants_differ_in_their_options(product):
    if "variants" not in product:
        assert "options" not in product
        return
    assert len(product["variants"]) > 1
    assert all(list(row["options"]) == product["options"] for row in product["variants"])
    values = [tuple(row["options"].values()) for row in product["variants"]]
    assert len(values) == len(set(values))


@each_product
def test_the_line_under_the_name_holds_for_every_variant(product):
    values = {value for row in product.get("variants", ()) for value in row["options"].values()}
    assert not [value for value in values if value in product["subtitle"].partition(", ")[2]]


@each_product
def test_attributes_are_those_of_the_type(product):
    known = {attribute["code"]: attribute for attribute in TYPES[product["type"]]["attributes"]}
    for row in sold(product):
        own = row.get("options", {}) if "variants" in product else {}
        for code, value in {**product["attributes"], **row.get("attributes", {}), **own}.items():
            assert type(value) is PYTHON_TYPES[known[code]["type"]], (code, value)
            if group := known[code].get("option_group"):
                assert value in OPTION_GROUPS[group]


@each_product
def test_art_can_be_drawn(product):
    for row in sold(product):
        art = {**product["art"], **row.get("art", {})}
        assert art["kind"] in KINDS
        assert art["glaze"] in GLAZE
        assert art["second"] is None or art["second"] in GLAZE
        # Chalk dots on chalk are no dots.
        assert art["second"] != art["glaze"]
        assert art["ground"] in GROUND
        assert art["views"][0] == "main" and set(art["views"]) <= set(VIEWS)


def test_every_glaze_and_colour_has_a_swatch():
    for value in OPTION_GROUPS["glaze"] + OPTION_GROUPS["colour"]:
        assert re.fullmatch("#[0-9a-f]{6}", CATALOGUE.types["swatches"][value])


@each_product
def test_the_words_are_the_shops_own(product):
    words = [product["description"], product["seo_title"], product["seo_description"]]
    words += map(" ".join, product["specification"])
    words += [review[part] for review in reviews(product) for part in ("title", "text", "name")]
    for text in words:
        assert text and text == text.strip()
        # Typographic apostrophes only, and nobody shouts.
        assert not set("!'\"") & set(text)
        assert not re.search(r"lorem|ipsum|xxx", text, re.IGNORECASE)
        assert not re.search(r"\b(stunning|perfect|must-have|luxur\w+|amazing|color|gray)\b", text, re.IGNORECASE)
    assert 2 <= len(re.findall(r"[.?](?:\s|$)", product["description"])) <= 5
    assert 30 <= len(product["seo_description"]) <= 160
    assert len(product["seo_title"]) <= 65
    assert 2 <= len(product["specification"]) <= 9


@each_product
def test_ratings_add_up(product):
    rating = product["rating"]
    if rating is None:
        assert not reviews(product)
        return
    assert sum(rating["spread"]) == rating["count"]
    mean = sum(stars * n for stars, n in zip((5, 4, 3, 2, 1), rating["spread"], strict=True)) / rating["count"]
    assert abs(mean - float(rating["stars"])) <= 0.051
    written = Counter(review["stars"] for review in reviews(product))
    assert all(written[stars] <= rating["spread"][5 - stars] for stars in range(1, 6))


@each_shelf
def test_every_category_is_used_and_written(path):
    inside = {p["slug"] for p in CATALOGUE.products if any(f"{own}/".startswith(f"{path}/") for own in p["categories"])}
    row = SHELVES[path].row
    assert row["picture"] in inside
    assert row["description"].endswith(".") and "!" not in row["description"]


def test_every_maker_and_every_type_is_used():
    assert {product["maker"] for product in CATALOGUE.products} == {maker["slug"] for maker in CATALOGUE.makers}
    assert {product["type"] for product in CATALOGUE.products} == set(TYPES)


def test_offers_and_vouchers():
    assert len(OFFERS) >= 3 and len(VOUCHERS) >= 3
    assert {offer["benefit"]["type"] for offer in OFFERS} >= {"percentage", "multibuy"}
    assert "shipping-percentage" in {voucher["benefit"]["type"] for voucher in VOUCHERS}
    codes = [voucher["code"] for voucher in VOUCHERS]
    assert len(codes) == len(set(codes)) and all(re.fullmatch("[A-Z0-9]{4,16}", code) for code in codes)
    assert {voucher["usage"] for voucher in VOUCHERS} <= {"single-use", "multi-use", "once-per-customer"}


@pytest.mark.parametrize("offer", OFFERS + VOUCHERS, ids=lambda offer: offer["name"])
def test_an_offer_is_about_something_that_is_sold(offer):
    assert offer["from_day"] < offer["to_day"]
    assert offer["condition"]["range"]
    for name in {offer["condition"]["range"], offer["benefit"]["range"]} - {None}:
        row = RANGES[name]
        assert row.get("all_products") or row["products"] or row["categories"]
        assert set(row["products"]) <= set(PRODUCTS) and set(row["categories"]) <= set(SHELVES)


def test_books_and_what_grows_to_be_eaten_carry_no_vat():
    for product in CATALOGUE.products:
        if product["type"] == "book" or product["attributes"].get("edible"):
            assert product["tax_class"] == "zero", product["slug"]


@pytest.mark.parametrize("name", sorted(SCENES))
def test_hotspots_lead_to_products(name):
    assert {spot.product for spot in draw_scene(name)[1]} <= set(PRODUCTS)


def test_queries_are_written_as_they_are_kept():
    rows = read("queries")
    assert len({(row["query"], row.get("language")) for row in rows}) == len(rows) >= 50
    for row in rows:
        assert kept(row["query"]) == row["query"] and 0 < row["a_day"] < 10
        assert set(row) <= {"query", "language", "a_day", "months", "clicks", "clicks_lately"}
        assert {int(month) for month in row.get("months", {})} <= set(range(1, 13))
