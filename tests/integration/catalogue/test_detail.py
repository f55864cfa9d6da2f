"""The product's detail: variants, choices, addresses, crumbs, recommendations."""

from decimal import Decimal
from typing import Any

import pytest
from oscar.core.loading import get_model

from shop.catalogue.models import Category, Product, ProductRecommendation
from shop.catalogue.selectors import find_by_slug, find_category, product_detail, resolve_variant
from tests.factories import (
    make_category,
    make_market,
    make_picture,
    make_product,
    make_stock,
    make_variant,
    set_attribute,
)

pytestmark = pytest.mark.django_db


def detail_of(product: Product, **options: Any) -> Any:
    return product_detail(product.slug, market=make_market(), **options)


@pytest.fixture
def teapot() -> Product:
    """Four variants: the small ones cheaper, all that are rust sold out."""
    return make_product(
        "Garden teapot",
        slug="garden-teapot",
        attributes={"Material": "Stoneware"},
        variants=[
            {"attributes": {"Glaze": "Fern", "Size": "600 ml", "Care": "By hand"}, "price": "54", "sku": "T-1"},
            {"attributes": {"Glaze": "Fern", "Size": "1.1 l", "Care": "By hand"}, "price": "72", "sku": "T-2"},
            {"attributes": {"Glaze": "Rust", "Size": "600 ml", "Care": "By hand"}, "price": "54", "stock": 0},
            {"attributes": {"Glaze": "Rust", "Size": "1.1 l", "Care": "By hand"}, "price": "72", "stock": 0},
        ],
    )


def test_axes_are_what_variants_differ_in(teapot: Product) -> None:
    detail = detail_of(teapot)
    assert [(axis.code, [value.value for value in axis.values]) for axis in detail.axes] == [
        ("glaze", ["Fern", "Rust"]),
        ("size", ["600 ml", "1.1 l"]),
    ]
    glaze, size = detail.axes
    assert [value.available for value in glaze.values] == [True, False]
    assert [value.swatch for value in glaze.values] == ["#4d6f4f", "#b5522b"]
    assert [value.available for value in size.values] == [True, True]
    assert [value.swatch for value in size.values] == ["", ""]
    assert [one.keys for one in detail.variants] == [("0-0", "1-0"), ("0-0", "1-1"), ("0-1", "1-0"), ("0-1", "1-1")]
    assert detail.variants[1].title == "Fern, 1.1 l"
    assert ("Material", "Stoneware") in detail.specification
    assert ("Care", "By hand") in detail.specification
    assert "Glaze" not in dict(detail.specification)


def test_the_first_that_can_be_bought_is_chosen(teapot: Product) -> None:
    first = teapot.children.order_by("pk")[0]
    first.stockrecords.update(num_in_stock=0)
    detail = detail_of(teapot)
    assert (detail.selected_variant.sku, detail.price.now, detail.sku) == ("T-2", Decimal("72.00"), "T-2")
    assert [value.selected for value in detail.axes[1].values] == [False, True]


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"glaze": "Fern", "size": "1.1 l"}, "Fern, 1.1 l"),
        ({"size": "1.1 l"}, "Fern, 1.1 l"),
        ({"glaze": "Rust"}, "Rust, 600 ml"),
        ({"glaze": "Rust", "size": "1.1 l"}, "Rust, 1.1 l"),
        ({"glaze": "Nonsense", "page": "2"}, "Fern, 600 ml"),
        ({"glaze": "Nonsense", "size": "1.1 l"}, "Fern, 1.1 l"),
    ],
)
def test_values_choose_a_variant(teapot: Product, values: dict[str, str], title: str) -> None:
    assert detail_of(teapot, values=values).selected_variant.title == title


def test_a_variant_is_chosen_by_its_id_and_a_strange_id_is_passed_over(teapot: Product) -> None:
    last = teapot.children.order_by("-pk")[0]
    assert detail_of(teapot, variant_id=last.pk).selected_variant.id == last.pk
    assert detail_of(teapot, variant_id=999_999).selected_variant.sku == "T-1"


def test_a_form_without_scripts_names_a_variant_by_its_values(teapot: Product) -> None:
    posted = {"glaze": "Fern", "size": "1.1 l", "quantity": "2"}
    found = resolve_variant(teapot.pk, posted)
    assert found is not None
    assert found.sku == "T-2"
    assert resolve_variant(teapot.pk, {"glaze": "Fern"}) is None
    assert resolve_variant(teapot.pk, {"glaze": "Fern", "size": "9 l"}) is None
    assert resolve_variant(999_999, posted) is None


def test_a_number_that_differs_goes_with_the_variant_and_is_no_choice() -> None:
    parent = make_product(
        variants=[
            {"attributes": {"Size": "Small", "Weight, g": 600}},
            {"attributes": {"Size": "Large", "Weight, g": 940}},
        ]
    )
    detail = detail_of(parent, values={"size": "Large"})
    assert [axis.code for axis in detail.axes] == ["size"]
    assert dict(detail.specification)["Weight, g"] == "940"
    assert [one.specification for one in detail.variants] == [(("Weight, g", "600"),), (("Weight, g", "940"),)]
    assert detail.shared_specification == ()


def test_a_value_says_its_price_where_the_price_goes_by_it_alone(teapot: Product) -> None:
    glaze, size = detail_of(teapot).axes
    assert [value.price and value.price.now for value in size.values] == [Decimal("54.00"), Decimal("72.00")]
    assert [value.price for value in glaze.values] == [None, None]


def test_variants_have_their_own_pictures(teapot: Product) -> None:
    make_picture(teapot, alt="all")
    rust = teapot.children.order_by("pk")[2]
    make_picture(rust, alt="rust")
    detail = detail_of(teapot)
    assert [picture.alt for picture in detail.pictures] == ["all", "rust"]
    assert [one.view for one in detail.variants] == [1, 1, 2, 1]
    # Asked for by its address, its picture leads; the others are seen on the product's own.
    detail = detail_of(teapot, variant_id=rust.pk)
    assert [picture.alt for picture in detail.pictures] == ["rust", "all"]
    assert [one.view for one in detail.variants] == [2, 2, 1, 2]


def test_specification_rows_and_words() -> None:
    product = make_product(
        attributes={"Dishwasher": True, "Handles": 2},
        specification=[["Made in", "Harrow"], ["broken"]],
        description="<p>Round  &amp; red.</p>",
        gtins=["5012345678900"],
    )
    set_attribute(product, "Capacity", 1.1)
    detail = detail_of(product)
    assert detail.specification == (("Dishwasher", "Yes"), ("Handles", "2"), ("Capacity", "1.1"), ("Made in", "Harrow"))
    assert (detail.meta_title, detail.meta_description) == (product.title, "Round & red.")
    assert detail.gtin == "5012345678900"


def test_the_unit_price_is_of_what_is_in_it() -> None:
    oil = make_product(price="6.00", attributes={"Content": "250 ml"})
    unit = detail_of(oil).unit_price
    assert (unit.amount, unit.unit) == (Decimal("24.00"), "l")
    assert detail_of(make_product(attributes={"Content": "a lot"})).unit_price is None
    assert detail_of(make_product(attributes={"Content": "0 ml"})).unit_price is None


def test_crumbs_follow_the_first_public_category() -> None:
    hidden = make_category("Hidden", is_public=False)
    product = make_product(categories=[hidden, "Table > Jugs", "Gifts"])
    assert [(crumb.title, crumb.url) for crumb in detail_of(product).crumbs] == [
        ("Table", "/shop/table/"),
        ("Jugs", "/shop/table/jugs/"),
    ]
    assert detail_of(make_product()).crumbs == ()


def test_recommendations_come_by_rank_and_only_what_is_shown() -> None:
    product, other, best, hidden = make_product(), make_product(), make_product(), make_product(is_public=False)
    for recommended, rank in ((other, 1), (best, 9), (hidden, 5)):
        ProductRecommendation.objects.create(primary=product, recommendation=recommended, ranking=rank)
    detail = detail_of(product)
    assert detail.recommended_ids == (best.pk, other.pk)
    assert [card.id for card in detail.recommended] == [best.pk, other.pk]


def test_a_chain_of_names_leads_to_the_newest() -> None:
    product = make_product(slug="one")
    for slug in ("two", "three"):
        product.slug = slug
        product.save()
    for old in ("one", "two"):
        found = find_by_slug(old)
        assert found is not None
        assert found.moved_to == "/products/three/"
    assert find_by_slug("three").moved_to == ""
    successor = make_product(slug="one")
    assert find_by_slug("one").id == successor.pk


def test_an_address_of_a_variant_or_of_nothing() -> None:
    product = make_product(slug="pot", variants=[])
    child = make_variant(product)
    assert find_by_slug(child.slug).moved_to == f"/products/pot/?variant={child.pk}"
    assert find_by_slug("nothing") is None
    hidden = make_product(slug="hidden", is_public=False)
    assert find_by_slug("hidden") is None
    assert product_detail("hidden", market=make_market()) is None
    assert product_detail("hidden", market=make_market(), unpublished=True).card.id == hidden.pk


def test_category_addresses() -> None:
    jugs = make_category("Table > Jugs")
    make_category("Kitchen > Jugs")
    assert find_category("table/jugs").id == jugs.pk
    assert find_category("jugs") is None
    assert find_category("nothing/jugs") is None
    table = Category.objects.get(slug="table")
    table.slug = "for-the-table"
    table.save()
    assert find_category("table/jugs").moved_to == "/shop/for-the-table/jugs/"
    table.is_public = False
    table.save()
    assert find_category("for-the-table/jugs") is None
    assert find_category("table/jugs") is None


def test_queries_do_not_grow_with_variants(django_assert_max_num_queries: Any) -> None:
    review = get_model("reviews", "ProductReview")
    for count in (1, 12):
        parent = make_product(
            slug=f"p{count}",
            categories=["A > B"],
            variants=[{"attributes": {"Size": str(n), "Glaze": f"g{n % 3}"}, "price": n + 1} for n in range(count)],
        )
        review.objects.create(product=parent, score=5, title="Good", body="Yes", status=review.APPROVED)
        for _ in range(4):
            ProductRecommendation.objects.create(primary=parent, recommendation=make_product(variants=[{}, {}]))
        with django_assert_max_num_queries(13):
            detail = product_detail(f"p{count}", market=make_market())
        assert detail is not None
        assert (len(detail.variants), len(detail.recommended), len(detail.reviews)) == (count, 4, 1)


def test_a_standalone_product_has_its_own_number() -> None:
    product = make_product(price=None)
    make_stock(product, sku="POT-7")
    detail = detail_of(product)
    assert (detail.sku, detail.buy_id, detail.axes, detail.variants) == ("POT-7", product.pk, (), ())


def test_variants_that_share_a_picture_show_it_once() -> None:
    parent = make_product(
        "Mug", picture=True, variants=[{"attributes": {"Size": size}, "picture": True} for size in ("S", "L")]
    )
    small, large = parent.children.order_by("pk")
    large.images.update(original=small.images.get().original.name, alt_text="Mug, L")
    detail = product_detail(parent.slug, market=make_market())
    assert len(detail.pictures) == 2
